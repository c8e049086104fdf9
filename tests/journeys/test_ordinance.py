"""条例事務: proposed by one, approved by another, and what then goes out, to whom, and to nobody else."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest

from jukinet.testing.door import person
from jukinet.testing.network import Juki
from jukinet.testing.office import OfficeDoor, criteria
from jukinet.testing.ordinance_desk import STUB
from jukinet.v1 import counter_pb2, search_pb2
from jukinet.v1 import identification_pb2 as ipb
from jukinet.v1 import ordinance_pb2 as opb
from jukinet.v1 import provision_pb2 as pb

NUMBER, CODE = pb.IDENTIFICATION_FIELD_INDIVIDUAL_NUMBER, pb.IDENTIFICATION_FIELD_RESIDENT_CODE
FOUND, REMOVED = pb.PROVISION_RESULT_FOUND, pb.PROVISION_RESULT_REMOVED


def by_items(record: counter_pb2.ResidentRecord) -> search_pb2.SearchCriteria:
    one = record.identification
    return search_pb2.SearchCriteria(name=one.name, birth_date=one.birth_date, sex=one.sex)


def withheld(answer: pb.ProvideIdentificationResponse) -> set[int]:
    return {one.field for one in answer.withheld}


def numbers(answer: pb.ProvideIdentificationResponse) -> tuple[bool, bool]:
    """Whether the 住民票コード and the 個人番号 went out."""
    one = answer.record.identification
    return bool(one.resident_code), bool(one.individual_number)


@pytest.mark.law("propose_ordinance_affair", "approve_ordinance_affair", "repeal_ordinance_affair")
@pytest.mark.juki(nodes=("国立市",))
def test_propose_approve_and_repeal_ordinance_affair_leave_a_trail_of_who_did_it(juki: Juki) -> None:
    [record, *_] = juki.populate("国立市", 2)
    tokyo, mayor = juki["東京都"], "132152-mayor"
    proposed = tokyo.propose_ordinance_affair("GOVERNOR", [mayor], request_id="one")
    assert tokyo.propose_ordinance_affair("GOVERNOR", [mayor], request_id="one").id == proposed.id, "a repeat"
    office = juki.office(mayor, f"ordinance/{proposed.id}")

    def ask() -> pb.ProvideIdentificationResponse:
        return office.provide_identification(by_items(record), at="東京都")

    with juki.refused("ORDINANCE_NOT_IN_FORCE"):
        ask()
    for same in (
        {},
        {"verification_id": "v-2"},
        {"operator_id": "o-2"},
        {"verification_id": "v-2", "operator_id": "o-2"},
    ):
        with juki.refused("SECOND_PERSON_REQUIRED"):
            tokyo.approve_ordinance_affair(proposed.id, **same)
    with juki.refused("SECOND_PERSON_REQUIRED"):
        juki.clerk("東京都", "c02", verification_id="v-c01").approve_ordinance_affair(proposed.id)
    other = juki.clerk("東京都", "c02")
    assert other.approve_ordinance_affair(proposed.id).in_force
    answer = ask()
    assert (answer.result, answer.article, answer.affair) == (FOUND, "住基法第30条の13第1項", office.affair)
    with juki.refused("NOT_THE_RECIPIENT"):
        juki.office("132152-education", office.affair).provide_identification(by_items(record), at="東京都")
    with juki.refused("ORDINANCE_STEP_TAKEN"):
        juki.clerk("東京都", "c03").approve_ordinance_affair(proposed.id)
    with juki.refused("FIELD_OUT_OF_RANGE"):
        other.repeal_ordinance_affair(proposed.id, juki.clock.today - timedelta(days=1))
    tomorrow = juki.clock.today + timedelta(days=1)
    assert other.repeal_ordinance_affair(proposed.id, tomorrow).in_force, "until tomorrow"
    with juki.refused("ORDINANCE_STEP_TAKEN"):
        other.repeal_ordinance_affair(proposed.id, tomorrow)
    assert ask().result == FOUND
    [listed] = tokyo.ordinance_affairs()
    audit = {row["id"]: row for row in tokyo.audit()}
    steps = [(audit[one.audit_id]["event"], one.caller, one.verification_id) for one in listed.trail]
    assert steps == [
        ("ProposeOrdinanceAffair", "operator/130001/c01", "v-c01"),
        ("ApproveOrdinanceAffair", "operator/130001/c02", "v-c02"),
        ("RepealOrdinanceAffair", "operator/130001/c02", "v-c02"),
    ]
    assert all(audit[one.audit_id]["verification_id"] == one.verification_id for one in listed.trail)
    juki.clock.advance(days=1)
    with juki.refused("ORDINANCE_NOT_IN_FORCE"):
        ask()
    with pytest.raises(sqlite3.DatabaseError, match="append-only"):
        tokyo.node.journal.write(lambda db: db.execute("UPDATE ordinance_trail SET verification_id = 'v-c09'"))


@pytest.mark.law("propose_ordinance_affair", "list_ordinance_affairs")
@pytest.mark.juki(nodes=("国立市",))
def test_propose_ordinance_affair_only_of_what_the_tier_may_provide_on(juki: Juki) -> None:
    tokyo, center, mayor = juki["東京都"], juki["機構"], "132152-mayor"
    for door, kind in ((tokyo, "NUMBER_USE"), (tokyo, "MAYOR"), (center, "GOVERNOR"), (juki["国立市"], "OWN_USE")):
        with juki.refused("PROVIDER_NOT_NAMED"):
            door.propose_ordinance_affair(kind, [mayor])
    with juki.refused("OFFICE_UNKNOWN"):
        center.propose_ordinance_affair("NUMBER_USE", [mayor, "999999-mayor"])
    for door, kind, stranger in (
        (center, "NUMBER_USE", "japan-pension-service"),
        (tokyo, "OWN_USE", "140007-governor"),
        (tokyo, "OWN_ORGANS", "130001-governor"),
        (tokyo, "GOVERNOR", "130001-education"),
        (juki["国立市"], "MAYOR", mayor),
    ):
        with juki.refused("NOT_THE_RECIPIENT"):
            door.propose_ordinance_affair(kind, [stranger])
    for wrong in ({"affair": ""}, {"affair": "事" * 201}, {"until": "2021-01-01"}):
        with juki.refused("FIELD_MISSING" if wrong.get("affair") == "" else "FIELD_OUT_OF_RANGE"):
            center.propose_ordinance_affair("NUMBER_USE", [mayor], **wrong)
    for number in (9, 2**63 - 1):
        with juki.refused("ORDINANCE_NOT_FOUND"):
            center.approve_ordinance_affair(number)
    with juki.refused("NOT_YOUR_COUNTER"):
        line = juki.client("operator/130001/c01", center.path, center.node.listener.address)
        line.call(STUB, "ListOrdinanceAffairs", opb.ListOrdinanceAffairsRequest())
    with juki.refused("OPERATION_INCOMPLETE"):
        center.ordinance_affairs(reason="")
    ids = [center.propose_ordinance_affair("NUMBER_USE", [mayor], since=day).id for day in ("2021-01-01", "2099-01-01")]
    other = juki.clerk("機構", "c02")
    assert [other.approve_ordinance_affair(number).in_force for number in ids] == [True, False], "not yet"
    withdrawn = center.propose_ordinance_affair("NUMBER_USE", [mayor]).id
    center.repeal_ordinance_affair(withdrawn)
    with juki.refused("ORDINANCE_STEP_TAKEN"):
        other.approve_ordinance_affair(withdrawn)
    assert [one.id for one in center.ordinance_affairs(page_size=1)] == [*ids, withdrawn]


@pytest.mark.law("provide_identification")
@pytest.mark.juki(nodes=("国立市", "横浜市"))
def test_an_ordinance_on_numbers_gives_the_number_near_and_far_and_never_the_code(juki: Juki) -> None:
    [record] = juki.populate("国立市", 1)[:1]
    offices = ["132152-mayor", "141003-mayor", "140007-governor", "130001-governor"]
    affair = juki["機構"].enact("NUMBER_USE", offices)
    expected = {
        "132152-mayor": "住基法第30条の10第1項第2号",
        "141003-mayor": "住基法第30条の12第1項第2号",
        "140007-governor": "住基法第30条の11第1項第2号",
    }
    for office, article in expected.items():
        answer = juki.office(office, affair).provide_identification(by_items(record))
        assert (answer.result, answer.article, numbers(answer)) == (FOUND, article, (False, True))
    number = answer.record.identification.individual_number
    assert juki.office("132152-mayor", affair).provide_identification(criteria(number=number)).result == FOUND
    at_home = juki.office("130001-governor", affair).provide_identification(by_items(record))
    assert (at_home.result, at_home.HasField("record")) == (pb.PROVISION_RESULT_OWN_GOVERNOR, False)


@pytest.mark.law("provide_via_governor", "pass_on_provision")
@pytest.mark.juki(nodes=("国立市", "横浜市"))
def test_the_ordinance_of_a_governor_withholds_the_number_and_the_far_mayor_asks_through_the_own(juki: Juki) -> None:
    [record] = juki.populate("国立市", 1)[:1]
    offices = ["132152-mayor", "141003-mayor", "140007-governor"]
    affair = juki["東京都"].enact("GOVERNOR", offices, uses_number=True)
    near, far, other = (juki.office(office, affair) for office in offices)
    for office, article in ((near, "住基法第30条の13第1項"), (other, "住基法第30条の13第2項")):
        answer = office.provide_identification(by_items(record), at="東京都")
        assert (answer.result, answer.article, numbers(answer)) == (FOUND, article, (False, False))
        assert withheld(answer) >= {NUMBER, CODE}, "whatever the ordinance says of numbers"
    with juki.refused("KEY_NOT_NAMED"):
        near.provide_identification(criteria(number="123456789018"), at="東京都")
    question = far.question(by_items(record))
    told = far.call("東京都", "ProvideIdentification", question)
    assert (told.result, told.HasField("record")) == (pb.PROVISION_RESULT_VIA_GOVERNOR, False)
    with juki.refused("NOT_YOUR_MUNICIPALITY"):
        far.provide_via_governor("東京都", question, "prefecture/130001")
    far.provide_via_governor("神奈川県", question, "prefecture/130001")
    told = far.call("東京都", "ProvideIdentification", question)
    assert (told.result, told.article, numbers(told)) == (FOUND, "住基法第30条の13第3項", (False, False))
    with juki.refused("ORDINANCE_NOT_IN_FORCE"):
        near.provide_identification(by_items(record))  # J-LIS has no such ordinance


@pytest.mark.law("use_by_governor", "provide_to_own_organ")
@pytest.mark.juki(nodes=("国立市", "横浜市"))
def test_the_governor_uses_the_own_store_by_ordinance_consent_and_for_statistics(juki: Juki) -> None:
    [record] = juki.populate("国立市", 1)[:1]
    tokyo, whom = juki["東京都"], by_items(record)

    def ask(office: str, affair: str) -> pb.ProvideIdentificationResponse:
        return juki.office(office, affair).provide_identification(whom, at="東京都")

    with_number = ask("130001-governor", tokyo.enact("OWN_USE", ["130001-governor"], uses_number=True))
    without = ask("130001-governor", tokyo.enact("OWN_USE", ["130001-governor"]))
    assert {with_number.article, without.article} == {"住基法第30条の15第1項第2号"}
    assert (numbers(with_number), numbers(without)) == ((False, True), (False, False))
    schools = ask("130001-education", tokyo.enact("OWN_ORGANS", ["130001-education"], uses_number=True))
    assert (schools.article, numbers(schools)) == ("住基法第30条の15第2項第2号", (False, True))
    for affair, item in (("consent", 3), ("statistics", 4)):
        answer = ask("130001-governor", affair)
        assert (answer.article, numbers(answer)) == (f"住基法第30条の15第1項第{item}号", (False, False))
        for office in ("130001-education", "140007-governor", "132152-mayor"):
            with juki.refused("PROVIDER_NOT_NAMED"):
                ask(office, affair)
        with juki.refused("PROVIDER_NOT_NAMED"):
            juki.office("130001-governor", affair).provide_identification(whom)


@pytest.mark.law("provide_identification")
@pytest.mark.juki(nodes=("国立市", "横浜市"))
def test_cooperation_gives_the_code_to_a_governor_far_away_and_to_nobody_else(juki: Juki) -> None:
    [record] = juki.populate("国立市", 1)[:1]
    far = juki.office("140007-governor", "cooperation").provide_identification(by_items(record))
    assert (far.result, far.article, numbers(far)) == (FOUND, "住基法第30条の11第1項第3号", (True, True))
    by_code = criteria(code=far.record.identification.resident_code)
    assert juki.office("140007-governor", "cooperation").provide_identification(by_code).result == FOUND
    own = juki.office("130001-governor", "cooperation").provide_identification(by_code)
    assert (own.result, own.HasField("record")) == (pb.PROVISION_RESULT_OWN_GOVERNOR, False)
    for office in ("141003-mayor", "140007-education", "japan-pension-service"):
        with juki.refused("PROVIDER_NOT_NAMED"):
            juki.office(office, "cooperation").provide_identification(by_items(record))
    with juki.refused("PROVIDER_NOT_NAMED"):
        juki.office("140007-governor", "cooperation").provide_identification(by_items(record), at="東京都")


@pytest.mark.law("provide_identification", "propose_ordinance_affair")
@pytest.mark.juki(nodes=("国立市", "国分寺市"))
def test_a_mayor_provides_to_another_municipality_from_the_own_register_without_numbers(juki: Juki) -> None:
    kunitachi, kokubunji = juki["国立市"], juki["国分寺市"]
    stays, leaves = juki.populate("国立市", 2)[:2]
    affair = kunitachi.enact("MAYOR", ["132144-mayor", "132144-education"], uses_number=True)
    office = juki.office("132144-mayor", affair)

    def ask(whom: search_pb2.SearchCriteria) -> pb.ProvideIdentificationResponse:
        return office.provide_identification(whom, at="国立市")

    answer = ask(by_items(stays))
    told = answer.record
    assert (answer.result, answer.article, numbers(answer)) == (FOUND, "住基法第30条の14", (False, False))
    assert (told.identification.address, told.change.kind) == (
        stays.identification.address,
        ipb.CHANGE_KIND_NUMBER_CORRECTION,
    )
    assert withheld(answer) >= {NUMBER, CODE}
    for whom in (criteria(number="123456789018"), criteria(code=stays.identification.resident_code)):
        with juki.refused("KEY_NOT_NAMED"):
            ask(whom)
    assert ask(criteria("架空　無名", "1950-01-01", "男")).result == pb.PROVISION_RESULT_NONE
    assert ask(by_items(stays)).audit_id == kunitachi.audit()[-1]["id"]
    for stranger in ("132152-education", "132021-mayor"):
        with juki.refused("NOT_THE_RECIPIENT"):
            juki.office(stranger, affair).provide_identification(by_items(stays), at="国立市")
    with juki.refused("PROVIDER_NOT_NAMED"):
        juki.office("132144-mayor", "2-5-6").provide_identification(by_items(stays), at="国立市")
    _left_and_arrived(juki, office, leaves)
    for _ in range(2):
        kokubunji.enter_ex_officio(person("架空　同名", "1980-05-01", "男"))
    back = juki.office("132152-mayor", kokubunji.enact("MAYOR", ["132152-mayor"]))
    several = back.provide_identification(criteria("架空　同名", "1980-05-01", "男"), at="国分寺市")
    assert (several.result, several.HasField("record")) == (pb.PROVISION_RESULT_SEVERAL, False)


def _left_and_arrived(juki: Juki, office: OfficeDoor, leaves: counter_pb2.ResidentRecord) -> None:
    """除票: 転入届を待つ間と、転入通知の後."""
    paper = juki["国立市"].report_move_out([leaves.resident_id], "東京都国分寺市").certificate
    juki.clock.advance(days=1)
    gone = office.provide_identification(by_items(leaves), at="国立市", request_id="gone")
    assert (gone.result, gone.record.awaits_move_in) == (REMOVED, True)
    assert (gone.record.change.kind, gone.record.change.reason) == (
        ipb.CHANGE_KIND_DELETION,
        ipb.CHANGE_REASON_MOVE_OUT,
    )
    juki["国分寺市"].report_move_in(paper, "東京都国分寺市戸倉一丁目6番地1")
    juki.settle()
    again = office.provide_identification(by_items(leaves), at="国立市", request_id="gone")
    assert (again.audit_id, again.record.awaits_move_in) == (gone.audit_id, False), "the record of now"
