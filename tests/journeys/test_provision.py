"""本人確認情報の提供: an office asks, the law answers, and the log can be shown."""

from __future__ import annotations

import pytest

from jukinet.node.provision import entry
from jukinet.testing.counter import Counter
from jukinet.testing.door import person
from jukinet.testing.network import Juki
from jukinet.testing.office import by_items, criteria
from jukinet.v1 import identification_pb2 as ipb
from jukinet.v1 import provision_pb2 as pb
from jukinet.v1 import provision_pb2_grpc

PENSION = ("japan-pension-service", "1-77")


def provisions(door: Counter) -> list[tuple[dict[str, object], object]]:
    """Audit rows that speak of a provision, with what they say."""
    return [(row, entry.read(bytes(row["provision"]))) for row in door.audit() if row["provision"]]


@pytest.mark.law("provide_identification", "provide_to_national_office")
@pytest.mark.juki(nodes=("国立市",))
def test_provide_identification_to_a_national_office_without_what_the_law_withholds(juki: Juki) -> None:
    [record, *_] = juki.populate("国立市", 3)
    office = juki.office(*PENSION)
    answer = office.provide_identification(by_items(record))
    assert (answer.result, answer.article) == (pb.PROVISION_RESULT_FOUND, "住基法第30条の9")
    told = answer.record.identification
    assert (told.name, told.address) == (record.identification.name, record.identification.address)
    assert (told.resident_code, told.area_code, told.name_kana) == ("", "", "")
    assert {one.field for one in answer.withheld} >= {pb.IDENTIFICATION_FIELD_RESIDENT_CODE}
    [(row, said)] = provisions(juki["機構"])
    assert (row["id"], row["caller"], row["article"]) == (
        answer.audit_id,
        "office/japan-pension-service",
        answer.article,
    )
    assert (said.affair, said.provided, said.case_number) == ("1-77", 1, "case-1")
    assert record.identification.name not in str(row)
    with juki.refused("NOT_THE_RECIPIENT") as refusal:
        juki.office("japan-pension-service", "1-16").provide_identification(by_items(record))
    assert "別表第一" in dict(refusal[0].answer.facts)["clause"]
    assert provisions(juki["機構"])[-1][1].missing, "the refusal says in the log which clause was missing"


@pytest.mark.law("provide_to_municipality", "provide_to_far_municipality", "provide_via_governor", "pass_on_provision")
@pytest.mark.juki(nodes=("国立市", "横浜市"))
def test_provide_identification_to_a_mayor_far_away_comes_through_the_governor(juki: Juki) -> None:
    [record] = juki.populate("国立市", 1)[:1]
    near, far = juki.office("132152-mayor", "4-4-6"), juki.office("141003-mayor", "2-5-6")
    answer = near.provide_identification(by_items(record))
    assert (answer.article, answer.affair) == ("住基法第30条の10第1項第1号", "2-5-6"), (
        "通知都道府県 decides which table applies"
    )
    question = far.question(by_items(record))
    told = far.call("機構", "ProvideIdentification", question)
    assert told.result == pb.PROVISION_RESULT_VIA_GOVERNOR
    assert not told.HasField("record")
    with juki.refused("NOT_YOUR_MUNICIPALITY"):
        far.provide_via_governor("東京都", question)
    assert juki["機構"].audit()[-1]["event"] == "ProvideIdentification", "the wrong governor passes nothing on"
    request = pb.PassOnProvisionRequest(request_id="passed-on", office=far.id, question=question)
    tokyo = juki.client("prefecture/130001", "jlis/center", juki.network.nodes["jlis/center"].listener.address)
    with juki.refused("NOT_YOUR_MUNICIPALITY"):
        tokyo.call(provision_pb2_grpc.ProvisionServiceStub, "PassOnProvision", request)
    far.provide_via_governor("神奈川県", question)
    told = far.call("機構", "ProvideIdentification", question)
    assert (told.result, told.article, told.affair) == (
        pb.PROVISION_RESULT_FOUND, "住基法第30条の12第1項第1号", "4-4-6",
    )  # fmt: skip
    assert told.record.identification.name == record.identification.name
    events = [row["event"] for row in juki["神奈川県"].audit()]
    assert events[-1] == "ProvideViaGovernor"
    assert record.identification.name not in str(juki["神奈川県"].audit())
    passed_on = provisions(juki["機構"])[-1][1]
    assert (passed_on.via, passed_on.office) == ("prefecture/140007", "office/141003-mayor")


