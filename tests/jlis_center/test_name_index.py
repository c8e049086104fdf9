"""The index by which J-LIS finds people: filled for those known already, right after moves, corrections and resyncs."""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlite_utils
from google.protobuf.timestamp_pb2 import Timestamp

from jlis_center.assemble import TIER
from jlis_center.search import acts
from jukinet.model.codes import individual_number_from, resident_code_from
from jukinet.model.dates import PartialDate
from jukinet.model.identification import Criteria, Sex
from jukinet.model.stream import name_key
from jukinet.store import people
from jukinet.store.database import Connection, Database
from jukinet.testing.door import day
from jukinet.v1 import identification_pb2 as ipb
from jukinet.v1 import relay_pb2

KUNITACHI, SUGINAMI, TSURUMI = "132152", "131156", "141011"
ENTRY, DELETION, CORRECTION, NEW_CODE = 1, 2, 3, 5
REASONS = {ENTRY: 6, DELETION: 8, CORRECTION: 15, NEW_CODE: 19}
AOI = "架空　葵"
SAID = Timestamp(seconds=1_622_505_600)
CODES = [resident_code_from(number) for number in range(1_000_000_000, 1_000_000_020)]


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Database]:
    schema = TIER.register
    assert schema is not None
    db = Database(tmp_path / "register.db", schema)
    yield db
    db.close()


def record(
    code: str,
    area: str,
    kind: int = ENTRY,
    sequence: int = 1,
    name: str = "架空　葵",
    number: str = "",
    former: str = "",
) -> bytes:
    person = ipb.Identification(
        resident_code=code, individual_number=number, name=name, birth_date=day("1990-01-01"), sex=ipb.SEX_FEMALE,
        address="東京都国立市みどり台1番1号", residency=ipb.RESIDENCY_JAPANESE, area_code=area,
    )  # fmt: skip
    change = ipb.Change(change_date=day("2021-06-01"), former_resident_code=former)
    change.kind, change.reason = kind, REASONS[kind]  # type: ignore[assignment]
    return ipb.IdentificationRecord(identification=person, change=change, person_sequence=sequence).SerializeToString()


def heard_at(position: int, area: str, epoch: int) -> Any:
    """What the register reads of a journal's entry."""
    header = relay_pb2.StreamHeader(
        origin=area, epoch=epoch, kind=relay_pb2.STREAM_KIND_IDENTIFICATION, virtual_time=SAID
    )
    envelope = SimpleNamespace(header=header)
    return SimpleNamespace(position=position, envelope=envelope, receive_virtual_time=SAID.ToMicroseconds())


def hear(db: Connection, position: int, area: str, *records: bytes, epoch: int = 1) -> None:
    """What J-LIS does with a batch."""
    entry = heard_at(position, area, epoch)
    center: Any = TIER.local(None)  # type: ignore[arg-type]
    assert center.apply(db, entry, records) == []


def found(db: Connection, name: str = AOI, **items: str) -> list[tuple[str, str, bool]]:
    criteria = Criteria(
        items.get("code", ""), items.get("number", ""), name, PartialDate(1990, 1, 1), Sex.FEMALE,
        items.get("address", ""),
    )  # fmt: skip
    hits, _ = acts.search(db, criteria)
    return [(hit.person.resident_code, hit.person.area_code, hit.live) for hit in hits]


def test_a_register_of_before_the_index_is_built_anew(tmp_path: Path) -> None:
    """State that was written before people could be found by name opens; the journal is then applied from its start."""
    path = tmp_path / "register.db"
    old = sqlite3.connect(path)
    schema = importlib.import_module("jlis_center.schema")
    schema.register.apply(sqlite_utils.Database(old), stop_before="m005_double")
    old.execute("PRAGMA user_version=1")
    body = ipb.IdentificationRecord.FromString(record(CODES[0], KUNITACHI)).identification.SerializeToString()
    old.execute("INSERT INTO identification VALUES (?,?,NULL,1,1,1,6,1,1,?)", (int(CODES[0]), KUNITACHI, body))
    old.execute("UPDATE applied SET position = 7")
    old.commit()
    old.close()
    assert TIER.register is not None
    db = Database(path, TIER.register)
    with db.read() as reader:
        assert found(reader) == []
        assert reader.execute("SELECT position FROM applied").fetchone() == (0,)
    db.close()


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        pytest.param([(KUNITACHI, [record(CODES[0], KUNITACHI)])], [(CODES[0], KUNITACHI, True)], id="現住の者"),
        pytest.param(
            [(KUNITACHI, [record(CODES[0], KUNITACHI), record(CODES[0], KUNITACHI, DELETION, 2)])],
            [(CODES[0], KUNITACHI, False)],
            id="消除された者は最後の記録",
        ),
        pytest.param(
            [
                (KUNITACHI, [record(CODES[0], KUNITACHI), record(CODES[0], KUNITACHI, DELETION, 2)]),
                (SUGINAMI, [record(CODES[0], SUGINAMI)]),
            ],
            [(CODES[0], SUGINAMI, True)],
            id="転入した者は転入先の記録だけ",
        ),
        pytest.param(
            [
                (SUGINAMI, [record(CODES[0], SUGINAMI)]),
                (KUNITACHI, [record(CODES[0], KUNITACHI), record(CODES[0], KUNITACHI, DELETION, 2)]),
            ],
            [(CODES[0], SUGINAMI, True)],
            id="消除が後から届いても現住の記録",
        ),
        pytest.param(
            [
                (KUNITACHI, [record(CODES[0], KUNITACHI), record(CODES[0], KUNITACHI, DELETION, 2)]),
                (TSURUMI, [record(CODES[0], TSURUMI), record(CODES[0], TSURUMI, DELETION, 2)]),
            ],
            [(CODES[0], TSURUMI, False)],
            id="どこにも現住しない者は最後に通知した市町村の記録",
        ),
        pytest.param(
            [(KUNITACHI, [record(CODES[0], KUNITACHI)]), (TSURUMI, [record(CODES[0], TSURUMI)])],
            [(CODES[0], TSURUMI, True), (CODES[0], KUNITACHI, True)],
            id="二つの市町村に現住すれば両方",
        ),
        pytest.param(
            [(KUNITACHI, [record(CODES[0], KUNITACHI), record(CODES[1], KUNITACHI)])],
            [(CODES[0], KUNITACHI, True), (CODES[1], KUNITACHI, True)],
            id="同姓同名同生年月日は全員",
        ),
        pytest.param(
            [(KUNITACHI, [record(CODES[0], KUNITACHI), record(CODES[0], KUNITACHI, CORRECTION, 2, name="試作　葵")])],
            [],
            id="氏名が変われば前の氏名では該当なし",
        ),
        pytest.param(
            [
                (
                    KUNITACHI,
                    [record(CODES[0], KUNITACHI), record(CODES[1], KUNITACHI, NEW_CODE, 2, former=CODES[0])],
                )
            ],
            [(CODES[1], KUNITACHI, True)],
            id="コードが変われば新しいコードで一人",
        ),
    ],
)
def test_search_shows_the_record_that_counts(
    file: Database, heard: list[tuple[str, list[bytes]]], expected: list[tuple[str, str, bool]]
) -> None:
    def work(db: Connection) -> None:
        for position, (area, records) in enumerate(heard, 1):
            hear(db, position, area, *records)
        assert found(db) == expected

    file.write(work)


