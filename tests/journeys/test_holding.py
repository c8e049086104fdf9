"""What each tier holds of one person, before and after each step; looking changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

import pytest

from jukinet.model.codes import resident_code_from
from jukinet.model.holding import PersonKind, Reach, Standing
from jukinet.model.identification import ChangeKind, ChangeReason
from jukinet.model.provision import Result
from jukinet.node.holding import look
from jukinet.stack import holding
from jukinet.stack.holding import Holding
from jukinet.stack.reach import Reach as Nodes
from jukinet.testing.door import person
from jukinet.testing.nationality_desk import medium_term
from jukinet.testing.office import by_items
from jukinet.v1 import holding_pb2 as pb
from jukinet.v1 import identification_pb2, relay_pb2
from jukinet.wire.client import Client

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

T = TypeVar("T")
YOKOHAMA = "神奈川県横浜市鶴見区みどり台三丁目5番7号"
UNKNOWN = resident_code_from(9_876_543_210)
LOCAL_ONLY = {"relationship", "head_name", "registered_domicile", "registered_head", "resident_since", "report_date"}


class Running:
    """The nodes of a test as the reader's helper sees those of a folder."""

    def __init__(self, juki: Juki) -> None:
        self._juki = juki

    def console(self, path: str) -> Client:
        return self._juki.console(path)

    def ask_running(self, ask: Callable[[str], T]) -> dict[str, T]:
        return {path: ask(path) for path in self._juki.network.nodes}


def nodes(juki: Juki) -> Nodes:
    return cast("Nodes", Running(juki))


def held(juki: Juki, code: str) -> dict[str, Holding]:
    """What each node holds, by short name."""
    return {juki.name(path): found for path, found in holding.holdings(nodes(juki), code).items()}


def ask(juki: Juki, name: str, method: str, request: Any) -> Any:
    return juki.console(name).call(holding.STUB, method, request)


def find(juki: Juki, kind: PersonKind, name: str = "国立市", limit: int = 20) -> list[str]:
    """Names of those found."""
    return [one.name for one in holding.find_persons(nodes(juki), kind, juki.find(name)[0], limit)]


def standings(found: Holding) -> dict[str, Standing]:
    return {record.area_code: record.standing for record in found.records}


def history(found: Holding) -> list[tuple[str, ChangeKind, ChangeReason]]:
    return [(one.area_code, one.change.kind, one.change.reason) for one in found.history]


ENTRY = ("132152", ChangeKind.ENTRY, ChangeReason.EX_OFFICIO_ENTRY)
NUMBER = ("132152", ChangeKind.NUMBER_CORRECTION, ChangeReason.NUMBER_EX_OFFICIO_ENTRY)
LEFT = ("132152", ChangeKind.DELETION, ChangeReason.MOVE_OUT)
CAME = ("141011", ChangeKind.ENTRY, ChangeReason.MOVE_IN)


