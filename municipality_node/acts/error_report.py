"""通報された誤り: mended by telling again, by a correction, or found to be none (法14条1項)."""

from __future__ import annotations

from google.protobuf.message import DecodeError

from jukinet.law import error_report as law
from jukinet.model.finding import FindingKind
from jukinet.model.identification import Receipt
from jukinet.model.reason import Reason
from jukinet.model.stream import Stream
from jukinet.refusal import Refusal
from jukinet.store import journal
from jukinet.v1 import error_report_pb2, identification_pb2, relay_pb2
from jukinet.wire import convert
from jukinet.wire.convert_error_report import finding_of
from municipality_node import store
from municipality_node.acts import resend
from municipality_node.desk import Desk, ask
from municipality_node.errors import store as error_store
from municipality_node.errors.store import Outcome, Report
from municipality_node.store import Resident, State

IDENTIFICATION = int(relay_pb2.STREAM_KIND_IDENTIFICATION)


def receive_error_report(desk: Desk, raw: bytes) -> int:
    """法12条の5の通報. Where stored records alone differ, what the register says is told again at once."""
    finding = finding_of(raw)
    if finding is None:
        raise Refusal(Reason.RECORD_MALFORMED)
    if finding.area_code not in desk.own_areas():
        raise Refusal(Reason.AREA_NOT_YOURS)
    message = error_report_pb2.ErrorReport.FromString(raw)
    found = convert.day(message.found_date, "found_date").isoformat()
    number = error_store.receive(desk.db, message.report_number, finding, found, desk.today)
    report = error_store.find(desk.db, number)
    if report is None:
        return 0
    for other in error_store.open_about_notices(desk.db, finding.area_code):
        # Whoever sets a notice aside has taken the batch that was refused before.
        taken = (other.finding.epoch, other.finding.number) <= (finding.epoch, finding.number)
        if other.finding.kind == FindingKind.REFUSED and finding.kind == FindingKind.SET_ASIDE and taken:
            error_store.close(desk.db, other.id, Outcome.RESENT, desk.today)
    resident = resident_of(desk, report)
    if resident is not None and finding.kind == FindingKind.DIFFERS:
        _tell_again(desk, resident, report)
    return resident.id if resident else 0


def list_error_reports(
    desk: Desk, after: int, limit: int, *, with_closed: bool
) -> list[tuple[Report, Resident | None]]:
    """Reports in the order in which they came, each with the record that it is about."""
    found = error_store.page(desk.db, after, limit, with_closed=with_closed)
    return [(report, resident_of(desk, report)) for report in found]


def resend_identification(desk: Desk, resident_id: int, report_id: int) -> Receipt:
    """再通知, because the register is right and what is stored above is not."""
    resident = desk.resident(resident_id)
    report = _open(desk, report_id) if report_id else None
    ask(law.resend_identification(report.finding.kind if report else None))
    _tell_again(desk, resident, report)
    return Receipt((resident.id,), resident.household_id, desk.notices)


def close_error_report(desk: Desk, report_id: int) -> Receipt:
    """Looked into: nothing is to be mended here."""
    report = _open(desk, report_id)
    error_store.close(desk.db, report.id, Outcome.NOTHING_TO_MEND, desk.today)
    resident = resident_of(desk, report)
    return Receipt((resident.id,) if resident else (), 0, desk.notices)


def resident_of(desk: Desk, report: Report) -> Resident | None:
    """The record that a report is about: by its code, or by what the notice said that it names."""
    finding = report.finding
    code = f"{finding.code:011d}" if finding.code else _code_said(desk, report)
    found = [one for one in store.by_code(desk.db, code) if one.person.area_code == finding.area_code] if code else []
    return next((one for one in found if one.state != State.REMOVED), found[0] if found else None)


def _tell_again(desk: Desk, resident: Resident, report: Report | None) -> None:
    repairs = 0
    if report is not None and report.finding.number:
        standing = journal.standing(desk.db, Stream(resident.person.area_code, IDENTIFICATION))
        same = standing is not None and standing.epoch == report.finding.epoch
        repairs = report.finding.number if same else 0
    resend.resend_identification(desk, resident, repairs_number=repairs)
    if report is not None:
        error_store.close(desk.db, report.id, Outcome.RESENT, desk.today)


def _open(desk: Desk, report_id: int) -> Report:
    report = error_store.find(desk.db, report_id)
    if report is None:
        raise Refusal(Reason.ERROR_REPORT_NOT_FOUND)
    ask(law.close_error_report(bool(report.closed)))
    return report


def _code_said(desk: Desk, report: Report) -> str:
    """Which code the own notice bore; empty if it cannot be read any more."""
    finding = report.finding
    envelope = journal.batch_from(desk.db, Stream(finding.area_code, IDENTIFICATION), finding.epoch, finding.number)
    if envelope is None:
        return ""
    try:
        records = relay_pb2.BatchPayload.FromString(envelope.batch.payload).records
        record = records[finding.number - envelope.header.first_number]
        code = identification_pb2.IdentificationRecord.FromString(record).identification.resident_code
    except (DecodeError, IndexError):
        return ""
    return code if code.isascii() and code.isdecimal() else ""
