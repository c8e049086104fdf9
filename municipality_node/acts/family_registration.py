"""法9条2項: 戸籍の届書 accepted where the person does not live."""

from __future__ import annotations

from dataclasses import replace

from jukinet.law import family_register as law
from jukinet.model import areas
from jukinet.model.family_register import RegistrationNotice
from jukinet.model.identification import Receipt
from jukinet.model.reason import Reason
from jukinet.model.stream import Keys, Stream
from jukinet.refusal import Refusal
from jukinet.v1 import relay_pb2
from jukinet.wire import convert_family_register as convert
from jukinet.wire import gate
from municipality_node.desk import Desk, ask
from municipality_node.family_register.papers import registration_paper
from municipality_node.family_register.registration import check, receive_family_registration

KIND = int(relay_pb2.STREAM_KIND_FAMILY_REGISTRATION_NOTICE)


def accept_family_registration(desk: Desk, notice: RegistrationNotice, area_code: str) -> tuple[Receipt, str]:
    """届書の受理: the 住所地 is told, by line since 2024-05-27, before that by the paper in the answer."""
    notice = replace(notice, accepting_area_code=desk.area(area_code))
    ask(law.accept_family_registration(notice.event_date, desk.today))
    if notice.accept_date > desk.today:
        raise Refusal(Reason.DATE_IN_FUTURE, field="notice.accept_date")
    _residence(desk, notice.residence_area_code)
    if notice.residence_area_code == notice.accepting_area_code:
        raise Refusal(Reason.RESIDENCE_IS_HERE)
    check(notice)
    paper = tell(desk, notice)
    return Receipt(notices=desk.notices), paper


def tell(desk: Desk, notice: RegistrationNotice) -> str:
    """Tell the 住所地; the paper, if it is one. On this computer it is heard at once, and may be refused at once."""
    here = gate.speaks_for(desk.node, notice.residence_area_code)
    if notice.residence_area_code == notice.accepting_area_code:
        receive_family_registration(desk, notice)
        return ""
    if not law.goes_by_line("notify_family_registration", desk.today):
        return registration_paper(notice, desk.today)
    if here:
        receive_family_registration(desk, notice)
    record = convert.registration_notice_message(notice).SerializeToString(deterministic=True)
    desk.tell(Stream(notice.accepting_area_code, KIND, notice.residence_area_code), record, Keys())
    return ""


def enter_paper_family_registration_notice(desk: Desk, notice: RegistrationNotice) -> Receipt:
    """書面で届いた法9条2項の通知: 職権で記載・消除・修正 (令12条2項1号). Nothing is done twice."""
    if notice.residence_area_code not in desk.own_areas():
        raise Refusal(Reason.AREA_NOT_YOURS, field="notice.residence_area_code")
    _residence(desk, notice.accepting_area_code)
    if notice.accepting_area_code == notice.residence_area_code:
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="notice.accepting_area_code")
    resident_id = receive_family_registration(desk, notice)
    return Receipt((resident_id,), desk.resident(resident_id).household_id, desk.notices)


def _residence(desk: Desk, area_code: str) -> None:
    area = areas.find(area_code)
    if area is None or area.kind == "prefecture" or area.is_designated_city or not area.exists_on(desk.today):
        raise Refusal(Reason.AREA_UNKNOWN)
