"""A batch resent after records of it were erased: taken if it may lack them and still has its signed root."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from jukinet.model.dates import JST
from jukinet.store import redaction
from jukinet.v1 import relay_pb2
from relay.bench import CENTER, KUNITACHI, TOKYO, Bench, bench


@pytest.fixture
def center(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench(tmp_path_factory.mktemp("center"), [CENTER], [TOKYO, KUNITACHI]) as made:
        yield made


def without(batch: relay_pb2.Batch, *indexes: int) -> relay_pb2.Batch:
    payload = redaction.redact(relay_pb2.BatchPayload.FromString(batch.payload), indexes)
    less = relay_pb2.Batch()
    less.CopyFrom(batch)
    less.payload = payload.SerializeToString()
    return less


def move(center: Bench, day: str) -> None:
    center.node(CENTER).set_clock(datetime.fromisoformat(day).replace(tzinfo=JST))


@pytest.mark.law("keep_identification_at_center")
def test_before_the_period_is_over_nobody_may_hold_a_record_back(center: Bench) -> None:
    batch = center.origin(KUNITACHI).batch(center.origin(KUNITACHI).records(3))
    governor = center.carrier(TOKYO)
    assert governor.refused(without(batch, 1)).reason == "PAYLOAD_ALTERED"
    move(center, "2171-05-31")
    assert governor.refused(without(batch, 1)).reason == "PAYLOAD_ALTERED"
    assert governor.deliver(batch).next_number == 4, "the whole one is taken"


@pytest.mark.law("keep_identification_at_center")
def test_afterwards_what_is_left_is_taken_and_applied(center: Bench) -> None:
    origin, governor = center.origin(KUNITACHI), center.carrier(TOKYO)
    batch = origin.batch(origin.records(3))
    move(center, "2171-06-01")
    assert governor.deliver(without(batch, 1)).next_number == 4
    assert (center.live(CENTER, "132152"), center.quarantine(CENTER, "132152")) == (2, [])
    assert governor.deliver(batch).next_number == 4, "the same header: nothing new"
    assert governor.deliver(origin.batch()).next_number == 5, "the chain goes on"


@pytest.mark.parametrize(
    "how",
    [
        pytest.param("hash", id="残したハッシュを変える"),
        pytest.param("record", id="残った記録を変える"),
        pytest.param("nothing", id="消さずに中身を変える"),
    ],
)
def test_what_does_not_add_up_to_the_signed_root_is_refused_whenever_it_comes(center: Bench, how: str) -> None:
    origin, governor = center.origin(KUNITACHI), center.carrier(TOKYO)
    batch = origin.batch(origin.records(3))
    move(center, "2171-06-01")
    payload = relay_pb2.BatchPayload.FromString(batch.payload if how == "nothing" else without(batch, 1).payload)
    if how == "hash":
        payload.redacted[0].leaf_hash = bytes(32)
    else:
        payload.records[0] = payload.records[2]
    batch.payload = payload.SerializeToString()
    assert governor.refused(batch).reason == "PAYLOAD_ALTERED"
