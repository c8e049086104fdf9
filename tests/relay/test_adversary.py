"""A prefecture with a valid certificate that cheats, and a municipality that signs nonsense: J-LIS refuses or heals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from jukinet.clock import real_now
from jukinet.model import areas
from jukinet.pki.authority import Credential
from jukinet.pki.signing import Signer, sha256
from jukinet.store.journal import NO_HASH
from jukinet.v1 import identification_pb2, relay_pb2
from jukinet.wire import convert
from relay.bench import CENTER, KANAGAWA, TOKYO, Bench, Carrier, Origin, bench, flipped, header_of, record, resigned

TOKYO_AREAS = [area.code for area in areas.municipalities() if area.code[:2] == "13"]
OTHERS = [f"municipality/{code}" for code in (*TOKYO_AREAS, "141305", "141003")]


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """J-LIS alone; everybody else is in the hands of the test."""
    with bench(tmp_path_factory.mktemp("center"), [CENTER], [TOKYO, KANAGAWA, *OTHERS]) as made:
        yield made


@pytest.fixture(scope="module")
def unused() -> Iterator[str]:
    """Municipalities that no test has touched."""
    return iter(TOKYO_AREAS)


@pytest.fixture
def origin(center: Bench, unused: Iterator[str]) -> Origin:
    return center.origin(f"municipality/{next(unused)}")


@pytest.fixture
def governor(center: Bench) -> Carrier:
    return center.carrier(TOKYO)


def stopped(center: Bench, origin: Origin) -> str:
    rows = center.ledger(CENTER, origin.area_code)
    return rows[-1].stopped if rows else ""


# What is refused leaves nothing, and the true batch is taken afterwards


def one_byte_of_the_payload(batch: relay_pb2.Batch, thief: Signer) -> relay_pb2.Batch:
    batch.payload = flipped(batch.payload, 40)
    return batch


def one_byte_of_the_header(batch: relay_pb2.Batch, thief: Signer) -> relay_pb2.Batch:
    batch.header = flipped(batch.header)
    return batch


def one_byte_of_the_signature(batch: relay_pb2.Batch, thief: Signer) -> relay_pb2.Batch:
    batch.signature = flipped(batch.signature)
    return batch


def payload_and_its_hash(batch: relay_pb2.Batch, thief: Signer) -> relay_pb2.Batch:
    payload = flipped(batch.payload, 40)
    header = header_of(batch)
    header.payload_hash = sha256(payload)
    return relay_pb2.Batch(
        header=header.SerializeToString(), signature=batch.signature, payload=payload, certificate=batch.certificate
    )


def signed_with_its_own_key(batch: relay_pb2.Batch, thief: Signer) -> relay_pb2.Batch:
    forged = resigned(batch, thief, payload=flipped(batch.payload, 40), signer_certificate_hash=thief.certificate_hash)
    forged.certificate = thief.certificate_der
    return forged


def signed_with_its_own_key_under_the_true_certificate(batch: relay_pb2.Batch, thief: Signer) -> relay_pb2.Batch:
    return resigned(batch, thief)


def the_certificate_alone(batch: relay_pb2.Batch, thief: Signer) -> relay_pb2.Batch:
    batch.certificate = thief.certificate_der
    return batch


def no_header_at_all(batch: relay_pb2.Batch, thief: Signer) -> relay_pb2.Batch:
    batch.header = b"\xff\xff\xff"
    return batch


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (one_byte_of_the_payload, "PAYLOAD_ALTERED"),
        (one_byte_of_the_header, "SIGNATURE_INVALID"),
        (one_byte_of_the_signature, "SIGNATURE_INVALID"),
        (payload_and_its_hash, "SIGNATURE_INVALID"),
        (signed_with_its_own_key, "SIGNER_NOT_ORIGIN"),
        (signed_with_its_own_key_under_the_true_certificate, "SIGNATURE_INVALID"),
        (the_certificate_alone, "SIGNER_UNTRUSTED"),
        (no_header_at_all, "BATCH_MALFORMED"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_governor_who_changes_what_was_signed_is_refused_and_the_true_batch_is_taken(
    center: Bench,
    governor: Carrier,
    origin: Origin,
    change: Callable[[relay_pb2.Batch, Signer], relay_pb2.Batch],
    reason: str,
) -> None:
    folder = center.network.layout.node(TOKYO) / "pki"
    credential = Credential.load(folder, "node")
    true = origin.batch()
    altered = relay_pb2.Batch()
    altered.CopyFrom(true)
    answer = governor.refused(change(altered, Signer(credential.key_pem, credential.certificate_der)))
    assert (answer.reason, answer.definite) == (reason, True)
    assert answer.message
    assert answer.japanese
    assert center.ledger(CENTER, origin.area_code) == [], "nothing of it was written"
    assert center.audit(CENTER)[-1][0] == TOKYO
    assert center.audit(CENTER)[-1][2:] == (0, reason), "the refusal stands in the audit"
    assert governor.deliver(true).next_number == 2
    assert center.live(CENTER, origin.area_code) == 1


def test_a_batch_that_was_taken_stands_in_the_audit_once(center: Bench, governor: Carrier, origin: Origin) -> None:
    first = origin.batch()
    before = len(center.audit(CENTER))
    governor.deliver(first)
    taken = center.audit(CENTER)[before:]
    assert taken == [(TOKYO, "ForwardIdentification", 1, "")], "the audit says who brought what"
    governor.deliver(first)
    assert center.audit(CENTER)[before:] == taken, "a repeat is not taken again"


def test_a_signing_time_ahead_of_the_clock_waits_and_one_within_the_skew_passes(
    center: Bench, governor: Carrier, origin: Origin
) -> None:
    batch = origin.batch(advance=False)
    ahead = resigned(batch, origin.signer, real_time=convert.timestamp(real_now() + timedelta(minutes=6)))
    answer = governor.refused(ahead)
    assert (answer.reason, answer.definite) == ("SIGNED_IN_FUTURE", False)
    within = resigned(batch, origin.signer, real_time=convert.timestamp(real_now() + timedelta(minutes=4)))
    assert governor.deliver(within).next_number == 2


def test_a_signer_whose_certificate_was_revoked_is_refused_and_one_with_a_new_certificate_is_not(
    center: Bench, governor: Carrier, origin: Origin
) -> None:
    assert governor.deliver(origin.batch()).next_number == 2
    center.revoke(origin.credential.serial)
    answer = governor.refused(origin.batch(advance=False))
    assert (answer.reason, dict(answer.facts)["fault"]) == ("SIGNER_UNTRUSTED", "REVOKED")
    fresh = center.authority.issue(f"municipality/{origin.area_code}")
    origin.signer = Signer(fresh.key_pem, fresh.certificate_der)
    assert governor.deliver(origin.batch()).next_number == 3


@pytest.mark.parametrize(("begin", "fault"), [(timedelta(days=-9), "EXPIRED"), (timedelta(days=1), "NOT_YET_VALID")])
def test_a_certificate_out_of_its_dates_at_signing_is_refused(
    center: Bench, governor: Carrier, origin: Origin, begin: timedelta, fault: str
) -> None:
    path = f"municipality/{origin.area_code}"
    wrong = center.authority.issue(path, days=7, not_before=datetime.now(UTC) + begin)
    right = origin.signer
    origin.signer = Signer(wrong.key_pem, wrong.certificate_der)
    answer = governor.refused(origin.batch(advance=False))
    assert (answer.reason, dict(answer.facts)["fault"]) == ("SIGNER_UNTRUSTED", fault)
    origin.signer = right
    assert governor.deliver(origin.batch()).next_number == 2


def test_a_certificate_that_has_expired_since_does_not_spoil_what_it_signed_while_good(
    center: Bench, governor: Carrier, origin: Origin
) -> None:
    was = center.authority.issue(
        f"municipality/{origin.area_code}", days=7, not_before=datetime.now(UTC) - timedelta(days=9)
    )
    signer = Signer(was.key_pem, was.certificate_der)
    origin.signer = signer
    then = convert.timestamp(real_now() - timedelta(days=5))
    assert governor.deliver(resigned(origin.batch(), signer, real_time=then)).next_number == 2


# Order


def test_batches_out_of_order_are_answered_with_the_number_that_is_missing_and_heal(
    center: Bench, governor: Carrier, origin: Origin
) -> None:
    first, second, third = origin.batch(origin.records(3)), origin.batch(origin.records(2)), origin.batch()
    assert governor.deliver(third).next_number == 1
    assert governor.deliver(second).next_number == 1
    assert center.ledger(CENTER, origin.area_code) == []
    assert governor.deliver(first).next_number == 4
    assert governor.deliver(third).next_number == 4, "a dropped batch is seen"
    assert governor.deliver(second).next_number == 6
    assert governor.deliver(third).next_number == 7
    assert center.live(CENTER, origin.area_code) == 6


def test_a_repeated_batch_is_harmless_and_the_answer_says_where_the_stream_stands(
    center: Bench, governor: Carrier, origin: Origin
) -> None:
    first, second = origin.batch(), origin.batch()
    governor.deliver(first)
    after = governor.deliver(second)
    for again in (first, second, first):
        assert governor.deliver(again) == after
    assert after.head_hash == sha256(second.header)
    (row,) = center.ledger(CENTER, origin.area_code)
    assert (row.records, row.last_number, row.stopped) == (2, 2, "")
    assert center.live(CENTER, origin.area_code) == 2


def test_a_batch_that_follows_another_past_is_refused(center: Bench, governor: Carrier, origin: Origin) -> None:
    governor.deliver(origin.batch())
    true = origin.batch()
    answer = governor.refused(resigned(true, origin.signer, previous_header_hash=NO_HASH))
    assert (answer.reason, answer.definite) == ("CHAIN_BROKEN", True)
    assert governor.deliver(true).next_number == 3


def test_an_old_epoch_is_answered_with_the_new_one_and_changes_nothing(
    center: Bench, governor: Carrier, origin: Origin
) -> None:
    old = origin.batch(origin.records(2))
    governor.deliver(old)
    later = origin.batch()
    origin.open_epoch()
    governor.deliver(origin.batch(origin.records(3)))
    assert center.live(CENTER, origin.area_code) == 3, "what the full transmission did not mention is closed"
    for stale in (old, later):
        answer = governor.deliver(stale)
        assert (answer.epoch, answer.next_number) == (2, 4)
    assert center.live(CENTER, origin.area_code) == 3


def test_a_new_epoch_that_does_not_begin_at_its_start_is_not_begun(
    center: Bench, governor: Carrier, origin: Origin
) -> None:
    governor.deliver(origin.batch())
    origin.open_epoch()
    first, second = origin.batch(), origin.batch()
    answer = governor.deliver(second)
    assert (answer.epoch, answer.next_number) == (1, 2)
    governor.deliver(first)
    assert governor.deliver(second).epoch == 2


# Equivocation


def test_the_same_numbers_with_other_content_stop_the_stream_and_both_are_kept(
    center: Bench, governor: Carrier, origin: Origin
) -> None:
    one, other = origin.batch(advance=False), origin.batch()
    following = origin.batch()
    governor.deliver(one)
    answer = governor.refused(other)
    assert (answer.reason, answer.definite) == ("EQUIVOCATION", True)
    ((reason, peer, header),) = center.conflicts(CENTER, origin.area_code)
    assert (reason, peer, header) == ("EQUIVOCATION", TOKYO, other.header)
    with center.node(CENTER).journal.read() as db:
        held = db.execute("SELECT header FROM batch WHERE origin = ?", (origin.area_code,)).fetchall()
    assert held == [(one.header,)], "the first one is kept too"
    assert stopped(center, origin) == "EQUIVOCATION"
    for more in (other, one, following):
        answer = governor.refused(more)
        assert (answer.reason, dict(answer.facts)["stopped"]) == ("STREAM_STOPPED", "EQUIVOCATION")
    assert len(center.conflicts(CENTER, origin.area_code)) == 1
    origin.open_epoch()
    assert governor.deliver(origin.batch(origin.records(2))).next_number == 3
    assert stopped(center, origin) == ""
    assert center.live(CENTER, origin.area_code) == 2


def test_numbers_that_overlap_what_is_held_are_equivocation(center: Bench, governor: Carrier, origin: Origin) -> None:
    governor.deliver(origin.batch(origin.records(3)))
    overlapping = resigned(origin.batch(origin.records(3)), origin.signer, first_number=2, last_number=4)
    assert governor.refused(overlapping).reason == "EQUIVOCATION"
    assert stopped(center, origin) == "EQUIVOCATION"


def test_one_origin_that_stops_leaves_the_others_of_its_governor_alone(
    center: Bench, governor: Carrier, origin: Origin, unused: Iterator[str]
) -> None:
    governor.deliver(origin.batch(advance=False))
    governor.refused(origin.batch())
    honest = center.origin(f"municipality/{next(unused)}")
    assert governor.deliver(honest.batch()).next_number == 2


# Whose


def test_another_governors_child_is_refused_and_its_own_governor_may_carry_it(center: Bench, governor: Carrier) -> None:
    theirs = center.origin("municipality/141305").batch()
    answer = governor.refused(theirs)
    assert (answer.reason, answer.definite) == ("ORIGIN_NOT_CARRIED", True)
    assert center.carrier(KANAGAWA).deliver(theirs).next_number == 2


def test_a_ward_is_signed_by_its_city_and_by_no_other_ward_or_city(center: Bench, governor: Carrier) -> None:
    city = center.origin("municipality/141003")
    city.area_code = "141020"
    batch = city.batch()
    assert governor.refused(batch).reason == "ORIGIN_NOT_CARRIED"
    assert center.carrier(KANAGAWA).deliver(batch).next_number == 2
    stranger = center.origin("municipality/141305")
    stranger.area_code = "141038"
    assert center.carrier(KANAGAWA).refused(stranger.batch()).reason == "SIGNER_NOT_ORIGIN"


def test_a_municipality_may_not_go_past_its_governor(center: Bench, origin: Origin) -> None:
    past = center.carrier(f"municipality/{origin.area_code}")
    assert past.refused(origin.batch()).reason == "NO_BASIS"


# Size and shape


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"last_number": 5_001}, "BATCH_TOO_LARGE"),
        ({"last_number": 0}, "BATCH_MALFORMED"),
        ({"first_number": 0}, "BATCH_MALFORMED"),
        ({"format": 2}, "BATCH_MALFORMED"),
        ({"epoch": 0}, "BATCH_MALFORMED"),
        ({"lamport_time": 2**64 - 1}, "BATCH_MALFORMED"),
        ({"counterpart": "131130"}, "NO_BASIS"),
        ({"kind": 0}, "NO_BASIS"),
        ({"kind": 99}, "NO_BASIS"),
    ],
    ids=lambda value: str(value),
)
def test_a_signed_envelope_that_does_not_fit_together_is_refused(
    center: Bench, governor: Carrier, origin: Origin, fields: dict[str, int], reason: str
) -> None:
    true = origin.batch()
    assert governor.refused(resigned(true, origin.signer, **fields)).reason == reason
    assert governor.deliver(true).next_number == 2, "the node still takes what is right"


def test_a_batch_of_five_thousand_passes_and_one_beyond_four_megabytes_does_not(
    center: Bench, governor: Carrier, origin: Origin
) -> None:
    big = origin.batch([b"x" * 1024] * 4_500, advance=False)
    assert governor.refused(big).definite is False
    assert center.ledger(CENTER, origin.area_code) == []
    assert governor.deliver(origin.batch(origin.records(5_000))).next_number == 5_001


def test_a_root_that_does_not_fit_sets_the_whole_batch_aside_and_stops_the_stream(
    center: Bench, governor: Carrier, origin: Origin
) -> None:
    governor.deliver(origin.batch(origin.records(2)))
    wrong = resigned(origin.batch(origin.records(3)), origin.signer, records_root=bytes(32))
    assert governor.deliver(wrong).next_number == 6, "the envelope is sound, so the batch is kept"
    assert center.quarantine(CENTER, origin.area_code) == [(-1, 3, "ROOT_MISMATCH")]
    assert center.live(CENTER, origin.area_code) == 2
    (row,) = center.ledger(CENTER, origin.area_code)
    assert (row.records, row.applied, row.quarantined, row.stopped) == (5, 2, 3, "ROOT_MISMATCH")
    answer = governor.refused(origin.batch())
    assert (answer.reason, dict(answer.facts)["stopped"]) == ("STREAM_STOPPED", "ROOT_MISMATCH")
    origin.open_epoch()
    governor.deliver(origin.batch(origin.records(4)))
    assert center.live(CENTER, origin.area_code) == 4
    assert stopped(center, origin) == ""


def with_payload(origin: Origin, batch: relay_pb2.Batch, payload: bytes) -> relay_pb2.Batch:
    return resigned(batch, origin.signer, payload=payload)


def rubbish(payload: relay_pb2.BatchPayload) -> bytes:
    return b"\xff\xff\xff\xff"


def a_record_less(payload: relay_pb2.BatchPayload) -> bytes:
    del payload.records[0]
    return payload.SerializeToString()


def a_salt_less(payload: relay_pb2.BatchPayload) -> bytes:
    payload.salts = payload.salts[16:]
    return payload.SerializeToString()


@pytest.mark.parametrize("spoil", [rubbish, a_record_less, a_salt_less], ids=lambda spoil: spoil.__name__)
def test_a_signed_payload_that_cannot_be_read_is_set_aside_whole_and_stops_the_stream(
    center: Bench, governor: Carrier, origin: Origin, spoil: Callable[[relay_pb2.BatchPayload], bytes]
) -> None:
    batch = origin.batch(origin.records(2))
    governor.deliver(with_payload(origin, batch, spoil(relay_pb2.BatchPayload.FromString(batch.payload))))
    assert center.quarantine(CENTER, origin.area_code) == [(-1, 2, "RECORD_MALFORMED")]
    assert governor.refused(origin.batch()).reason == "STREAM_STOPPED"
    assert center.live(CENTER, origin.area_code) == 0


BIRTH = identification_pb2.CHANGE_REASON_BIRTH
DELETION = identification_pb2.CHANGE_KIND_DELETION


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"resident_code": "12345678901"}, "CHECK_DIGIT_WRONG"),
        ({"resident_code": ""}, "CHECK_DIGIT_WRONG"),
        ({"individual_number": "123456789012"}, "CHECK_DIGIT_WRONG"),
        ({"individual_number": "1"}, "CHECK_DIGIT_WRONG"),
        ({"former_resident_code": "abc"}, "CHECK_DIGIT_WRONG"),
        ({"former_resident_code": "9" * 40}, "CHECK_DIGIT_WRONG"),
        ({"former_individual_number": "abc"}, "CHECK_DIGIT_WRONG"),
        ({"sequence": 0}, "RECORD_MALFORMED"),
        ({"sequence": 2**63}, "RECORD_MALFORMED"),
        ({"area_code": "141305"}, "AREA_NOT_YOURS"),
        ({"kind": DELETION, "reason": BIRTH}, "CHANGE_INCONSISTENT"),
        ({"kind": 99}, "CHANGE_INCONSISTENT"),
        ({"reason": 99}, "CHANGE_INCONSISTENT"),
        ({"name": ""}, "FIELD_MISSING"),
        ({"address": ""}, "FIELD_MISSING"),
        ({"address": "みどり台\ufffd丁目"}, "CHARACTERS_BROKEN"),
        ({"birth_date": {"year": 2021, "month": 2, "day": 30}}, "DATE_IMPOSSIBLE"),
        ({"change_date": {"year": 2021, "month": 13, "day": 1}}, "DATE_IMPOSSIBLE"),
        ({"birth_date": {"year": -1, "month": 1, "day": 1}}, "DATE_IMPOSSIBLE"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_one_wrong_record_is_set_aside_alone_and_the_rest_is_applied(
    center: Bench, governor: Carrier, origin: Origin, changes: dict[str, object], reason: str
) -> None:
    before, after = origin.records(), origin.records()
    wrong = record(origin.area_code, 7, **changes).SerializeToString()  # type: ignore[arg-type]
    governor.deliver(origin.batch([*before, wrong, *after]))
    assert center.quarantine(CENTER, origin.area_code) == [(1, 1, reason)]
    assert center.live(CENTER, origin.area_code) == 2
    (row,) = center.ledger(CENTER, origin.area_code)
    assert (row.records, row.applied, row.quarantined, row.stopped) == (3, 2, 1, "")
    governor.deliver(origin.batch())
    assert center.live(CENTER, origin.area_code) == 3, "the stream goes on"


def test_a_record_that_is_no_message_is_set_aside_alone(center: Bench, governor: Carrier, origin: Origin) -> None:
    governor.deliver(origin.batch([*origin.records(), b"\xff\xff", *origin.records()]))
    assert center.quarantine(CENTER, origin.area_code) == [(1, 1, "RECORD_MALFORMED")]
    assert center.live(CENTER, origin.area_code) == 2


def test_no_refusal_and_no_audit_row_names_a_person(center: Bench, governor: Carrier, origin: Origin) -> None:
    batch = origin.batch()
    altered = relay_pb2.Batch()
    altered.CopyFrom(batch)
    altered.payload = flipped(batch.payload, 40)
    answer = governor.refused(altered)
    with center.node(CENTER).journal.read() as db:
        rows = str(db.execute("SELECT * FROM audit").fetchall())
    assert "太郎" not in f"{answer}{rows}"
