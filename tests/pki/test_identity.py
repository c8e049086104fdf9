from __future__ import annotations

import pytest

from jukinet.pki.identity import Identity, dns_name, identity

PATHS = {
    "municipality/132152": Identity("municipality", "132152"),
    "prefecture/130001": Identity("prefecture", "130001"),
    "jlis/center": Identity("jlis", "jlis"),
    "office/nenkin-01": Identity("office", "", "nenkin-01"),
    "operator/132152/c01": Identity("operator", "132152", "c01"),
    "operator/jlis/c01": Identity("operator", "jlis", "c01"),
    "console/main": Identity("console", "", "main"),
}


@pytest.mark.parametrize(("path", "expected"), PATHS.items())
def test_every_path_is_read_and_written_back(path: str, expected: Identity) -> None:
    assert Identity.parse(path) == identity(path) == expected
    assert expected.path == path
    assert expected.uri == f"spiffe://jukinet.example/{path}"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "municipality",
        "municipality/",
        "municipality/13215",
        "municipality/1321520",
        "municipality/13215x",
        "municipality/\uff11\uff13\uff12\uff11\uff15\uff12",  # full-width digits
        "municipality/132152\n",
        "municipality/132152/",
        "/municipality/132152",
        "Municipality/132152",
        "prefecture/13",
        "jlis/centre",
        "jlis/jlis",
        "jlis",
        "office/",
        "office/..",
        "office/a b",
        "office/年金",
        "office/" + "x" * 33,
        "operator/132152",
        "operator/c01/132152",
        "operator/132152/",
        "operator/jlis",
        "operator/center/c01",
        "operator/132152/c01/x",
        "console/main/x",
        "directory/signer",
    ],
)
def test_malformed_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        Identity.parse(path)


def test_identity_made_by_hand_is_held_to_the_same_rules() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        Identity("jlis", "000000")
    with pytest.raises(ValueError, match="do not fit"):
        Identity("municipality", "132152", "c01")
    with pytest.raises(ValueError, match="do not fit"):
        Identity("mayor", "132152")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "name", "dns"),
    [
        ("municipality/132152", "132152", "m132152.jukinet.example"),
        ("prefecture/130001", "130001", "p130001.jukinet.example"),
        ("jlis/center", "jlis", "jlis.jukinet.example"),
    ],
)
def test_nodes_have_an_origin_name_and_a_dns_name(path: str, name: str, dns: str) -> None:
    assert Identity.parse(path).is_node
    assert Identity.parse(path).name == name
    assert dns_name(path) == dns


@pytest.mark.parametrize("path", ["office/nenkin", "operator/132152/c01", "console/main"])
def test_others_have_neither(path: str) -> None:
    assert not Identity.parse(path).is_node
    with pytest.raises(ValueError, match="only nodes"):
        _ = Identity.parse(path).name
    with pytest.raises(ValueError, match="only nodes"):
        dns_name(path)
