"""A repeat gets the same answer; the same id with other content is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from jukinet.clock import real_micros
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from jukinet.store import answers
from jukinet.store.database import Database, Schema

CALLER, METHOD, DIGEST = "operator/132152/c01", "/jukinet.v1.CounterService/ReportBirth", b"d"
DAY = date(2021, 6, 1)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Database]:
    made = Database(tmp_path / "journal.db", Schema("prefecture_node.schema", "migrations", 1))
    made.write(lambda db: answers.keep(db, CALLER, "r1", METHOD, DIGEST, b"answer", DAY))
    yield made
    made.close()


def find(
    file: Database, *, caller: str = CALLER, request_id: str = "r1", method: str = METHOD, digest: bytes = DIGEST
) -> bytes | None:
    with file.read() as db:
        return answers.find(db, caller, request_id, method, digest)


def test_a_repeat_gets_the_same_answer(file: Database) -> None:
    assert find(file) == b"answer"


def test_the_same_id_with_other_content_is_refused(file: Database) -> None:
    for other in ({"digest": b"e"}, {"method": "/jukinet.v1.CounterService/ReportDeath"}):
        with pytest.raises(Refusal) as caught:
            find(file, **other)  # type: ignore[arg-type]
        assert caught.value.reason == Reason.REQUEST_ID_REUSED
        assert caught.value.spec.code == "ALREADY_EXISTS"


def test_ids_are_each_callers_own(file: Database) -> None:
    assert find(file, caller="operator/132152/c02") is None
    assert find(file, request_id="r2") is None


def test_answers_of_more_than_seven_days_ago_go_and_younger_ones_stay(file: Database) -> None:
    def age(micros: int, request_id: str) -> None:
        then = real_micros() - micros
        file.write(
            lambda db: db.execute(
                "INSERT INTO answered VALUES (?,?,?,?,?,?,?)", (CALLER, request_id, METHOD, DIGEST, b"", then, "")
            )
        )

    age(answers.KEPT_MICROS + 60_000_000, "old")
    age(answers.KEPT_MICROS - 60_000_000, "young")
    for number in range(2_000):
        file.write(lambda db, n=number: answers.keep(db, CALLER, f"n{n}", METHOD, DIGEST, b"", DAY))
        if find(file, request_id="old") is None:
            break
    assert find(file, request_id="old") is None
    assert find(file, request_id="young") == b""


def test_answers_that_name_an_erased_person_are_forgotten_and_no_others(file: Database) -> None:
    for request_id, answer in (("his", b"\x0a\x0b12345678901"), ("hers", b"\x0a\x0b98765432109")):
        file.write(lambda db, i=request_id, a=answer: answers.keep(db, CALLER, i, METHOD, DIGEST, a, DAY))
    file.write(lambda db: answers.forget(db, ["12345678901", ""], DAY + timedelta(days=1)))
    assert find(file, request_id="his") is None
    assert find(file, request_id="hers") == b"\x0a\x0b98765432109"
