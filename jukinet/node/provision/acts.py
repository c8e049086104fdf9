"""提供: the law is asked, the people are looked up, the audit row is on disk, and only then something goes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from jukinet.clock import real_micros
from jukinet.law import abroad
from jukinet.law import provision as law
from jukinet.law.provision import Provider, Provision
from jukinet.model import appended_table
from jukinet.model.codes import names_somebody
from jukinet.model.identification import Criteria, Operation
from jukinet.model.offices import Office
from jukinet.model.provision import ORDINANCE, Field, Form, Key, Ordinance, Result
from jukinet.model.reason import Reason
from jukinet.node.act import accepted
from jukinet.node.provision import entry
from jukinet.node.provision.finding import Found, Holder, key_of
from jukinet.refusal import Refusal
from jukinet.store import answers, audit, provided
from jukinet.store.database import Connection
from jukinet.store.provided import Subjects
from jukinet.v1 import audit_pb2, search_pb2
from jukinet.v1 import provision_pb2 as pb
from jukinet.wire import convert_abroad
from jukinet.wire.call import Call

if TYPE_CHECKING:
    from jukinet.node.node import Node

MOST_CASE = 64
MOST_QUESTIONS = 5_000


@dataclass(slots=True)
class Inquiry:
    """One call of an office, as the law sees it."""

    provider: Provider
    office: Office
    affair: str
    case_number: str
    on: date
    form: Form
    via: str = ""
    ordinance: Ordinance | None = None
    _decided: dict[str | None, Provision] = field(default_factory=dict)

    def law(self, notifying: str | None = None) -> Provision:
        """What the law says about people of this 通知都道府県, or at all."""
        if notifying not in self._decided:
            self._decided[notifying] = law.decide(
                self.provider, self.office, self.affair, self.on, notifying,
                via=bool(self.via), ordinance=self.ordinance,
            )  # fmt: skip
        return self._decided[notifying]

    @property
    def approximate(self) -> bool:
        """Whether a table of another day stood for that of this day."""
        return not self.affair.startswith(ORDINANCE) and appended_table.is_approximate(self.on)

    def require(self, keys: set[Key]) -> None:
        """Refuse what no clause allows, about whomever it be."""
        if len(self.case_number) > MOST_CASE or names_somebody(self.case_number):
            raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="case_number")
        first = self.law()
        if not first.allowed:
            raise Refusal(first.reason or Reason.NO_BASIS, clause=first.missing)
        for key in keys:
            if not law.may_ask_by(key, first):
                missing = _key_clause(key, first)
                raise Refusal(Reason.KEY_NOT_NAMED, first.article, clause=missing)

    def take_up(self, via: str) -> None:
        """Go on with a question that a governor has brought meanwhile."""
        self.via = via
        self._decided.clear()

    def judge(self, found: Found) -> Found:
        """What may be told of somebody who was found: nothing, where another way is the law's."""
        if not found.result.goes_out:
            return found
        decision = self.law(found.notifying)
        if decision.elsewhere:
            to = Result.VIA_GOVERNOR if decision.elsewhere == law.VIA_GOVERNOR else Result.OWN_GOVERNOR
            return Found(to, found.code, area_code=found.area_code)
        return found if decision.allowed else Found(Result.NONE)

    def applied(self, found: Sequence[Found]) -> list[Provision]:
        """The clauses on which something goes out; where nothing does, the one on which it was asked."""
        told = {one.area_code: one for one in found if one.result.goes_out or one.result.is_elsewhere}
        return list(dict.fromkeys(self.law(one.notifying) for one in told.values())) or [self.law()]


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks what, under which id: a repeat is answered again and counts once."""

    caller: str
    request_id: str
    digest: bytes
    operation: Operation
    criteria: Sequence[Criteria | None]
    """Whom; None for a key that is none."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes out."""

    audit_id: int
    found: Sequence[Found]
    provisions: Sequence[Provision]

    @property
    def article(self) -> str:
        """The clauses on which it goes out."""
        return "、".join(dict.fromkeys(one.article for one in self.provisions))

    @property
    def affair(self) -> str:
        """The rows that applied."""
        return "、".join(dict.fromkeys(one.affair for one in self.provisions))

    @property
    def withheld(self) -> list[tuple[Field, str]]:
        """Items that do not go out, with the provision; two clauses of one ordinance withhold the same."""
        return list({field: (field, why) for one in self.provisions for field, why in one.withheld}.values())

    @property
    def given(self) -> list[Field]:
        """Items that go out, if anybody does."""
        kept_back = {field for field, _ in self.withheld}
        fields = {field for one in self.provisions for field in one.fields} - kept_back
        return sorted(fields) if any(one.result.goes_out for one in self.found) else []


