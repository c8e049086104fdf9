"""What a clerk of a governor or of J-LIS does for a person who asks about the own record."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from jukinet.clock import from_micros
from jukinet.law import disclosure as law
from jukinet.law.retention import keep_paper
from jukinet.model import appended_table, areas, offices
from jukinet.model.finding import Finding, FindingKind
from jukinet.model.provision import Result
from jukinet.model.reason import Reason
from jukinet.node.provision import entry
from jukinet.node.provision.acts import criteria_of
from jukinet.node.provision.finding import RegisterHolder, change_of
from jukinet.refusal import Refusal
from jukinet.store import audit_log, disclosures, findings, people, provided, register
from jukinet.store.database import Connection
from jukinet.store.disclosures import Disclosure
from jukinet.v1 import disclosure_pb2 as pb
from jukinet.v1 import identification_pb2 as ipb
from jukinet.v1 import provision_pb2, search_pb2
from jukinet.wire import convert

if TYPE_CHECKING:
    from jukinet.node.node import Node


def accept_disclosure_request(
    node: Node, db: Connection, subject: int, criteria: search_pb2.SearchCriteria
) -> tuple[int, date]:
    """Number and last day."""
    if subject not in (pb.DISCLOSURE_SUBJECT_IDENTIFICATION, pb.DISCLOSURE_SUBJECT_PROVISIONS):
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="subject")
    today = node.clock.today()
    due = law.accept_disclosure_request(today)
    disclosures.forget(db, today - (keep_paper(today) - today))
    kept = criteria.SerializeToString(deterministic=True)
    return disclosures.add(db, subject, kept, _code(node, criteria), today, due), due


def _code(node: Node, criteria: search_pb2.SearchCriteria) -> int:
    """Whom the criteria mean; 0 for nobody, a refusal for several."""
    [found] = RegisterHolder(node).find([criteria_of(criteria)])
    if found.result is Result.SEVERAL:
        raise Refusal(Reason.SEVERAL_FIT)
    return found.code


def open_request(node: Node, db: Connection, number: int, subject: int) -> tuple[Disclosure, int]:
    """A request that is to be answered now, and whose it is, looked up anew."""
    found = disclosures.find(db, number)
    if found is None or found.subject != subject:
        raise Refusal(Reason.DISCLOSURE_NOT_FOUND)
    if found.answered is not None:
        raise Refusal(Reason.DISCLOSURE_ANSWERED)
    return found, _code(node, search_pb2.SearchCriteria.FromString(found.criteria))


def disclose_identification(node: Node, db: Connection, number: int) -> pb.DiscloseIdentificationResponse:
    """All that is recorded about the person, or that nothing is."""
    found, code = open_request(node, db, number, pb.DISCLOSURE_SUBJECT_IDENTIFICATION)
    with node.register.read() as records:
        codes = register.codes_of_person(records, code) if code else []
        held = [one for each in codes for one in people.recorded(records, each)]
    today = node.clock.today()
    disclosures.answer(db, number, code, today)
    return pb.DiscloseIdentificationResponse(
        exists=bool(held),
        records=[
            pb.DisclosedRecord(
                identification=ipb.Identification.FromString(one.body), live=one.live,
                change=change_of(one.kind, one.reason, one.change_date),
            )
            for one in held
        ],
        overdue=today > found.due,
    )  # fmt: skip


def disclose_provisions(node: Node, db: Connection, number: int) -> pb.DiscloseProvisionsResponse:
    """What went out about the person, told from the log alone."""
    found, code = open_request(node, db, number, pb.DISCLOSURE_SUBJECT_PROVISIONS)
    with node.register.read() as records:
        codes = register.codes_of_person(records, code) if code else []
    told = []
    for audit_id, place in provided.of_person(db, codes) if codes else ():
        subjects, row = provided.subjects(db, audit_id), audit_log.row(db, audit_id)
        if subjects is None or row is None or not Result(subjects.results[place]).goes_out:
            continue
        told.append(_provision(audit_id, place, subjects.results[place], *row))
    today = node.clock.today()
    disclosures.answer(db, number, code, today)
    return pb.DiscloseProvisionsResponse(provisions=told, overdue=today > found.due)


def _provision(audit_id: int, place: int, result: int, row: bytes, provision: bytes) -> pb.DisclosedProvision:
    said, written = entry.read(provision), audit_log.read_row(row)
    at = from_micros(written.virtual_time)
    affair = said.affair.partition("、")[0]
    table_row = appended_table.find(affair, at.date())
    return pb.DisclosedProvision(
        virtual_time=convert.timestamp(at), form=said.form, reason=written.reason, affair=said.affair,
        affair_words=table_row.affair if table_row else "", provider=said.provider, office=said.office,
        office_name=office_name(said.office), given=said.given,
        withheld=said.withheld, audit_id=audit_id, subject=place + 1, article=written.article,
        result=provision_pb2.ProvisionResult.ValueType(result),
    )  # fmt: skip


def office_name(path: str) -> str:
    """What an office, or a node, is called."""
    kind, _, name = path.partition("/")
    area = areas.find(name)
    return offices.parse(name).name if kind == "office" else f"{area.full_name}長" if area else path


def extend_disclosure(node: Node, db: Connection, number: int, until: date) -> None:
    """Put off the last day, with the reason in the audit row."""
    found = disclosures.find(db, number)
    if found is None:
        raise Refusal(Reason.DISCLOSURE_NOT_FOUND)
    answered, today = found.answered is not None, node.clock.today()
    decision = law.extend_disclosure(found.accepted, found.due, answered, today, until)
    if not decision.allowed:
        raise Refusal(decision.reason or Reason.EXTENSION_TOO_LATE)
    disclosures.extend(db, number, until)


def accept_correction_request(node: Node, db: Connection, number: int, fields: list[int]) -> int:
    """Number of the 申出."""
    found = disclosures.find(db, number)
    if found is None or found.subject != pb.DISCLOSURE_SUBJECT_IDENTIFICATION:
        raise Refusal(Reason.DISCLOSURE_NOT_FOUND)
    decision = law.accept_correction_request(found.answered is not None and found.found)
    if not decision.allowed:
        raise Refusal(decision.reason or Reason.NOT_DISCLOSED_YET)
    if not fields:
        raise Refusal(Reason.FIELD_MISSING, field="fields")
    return disclosures.add_correction(db, number, ",".join(map(str, sorted(set(fields)))), node.clock.today())


def answer_correction_request(node: Node, db: Connection, number: int, *, error: bool) -> bool:
    """Whether somebody is told: an error is, as any that is found here (法30条の8, 12条の5)."""
    asked = disclosures.correction(db, number)
    found = disclosures.find(db, asked.disclosure_id) if asked else None
    if asked is None or found is None:
        raise Refusal(Reason.DISCLOSURE_NOT_FOUND)
    if asked.answered:
        raise Refusal(Reason.DISCLOSURE_ANSWERED)
    today = node.clock.today()
    disclosures.answer_correction(db, number, today, error=error)
    if not error:
        return False
    [record] = RegisterHolder(node).by_code([found.code])
    if not record.area_code:
        return False
    return findings.note(db, Finding(FindingKind.DISPUTED, record.area_code, found.code), today)


def list_disclosure_requests(db: Connection, *, open_only: bool) -> list[Disclosure]:
    """Requests in order of number."""
    return disclosures.page(db, open_only=open_only)


def days_left(found: Disclosure, today: date) -> int:
    """Days until the last one, 0 on it and once it is answered, negative when it is over."""
    return 0 if found.answered else (found.due - today).days
