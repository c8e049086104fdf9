"""A topology file is understood, or refused with what, why and what next in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from jukinet.stack import topology as topologies
from jukinet.stack.topology import TopologyFault, parse

UPPER = '"J-LIS", "東京都"'


def test_the_default_is_the_network_of_the_readme() -> None:
    found = topologies.default()
    assert [node.name for node in found.nodes] == [
        *("J-LIS", "福島県", "東京都", "神奈川県"),
        *("矢祭町", "杉並区", "中野区", "国分寺市", "国立市", "横浜市"),
    ]
    assert sum(found.residents().values()) == 1000
    assert found.virtual_clock
    assert [node.name for node in found.nodes if node.auto]


def test_names_and_codes_mean_the_same_node() -> None:
    by_name, by_code = (parse(f"nodes = [{UPPER}, {node}]").nodes[-1] for node in ('"国立市"', '"132152"'))
    assert by_name == by_code
    assert by_name.path == "municipality/132152"


def test_residents_are_shared_out_to_the_last_one() -> None:
    found = topologies.default()
    assert sum(found.residents(10_007).values()) == 10_007
    even = parse(f'nodes = [{UPPER}, "国立市", "国分寺市"]')
    assert list(even.residents(5).values()) == [3, 2]


def test_ports_are_stable_with_a_base_and_chosen_by_the_system_without() -> None:
    assert topologies.default().listens("prefecture/070009") == ("127.0.0.1:24702", "127.0.0.1:24703")
    assert topologies.for_demo().listens("prefecture/070009") == ("127.0.0.1:0", "127.0.0.1:0")


def test_altered_settings_are_read_again_from_the_text() -> None:
    changed = topologies.altered(topologies.default(), clock="system", base_port=0)
    assert parse(changed.text) == changed
    assert not changed.virtual_clock
    assert topologies.altered(parse(f"nodes = [{UPPER}]"), seed=7).seed == 7


def test_an_external_node_has_an_address_of_its_own() -> None:
    node = '{ name = "国立市", external = true, address = "127.0.0.1:5000" }'
    found = parse(f"nodes = [{UPPER}, {node}]")
    assert [node.name for node in found.own] == ["J-LIS", "東京都"]
    assert found.nodes[-1].address == "127.0.0.1:5000"


@pytest.mark.parametrize(
    ("text", "says", "remedy"),
    [
        pytest.param("nodes = [", "not TOML", "Correct", id="TOMLでない"),
        pytest.param("nodes = []", "no nodes", "J-LIS", id="団体がない"),
        pytest.param(f'nodes = [{UPPER}, "架空市"]', "架空市", "six-digit code", id="そのような団体はない"),
        pytest.param(f'nodes = [{UPPER}, "府中市"]', "several", "132063", id="同名の団体がある"),
        pytest.param(f'nodes = [{UPPER}, "国立市", "132152"]', "2 times", "once", id="名前とコードの重複"),
        pytest.param('nodes = ["J-LIS", "国立市"]', "東京都", "Add", id="都道府県がない"),
        pytest.param('nodes = ["東京都", "国立市"]', "J-LIS", "Add", id="機構がない"),
        pytest.param('nodes = ["J-LIS", "神奈川県", "141097"]', "ward", "横浜市", id="区は団体ではない"),
        pytest.param(f'listen = "0.0.0.0"\nnodes = [{UPPER}]', "loopback", "127.0.0.1", id="外に公開しない"),
        pytest.param(f'nodes = [{UPPER}, {{ name = "国立市", external = true }}]', "address", "both", id="宛先がない"),
        pytest.param(
            f'nodes = [{UPPER}, {{ name = "国立市", external = true, address = "192.0.2.1:5000" }}]',
            *("loopback", "remote = true"),
            id="離れた外部ノード",
        ),
        pytest.param(f"colour = 1\nnodes = [{UPPER}]", "colour", "Known", id="知らない項目"),
        pytest.param(f'seed = "1"\nnodes = [{UPPER}]', "seed", "Correct", id="型が違う"),
        pytest.param(f'clock = "sundial"\nnodes = [{UPPER}]', "sundial", "virtual", id="知らない時計"),
        pytest.param(f"base_port = 80\nnodes = [{UPPER}]", "Ports", "base_port", id="ポートの範囲外"),
    ],
)
def test_a_topology_that_cannot_be_is_refused_with_its_remedy(text: str, says: str, remedy: str) -> None:
    with pytest.raises(TopologyFault) as caught:
        parse(text)
    assert says in caught.value.english
    assert remedy in caught.value.remedy
    assert caught.value.japanese


def test_a_remote_external_node_may_be_spelled_out() -> None:
    node = '{ name = "国立市", external = true, address = "192.0.2.1:5000", remote = true }'
    assert parse(f"nodes = [{UPPER}, {node}]").nodes[-1].external


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TopologyFault, match="cannot be read"):
        topologies.read(tmp_path / "none.toml")


def test_a_node_is_found_by_whatever_people_call_it() -> None:
    found = topologies.default()
    paths = {found.find(text).path for text in ("国立市", "東京都国立市", "132152", "municipality/132152")}
    assert paths == {"municipality/132152"}
    assert found.find("j-lis").path == "jlis/center"
    ward = found.speaking_for("141097")
    assert ward is not None
    assert ward.name == "横浜市"
    with pytest.raises(TopologyFault, match="甲斐市"):
        found.find("甲斐市")
