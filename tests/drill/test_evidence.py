"""One notice out of a batch, checked by openssl and a shell loop alone; and what happens to it when anything is off."""

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from jukinet.drill import evidence, union_check
from jukinet.stack.network import Network
from jukinet.v1 import counter_pb2 as counter
from jukinet.v1 import drill_pb2, drill_pb2_grpc
from jukinet.wire.client import Client

KUNITACHI, TOKYO, CENTER = "municipality/132152", "prefecture/130001", "jlis/center"
Drill = drill_pb2_grpc.DrillServiceStub
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


def load(network: Network, count: int) -> dict[str, Client]:
    """Enter `count` one-person households at 国立市 and let everything arrive."""
    consoles = {
        path: Client(network.layout.client(network.authority, "console/drill"), node.drill_listener.address, path)
        for path, node in network.nodes.items()
    }
    network.settle()
    households = [
        drill_pb2.NewHousehold(
            area_code="132152",
            address=f"東京都国立市みどり台1丁目{n + 1}番",
            persons=[counter.NewPerson(name=f"試験　{n}郎", sex=1, relationship="世帯主")],
            resident_since={"year": 2021, "month": 6, "day": 1},
        )
        for n in range(count)
    ]
    request = drill_pb2.LoadHouseholdsRequest(request_id="load", households=households)
    assert consoles[KUNITACHI].call(Drill, "LoadHouseholds", request).persons == count
    network.settle()
    return consoles


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    network = Network(tmp_path_factory.mktemp("evidence"), [CENTER, TOKYO, KUNITACHI])
    yield network, load(network, 120)
    network.close()


@pytest.fixture
def folder(network, tmp_path):
    """Evidence of the 38th of at least 100 records, taken from J-LIS's journal."""
    _, consoles = network
    entries = consoles[CENTER].call(Drill, "ListJournal", drill_pb2.ListJournalRequest()).entries
    large = next(
        e for e in entries if e.header.origin == "132152" and e.header.last_number - e.header.first_number >= 99
    )
    request = drill_pb2.GetEvidenceRequest(position=large.position, index=37)
    return evidence.export(consoles[CENTER].call(Drill, "GetEvidence", request), tmp_path / "evidence")


@needs_openssl
def test_one_notice_of_a_large_batch_verifies_with_openssl_and_a_shell_loop(folder):
    verified, said = evidence.verify(folder)
    assert verified, said
    assert "Merkle path          OK (37 of" in said


def test_the_evidence_shows_no_other_resident(folder):
    everything = b"".join(file.read_bytes() for file in folder.iterdir())
    assert "試験　37郎".encode() in everything
    assert not any(f"試験　{n}郎".encode() in everything for n in range(120) if n != 37)


@needs_openssl
@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        pytest.param("record.bin", "the record is not in the signed batch", id="記録を1バイト変える"),
        pytest.param("salt.bin", "the record is not in the signed batch", id="ソルトを1バイト変える"),
        pytest.param("path.03.bin", "the record is not in the signed batch", id="経路を1バイト変える"),
        pytest.param("header.bin", "the signature does not fit the header", id="ヘッダーを1バイト変える"),
        pytest.param("signature.bin", "the signature does not fit the header", id="署名を1バイト変える"),
    ],
)
def test_one_changed_byte_is_found(folder, name, complaint):
    file = folder / name
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content))
    verified, said = evidence.verify(folder)
    assert not verified
    assert complaint in said


@needs_openssl
def test_another_place_in_the_batch_is_found(folder):
    (folder / "index.txt").write_text("38")
    verified, said = evidence.verify(folder)
    assert not verified
    assert "the record is not in the signed batch" in said


def check(root: Path) -> subprocess.CompletedProcess[str]:
    """Run the standalone script as anybody would, without our packages on the path."""
    return subprocess.run(
        [sys.executable, "-I", "-S", union_check.__file__, str(root)], capture_output=True, text=True, check=False
    )


def test_a_standalone_script_finds_the_union_of_the_municipalities_at_j_lis(tmp_path):
    network = Network(tmp_path, [CENTER, TOKYO, KUNITACHI])
    try:
        load(network, 3)
    finally:
        network.close()
    done = check(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "J-LIS: equal to the union" in done.stdout

    db = sqlite3.connect(tmp_path / "nodes" / "jlis-center" / "register.db")
    with db:
        db.execute("UPDATE identification SET live = 0 WHERE code = (SELECT max(code) FROM identification)")
    db.close()
    done = check(tmp_path)
    assert done.returncode == 1
    assert "J-LIS: DIFFERENT from the union of the municipalities (only below 1, only above 0, twice 0)" in done.stdout
