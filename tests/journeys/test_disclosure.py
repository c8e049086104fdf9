"""開示: a person asks what is recorded, what went out about it, and says what is wrong."""

from __future__ import annotations

import pytest

from jukinet.node.provision import entry
from jukinet.store import audit_log
from jukinet.testing.door import person
from jukinet.testing.network import Juki
from jukinet.testing.office import by_items, criteria
from jukinet.v1 import provision_pb2 as ppb

PENSION = ("japan-pension-service", "1-77")
NOBODY = criteria("架空　不在", "1950-01-01", "男")


@pytest.mark.law("accept_disclosure_request", "disclose_identification", "list_disclosure_requests")
@pytest.mark.juki(nodes=("国立市",))
def test_disclose_identification_tells_all_or_that_nothing_exists(juki: Juki) -> None:
    [record, *_] = juki.populate("国立市", 2)
    tokyo = juki["東京都"]
    mine = tokyo.accept_disclosure_request(by_items(record))
    nobody = tokyo.accept_disclosure_request(NOBODY)
    assert (mine.due_date.month, mine.due_date.day) == (6, 30), "the day of acceptance is the first of thirty"
    assert [one.days_left for one in tokyo.disclosure_requests(open_only=True)] == [29, 29]
    told = tokyo.disclose_identification(mine.id)
    assert told.exists
    assert not told.overdue
    [held] = told.records
    assert held.identification == record.identification
    assert not tokyo.disclose_identification(nobody.id).exists
    with juki.refused("DISCLOSURE_ANSWERED"):
        tokyo.disclose_identification(mine.id)
    with juki.refused("DISCLOSURE_NOT_FOUND"):
        tokyo.disclose_provisions(mine.id)
    with tokyo.file() as db:
        assert db.execute("SELECT count(*) FROM disclosure WHERE criteria <> x''").fetchone() == (0,), "forgotten"


@pytest.mark.law("extend_disclosure")
@pytest.mark.juki(nodes=("国立市",))
def test_extend_disclosure_is_notified_while_the_period_runs(juki: Juki) -> None:
    tokyo = juki["東京都"]
    first, second = tokyo.accept_disclosure_request(NOBODY).id, tokyo.accept_disclosure_request(NOBODY).id
    juki.clock.set("2021-06-30")
    with juki.refused("EXTENSION_TOO_LATE"):
        tokyo.extend_disclosure(first, "2021-06-30")
    tokyo.extend_disclosure(first, "2021-07-20", reason="確認に時間を要する")
    juki.clock.set("2021-07-01")
    with juki.refused("EXTENSION_TOO_LATE"):
        tokyo.extend_disclosure(second, "2021-07-20")
    with juki.refused("EXTENSION_TOO_LATE"):
        tokyo.extend_disclosure(first, "2021-08-10")
    assert [(one.days_left, one.extended) for one in tokyo.disclosure_requests()] == [(19, True), (-1, False)]
    assert not tokyo.disclose_identification(first).overdue
    assert tokyo.disclose_identification(second).overdue


@pytest.mark.law("disclose_provisions")
@pytest.mark.juki(nodes=("国立市",))
def test_disclose_provisions_tells_what_went_out_and_nothing_of_others(juki: Juki) -> None:
    mine, other = juki.populate("国立市", 2)[:2]
    office, center = juki.office(*PENSION), juki["機構"]
    office.provide_identification(by_items(mine), reason="裁定")
    bulk = office.provide_bulk([by_items(other), by_items(mine)])
    office.provide_identification(by_items(other))
    with juki.refused("NOT_THE_RECIPIENT"):
        juki.office("moj", "1-77").provide_identification(by_items(mine))
    request = center.accept_disclosure_request(by_items(mine), provisions=True)
    told = center.disclose_provisions(request.id).provisions
    assert [(one.form, one.subject) for one in told] == [
        (ppb.PROVISION_FORM_IMMEDIATE, 1), (ppb.PROVISION_FORM_LINE, 2),
    ]  # fmt: skip
    assert (told[0].reason, told[0].office_name, told[0].affair) == ("裁定", "日本年金機構", "1-77")
    assert told[0].affair_words.startswith("国民年金法")
    assert ppb.IDENTIFICATION_FIELD_INDIVIDUAL_NUMBER in told[0].given
    assert {one.field for one in told[0].withheld} >= {ppb.IDENTIFICATION_FIELD_RESIDENT_CODE}
    assert told[1].audit_id == bulk.audit_id
    tokyo = juki["東京都"]
    there = tokyo.accept_disclosure_request(by_items(mine), provisions=True)
    assert not tokyo.disclose_provisions(there.id).provisions, "the governor gave nothing out"


@pytest.mark.law("accept_correction_request", "answer_correction_request")
@pytest.mark.juki(nodes=("国立市",))
def test_accept_correction_request_goes_down_to_the_mayor_if_there_is_an_error(juki: Juki) -> None:
    [record, *_] = juki.populate("国立市", 2)
    tokyo, wrong = juki["東京都"], [ppb.IDENTIFICATION_FIELD_ADDRESS]
    request = tokyo.accept_disclosure_request(by_items(record)).id
    with juki.refused("NOT_DISCLOSED_YET"):
        tokyo.accept_correction_request(request, wrong)
    tokyo.disclose_identification(request)
    right, mistaken = (tokyo.accept_correction_request(request, wrong) for _ in range(2))
    assert not tokyo.answer_correction_request(right, error=False)
    assert tokyo.errors() == (0, 0, 0)
    assert tokyo.answer_correction_request(mistaken, error=True)
    juki.settle()
    [report] = juki["国立市"].list_error_reports()
    assert (report.resident_id, "DISPUTED" in str(report)) == (record.resident_id, True)
    with juki.refused("DISCLOSURE_ANSWERED"):
        tokyo.answer_correction_request(mistaken, error=True)


@pytest.mark.law("disclose_provisions")
@pytest.mark.juki(nodes=("国立市", "国分寺市"))
def test_a_hit_of_a_search_and_a_record_that_was_consulted_are_told_apart(juki: Juki) -> None:
    kunitachi, center = juki["国立市"], juki["機構"]
    for _ in range(2):
        kunitachi.enter_ex_officio(person("架空　同名", "1980-05-01", "男"))
    kunitachi.enter_ex_officio(person("架空　一人", "1981-05-01", "男"))
    juki.settle()
    for name, born in (("架空　同名", "1980-05-01"), ("架空　一人", "1981-05-01")):
        juki["国分寺市"].inquire_identification(name, born, "男")
    several, one = (entry.read(bytes(row["provision"])) for row in center.audit() if row["provision"])
    assert (several.provided, one.provided, one.affair, one.office) == (2, 1, "register", "municipality/132144")
    code = kunitachi.residents()[0].identification.resident_code
    listed = center.accept_disclosure_request(criteria(code=code), provisions=True)
    [hit] = center.disclose_provisions(listed.id).provisions
    alone = center.accept_disclosure_request(criteria("架空　一人", "1981-05-01", "男"), provisions=True)
    [consulted] = center.disclose_provisions(alone.id).provisions
    assert (hit.result, consulted.result) == (ppb.PROVISION_RESULT_HIT, ppb.PROVISION_RESULT_FOUND)
    assert hit.office_name == "東京都国分寺市長"
    node = juki.network.nodes["jlis/center"]
    with center.file() as db:
        assert audit_log.verify(db, "jlis/center", node.keyring, 0).faults == []
