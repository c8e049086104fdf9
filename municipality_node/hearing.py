"""What a municipality does with what it hears: notices from neighbours, designations from J-LIS."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from google.protobuf.message import DecodeError

from jukinet.clock import Clock
from jukinet.law.basis import article
from jukinet.model.codes import individual_number_is_valid, resident_code_is_valid
from jukinet.model.reason import Reason
from jukinet.pki.identity import Identity
from jukinet.refusal import Refusal
from jukinet.store import audit
from jukinet.store.database import Connection
from jukinet.store.journal import Entry
from jukinet.store.projector import WHOLE, Faults
from jukinet.v1 import intermunicipal_pb2, numbering_pb2, relay_pb2
from jukinet.wire import convert
from municipality_node import store
from municipality_node.acts.error_report import receive_error_report
from municipality_node.acts.move_in import receive_move_in_notice
from municipality_node.acts.number import designate_individual_number, replace_individual_number
from municipality_node.acts.special_move import receive_move_out_pre_notice, tell_move_outs_again
from municipality_node.desk import Desk
from municipality_node.family_register import hearing as family_register
from municipality_node.family_register.registration import apply_waiting
from municipality_node.tasks import store as task_store


class Hearing:
    """Applies heard batches to the register, each record by itself."""

    def __init__(self, node: Identity, clock: Clock) -> None:
        self._node = node
        self._clock = clock

    def apply(self, db: Connection, entry: Entry, records: Sequence[bytes]) -> Faults:
        """Apply one batch; a record that cannot be applied is set aside alone."""
        kind = entry.envelope.header.kind
        if kind == relay_pb2.STREAM_KIND_CODE_DESIGNATION:
            return self._codes(db, entry, records)
        if kind in ANSWERS:
            return []
        if kind not in HEARD:
            return [(WHOLE, Reason.NO_BASIS)]
        one, event, rule = HEARD[kind]
        faults: list[tuple[int, Reason]] = []
        touched: list[int] = []
        for index, raw in enumerate(records):
            db.execute("SAVEPOINT record")
            try:
                subject = one(Desk(db, self._clock, self._node), entry, raw)
                touched += [subject] if subject else []
            except (Refusal, DecodeError) as error:
                db.execute("ROLLBACK TO record")
                faults.append((index, error.reason if isinstance(error, Refusal) else Reason.RECORD_MALFORMED))
            db.execute("RELEASE record")
        tell_move_outs_again(Desk(db, self._clock, self._node))
        peer, law = entry.peer, article(rule, self._clock.today())
        audit.append(db, self._clock, audit.Entry(peer, event, law, True, subjects=touched))
        return faults

    def _codes(self, db: Connection, entry: Entry, records: Sequence[bytes]) -> Faults:
        codes = [numbering_pb2.CodeDesignation.FromString(raw).resident_code for raw in records]
        good = [int(code) for code in codes if resident_code_is_valid(code)]
        store.add_codes(db, good)
        task_store.finish_refill(db)
        entered = apply_waiting(Desk(db, self._clock, self._node))
        if entered:
            law = article("receive_family_registration", self._clock.today())
            told = audit.Entry(entry.peer, "ReceiveFamilyRegistration", law, True, subjects=entered)
            audit.append(db, self._clock, told)
        return [(i, Reason.CHECK_DIGIT_WRONG) for i, code in enumerate(codes) if not resident_code_is_valid(code)]


def _move_in(desk: Desk, entry: Entry, raw: bytes) -> int:
    notice = convert.move_in_notice(intermunicipal_pb2.MoveInNotice.FromString(raw))
    if not resident_code_is_valid(notice.resident_code):
        raise Refusal(Reason.CHECK_DIGIT_WRONG)
    if notice.new_area_code != entry.envelope.header.origin:
        raise Refusal(Reason.AREA_NOT_YOURS)
    return receive_move_in_notice(desk, [entry.envelope.header.counterpart], notice)


def _pre_notice(desk: Desk, entry: Entry, raw: bytes) -> int:
    header = entry.envelope.header
    message = intermunicipal_pb2.MoveOutPreNotice.FromString(raw)
    receive_move_out_pre_notice(desk, header.origin, header.counterpart, message)
    return 0  # nobody who is recorded here


def _error_report(desk: Desk, entry: Entry, raw: bytes) -> int:
    return receive_error_report(desk, raw)


def _number(desk: Desk, entry: Entry, raw: bytes) -> int:
    return designate_individual_number(desk, *_designation(raw))


def _number_change(desk: Desk, entry: Entry, raw: bytes) -> int:
    return replace_individual_number(desk, *_designation(raw))


def _designation(raw: bytes) -> tuple[str, str]:
    designation = numbering_pb2.NumberDesignation.FromString(raw)
    if not resident_code_is_valid(designation.resident_code):
        raise Refusal(Reason.CHECK_DIGIT_WRONG)
    if not individual_number_is_valid(designation.individual_number):
        raise Refusal(Reason.CHECK_DIGIT_WRONG)
    return designation.resident_code, designation.individual_number


ANSWERS = frozenset(
    {
        relay_pb2.STREAM_KIND_MOVE_OUT_CERTIFICATE,
        relay_pb2.STREAM_KIND_WIDE_AREA_RECORD,
        relay_pb2.STREAM_KIND_SEARCH_ANSWER,
    }
)
"""What the desk that asked has used already: nobody's 住民票 changes by hearing it."""
HEARD: dict[int, tuple[Callable[[Desk, Entry, bytes], int], str, str]] = {
    relay_pb2.STREAM_KIND_MOVE_IN_NOTICE: (_move_in, "ReceiveMoveInNotice", "receive_move_in_notice"),
    relay_pb2.STREAM_KIND_NUMBER_DESIGNATION: (_number, "DesignateIndividualNumber", "designate_individual_number"),
    relay_pb2.STREAM_KIND_NUMBER_CHANGE: (_number_change, "ReplaceIndividualNumber", "replace_individual_number"),
    **family_register.HEARD,
    relay_pb2.STREAM_KIND_REGISTER_ERROR_REPORT: (_error_report, "ReceiveErrorReport", "receive_error_report"),
    relay_pb2.STREAM_KIND_MOVE_OUT_PRE_NOTICE: (_pre_notice, "ReceiveMoveOutPreNotice", "receive_move_out_pre_notice"),
}
"""Stream kind → what applies one record and answers whose (0: nobody's), the audit event, the rule."""
