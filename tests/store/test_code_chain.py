"""住民票コード that were changed, at the upper tiers: who asks by the old one finds the person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from relay.bench import record

from jlis_center.assemble import TIER
from jukinet.model.codes import resident_code_from
from jukinet.store import register
from jukinet.store.database import Connection, Database
from jukinet.v1 import identification_pb2, relay_pb2

pytestmark = pytest.mark.law("change_resident_code")

HERE, THERE = "132152", "132144"
FIRST, SECOND, THIRD, OTHER = (resident_code_from(number) for number in range(1, 5))
CODE_CORRECTION = identification_pb2.CHANGE_KIND_CODE_CORRECTION
REQUEST = identification_pb2.CHANGE_REASON_CODE_CHANGE_REQUEST
SAID = Timestamp(seconds=1_622_505_600)
Record = identification_pb2.IdentificationRecord


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Database]:
    assert TIER.register is not None
    db = Database(tmp_path / "register.db", TIER.register)
    yield db
    db.close()


def entered(area: str, code: str, sequence: int = 1) -> Record:
    return record(area, 0, sequence=sequence, resident_code=code)


def changed(area: str, old: str, new: str, sequence: int) -> Record:
    return record(
        area, 0, sequence=sequence, resident_code=new, kind=CODE_CORRECTION, reason=REQUEST, former_resident_code=old
    )


def left(area: str, code: str, sequence: int) -> Record:
    return record(
        area, 0, sequence=sequence, resident_code=code, kind=identification_pb2.CHANGE_KIND_DELETION,
        reason=identification_pb2.CHANGE_REASON_MOVE_OUT,
    )  # fmt: skip


def apply(file: Database, *records: Record, epoch: int = 1) -> None:
    """Each in a batch of its own, in this order."""

    def work(db: Connection) -> None:
        for position, one in enumerate(records, start=1):
            header = relay_pb2.StreamHeader(origin=one.identification.area_code, epoch=epoch, virtual_time=SAID)
            entry: Any = SimpleNamespace(
                envelope=SimpleNamespace(header=header), position=position, receive_virtual_time=SAID.ToMicroseconds()
            )
            assert register.apply_identification(db, entry, [one.SerializeToString()]) == []

    file.write(work)


def state(file: Database) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """The count of the living by area, and their codes."""
    with file.read() as db:
        rows = db.execute("SELECT code, area_code FROM identification WHERE live = 1 ORDER BY area_code, code")
        return register.live(db), [(f"{row[0]:011d}", row[1]) for row in rows]


CASES: list[Any] = [
    pytest.param([entered(HERE, FIRST), changed(HERE, FIRST, SECOND, 2)], {HERE: SECOND}, id="変更前の行は閉じる"),
    pytest.param(
        [entered(HERE, FIRST), changed(HERE, FIRST, SECOND, 2), entered(HERE, FIRST)], {HERE: SECOND},
        id="遅れて来た前の通知は変更前の行を生き返らせない",
    ),
    pytest.param(
        [changed(HERE, FIRST, SECOND, 2), entered(HERE, FIRST)], {HERE: SECOND},
        id="変更の後に初めて来た前の通知は行を作らない",
    ),
    pytest.param(
        [entered(HERE, FIRST), changed(HERE, FIRST, SECOND, 2), changed(HERE, FIRST, SECOND, 2)], {HERE: SECOND},
        id="同じ変更が二度来ても一人",
    ),
    pytest.param(
        [entered(HERE, FIRST), changed(HERE, FIRST, SECOND, 2), changed(HERE, SECOND, THIRD, 3)], {HERE: THIRD},
        id="二度の変更",
    ),
    pytest.param(
        [entered(HERE, FIRST), changed(HERE, SECOND, THIRD, 3), changed(HERE, FIRST, SECOND, 2)], {HERE: THIRD},
        id="二度の変更が逆に来る",
    ),
    pytest.param(
        [entered(HERE, FIRST), entered(THERE, FIRST), changed(HERE, FIRST, SECOND, 2)], {THERE: FIRST, HERE: SECOND},
        id="他の市町村の行には触れない",
    ),
    pytest.param(
        [entered(HERE, FIRST), changed(HERE, FIRST, SECOND, 2), left(HERE, SECOND, 3)], {},
        id="変更した人が転出する",
    ),
    pytest.param(
        [entered(HERE, FIRST), changed(HERE, FIRST, SECOND, 2), left(HERE, FIRST, 1)], {HERE: SECOND},
        id="変更前のコードの遅れた消除は今の行を消さない",
    ),
    pytest.param(
        [entered(HERE, FIRST), changed(HERE, FIRST, SECOND, 2), entered(HERE, FIRST, 3)], {HERE: (FIRST, SECOND)},
        id="誤つたコードの正しい持主が後から来る",
    ),
    pytest.param(
        [entered(HERE, FIRST), entered(HERE, OTHER), changed(HERE, FIRST, SECOND, 2)], {HERE: (OTHER, SECOND)},
        id="隣の人には触れない",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("records", "living"), CASES)
def test_whatever_the_order_a_person_lives_once_under_the_last_code(
    file: Database, records: Sequence[Record], living: dict[str, Any]
) -> None:
    apply(file, *records)
    expected = sorted(
        (area, code) for area, codes in living.items() for code in (codes if isinstance(codes, tuple) else (codes,))
    )
    counts, found = state(file)
    assert sorted((area, code) for code, area in found) == expected
    assert sum(counts.values()) == len(expected)
    assert {area for area, _ in expected} == counts.keys()


@pytest.mark.parametrize(
    ("code", "after"),
    [
        pytest.param(FIRST, [FIRST, SECOND, THIRD], id="最初のコードから今のコードまで"),
        pytest.param(SECOND, [SECOND, THIRD], id="途中のコードから"),
        pytest.param(THIRD, [THIRD], id="今のコード"),
        pytest.param(OTHER, [OTHER], id="変えていない人のコード"),
    ],
)
def test_codes_after_follow_a_person_through_municipalities(file: Database, code: str, after: list[str]) -> None:
    apply(
        file, entered(HERE, FIRST), changed(HERE, FIRST, SECOND, 2), left(HERE, SECOND, 3), entered(THERE, SECOND),
        changed(THERE, SECOND, THIRD, 2),
    )  # fmt: skip
    with file.read() as db:
        assert register.codes_after(db, code) == after


def test_codes_after_lead_nowhere_from_a_code_that_was_wrong(file: Database) -> None:
    mended = changed(HERE, FIRST, SECOND, 2)
    mended.change.reason = identification_pb2.CHANGE_REASON_CODE_EX_OFFICIO_ENTRY
    apply(file, entered(HERE, FIRST), mended, entered(HERE, FIRST))
    with file.read() as db:
        assert register.codes_after(db, FIRST) == [FIRST], "it may be another's"
    assert state(file) == ({HERE: 1}, [(SECOND, HERE)])


def test_codes_that_lead_in_a_circle_are_followed_once(file: Database) -> None:
    apply(file, entered(HERE, FIRST), changed(HERE, FIRST, SECOND, 2), changed(THERE, SECOND, FIRST, 2))
    with file.read() as db:
        assert register.codes_after(db, FIRST) == [FIRST, SECOND]


def test_a_full_transmission_tells_the_person_under_the_last_code(file: Database) -> None:
    apply(file, entered(HERE, FIRST), changed(HERE, FIRST, SECOND, 2))
    apply(file, left(HERE, FIRST, 1), entered(HERE, SECOND, 1), epoch=2)
    assert state(file) == ({HERE: 1}, [(SECOND, HERE)])
    with file.read() as db:
        assert register.codes_after(db, FIRST) == [FIRST, SECOND]