def test_each_tier_holds_its_part_before_and_after_a_move_to_another_prefecture(juki: Juki, family: Family) -> None:
    code = family.codes[1]
    before = held(juki, code)
    assert {name for name, found in before.items() if found.records} == {"国立市", "東京都", "機構"}
    [own], [above], [top] = (before[name].records for name in ("国立市", "東京都", "機構"))
    assert (own.resident_id, own.household_id, own.standing) == (family.wife, family.household, Standing.LIVE)
    assert (own.value("relationship"), own.value("head_name")) == ("妻", "架空　太郎")
    assert own.value("former_surname") == above.value("former_surname") == "試作"
    assert above.fields == top.fields, "J-LIS holds what the governor holds"
    assert above.fields == tuple(field for field in own.fields if field.reach.goes_up)
    # What stays in the municipality stays there, whoever looks above.
    assert {field.key for field in own.fields if not field.reach.goes_up} >= LOCAL_ONLY - {
        "registered_domicile",
        "registered_head",
    }
    assert all(not upper.value(key) for upper in (above, top) for key in LOCAL_ONLY)
    assert before["国立市"].history[0].said
    for name, peer in (("東京都", "municipality/132152"), ("機構", "prefecture/130001")):
        assert history(before[name]) == [ENTRY, NUMBER]
        assert {(one.said, one.peer) for one in before[name].history} == {(False, peer)}

    paper = juki["国立市"].report_move_out(family.all, "横浜市鶴見区", "2021-06-03")
    juki.settle()
    planned = held(juki, code)
    assert standings(planned["国立市"]) == {"132152": Standing.MOVING_OUT}
    assert planned["国立市"].records[0].value("planned_move_out_date") == "2021-06-03"
    assert planned["東京都"] == before["東京都"], "nobody above is told before the day"

    juki.clock.set("2021-06-03")
    juki.settle()
    juki["横浜市鶴見区"].report_move_in(paper.certificate, YOKOHAMA, "2021-06-03")
    juki.settle()
    after = held(juki, code)
    assert standings(after["国立市"]) == standings(after["東京都"]) == {"132152": Standing.REMOVED}
    assert standings(after["横浜市"]) == standings(after["神奈川県"]) == {"141011": Standing.LIVE}
    assert standings(after["機構"]) == {"132152": Standing.REMOVED, "141011": Standing.LIVE}
    [gone], [told], [came] = (after[name].records for name in ("国立市", "東京都", "横浜市"))
    assert gone.value("confirmed_destination") == told.value("confirmed_destination") == YOKOHAMA
    assert told.value("removal_date") == gone.value("removal_date") == "2021-06-03"
    assert came.value("former_address").startswith("東京都国立市")
    assert not any(record.value("confirmed_destination") for record in after["機構"].records), "it ends at the governor"
    assert history(after["東京都"]) == [ENTRY, NUMBER, LEFT]
    assert history(after["神奈川県"]) == [CAME]
    assert sorted(history(after["機構"])) == sorted([ENTRY, NUMBER, LEFT, CAME])
    lamport = [one.lamport_time for one in after["機構"].history]
    assert lamport == sorted(lamport)


def test_a_record_rests_on_a_notice_that_the_journal_has(juki: Juki, family: Family) -> None:
    juki["国立市"].correct_ex_officio(family.wife, name="架空　華子")
    juki.settle()
    for name, found in held(juki, family.codes[1]).items():
        for record in found.records:
            last = found.history[-1]
            assert (record.position, record.index, record.number) == (last.position, last.index, last.number), name
            assert record.change == last.change
            assert record.value("name") == last.identification.name == "架空　華子"
    [record] = held(juki, family.codes[1])["国立市"].records
    batch = juki["国立市"].journal()[record.position - 1]
    assert batch.header.first_number + record.index == record.number


def test_nobody_is_held_under_an_unknown_code_nor_where_he_never_lived(juki: Juki, family: Family) -> None:
    for code in (UNKNOWN, family.codes[0]):
        for name, found in held(juki, code).items():
            if code == UNKNOWN or name in ("横浜市", "神奈川県"):
                assert (found.records, found.history, found.codes) == ((), (), (code,)), name
    assert not holding.messages(nodes(juki), UNKNOWN)
    assert not holding.provisions(nodes(juki), UNKNOWN)
    empty = ask(juki, "国立市", "GetHolding", pb.GetHoldingRequest(resident_id=9_999))
    assert not empty.records
    with juki.refused("CHECK_DIGIT_WRONG"):
        ask(juki, "機構", "GetHolding", pb.GetHoldingRequest(resident_code="12345678901"))
    for method, request in (
        ("GetHolding", pb.GetHoldingRequest(resident_id=1)),
        ("FindPersons", pb.FindPersonsRequest(kind=pb.PERSON_KIND_ANYONE)),
    ):
        with juki.refused("NOT_HERE"):
            ask(juki, "東京都", method, request)
    for wrong in ({"kind": 0}, {"kind": 1, "page_token": "x"}):
        with juki.refused("FIELD_OUT_OF_RANGE"):
            ask(juki, "国立市", "FindPersons", pb.FindPersonsRequest(**wrong))


