"""不正利用の点検: each pattern out of real look-ups, its innocent twin beside it, and nobody named."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jukinet.store.tampering import TAMPERINGS
from jukinet.testing.network import Juki
from jukinet.testing.office import by_items
from jukinet.v1 import misuse_pb2 as pb
from jukinet.v1 import misuse_pb2_grpc
from jukinet.wire import convert

PENSION, OFFICE = ("japan-pension-service", "1-77"), "office/japan-pension-service"
NO_CASE, ONE_PERSON = pb.SUSPICION_KIND_NO_CASE, pb.SUSPICION_KIND_ONE_PERSON
OFF_HOURS, BULK, REFUSED = pb.SUSPICION_KIND_OFF_HOURS, pb.SUSPICION_KIND_BULK, pb.SUSPICION_KIND_REFUSED
TUESDAY = "2021-06-01"


def report(juki: Juki, first: str = TUESDAY, through: str = "2021-06-30", **asked: Any) -> pb.ReportMisuseResponse:
    days = {
        "from": convert.day_message(date.fromisoformat(first)),
        "through": convert.day_message(date.fromisoformat(through)),
    }
    found: pb.ReportMisuseResponse = juki.console("機構").call(
        misuse_pb2_grpc.MisuseDrillServiceStub, "ReportMisuse", pb.ReportMisuseRequest(**days, **asked)
    )
    return found


def told(answer: pb.ReportMisuseResponse, kind: int) -> dict[str, tuple[int, list[int]]]:
    """Operators of this kind, with the count and the rows."""
    return {one.operator_id: (one.count, list(one.audit_ids)) for one in answer.suspicions if one.kind == kind}


@pytest.mark.law("report_misuse")
@pytest.mark.juki(nodes=("国立市",))
def test_report_misuse_finds_each_pattern_and_its_twin_is_left_alone(juki: Juki) -> None:
    people = juki.populate("国立市", 4)
    office, stranger = juki.office(*PENSION), juki.office("japan-pension-service", "1-16")
    [one, other, *_] = [by_items(record) for record in people]
    assert not report(juki).suspicions, "nobody has asked"

    # A morning: five of one person, and four of one and one of another; many at once, and as many as are usual.
    seen = [office.provide_identification(one, operator_id="again").audit_id for _ in range(5)]
    for whom in (one, one, one, one, other):
        office.provide_identification(whom, operator_id="seldom")
    bulk = [office.provide_bulk([one, other], operator_id="many").audit_id for _ in range(2)]
    office.provide_bulk([one, other, one], operator_id="few")
    caseless = office.provide_identification(other, case="", operator_id="caseless").audit_id
    foreign = office.provide_identification(other, case="case-2", operator_id="foreign").audit_id
    for operator, times in (("stubborn", 3), ("wrong", 2)):
        for _ in range(times):
            with juki.refused("NOT_THE_RECIPIENT"):
                stranger.provide_identification(other, operator_id=operator)
    juki.clock.set("2021-06-02T20:59:59")
    office.provide_identification(other, operator_id="late")
    juki.clock.set("2021-06-02T21:00:00")
    night = [office.provide_identification(other, operator_id="night").audit_id]
    juki.clock.set("2021-06-05T12:00:00")
    night.append(office.provide_identification(other, operator_id="night").audit_id)

    rows = len(juki["機構"].audit())
    found = report(juki, records=3)
    assert told(found, ONE_PERSON) == {"again": (5, seen)}
    assert told(found, BULK) == {"many": (4, bulk), "again": (5, seen), "seldom": told(found, BULK)["seldom"]}
    assert told(found, NO_CASE) == {"caseless": (1, [caseless])}
    assert told(found, OFF_HOURS) == {"night": (2, night)}
    [(operator, (count, refused))] = told(found, REFUSED).items()
    assert (operator, count, len(refused)) == ("stubborn", 3, 3)
    assert {each.office for each in found.suspicions} == {OFFICE}
    assert told(report(juki), BULK) == {}, "20,000 a day are usual"
    assert len(juki["機構"].audit()) == rows, "a report changes nothing"

    # With the offices' own list of cases, a number that is none of theirs is as good as none.
    cases = [pb.Case(office=PENSION[0], case_number="case-1"), pb.Case(office="office/moj", case_number="case-2")]
    listed = told(report(juki, cases=cases, cases_known=True), NO_CASE)
    assert listed == {"caseless": (1, [caseless]), "foreign": (1, [foreign])}

    # The time and the thresholds are the auditor's.
    weekend = report(juki, "2021-06-05", "2021-06-06")
    assert [(each.kind, list(each.audit_ids)) for each in weekend.suspicions] == [(OFF_HOURS, night[1:])]
    assert not report(juki, "2021-06-03", "2021-06-04").suspicions
    assert set(told(report(juki, lookups=4), ONE_PERSON)) == {"again", "seldom"}
    assert set(told(report(juki, refusals=2), REFUSED)) == {"stubborn", "wrong"}
    assert set(told(report(juki, closes=20), OFF_HOURS)) == {"night", "late"}
    for wrong in ({"closes": 25}, {"opens": 21}, {"through": "2021-05-31"}):
        with juki.refused("FIELD_OUT_OF_RANGE"):
            report(juki, **wrong)

    # Nobody who was looked up is in it.
    said = found.SerializeToString()
    for record in people:
        person = record.identification
        for secret in (person.resident_code, person.individual_number, person.name):
            assert secret
            assert secret.encode() not in said
        assert int(person.resident_code).to_bytes(8, "big") not in said
    assert {field.name for field in pb.Suspicion.DESCRIPTOR.fields} == {
        "kind", "office", "operator_id", "audit_ids", "count", "first_time", "last_time",
    }  # fmt: skip


@pytest.mark.juki(nodes=("国立市",))
def test_a_provision_that_was_written_over_hides_no_other_from_the_report(juki: Juki) -> None:
    one = by_items(juki.populate("国立市", 2)[0])
    office = juki.office(*PENSION)
    for _ in range(5):
        office.provide_identification(one, operator_id="again")
    office.provide_identification(one, operator_id="over")
    before = report(juki).suspicions
    juki.kill("機構")
    TAMPERINGS["change_provision"](juki.network.layout.node(juki.find("機構")[0]))
    juki.start("機構")
    assert {each.operator_id for each in report(juki).suspicions} >= {each.operator_id for each in before} - {"over"}
    assert before
