"""How every act is done: once per request_id, in one transaction with its audit row and its answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from google.protobuf.message import Message

from jukinet.clock import Clock
from jukinet.model.codes import names_somebody
from jukinet.model.identification import Operation
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from jukinet.store import answers, audit, provided
from jukinet.store.database import Connection, Database
from jukinet.store.provided import Subjects
from jukinet.wire import numbers
from jukinet.wire.call import Call

M = TypeVar("M", bound=Message)
MOST_ID = 128
MOST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Done:
    """What an act answers, and whose records it touched."""

    response: Message
    subjects: Sequence[int] = ()
    number_access: bool = False
    """Whether a 個人番号 is printed, or goes out in a batch; in a field of the answer it is seen anyhow."""
    provision: bytes = b""
    """A serialized ProvisionEntry, where the act is a 提供."""
    provided: Subjects | None = None
    """About whom it is."""


def perform(
    db: Database,
    clock: Clock,
    call: Call,
    response: Callable[[], M],
    work: Callable[[Connection], Done],
    operation: Operation | None = None,
) -> M:
    """Do the act and answer after it is on disk; a repeat gets the same answer without doing it again.

    `operation` is required of clerks: 照合ID, 操作者ID and reason stand in the audit row.
    """
    if not 1 <= len(call.request_id) <= MOST_ID:
        raise Refusal(Reason.REQUEST_ID_MISSING, call.article)
    if operation is not None:
        require_complete(operation, call.article)

    def read(answer: bytes) -> M:
        message = response()
        message.ParseFromString(answer)
        return message

    def transaction(connection: Connection) -> bytes:
        kept = answers.find(connection, call.path, call.request_id, call.method, call.digest)
        if kept is not None:
            require_sight(call, read(kept))
            return kept
        done = work(connection)
        require_sight(call, done.response, done.number_access)
        shown = done.number_access or shows_number(call, done.response)
        row = accepted(call, operation, done.subjects, shown)
        audit_id = audit.append(connection, clock, replace(row, provision=done.provision))
        if done.provided is not None:
            provided.add(connection, audit_id, call.path, call.request_id, call.digest, done.provided)
        receipt: Any = getattr(done.response, "receipt", None)
        if receipt is not None:
            receipt.audit_id = audit_id
        answer = done.response.SerializeToString()
        answers.keep(connection, call.path, call.request_id, call.method, call.digest, answer, clock.today())
        return answer

    try:
        answer = db.write(transaction)
    except Refusal as refusal:
        if not refusal.article:
            refusal.article = call.article
        raise
    return read(answer)


def require_complete(operation: Operation, article: str) -> None:
    """Refuse an operation without 照合ID, 操作者ID or reason."""
    words = (operation.verification_id, operation.operator_id, operation.reason)
    if any(map(names_somebody, words)):
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, article, field="reason")
    if not all(1 <= len(word) <= MOST_WORDS for word in words):
        raise Refusal(Reason.OPERATION_INCOMPLETE, article)


def require_sight(call: Call, response: Message, number_access: bool = False) -> None:
    """Refuse a paper with a 個人番号 to whoever may see none: a 転出証明書 without it would be false (令23条2項)."""
    paper = getattr(response, "certificate", None)
    if not call.sees_numbers and (number_access or (isinstance(paper, Message) and numbers.holds_number(paper))):
        raise Refusal(Reason.OPERATOR_NOT_PERMITTED, permission="NUMBERS")


def shows_number(call: Call, response: Message) -> bool:
    """Whether the caller gets to see a 個人番号 by this answer."""
    return call.sees_numbers and numbers.holds_number(response)


def accepted(
    call: Call, operation: Operation | None, subjects: Sequence[int], number_access: bool = False
) -> audit.Entry:
    """The audit row of an act that was done."""
    return audit.Entry(
        caller=call.path,
        event=call.event,
        article=call.article,
        accepted=True,
        request_id=call.request_id,
        operator_id=operation.operator_id if operation else "",
        verification_id=operation.verification_id if operation else "",
        reason=operation.reason if operation else "",
        subjects=subjects,
        number_access=number_access,
    )