def test_looking_changes_neither_journal_nor_log(juki: Juki, family: Family) -> None:
    before = {path: juki[path].counts() for path in juki.network.nodes}
    held(juki, family.codes[0])
    holding.messages(nodes(juki), family.codes[0])
    holding.provisions(nodes(juki), family.codes[0])
    assert find(juki, PersonKind.ANYONE)
    assert {path: juki[path].counts() for path in juki.network.nodes} == before


def test_a_node_that_is_recovering_tells_what_it_holds_so_far(juki: Juki, family: Family) -> None:
    whole = held(juki, family.codes[1])["国立市"]
    assert not whole.recovering
    juki.lose("国立市", "all")
    lost = held(juki, family.codes[1])["国立市"]
    assert (lost.recovering, lost.records, lost.history) == (True, (), ())
    juki.recover("国立市")
    back = held(juki, family.codes[1])["国立市"]
    assert (back.recovering, len(back.records)) == (False, 1)
    assert [one.identification for one in back.history] == [one.identification for one in whole.history]
    assert back.records[0].value("relationship") == "同居人", "no tier above ever knew better"


def test_a_notice_that_was_set_aside_stands_in_the_history_and_not_in_the_register(juki: Juki, family: Family) -> None:
    juki.faults("国立市", "broken_characters")
    juki["国立市"].correct_ex_officio(family.wife, name="架空　華子")
    juki.settle()
    found = held(juki, family.codes[1])
    for name in ("東京都", "機構"):
        assert [one.set_aside for one in found[name].history] == [False, False, True]
        assert [record.value("name") for record in found[name].records] == ["架空　花子"]
        assert found[name].records[0].position == found[name].history[1].position
    assert not any(one.set_aside for one in found["国立市"].history)
    assert [record.value("name") for record in found["国立市"].records] == ["架空　華子"]


@pytest.mark.juki(nodes=("国立市",))
def test_a_code_that_was_changed_leads_to_the_person_and_one_written_in_error_to_nobody_else(juki: Juki) -> None:
    kunitachi = juki["国立市"]
    entered = kunitachi.enter_ex_officio(person("架空　一葉", "1970-01-01", "女")).receipt.resident_ids[0]
    juki.settle()
    old = kunitachi.resident(entered).identification.resident_code
    kunitachi.change_resident_code(entered)
    juki.settle()
    new = kunitachi.resident(entered).identification.resident_code
    for code in (old, new):
        for found in held(juki, code).values():
            assert set(found.codes) == {old, new}
            [change] = found.code_changes
            assert (change.former, change.code, change.reason) == (old, new, ChangeReason.CODE_CHANGE_REQUEST)
            assert found.history[-1].change.former_resident_code == old
            live = [record for record in found.records if record.standing is Standing.LIVE]
            assert [record.value("resident_code") for record in live] == [new]
    assert standings_of_codes(held(juki, old)["機構"]) == {old: Standing.SUPERSEDED, new: Standing.LIVE}
    assert find(juki, PersonKind.CODE_CHANGED) == ["架空　一葉"]

    # Corrected once more, as written in error: the chain is told, but the code of before leads nowhere.
    kunitachi.correct_resident_code(entered)
    juki.settle()
    last = kunitachi.resident(entered).identification.resident_code
    above = held(juki, last)["機構"]
    assert above.codes == (last,)
    assert [(one.former, one.reason) for one in above.code_changes] == [(new, ChangeReason.CODE_EX_OFFICIO_ENTRY)]
    assert not held(juki, new)["国立市"].records
    spoken_of = {one.identification.resident_code for one in held(juki, new)["国立市"].history}
    assert spoken_of == {new}, "the notice that took the code away is another's"


def standings_of_codes(found: Holding) -> dict[str, Standing]:
    return {record.value("resident_code"): record.standing for record in found.records}


