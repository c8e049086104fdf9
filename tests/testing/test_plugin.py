"""The plugin, as a trainee meets it: in a project of its own, with nothing but `def test_x(juki):`."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from jukinet.testing.network import Juki

pytest_plugins = ["pytester"]
QUIET = ("-p", "no:cacheprovider", "-n", "0")


def test_starting_pytest_imports_nothing_of_ours() -> None:
    code = (
        "import sys, jukinet.testing; "
        "print(*[m for m in sys.modules if m.split('.')[0] in ('jukinet', 'grpc', 'cryptography', 'google')])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["jukinet", "jukinet.testing"]


def test_a_failed_test_shows_sequence_and_journals_and_nobody_s_data(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        from jukinet.testing.door import person

        def test_fails(juki):
            receipt = juki["国立市"].enter_ex_officio(person("極秘　漏洩子")).receipt
            juki.settle()
            juki.kill("矢祭町")
            print("secret", juki["国立市"].resident(receipt.resident_ids[0]).identification.resident_code)
            assert not receipt.resident_ids

        def test_passes(juki):
            juki["国立市"].enter_ex_officio()
        """
    )
    result = pytester.runpytest_subprocess(*QUIET, "--strict-markers")
    result.assert_outcomes(failed=1, passed=1)
    text = result.stdout.str()
    code = text.partition("secret ")[2].split()[0]
    result.stdout.fnmatch_lines(["*juki: sequence*", "*juki: journals*"])
    sequence, _, journals = text.partition("juki: sequence")[2].partition("juki: journals")
    assert "国立市→東京都 #1  住基法第30条の6第1項  identification  記載・職権記載等 1件" in sequence
    assert "東京都→機構 #" in sequence
    assert "機構→国立市 #" in sequence
    assert "個人番号の記載の修正・個人番号の職権記載等 1件" in sequence
    assert "国立市 (municipality/132152)" in journals
    assert "from 東京都  identification 132152/1 1–1  住基法第30条の7第1項  記載・職権記載等 1件" in journals
    assert "矢祭町: down" in journals
    assert text.count("juki: sequence") == 1
    for private in ("漏洩", code):
        assert private not in sequence + journals


