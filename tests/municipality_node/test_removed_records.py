"""除票 and said notices at one municipality, where a journey would be clumsy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jukinet.clock import Clock
from jukinet.model.codes import resident_code_from
from jukinet.model.dates import PartialDate
from jukinet.model.identification import ChangeReason, NewPerson, Sex
from jukinet.pki.authority import Authority
from jukinet.pki.identity import Identity
from jukinet.pki.signing import Signer
from jukinet.relay.sealer import Sealer
from jukinet.store.database import Connection, Database
from jukinet.store.projector import Projector
from jukinet.testing.door import person
from municipality_node import store
from municipality_node.assemble import TIER
from municipality_node.desk import Desk
from municipality_node.retention import store as retention_store
from municipality_node.store import State

if TYPE_CHECKING:
    from jukinet.testing.network import Juki

CODE = resident_code_from(1_000_000_001)
FIRST = date(2021, 6, 1)
HOME = "東京都国立市みどり台一丁目1番1号"
pytestmark = pytest.mark.law("keep_removed_record")


class Office:
    """A municipality's file with a clock, a sealer and a projector."""

    def __init__(self, folder: Path) -> None:
        credential = Authority.open(folder / "authority").issue("municipality/132152")
        signer = Signer(credential.key_pem, credential.certificate_der)
        self.clock = Clock()
        self.file = Database(folder / "journal.db", TIER.journal)
        self.sealer = Sealer(self.file, self.clock, lambda: signer, lambda _: None)
        self.projector = Projector(self.file, self.file, lambda *_: [], retention_store.follow)

    def desk(self, db: Connection) -> Desk:
        return Desk(db, self.clock, Identity.parse("municipality/132152"))

    def enter(self) -> int:
        def act(db: Connection) -> int:
            home = store.insert_household(db, "132152", HOME)
            new = NewPerson("架空　太郎", PartialDate(1980, 5, 1), Sex.MALE, "")
            day = self.clock.today()
            entered = self.desk(db).enter(home, new, CODE, HOME, "132152", ChangeReason.EX_OFFICIO_ENTRY, day)
            db.execute(
                "UPDATE resident SET person_sequence = person_sequence + ? WHERE id = ?", (10 * entered, entered)
            )
            return entered

        return self._done(self.file.write(act))

    def remove(self, resident_id: int, dated: date = FIRST) -> None:
        def act(db: Connection) -> None:
            desk = self.desk(db)
            desk.remove(desk.resident(resident_id), ChangeReason.EX_OFFICIO_DELETION, dated)

        self._done(self.file.write(act))  # type: ignore[func-returns-value]

    def restore(self, resident_id: int) -> None:
        self.file.write(
            lambda db: store.set_removal(db, resident_id, State.LIVE, ChangeReason.EX_OFFICIO_DELETION, FIRST, "")
        )

    def _done(self, answer: int | None) -> int:
        while self.sealer.step() is not None or self.projector.step():
            pass
        return answer or 0

    def pass_days(self, days: int) -> None:
        self.clock.set(self.clock.now() + timedelta(days=days))

    def due(self) -> dict[int, str]:
        with self.file.read() as db:
            return dict(db.execute("SELECT resident_id, due_day FROM removed_record"))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.file.close()


def test_the_period_begins_with_the_day_of_the_act_not_with_the_date_that_the_deletion_bears(office: Office) -> None:
    resident_id = office.enter()
    office.pass_days(9)
    office.remove(resident_id, dated=date(2021, 6, 1))
    assert office.due() == {resident_id: "2171-06-11"}, "消除 on 2021-06-10, kept through 2171-06-10"


def test_a_live_record_has_no_period(office: Office) -> None:
    office.enter()
    assert office.due() == {}


def test_who_comes_back_and_leaves_again_has_two_removed_records_each_with_its_own_period(office: Office) -> None:
    first = office.enter()
    office.remove(first)
    office.pass_days(365)
    second = office.enter()
    office.pass_days(365)
    office.remove(second)
    assert office.due() == {first: "2171-06-02", second: "2173-06-02"}


def test_a_record_that_is_restored_has_no_period_until_it_is_removed_again(office: Office) -> None:
    resident_id = office.enter()
    office.remove(resident_id)
    office.restore(resident_id)
    assert office.due() == {}
    office.pass_days(365)
    office.remove(resident_id)
    assert office.due() == {resident_id: "2172-06-02"}


def test_an_erased_record_leaves_no_household_without_anybody_and_no_code_in_the_pool(office: Office) -> None:
    resident_id = office.enter()

    def use(db: Connection) -> None:
        store.add_codes(db, [int(CODE), int(CODE) + 11])
        store.draw_codes(db, 1)

    office.file.write(use)
    office.remove(resident_id)
    office.file.write(lambda db: retention_store.erase(db, [resident_id]))
    with office.file.read() as db:
        for table in ("resident", "household", "removed_record", "task"):
            assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
        assert db.execute("SELECT code, used FROM pool").fetchall() == [(int(CODE) + 11, 0)]
        assert store.tally(db) == {"132152": 0, "pool": 1}


def test_a_household_in_which_others_live_stays_and_names_no_erased_head(office: Office) -> None:
    gone = office.enter()
    with office.file.read() as db:
        found = store.resident(db, gone)
    assert found is not None

    def join(db: Connection) -> int:
        new = NewPerson("架空　花子", PartialDate(1982, 3, 14), Sex.FEMALE, "妻")
        code = resident_code_from(1_000_000_002)
        return office.desk(db).enter(
            found.household_id, new, code, HOME, "132152", ChangeReason.EX_OFFICIO_ENTRY, FIRST
        )

    office.file.write(join)
    office.remove(gone)
    office.file.write(lambda db: retention_store.erase(db, [gone]))
    with office.file.read() as db:
        household = store.household(db, found.household_id)
        assert household is not None
        assert (household.head_id, store.head_name(db, household.id)) == (0, "")
        assert len(store.members(db, household.id)) == 1


@pytest.mark.juki(nodes=["横浜市"])
@pytest.mark.law("keep_notified_identification")
def test_from_ward_to_ward_the_city_keeps_both_and_the_live_one_for_ever(juki: Juki) -> None:
    tsurumi, naka = juki["横浜市鶴見区"], juki["横浜市中区"]
    came = tsurumi.enter_ex_officio(person("架空　区子"), address="神奈川県横浜市鶴見区みどり台1番").receipt
    juki.settle()
    code = tsurumi.resident(came.resident_ids[0]).identification.resident_code
    left = tsurumi.report_move_out(came.resident_ids, "横浜市中区")
    new = naka.report_move_in(left.certificate, "神奈川県横浜市中区みどり台2番").receipt
    juki.clock.set("2171-05-31")
    assert len(juki["横浜市"].changes(code)) == 4
    juki.clock.set("2171-06-02")
    live = ["中区 記載・国内転入 2021-06-01 #1"]
    assert juki["横浜市"].changes(code) == juki["神奈川県"].changes(code) == juki["機構"].changes(code) == live
    assert naka.resident(new.resident_ids[0]).identification.resident_code == code
    with juki.refused("RESIDENT_NOT_FOUND"):
        tsurumi.resident(came.resident_ids[0])
