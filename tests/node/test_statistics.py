"""提供の状況: counted out of the 操作記録, month by month, without what was refused."""

from __future__ import annotations

import pytest
from google.type.date_pb2 import Date

from jukinet.testing.network import Juki
from jukinet.testing.office import by_items, criteria
from jukinet.v1 import statistics_pb2 as pb
from jukinet.v1 import statistics_pb2_grpc

PENSION = ("japan-pension-service", "1-77")


def counted(juki: Juki, first: Date, last: Date) -> list[tuple[str, int, int, int]]:
    """Office, month, provided and asked, of each line."""
    request = pb.PublishProvisionStateRequest(**{"from": first, "through": last})
    stub = statistics_pb2_grpc.StatisticsDrillServiceStub
    answer = juki.console("機構").call(stub, "PublishProvisionState", request)
    return [(one.office, one.date.month, one.provided, one.asked) for one in answer.counts]


@pytest.mark.law("publish_provision_state")
@pytest.mark.juki(nodes=("国立市",))
def test_publish_provision_state_counts_who_went_out_and_no_refusal(juki: Juki) -> None:
    people, office = juki.populate("国立市", 2), juki.office(*PENSION)
    begin, last = Date(year=2021, month=6, day=1), Date(year=2021, month=6, day=30)
    juki.clock.set("2021-06-30")
    page = [*map(by_items, people), criteria("架空　不在", "1950-01-01", "男")]
    office.provide_bulk(page)
    with juki.refused("NOT_THE_RECIPIENT"):
        juki.office("moj", "1-77").provide_identification(page[0])
    june = ("office/japan-pension-service", 6, len(people), len(page))
    assert counted(juki, begin, last) == [june], "the last day counts, a refusal does not"
    juki.clock.set("2021-07-01")
    office.provide_identification(page[0])
    assert counted(juki, begin, last) == [june]
    both = [(june[0], 7, 1, 1), june]  # by form, then by month
    assert counted(juki, begin, Date(year=2021, month=7, day=1)) == both
    with juki.refused("FIELD_OUT_OF_RANGE"):
        counted(juki, last, begin)
