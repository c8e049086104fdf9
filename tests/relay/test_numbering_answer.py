"""What J-LIS answers to a request for codes is believed by its signature, not by the line it came over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jukinet.pki.signing import Signer
from jukinet.refusal import Refusal
from jukinet.store import journal
from jukinet.v1 import numbering_pb2, numbering_pb2_grpc, relay_pb2
from jukinet.wire.client import Client
from relay.bench import CENTER, KUNITACHI, TOKYO, Bench, bench, flipped, resigned

CODES = int(relay_pb2.STREAM_KIND_CODE_DESIGNATION)


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path, [CENTER, KUNITACHI], [TOKYO]) as made:
        yield made


def designated(net: Bench) -> relay_pb2.Batch:
    """The next batch that J-LIS signs for 国立市, asked for in the mayor's name and not yet handed over."""
    folder = net.network.layout.node(KUNITACHI) / "pki"
    line = Client(folder, net.node(CENTER).listener.address, CENTER)
    try:
        request = numbering_pb2.DesignateCodesRequest(request_id="on the way", count=3)
        answer = line.call(numbering_pb2_grpc.NumberingServiceStub, "DesignateCodes", request)
    finally:
        line.close()
    return answer.batch  # type: ignore[no-any-return]


def payload_altered(batch: relay_pb2.Batch, thief: Signer) -> relay_pb2.Batch:
    return relay_pb2.Batch(
        header=batch.header,
        signature=batch.signature,
        payload=flipped(batch.payload, 40),
        certificate=batch.certificate,
    )


def signature_forged(batch: relay_pb2.Batch, thief: Signer) -> relay_pb2.Batch:
    return resigned(batch, thief, payload=flipped(batch.payload, 40))


def signed_by_another_node(batch: relay_pb2.Batch, thief: Signer) -> relay_pb2.Batch:
    forged = resigned(batch, thief, signer_certificate_hash=thief.certificate_hash)
    forged.certificate = thief.certificate_der
    return forged


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (payload_altered, "PAYLOAD_ALTERED"),
        (signature_forged, "SIGNATURE_INVALID"),
        (signed_by_another_node, "SIGNER_NOT_ORIGIN"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_codes_that_j_lis_did_not_sign_never_reach_the_journal_and_the_true_ones_do(
    net: Bench, change: Callable[[relay_pb2.Batch, Signer], relay_pb2.Batch], reason: str
) -> None:
    net.network.settle()
    municipality = net.node(KUNITACHI)
    true, pool = designated(net), municipality.local.tasks().code_pool
    with municipality.journal.read() as db:
        before = journal.head(db)
    forged = change(true, net.origin(TOKYO).signer)
    with pytest.raises(Refusal) as refusal:
        municipality.receiver.take_answer(CENTER, CODES, forged)
    assert refusal.value.reason.value == reason
    with municipality.journal.read() as db:
        assert journal.head(db) == before, "nothing of it was written"

    municipality.receiver.take_answer(CENTER, CODES, true)
    municipality.read_own_writes()
    with municipality.journal.read() as db:
        assert journal.head(db)[0] == before[0] + 1
    assert municipality.local.tasks().code_pool == pool + 3
    assert (CENTER, 1, "") in [(row[0], row[2], row[3]) for row in net.audit(KUNITACHI)]
