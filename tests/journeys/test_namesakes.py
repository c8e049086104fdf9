"""再転入 and 同姓同名: whoever is entered is compared with who is recorded here, and the clerk is told."""

from __future__ import annotations

import importlib
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlite_utils

from jukinet.store.database import Database
from jukinet.testing.door import person
from municipality_node import store
from municipality_node.assemble import TIER

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

pytestmark = pytest.mark.law("enter_ex_officio", "report_move_in")
HANAKO: dict[str, Any] = {"name": "架空　花子", "birth_date": "1982-03-14", "sex": "女"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param({}, True, id="氏名・生年月日・性別が同じなら知らせる"),
        pytest.param({"name": "架空　花江"}, False, id="氏名が違えば知らせない"),
        pytest.param({"birth_date": "1982-03-15"}, False, id="生年月日が違えば知らせない"),
        pytest.param({"sex": "男"}, False, id="性別が違えば知らせない"),
    ],
)
def test_a_namesake_is_shown_to_the_clerk(juki: Juki, family: Family, change: dict[str, str], told: bool) -> None:
    receipt = juki["国立市"].enter_ex_officio(person(**{**HANAKO, **change})).receipt
    assert list(receipt.alike_resident_ids) == ([family.wife] if told else [])
    (row,) = [row for row in juki["国立市"].audit() if row["id"] == receipt.audit_id]
    assert "花子" not in str(row)


def test_the_removed_record_of_who_may_have_come_back_is_shown_too(juki: Juki, family: Family) -> None:
    juki["国立市"].delete_ex_officio(family.wife)
    assert list(juki["国立市"].enter_ex_officio(person(**HANAKO)).receipt.alike_resident_ids) == [family.wife]


def test_who_comes_back_under_the_own_code_is_nobodys_namesake(juki: Juki, family: Family) -> None:
    left = juki["国立市"].report_move_out([family.wife], "杉並区").certificate
    (there,) = juki["杉並区"].report_move_in(left, "東京都杉並区みどり台1番1号").receipt.resident_ids
    juki.settle()
    back = juki["杉並区"].report_move_out([there], "国立市").certificate
    receipt = juki["国立市"].report_move_in(back, "東京都国立市みどり台3番3号").receipt
    assert list(receipt.alike_resident_ids) == []


def test_a_corrected_name_is_found_and_the_wrong_one_no_longer(juki: Juki, family: Family) -> None:
    juki["国立市"].correct_ex_officio(family.wife, name="架空　花江")
    assert list(juki["国立市"].enter_ex_officio(person(**HANAKO)).receipt.alike_resident_ids) == []
    found = juki["国立市"].enter_ex_officio(person(**{**HANAKO, "name": "架空　花江"})).receipt
    assert list(found.alike_resident_ids) == [family.wife]


def test_an_act_that_enters_nobody_compares_nobody(juki: Juki, family: Family) -> None:
    juki["国立市"].enter_ex_officio(person(**HANAKO))
    moved = juki["国立市"].report_relocation([family.wife], "東京都国立市みどり台8番8号").receipt
    assert list(moved.alike_resident_ids) == []


def test_those_entered_before_there_was_an_index_are_found(juki: Juki, family: Family, tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    copy = sqlite3.connect(path)
    with juki["国立市"].file() as db:
        db.backup(copy)
    copy.execute("DROP TABLE resident_name")
    copy.execute("DELETE FROM _sqlite_migrations WHERE name = 'm012_names'")
    copy.execute(f"PRAGMA user_version={TIER.journal.version - 1}")
    copy.commit()
    copy.close()
    assert importlib.import_module("municipality_node.schema").migrations.pending(sqlite_utils.Database(path))
    file = Database(path, TIER.journal)
    with file.read() as db:
        assert db.execute("SELECT count(*) FROM resident_name").fetchone() == (3,)
        assert store.alike(db, family.wife, 10) == []
    file.close()