def provide(node: Node, holder: Holder, call: Call, inquiry: Inquiry, question: Question) -> Answer:
    """Answer an office: nothing goes out before its audit row is on disk."""
    inquiry.require({key_of(one) for one in question.criteria if one is not None})
    with node.journal.read() as db:
        before = provided.find(db, question.caller, question.request_id, question.digest)
    if before is None:
        found = _look_up(holder, inquiry, question.criteria)

        def write(db: Connection) -> int | None:
            if provided.find(db, question.caller, question.request_id, question.digest) is not None:
                return None  # the same question came twice at once
            return _note(node, db, call, inquiry, question, found)

        audit_id = node.journal.write(write)
        if audit_id is not None:
            return Answer(audit_id, found, inquiry.applied(found))
        with node.journal.read() as db:
            before = provided.find(db, question.caller, question.request_id, question.digest)
            assert before is not None
    if real_micros() - before.real_time > answers.KEPT_MICROS:
        raise Refusal(Reason.REQUEST_ID_REUSED, call.article)
    inquiry.take_up(entry.read(before.provision).via)
    again = _again(holder, inquiry, before.subjects)
    answer = Answer(before.audit_id, again, inquiry.applied(again))
    node.journal.write(lambda db: _note_repeat(node, db, call, inquiry, question, answer))
    return answer


def _look_up(holder: Holder, inquiry: Inquiry, criteria: Sequence[Criteria | None]) -> list[Found]:
    asked = [one for one in criteria if one is not None]
    found = iter(holder.find(asked))
    return [Found(Result.MALFORMED) if one is None else inquiry.judge(next(found)) for one in criteria]


def _again(holder: Holder, inquiry: Inquiry, subjects: Subjects) -> list[Found]:
    """The same people, as they are recorded now; whoever did not go out does not go out now either."""
    told = list(subjects)
    now = holder.by_code([code for code, _ in told])
    return [
        inquiry.judge(found) if Result(result).goes_out else Found(Result(result), code)
        for (code, result), found in zip(told, now, strict=True)
    ]


def _note_repeat(node: Node, db: Connection, call: Call, inquiry: Inquiry, question: Question, answer: Answer) -> None:
    """Write down that an answer was told again: it counts once, and goes out never without a row."""
    told = audit_pb2.ProvisionEntry(
        provider=node.config.path, office=f"office/{inquiry.office.id}", via=inquiry.via,
        form=pb.ProvisionForm.ValueType(inquiry.form), affair=answer.affair, case_number=inquiry.case_number,
        given=[pb.IdentificationField.ValueType(one) for one in answer.given], question=question.digest,
        repeats=answer.audit_id,
    )  # fmt: skip
    row = accepted(call, question.operation, (), Field.INDIVIDUAL_NUMBER in answer.given)
    row = replace(row, article=answer.article, request_id=question.request_id, provision=entry.serialized(told))
    audit.append(db, node.clock, row)


def _note(node: Node, db: Connection, call: Call, inquiry: Inquiry, question: Question, found: Sequence[Found]) -> int:
    """Write down what goes out, to whom and why, and beside it about whom."""
    answer = Answer(0, found, inquiry.applied(found))
    # Who is sent another way asks the same once more: that is not yet an answer.
    kept = inquiry.form is not Form.IMMEDIATE or not found[0].result.is_elsewhere
    subjects = Subjects.pack([(one.code, int(one.result)) for one in found])
    keys = [int(key_of(one)) for one in question.criteria if one is not None]
    told = audit_pb2.ProvisionEntry(
        provider=node.config.path,
        office=f"office/{inquiry.office.id}",
        via=inquiry.via,
        form=pb.ProvisionForm.ValueType(inquiry.form),
        affair=answer.affair,
        given=[pb.IdentificationField.ValueType(one) for one in answer.given],
        withheld=withheld_messages(answer),
        asked=len(found),
        provided=sum(one.result.goes_out for one in found),
        case_number=inquiry.case_number,
        subjects_root=subjects.root() if kept else b"",
        key=pb.ProvisionKey.ValueType(keys[0] if keys else 0),
        question=question.digest,
    )
    row = accepted(call, question.operation, (), Field.INDIVIDUAL_NUMBER in answer.given)
    row = replace(row, article=answer.article, request_id=question.request_id, provision=entry.serialized(told))
    audit_id = audit.append(db, node.clock, row)
    if kept:
        provided.add(db, audit_id, question.caller, question.request_id, question.digest, subjects)
    return audit_id


def withheld_messages(answer: Answer) -> list[pb.Withheld]:
    """For the wire."""
    return [
        pb.Withheld(field=pb.IdentificationField.ValueType(one), article=article) for one, article in answer.withheld
    ]


def criteria_of(message: search_pb2.SearchCriteria) -> Criteria:
    """Whom a question means; Refusal for a key that is none."""
    found = convert_abroad.criteria(message)
    decision = abroad.search_keys(found.resident_code, found.individual_number, found.name, found.birth_date, found.sex)
    if not decision.allowed:
        raise Refusal(decision.reason or Reason.SEARCH_TOO_WIDE)
    return found


def _key_clause(key: Key, found: Provision) -> str:
    """Which item the key is, and what keeps it back."""
    item = Field.INDIVIDUAL_NUMBER if key is Key.INDIVIDUAL_NUMBER else Field.RESIDENT_CODE
    return next((f"{item.japanese}: {why}" for held, why in found.withheld if held is item), item.japanese)
