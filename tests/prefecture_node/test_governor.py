"""A governor's server: what travels on to J-LIS, and what ends there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from google.type import date_pb2
from relay.bench import CENTER, IDENTIFICATION, KOKUBUNJI, KUNITACHI, TOKYO, Bench, bench

from jukinet.model.codes import resident_code_from
from jukinet.v1 import intermunicipal_pb2

CONFIRMATION = 2


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path, [CENTER, TOKYO], [KUNITACHI, KOKUBUNJI]) as made:
        yield made


def confirmation(code: str) -> bytes:
    return intermunicipal_pb2.MoveOutConfirmation(
        resident_code=code,
        move_out_date=date_pb2.Date(year=2021, month=6, day=1),
        new_address="神奈川県横浜市鶴見区一番地",
        new_area_code="141011",
    ).SerializeToString()


def kinds(net: Bench, path: str) -> list[int]:
    with net.node(path).journal.read() as db:
        return [row[0] for row in db.execute("SELECT kind FROM batch WHERE said = 0 ORDER BY position")]


def test_a_move_out_confirmation_ends_at_the_governor_and_an_identification_travels_on(net: Bench) -> None:
    mayor = net.origin(KUNITACHI)
    mayor.kind = CONFIRMATION
    carrier = net.carrier(KUNITACHI, TOKYO)
    assert carrier.deliver(mayor.batch([confirmation(resident_code_from(7))])).next_number == 2
    other = net.origin(KUNITACHI)
    assert carrier.deliver(other.batch()).next_number == 2
    net.network.settle()
    assert kinds(net, TOKYO) == [CONFIRMATION, IDENTIFICATION]
    assert kinds(net, CENTER) == [IDENTIFICATION]
    with net.node(TOKYO).register.read() as db:
        assert db.execute("SELECT code, area_code FROM move_out_confirmation").fetchall() == [
            (int(resident_code_from(7)), "132152")
        ]


def test_a_confirmation_that_cannot_be_read_is_set_aside_alone(net: Bench) -> None:
    mayor = net.origin(KUNITACHI)
    mayor.kind = CONFIRMATION
    wrong = [confirmation("12345678901"), b"\xff\xff", confirmation(resident_code_from(8))]
    net.carrier(KUNITACHI, TOKYO).deliver(mayor.batch(wrong))
    assert net.quarantine(TOKYO, "132152") == [(0, 1, "CHECK_DIGIT_WRONG"), (1, 1, "RECORD_MALFORMED")]
    with net.node(TOKYO).register.read() as db:
        assert db.execute("SELECT count(*) FROM move_out_confirmation").fetchone() == (1,)


def test_what_a_municipality_signed_arrives_at_j_lis_as_the_same_bytes(net: Bench) -> None:
    batch = net.origin(KUNITACHI).batch()
    net.carrier(KUNITACHI, TOKYO).deliver(batch)
    net.network.settle()
    for path in (TOKYO, CENTER):
        with net.node(path).journal.read() as db:
            row = db.execute(
                "SELECT header, signature, payload, der FROM batch JOIN certificate ON hash = certificate_hash"
            )
            assert row.fetchall() == [(batch.header, batch.signature, batch.payload, batch.certificate)]