def test_tests_run_side_by_side(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("turn", range(4))
        @pytest.mark.juki(nodes=["矢祭町", "国立市"], seed=3)
        def test_alone(juki, turn):
            juki.populate("矢祭町", 5)
            assert juki["機構"].status().live_records == 5
            assert juki.ledger_differences() == []
        """
    )
    pytester.runpytest_subprocess("-p", "no:cacheprovider", "-n", "2", "--strict-markers").assert_outcomes(passed=4)


@pytest.mark.juki(nodes=["矢祭町"])
def test_two_networks_at_once_do_not_meet(
    juki: Juki, juki_templates: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("other") / "juki"
    with type(juki)(folder, juki_templates, nodes=["矢祭町"], seed=1) as other:  # type: ignore[arg-type]
        juki["矢祭町"].enter_ex_officio()
        juki.settle()
        other.settle()
        assert (juki["機構"].status().live_records, other["機構"].status().live_records) == (1, 0)
        assert {node.listener.address for node in juki.network.nodes.values()}.isdisjoint(
            node.listener.address for node in other.network.nodes.values()
        )
        one = juki["矢祭町"].resident(1).identification.resident_code
        other["矢祭町"].enter_ex_officio()
        assert other["矢祭町"].resident(1).identification.resident_code != one


def test_the_default_network_is_whole_and_at_rest(juki: Juki) -> None:
    assert [juki.name(path) for path in juki.paths] == [
        "機構", "福島県", "東京都", "神奈川県", "矢祭町", "杉並区", "中野区", "国分寺市", "国立市", "横浜市",
    ]  # fmt: skip
    assert {juki[path].status().code_pool for path in juki.paths if path.startswith("municipality")} == {1000}
    assert juki.ledger_is_zero()
    assert juki.clock.now.isoformat() == "2021-06-01T09:00:00+09:00"


@pytest.mark.juki(nodes=["矢祭町"])
def test_doors_are_found_by_name_code_and_path(juki: Juki) -> None:
    for name in ("矢祭町", "074829", "municipality/074829"):
        assert juki[name].path == "municipality/074829"
    assert juki["福島県"].path == "prefecture/070009"
    assert juki["機構"].path == juki["J-LIS"].path == "jlis/center"
    for name in ("国立市", "無い町"):
        with pytest.raises(LookupError):
            _ = juki[name]


@pytest.mark.juki(nodes=["横浜市"])
def test_a_ward_is_a_door_with_records_of_its_own(juki: Juki) -> None:
    assert (juki["横浜市鶴見区"].path, juki["横浜市鶴見区"].code) == ("municipality/141003", "141011")
    people = juki.populate("横浜市鶴見区", 5)
    assert {person.identification.area_code for person in people} == {"141011"}


@pytest.mark.juki(nodes=["矢祭町"], clock="2020-01-15")
def test_the_clock_starts_where_it_is_told_and_never_goes_back(juki: Juki) -> None:
    assert {juki[path].node.clock.now().isoformat() for path in juki.paths} == {"2020-01-15T00:00:00+09:00"}
    juki.clock.advance(days=1, hours=2)
    assert juki.clock.now.isoformat() == "2020-01-16T02:00:00+09:00"
    juki.kill("矢祭町")
    juki.start("矢祭町")
    assert juki["矢祭町"].node.clock.today().isoformat() == "2020-01-16"
    with pytest.raises(Exception, match="CLOCK_BACKWARD"):
        juki.clock.set("2020-01-15")


@pytest.mark.juki(nodes=["国立市", "矢祭町"])
def test_the_clock_stops_at_every_due_date_of_every_node(juki: Juki) -> None:
    stops = []
    for name, days in (("国立市", (5, 9)), ("矢祭町", (7,))):
        for number in days:
            receipt = juki[name].enter_ex_officio().receipt
            juki[name].report_move_out(receipt.resident_ids, "大阪府池田市", f"2021-06-{number:02}")
    juki.clock.advance(days=30)
    for name in ("国立市", "矢祭町"):
        stops += [
            entry.receive_virtual_time.ToJsonString() for entry in juki[name].journal()
            if any("消除" in summary for summary in entry.summaries)
        ]  # fmt: skip
    assert stops == ["2021-06-04T15:00:00Z", "2021-06-08T15:00:00Z", "2021-06-06T15:00:00Z"]
    assert juki["機構"].status().live_records == 0


@pytest.mark.juki(nodes=["国立市"])
def test_a_snapshot_brings_everything_back_even_the_clock(juki: Juki) -> None:
    first = juki["国立市"].enter_ex_officio().receipt.resident_ids[0]
    juki.snapshot("one")
    marks, ledger = juki.mark(), juki["東京都"].ledger()
    juki["国立市"].report_death(first)
    juki["国立市"].enter_ex_officio()
    juki.clock.advance(days=3)
    juki.kill("東京都")
    juki.restore("one")
    assert juki.mark() == marks
    assert juki["東京都"].ledger() == ledger
    assert juki.clock.today.isoformat() == "2021-06-01"
    assert juki["機構"].status().live_records == 1
    juki["国立市"].report_death(first)
    juki.settle()
    assert juki["機構"].status().live_records == 0
    assert juki.ledger_differences() == []


@pytest.mark.juki(nodes=["国立市"])
def test_faults_hold_up_lose_and_double_and_nothing_is_lost_or_twice(juki: Juki) -> None:
    juki.faults("東京都", "partition", "機構")
    receipt = juki["国立市"].enter_ex_officio().receipt
    juki.settle()
    assert (juki["東京都"].status().live_records, juki["機構"].status().live_records) == (1, 0)
    (link,) = [link for link in juki["東京都"].status().links if link.peer == "jlis/center"]
    assert (link.state, link.backlog_records) == ("RETRYING", 2)
    (difference,) = juki.ledger_differences()
    assert difference.endswith("epoch 1: 2 in flight from prefecture/130001 to jlis/center")
    juki.faults("東京都")
    juki.faults("国立市", "drop_answer", "東京都", share=0.5)
    juki.faults("国立市", "duplicate", "東京都", share=0.5)
    juki["国立市"].report_death(receipt.resident_ids[0])
    juki.settle()
    juki.heal()
    juki.settle()
    assert len(juki["機構"].changes()) == 3
    assert juki.ledger_differences() == []


@pytest.mark.juki(nodes=["国立市"])
def test_a_node_that_was_down_catches_up(juki: Juki) -> None:
    juki.kill("東京都")
    juki.populate("国立市", 3)
    assert juki["機構"].status().live_records == 0
    juki.start("東京都")
    juki.settle()
    assert juki["機構"].status().live_records == 3
    assert juki.ledger_is_zero()


@pytest.mark.juki(nodes=["国立市"])
def test_a_ledger_that_does_not_add_up_is_told(juki: Juki) -> None:
    juki.populate("国立市", 2)
    assert juki.ledger_is_zero()
    # What the governor's register shows is counted there: one record fewer, and the whole network does not add up.
    tokyo = juki["東京都"].node
    tokyo.register.write(lambda db: db.execute("UPDATE applied_count SET records = records - 1 WHERE position = 1"))
    assert not juki.ledger_is_zero()
    (told,) = juki.ledger_differences()
    assert told == "IDENTIFICATION of 132152, epoch 1: 1 pending at prefecture/130001"


@pytest.mark.juki(nodes=["国立市"])
def test_what_should_have_been_refused_and_was_not_fails(juki: Juki) -> None:
    with pytest.raises(AssertionError, match="not refused"), juki.refused("FIELD_MISSING"):
        juki["国立市"].enter_ex_officio()
    with pytest.raises(AssertionError, match="refused for RESIDENT_NOT_FOUND"), juki.refused("FIELD_MISSING"):
        juki["国立市"].report_death(999)