def test_whom_a_full_transmission_has_not_named_yet_is_not_told_of(file: Database) -> None:
    def work(db: Connection) -> None:
        hear(db, 1, KUNITACHI, record(CODES[0], KUNITACHI), record(CODES[1], KUNITACHI))
        hear(db, 2, KUNITACHI, record(CODES[0], KUNITACHI), epoch=2)
        assert found(db) == [(CODES[0], KUNITACHI, True)]
        hear(db, 3, KUNITACHI, record(CODES[1], KUNITACHI), epoch=2)
        assert len(found(db)) == 2

    file.write(work)


def test_whoever_shares_only_the_key_is_not_found(file: Database) -> None:
    """40 bits may fall together: what the record says decides."""

    def work(db: Connection) -> None:
        hear(db, 1, KUNITACHI, record(CODES[0], KUNITACHI, name="架空　桃"))
        db.execute("INSERT INTO name_index VALUES (?,?)", (name_key(AOI, PartialDate(1990, 1, 1), 2), int(CODES[0])))
        assert found(db) == []
        assert [ipb.Identification.FromString(held.body).name for held in people.current(db, int(CODES[0]))] == [
            "架空　桃"
        ]

    file.write(work)


def test_a_number_finds_whose_it_is_now(file: Database) -> None:
    old, new = individual_number_from(12345678901), individual_number_from(12345678902)

    def work(db: Connection) -> None:
        hear(db, 1, KUNITACHI, record(CODES[0], KUNITACHI, number=old))
        assert found(db, "", number=old) == [(CODES[0], KUNITACHI, True)]
        hear(db, 2, KUNITACHI, record(CODES[0], KUNITACHI, CORRECTION, 2, number=new))
        assert found(db, "", number=old) == []
        assert found(db, "", number=new) == [(CODES[0], KUNITACHI, True)]

    file.write(work)


def test_who_asks_by_a_former_code_finds_the_person_and_by_one_that_was_wrong_nobody(file: Database) -> None:
    def work(db: Connection) -> None:
        hear(db, 1, KUNITACHI, record(CODES[0], KUNITACHI), record(CODES[1], KUNITACHI, NEW_CODE, 2, former=CODES[0]))
        assert found(db, "", code=CODES[0]) == found(db, "", code=CODES[1]) == [(CODES[1], KUNITACHI, True)]
        mended = ipb.IdentificationRecord.FromString(record(CODES[2], KUNITACHI, NEW_CODE, 3, former=CODES[1]))
        mended.change.reason = ipb.CHANGE_REASON_CODE_EX_OFFICIO_ENTRY
        hear(db, 2, KUNITACHI, mended.SerializeToString())
        assert found(db, "", code=CODES[0]) == []
        assert found(db, "", code=CODES[2]) == [(CODES[2], KUNITACHI, True)]

    file.write(work)


def test_a_record_that_is_set_aside_is_not_found_and_disturbs_no_other(file: Database) -> None:
    def work(db: Connection) -> None:
        entry = heard_at(1, KUNITACHI, 1)
        center: Any = TIER.local(None)  # type: ignore[arg-type]
        raw = [b"\xff", record("9" * 40, KUNITACHI), record("架空", KUNITACHI), record(CODES[0], KUNITACHI)]
        assert len(center.apply(db, entry, raw)) == 3
        assert found(db) == [(CODES[0], KUNITACHI, True)]

    file.write(work)


def test_names_are_found_by_the_index_alone(file: Database) -> None:
    with file.read() as db:
        plans = [
            str(row[3])
            for query in (
                "SELECT code FROM name_index WHERE name_key = 1 ORDER BY code",
                "SELECT DISTINCT code FROM identification WHERE individual_number = 1",
                "SELECT body FROM identification WHERE code = 1 AND (live = 1 OR change_kind = 2)",
            )
            for row in db.execute(f"EXPLAIN QUERY PLAN {query}")
        ]
    assert not [plan for plan in plans if plan.startswith("SCAN")]
