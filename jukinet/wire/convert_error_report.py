"""誤りの通報 between messages and values."""

from __future__ import annotations

from datetime import date

from google.protobuf.message import DecodeError
from google.type.date_pb2 import Date

from jukinet.model.codes import resident_code_is_valid
from jukinet.model.finding import Finding, FindingKind
from jukinet.store.findings import Found
from jukinet.v1 import error_report_pb2 as pb
from jukinet.wire import convert


def report_message(found: Found) -> pb.ErrorReport:
    """A finding as it is told."""
    one = found.finding
    return pb.ErrorReport(
        report_number=found.id,
        finding=convert.enum(one.kind),
        area_code=one.area_code,
        resident_code=f"{one.code:011d}" if one.code else "",
        epoch=one.epoch,
        number=one.number,
        reason=one.reason,
        other_area_codes=one.others,
        found_date=day(found.found),
    )


def finding_of(record: bytes) -> Finding | None:
    """What a report tells; None if it cannot be read."""
    try:
        message = pb.ErrorReport.FromString(record)
        kind = FindingKind(message.finding)
    except (DecodeError, ValueError):
        return None
    code = message.resident_code
    if code and not resident_code_is_valid(code):
        return None
    return Finding(
        kind, message.area_code, int(code or 0), message.epoch, message.number, message.reason,
        tuple(message.other_area_codes),
    )  # fmt: skip


def queue_row(found: Found) -> pb.ErrorQueueRow:
    """A finding as the queue shows it."""
    one = found.finding
    state = pb.ERROR_STATE_DONE if found.mended else pb.ERROR_STATE_REPORTED if found.reported else None
    return pb.ErrorQueueRow(
        report_number=found.id,
        finding=convert.enum(one.kind),
        area_code=one.area_code,
        number=one.number,
        reason=one.reason,
        state=state or pb.ERROR_STATE_WAITING,
        found_date=day(found.found),
        report_date=day(found.reported),
        mend_date=day(found.mended),
    )


def day(text: str) -> Date | None:
    """A day from its ISO text; None from none."""
    return convert.day_message(date.fromisoformat(text)) if text else None