def test_messages_of_every_stream_are_found_where_they_speak_of_the_person(juki: Juki, family: Family) -> None:
    paper = juki["国立市"].report_move_out(family.all, "横浜市鶴見区", "2021-06-01")
    juki.settle()
    juki["横浜市鶴見区"].report_move_in(paper.certificate, YOKOHAMA, "2021-06-01")
    juki.settle()
    told = holding.messages(nodes(juki), family.codes[2])
    kinds = {(juki.name(one.node), relay_pb2.StreamKind.Name(one.kind).removeprefix("STREAM_KIND_")) for one in told}
    assert kinds >= {
        ("国立市", "IDENTIFICATION"),
        ("国立市", "MOVE_IN_NOTICE"),
        ("横浜市", "MOVE_IN_NOTICE"),
        ("東京都", "MOVE_OUT_CONFIRMATION"),
        ("国立市", "NUMBER_DESIGNATION"),
    }
    assert not {kind for _, kind in kinds} & {"CODE_DESIGNATION"}, "a pool names codes, not people"
    assert not [one for one in told if juki.name(one.node) == "神奈川県" and one.kind != 1]
    # Page by page it is the same, and each is where it is said to be.
    request = pb.ListPersonMessagesRequest(resident_code=family.codes[2], page_size=1)
    paged: list[tuple[int, int]] = []
    while True:
        page = ask(juki, "国立市", "ListPersonMessages", request)
        paged += [(one.position, one.index) for one in page.messages]
        request.after_position = page.next_after_position
        if not request.after_position:
            break
    assert paged == [(one.position, one.index) for one in told if juki.name(one.node) == "国立市"]
    top = [one for one in told if juki.name(one.node) == "機構" and one.kind == relay_pb2.STREAM_KIND_IDENTIFICATION]
    assert {(one.position, one.index) for one in top} == {
        (one.position, one.index) for one in held(juki, family.codes[2])["機構"].history
    }


@pytest.mark.juki(nodes=("国立市",))
def test_what_was_provided_is_listed_of_whom_it_was_about_and_of_nobody_else(juki: Juki) -> None:
    [one, other, *_] = juki.populate("国立市", 4)
    office = juki.office("japan-pension-service", "1-77")
    single = office.provide_identification(by_items(one)).audit_id
    bulk = office.provide_bulk([by_items(other), by_items(one)]).audit_id
    given = holding.provisions(nodes(juki), one.identification.resident_code)
    assert [(entry.audit_id, entry.subject) for entry in given] == [(single, 1), (bulk, 2)]
    assert {(entry.node, entry.office, entry.result) for entry in given} == {
        ("jlis/center", "日本年金機構", Result.FOUND)
    }
    assert given[0].entry.affair == "1-77"
    assert [(e.audit_id, e.subject) for e in holding.provisions(nodes(juki), other.identification.resident_code)] == [
        (bulk, 1)
    ]
    request = pb.ListProvisionsOfRequest(resident_code=one.identification.resident_code, page_size=1)
    page = ask(juki, "機構", "ListProvisionsOf", request)
    assert ([entry.audit_id for entry in page.provisions], page.next_after_audit_id) == ([single], single)
    request.after_audit_id = page.next_after_audit_id
    page = ask(juki, "機構", "ListProvisionsOf", request)
    assert [entry.audit_id for entry in page.provisions] == [bulk], "the next page goes on behind the last"
    assert page.next_after_audit_id == 0


