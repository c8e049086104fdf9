"""What is seen of a call: once each, how it ended and on which rule; and that a trace needs no memory of the nodes."""

from __future__ import annotations

from collections import Counter

import pytest

from jukinet.law import index
from jukinet.model import appended_table
from jukinet.testing.network import Juki
from jukinet.testing.office import by_items
from jukinet.v1 import provision_pb2
from jukinet.wire import tracing
from jukinet.wire.observing import Observed, affair

_ = index.ROOMS
CENTER, TOKYO, KUNITACHI = "jlis/center", "prefecture/130001", "municipality/132152"
SAID = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def watch(juki: Juki, *, traced: bool = False) -> list[Observed]:
    """Everything that any node sees from now on."""
    seen: list[Observed] = []
    for node in juki.network.nodes.values():
        node.observing.add(seen.append, traced=traced)
    return seen


def test_a_notice_is_seen_once_at_every_node_on_the_rule_of_its_hop(juki: Juki) -> None:
    juki.populate("国立市", 3)
    household = juki["国立市"].residents()[0].household_id
    seen = watch(juki)
    receipt = juki["国立市"].report_birth(household, request_id="b-1").receipt
    juki.settle()
    answered = Counter((one.node, one.rpc, one.rule, one.caller_kind) for one in seen if not one.sent)
    # 記載・出生, and then 修正 by the number that J-LIS gave.
    assert answered == {
        (KUNITACHI, "ReportBirth", "report_birth", "operator"): 1,
        (CENTER, "GenerateIndividualNumbers", "generate_individual_numbers", "municipality"): 1,
        (TOKYO, "DeliverBatch", "notify_identification", "municipality"): 2,
        (CENTER, "DeliverBatch", "forward_identification", "prefecture"): 2,
    }
    articles = {(one.node, one.article) for one in seen if one.rpc == "DeliverBatch" and not one.sent}
    assert articles == {(TOKYO, "住基法第30条の6第1項"), (CENTER, "住基法第30条の7第1項")}
    assert {(one.node, one.peer) for one in seen if one.sent} == {
        (KUNITACHI, TOKYO), (TOKYO, CENTER), (KUNITACHI, CENTER),
    }  # fmt: skip
    assert {one.outcome for one in seen} == {"OK"}
    assert all(one.request_bytes > 0 and 0 < one.seconds < 60 and one.trace is None for one in seen)
    birth = next(one for one in seen if one.rpc == "ReportBirth")
    assert birth.answer_bytes > len(receipt.SerializeToString())

    # What the console asks of a row of the 操作記録: how large was it, how long did it take?
    kunitachi, tokyo = juki.network.nodes[KUNITACHI].observing, juki.network.nodes[TOKYO].observing
    assert kunitachi.find("operator/132152/c01", "b-1", "ReportBirth") == birth
    assert kunitachi.find("operator/132152/c01", "b-2", "ReportBirth") is None
    carried = tokyo.find(KUNITACHI, "", "NotifyIdentification")
    assert carried is not None
    assert carried.rpc == "DeliverBatch"


@pytest.mark.juki(nodes=("国立市",))
def test_what_is_refused_or_never_answered_is_seen_with_its_reason(juki: Juki) -> None:
    juki.populate("国立市", 3)
    seen = watch(juki)
    with juki.refused("RESIDENT_NOT_FOUND"):
        juki["国立市"].resident(999)
    assert [(one.rpc, one.outcome, one.answer_bytes) for one in seen] == [("GetResident", "RESIDENT_NOT_FOUND", 0)]

    juki.kill("東京都")
    juki["国立市"].report_birth(juki["国立市"].residents()[0].household_id)
    juki.settle()
    failed = {(one.peer, one.outcome.partition(":")[0]) for one in seen if one.sent and one.rpc == "DeliverBatch"}
    assert failed == {(TOKYO, "PEER_UNREACHABLE")}


@pytest.mark.juki(nodes=("国立市",))
def test_a_provision_is_seen_with_office_affair_and_the_article_it_went_out_on(juki: Juki) -> None:
    [record, *_] = juki.populate("国立市", 3)
    seen = watch(juki)
    juki.office("japan-pension-service", "1-77").provide_identification(by_items(record))
    [one] = seen
    assert (one.office, one.affair, one.article, one.outcome) == (
        "japan-pension-service", "1-77", "住基法第30条の9", "OK",
    )  # fmt: skip


def asked_for(said: str) -> provision_pb2.ProvideIdentificationRequest:
    return provision_pb2.ProvideIdentificationRequest(purpose=provision_pb2.ProvisionPurpose(affair=said))


def test_every_affair_of_the_law_is_told_and_whatever_else_a_caller_writes_is_not() -> None:
    known = {
        row.id for day in appended_table.SNAPSHOTS for table in appended_table.TABLES
        for row in appended_table.rows(table, day)
    }  # fmt: skip
    assert {one for one in known if affair(asked_for(one)) != one} == set()
    assert len(known) > 200
    assert affair(asked_for("ordinance/架空条例")) == "ordinance"
    assert affair(provision_pb2.PassOnProvisionRequest(question=asked_for("1-77"))) == "1-77"
    for personal in ("架空　太郎", "1-123456789012", "12345678901", "1-77 架空", ""):
        assert affair(asked_for(personal)) == ""
    assert affair(provision_pb2.PassOnProvisionResponse()) == ""


def test_one_who_looks_on_and_fails_keeps_nobody_from_being_answered(
    juki: Juki, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(_: Observed) -> None:
        raise RuntimeError("架空　花子")

    for node in juki.network.nodes.values():
        node.observing.add(fail)
    juki.populate("国立市", 3)
    assert juki.ledger_is_zero()
    logged = capfd.readouterr().err
    assert '"place": "observer"' in logged
    assert "花子" not in logged


def test_a_batch_has_one_trace_and_each_hop_knows_its_cause_without_having_been_told() -> None:
    header = b"as signed"
    sent = tracing.batch_sent(header, KUNITACHI, said_here=True)
    told = [(tracing.TRACEPARENT, sent.traceparent)]
    came = tracing.Arrivals(TOKYO).span(header, told, taken=True)
    onward = tracing.batch_sent(header, TOKYO, said_here=False)
    assert sent.trace_id == came.trace_id == onward.trace_id, "a hop is of another trace"
    assert (sent.parent_id, came.parent_id, onward.parent_id) == ("", sent.span_id, came.span_id)
    assert tracing.batch_sent(b"another", TOKYO, said_here=False).trace_id != sent.trace_id


def test_a_repeat_and_a_refusal_are_spans_of_their_own() -> None:
    arrivals = tracing.Arrivals(TOKYO)
    refused, first, again = (arrivals.span(b"h", [], taken=taken) for taken in (False, True, True))
    assert len({refused.span_id, first.span_id, again.span_id}) == 3
    assert first.span_id == tracing.batch_sent(b"h", TOKYO, said_here=False).parent_id


def test_a_traceparent_is_continued_and_what_has_not_its_form_begins_anew() -> None:
    found = tracing.continued([("other", "x"), (tracing.TRACEPARENT, SAID)])
    assert (found.trace_id, found.parent_id) == ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")
    assert found.span_id != found.parent_id
    for malformed in ("", "架空　太郎", SAID.upper(), SAID[:-4], f"00-{'0' * 32}-b7ad6b7169203331-01", f"ff{SAID[2:]}"):
        begun = tracing.continued([(tracing.TRACEPARENT, malformed)])
        assert begun.parent_id == ""
        assert begun.trace_id not in SAID
