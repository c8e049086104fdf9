"""A 転入通知 that a municipality signs with its own key, but which cannot be its own to send."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from google.type import date_pb2

from jukinet.v1 import counter_pb2, intermunicipal_pb2, relay_pb2
from relay.bench import CENTER, KOKUBUNJI, KUNITACHI, TOKYO, Bench, bench, operation

ELSEWHERE = "132110"


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path, [CENTER, TOKYO, KUNITACHI], [KOKUBUNJI]) as made:
        made.network.settle()
        yield made


def state(net: Bench, resident_id: int) -> counter_pb2.ResidentRecord:
    request = counter_pb2.GetResidentRequest(operation=operation("look"), resident_id=resident_id)
    return net.counter(KUNITACHI, "GetResident", request).resident  # type: ignore[no-any-return]


def test_a_notice_that_names_another_municipality_than_its_signer_is_set_aside(net: Bench) -> None:
    (resident_id,) = net.enter(KUNITACHI, "e1").receipt.resident_ids
    who = state(net, resident_id).identification
    day = date_pb2.Date(year=2021, month=6, day=1)
    notice = intermunicipal_pb2.MoveInNotice(
        resident_code=who.resident_code, name=who.name, birth_date=who.birth_date, sex=who.sex,
        new_address="東京都国分寺市みどり台1番1号", move_in_date=day, report_date=day, former_address=who.address,
        new_area_code=ELSEWHERE,
    )  # fmt: skip
    signer = net.origin(KOKUBUNJI)
    signer.kind, signer.counterpart = int(relay_pb2.STREAM_KIND_MOVE_IN_NOTICE), "132152"
    line = net.carrier(KOKUBUNJI, KUNITACHI)
    line.deliver(signer.batch([notice.SerializeToString()]))
    assert net.quarantine(KUNITACHI, "132144") == [(0, 1, "AREA_NOT_YOURS")]
    assert state(net, resident_id).state == counter_pb2.RESIDENT_STATE_LIVE

    notice.new_area_code = "132144"
    line.deliver(signer.batch([notice.SerializeToString()]))
    assert len(net.quarantine(KUNITACHI, "132144")) == 1, "its own is taken"
    assert state(net, resident_id).state == counter_pb2.RESIDENT_STATE_REMOVED
    assert state(net, resident_id).confirmed_destination == notice.new_address