def test_people_are_found_by_what_is_true_of_them(juki: Juki, family: Family) -> None:
    kunitachi, tsurumi = juki["国立市"], juki["横浜市鶴見区"]
    alone = kunitachi.enter_ex_officio(person("架空　独", "1990-01-01")).receipt
    for kind in (PersonKind.COUPLE, PersonKind.FAMILY_WITH_CHILD):
        assert find(juki, kind) == ["架空　太郎"]
    assert find(juki, PersonKind.ANYONE) == ["架空　太郎", "架空　花子", "架空　一郎", "架空　独"]
    assert find(juki, PersonKind.ANYONE, limit=2) == ["架空　太郎", "架空　花子"]
    assert find(juki, PersonKind.FORMER_SURNAME) == ["架空　花子"]
    for kind in set(PersonKind) - {
        PersonKind.ANYONE, PersonKind.COUPLE, PersonKind.FAMILY_WITH_CHILD, PersonKind.FORMER_SURNAME
    }:  # fmt: skip
        assert find(juki, kind) == [], kind

    kunitachi.report_relocation(alone.resident_ids, "東京都国立市東一丁目1番1号")
    assert find(juki, PersonKind.MOVED_WITHIN) == ["架空　独"]
    kunitachi.start_support([family.wife])
    assert find(juki, PersonKind.UNDER_SUPPORT) == ["架空　花子"]
    kunitachi.end_support([family.wife])
    assert find(juki, PersonKind.UNDER_SUPPORT) == [], "it was ended"
    kunitachi.report_birth(family.household, person("架空　二子", "2021-06-01", "女", relationship="子"))
    assert find(juki, PersonKind.BORN_HERE) == ["架空　二子"]
    foreign = person("KAKU JOHN", "1985-01-01", residency=identification_pb2.RESIDENCY_FOREIGN)
    for who, alias in ((foreign, "架空　次郎"), (person("KAKU JANE", "1986-01-01", "女", residency=2), "")):
        came = kunitachi.report_foreign_resident(who, medium_term("2021-06-01")).receipt
        if alias:
            kunitachi.enter_alias(came.resident_ids[0], alias)
    assert find(juki, PersonKind.FOREIGN_WITH_ALIAS) == ["KAKU JOHN"]
    code = kunitachi.resident(came.resident_ids[0]).identification.resident_code
    [shown] = held(juki, code)["国立市"].records
    assert shown.value("status_of_residence")
    assert next(field for field in shown.fields if field.key == "nationality").reach is Reach.STAYS

    paper = kunitachi.report_move_out([alone.resident_ids[0]], "横浜市鶴見区", "2021-06-01")
    tsurumi.report_move_in(paper.certificate, YOKOHAMA, "2021-06-01")
    juki.settle()
    assert find(juki, PersonKind.REMOVED) == find(juki, PersonKind.MOVED_PREFECTURE, "横浜市") == ["架空　独"]
    assert find(juki, PersonKind.MOVED_WITHIN) == []

    paper = kunitachi.report_move_out([family.child], "国分寺市", "2021-06-01")
    juki["国分寺市"].report_move_in(paper.certificate, "東京都国分寺市南町一丁目1番1号", "2021-06-01")
    assert find(juki, PersonKind.ANYONE, "国分寺市") == ["架空　一郎"]
    assert find(juki, PersonKind.MOVED_PREFECTURE, "国分寺市") == [], "he stayed in Tokyo"


@pytest.mark.juki(nodes=("国立市",))
def test_a_long_history_is_cut_and_says_so(juki: Juki, monkeypatch: pytest.MonkeyPatch) -> None:
    kunitachi = juki["国立市"]
    [who] = kunitachi.enter_ex_officio(person("架空　長", "1970-01-01")).receipt.resident_ids
    juki.settle()
    code = kunitachi.resident(who).identification.resident_code
    assert {(len(found.history), found.history_cut) for found in held(juki, code).values()} == {(2, False)}
    monkeypatch.setattr(look, "MOST_HISTORY", 1)
    for found in held(juki, code).values():
        assert (len(found.history), found.history_cut) == (1, True)
        assert found.records[0].value("individual_number"), "what is held is told whole"
    monkeypatch.setattr(look, "MOST_HISTORY", 9)
    monkeypatch.setattr(look, "MOST_BYTES", 10)
    assert {(found.history, found.history_cut) for found in held(juki, code).values()} == {((), True)}