@pytest.mark.law("use_by_governor", "provide_to_own_organ", "provide_to_far_prefecture")
@pytest.mark.juki(nodes=("国立市", "横浜市"))
def test_provide_identification_to_a_governor_is_by_whose_prefecture_notified(juki: Juki) -> None:
    [record] = juki.populate("国立市", 1)[:1]
    own, far = juki.office("130001-governor", "5-6"), juki.office("140007-governor", "5-6")
    answer = own.provide_identification(by_items(record), at="東京都")
    assert (answer.result, answer.article) == (pb.PROVISION_RESULT_FOUND, "住基法第30条の15第1項第1号")
    taxes = juki.office("140007-governor", "3-4-2").provide_identification(by_items(record))
    assert (taxes.result, taxes.article) == (pb.PROVISION_RESULT_FOUND, "住基法第30条の11第1項第1号")
    at_home = juki.office("130001-governor", "3-4-2").provide_identification(by_items(record))
    assert (at_home.result, at_home.HasField("record")) == (pb.PROVISION_RESULT_OWN_GOVERNOR, False)
    with juki.refused("PROVIDER_NOT_NAMED"):
        far.provide_identification(by_items(record), at="東京都")
    schools = juki.office("130001-education", "6-2")
    assert schools.provide_identification(by_items(record), at="東京都").article == "住基法第30条の15第2項第1号"
    with juki.refused("NOT_THE_RECIPIENT"):
        juki.office("130001-election", "6-2").provide_identification(by_items(record), at="東京都")


@pytest.mark.law("provide_identification")
@pytest.mark.juki(nodes=("国立市", "横浜市"))
def test_provide_identification_between_removal_and_the_next_move_in_says_so(juki: Juki) -> None:
    [record] = juki.populate("国立市", 1)[:1]
    kunitachi, office = juki["国立市"], juki.office(*PENSION)
    kunitachi.report_move_out([record.resident_id], "神奈川県横浜市")
    juki.clock.advance(days=1)
    answer = office.provide_identification(by_items(record))
    assert (answer.result, answer.record.awaits_move_in) == (pb.PROVISION_RESULT_REMOVED, True)
    assert answer.record.change.kind == ipb.CHANGE_KIND_DELETION


@pytest.mark.law("provide_bulk")
@pytest.mark.juki(nodes=("国立市",))
def test_provide_bulk_answers_each_record_and_counts_a_repeat_once(juki: Juki) -> None:
    people = juki.populate("国立市", 4)
    office, unknown = juki.office(*PENSION), criteria("架空　無名", "1950-01-01", "男")
    page = [*map(by_items, people), unknown, criteria(number="123456789012"), criteria("架空")]
    answer = office.provide_bulk(page, request_id="page-1")
    expected = [pb.PROVISION_RESULT_FOUND] * len(people)
    expected += [pb.PROVISION_RESULT_NONE, pb.PROVISION_RESULT_MALFORMED, pb.PROVISION_RESULT_MALFORMED]
    assert [one.result for one in answer.answers] == expected
    assert [one.reference for one in answer.answers] == [str(n) for n in range(1, len(page) + 1)]
    rows = len(juki["機構"].audit())
    [(_, said)] = provisions(juki["機構"])
    assert (said.asked, said.provided, said.form) == (len(page), len(people), pb.PROVISION_FORM_LINE)
    again = office.provide_bulk(page, request_id="page-1")
    assert [one.record for one in again.answers] == [one.record for one in answer.answers]
    told_again = juki["機構"].audit()
    assert (again.audit_id, len(told_again)) == (answer.audit_id, rows + 1), "nothing goes out without a row"
    repeat = entry.read(bytes(told_again[-1]["provision"]))
    assert (repeat.repeats, repeat.asked, repeat.provided) == (answer.audit_id, 0, 0)
    with juki.refused("REQUEST_ID_REUSED"):
        office.provide_bulk(page[:2], request_id="page-1")


@pytest.mark.law("provide_identification")
@pytest.mark.juki(nodes=("国立市",))
def test_provide_identification_of_namesakes_tells_nothing_of_either(juki: Juki) -> None:
    kunitachi = juki["国立市"]
    for _ in range(2):
        kunitachi.enter_ex_officio(person("架空　同名", "1980-05-01", "男"))
    juki.settle()
    answer = juki.office(*PENSION).provide_identification(criteria("架空　同名", "1980-05-01", "男"))
    assert (answer.result, answer.HasField("record")) == (pb.PROVISION_RESULT_SEVERAL, False)
    with juki.refused("KEY_NOT_NAMED") as refusal:
        juki.office("moj", "1-30").provide_identification(criteria(number="123456789018"))
    assert "個人番号" in dict(refusal[0].answer.facts)["clause"]
    with juki.refused("OFFICE_UNKNOWN"):
        juki.office("trading-company", "1-77").provide_identification(criteria("架空　同名", "1980-05-01", "男"))


@pytest.mark.law("provide_identification")
@pytest.mark.juki(nodes=("国立市",))
def test_provide_identification_takes_no_number_of_anybody_into_its_log(juki: Juki) -> None:
    [record] = juki.populate("国立市", 1)[:1]
    number, code = record.identification.individual_number, record.identification.resident_code
    office = juki.office(*PENSION)
    for words in (
        {"case": f"x{number}"},
        {"reason": f"本人 {number}"},
        {"operator_id": code},
    ):
        with juki.refused("FIELD_OUT_OF_RANGE"):
            office.provide_identification(by_items(record), **words)
    with juki.refused("AFFAIR_UNKNOWN"):
        juki.office("japan-pension-service", f"1-{number}").provide_identification(by_items(record))
    rows = str(juki["機構"].audit())
    assert number not in rows
    assert code not in rows
