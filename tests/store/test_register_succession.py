"""What the upper tiers do with a record that takes over from another area, in whatever order things come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from jlis_center.assemble import TIER
from jukinet.clock import to_micros
from jukinet.model.codes import resident_code_from
from jukinet.model.identification import ChangeKind, ChangeReason
from jukinet.model.reason import Reason
from jukinet.store import register
from jukinet.store.database import Connection, Database
from jukinet.store.journal import Entry, Envelope
from jukinet.testing.door import day
from jukinet.testing.network import instant
from jukinet.v1 import identification_pb2, relay_pb2

NAKA, CHUO, HAMANA, KUNITACHI = "221317", "221384", "221392", "132152"
CODE = resident_code_from(1_000_000_000)
NOT_YOURS, INCONSISTENT = Reason.AREA_NOT_YOURS, Reason.CHANGE_INCONSISTENT
EVE, DAY = "2023-12-31", "2024-01-01"


@dataclass
class Upper:
    """A register that hears one record at a time."""

    file: Database
    position: int = 0
    faults: list[Reason] = field(default_factory=list)

    def hear(self, origin: str, kind: str, sequence: int, *, former: str = "", on: str = DAY, said: str = DAY) -> None:
        reasons = {
            "ENTRY": ChangeReason.EX_OFFICIO_ENTRY, "CORRECTION": ChangeReason.MINOR_CORRECTION,
            "RELOCATION": ChangeReason.RELOCATION, "DELETION": ChangeReason.EX_OFFICIO_DELETION,
        }  # fmt: skip
        record = identification_pb2.IdentificationRecord(
            identification=identification_pb2.Identification(
                resident_code=CODE, name="架空　遠江", address="静岡県浜松市", area_code=origin, sex=1,
                birth_date=day("1990-01-01"),
            ),
            change=identification_pb2.Change(
                kind=ChangeKind[kind.replace("RELOCATION", "CORRECTION")].value,  # type: ignore[arg-type]
                reason=reasons[kind].value,  # type: ignore[arg-type]
                change_date=day(on),
                former_area_code=former,
            ),
            person_sequence=sequence,
        )  # fmt: skip
        header = relay_pb2.StreamHeader(origin=origin, kind=1, epoch=1)
        header.virtual_time.seconds = to_micros(instant(said)) // 1_000_000
        self.position += 1
        entry = Entry(self.position, False, "prefecture/220001", Envelope(relay_pb2.Batch(), header, b""), 0, 0, 0)

        def apply(db: Connection) -> list[Reason]:
            return [reason for _, reason in register.apply_identification(db, entry, [record.SerializeToString()])]

        self.faults += self.file.write(apply)

    @property
    def live(self) -> dict[str, int]:
        with self.file.read() as db:
            rows = db.execute("SELECT area_code, live FROM identification ORDER BY area_code").fetchall()
            counted = register.live(db)
        assert counted == {area: live for area, live in rows if live}, "the tally is the count of live rows"
        return dict(rows)


@pytest.fixture
def upper(tmp_path: Path) -> Iterator[Upper]:
    assert TIER.register is not None
    file = Database(tmp_path / "register.db", TIER.register)
    yield Upper(file)
    file.close()


@pytest.mark.law("change_administrative_area")
def test_the_old_row_is_closed_and_the_new_one_lives(upper: Upper) -> None:
    upper.hear(NAKA, "ENTRY", 1, on=EVE, said=EVE)
    upper.hear(CHUO, "CORRECTION", 1, former=NAKA)
    assert upper.live == {NAKA: 0, CHUO: 1}
    assert upper.faults == []


@pytest.mark.law("change_administrative_area")
def test_what_the_old_area_said_before_stays_closed_when_it_comes_after(upper: Upper) -> None:
    upper.hear(CHUO, "CORRECTION", 1, former=NAKA)
    assert upper.live == {CHUO: 1}
    upper.hear(NAKA, "ENTRY", 1, on=EVE, said=EVE)
    upper.hear(NAKA, "RELOCATION", 2, on=EVE, said=EVE)
    assert upper.live == {NAKA: 0, CHUO: 1}


@pytest.mark.law("change_administrative_area")
def test_what_is_heard_twice_closes_once(upper: Upper) -> None:
    upper.hear(NAKA, "ENTRY", 1, on=EVE, said=EVE)
    for _ in range(2):
        upper.hear(CHUO, "CORRECTION", 1, former=NAKA)
    assert upper.live == {NAKA: 0, CHUO: 1}


@pytest.mark.law("change_administrative_area")
@pytest.mark.parametrize(
    ("origin", "kind", "former", "on", "said", "reason"),
    [
        pytest.param(HAMANA, "CORRECTION", NAKA, DAY, DAY, NOT_YOURS, id="承継しない区の言い分は隔離する"),
        pytest.param(KUNITACHI, "CORRECTION", NAKA, DAY, DAY, NOT_YOURS, id="無関係の市の言い分は隔離する"),
        pytest.param(CHUO, "CORRECTION", NAKA, EVE, DAY, NOT_YOURS, id="変更の日でない日付は隔離する"),
        pytest.param(CHUO, "CORRECTION", NAKA, DAY, EVE, NOT_YOURS, id="変更の日より前に署名したものは隔離する"),
        pytest.param(CHUO, "CORRECTION", "999999", DAY, DAY, NOT_YOURS, id="知られていない前の区は隔離する"),
        pytest.param(CHUO, "RELOCATION", NAKA, DAY, DAY, INCONSISTENT, id="転居で前の区を言うものは隔離する"),
        pytest.param(CHUO, "ENTRY", NAKA, DAY, DAY, INCONSISTENT, id="記載で前の区を言うものは隔離する"),
        pytest.param(CHUO, "DELETION", NAKA, DAY, DAY, INCONSISTENT, id="消除で前の区を言うものは隔離する"),
    ],
)  # fmt: skip
def test_who_may_not_take_over_is_set_aside_and_the_old_row_lives_on(
    upper: Upper, origin: str, kind: str, former: str, on: str, said: str, reason: Reason
) -> None:
    upper.hear(NAKA, "ENTRY", 1, on=EVE, said=EVE)
    upper.hear(origin, kind, 1, former=former, on=on, said=said)
    assert upper.faults == [reason]
    assert upper.live == {NAKA: 1}


@pytest.mark.law("change_administrative_area")
def test_a_minor_correction_that_takes_over_from_none_closes_nothing(upper: Upper) -> None:
    upper.hear(NAKA, "ENTRY", 1, on=EVE, said=EVE)
    upper.hear(NAKA, "CORRECTION", 2, on=EVE, said=EVE)
    assert upper.live == {NAKA: 1}
