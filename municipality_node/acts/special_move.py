"""転入届の特例: 転出届 with the card, what the other municipality is told, and the 転入届 without paper."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from jukinet.law import special_move as law
from jukinet.law.basis import find
from jukinet.model import areas
from jukinet.model.codes import resident_code_is_valid
from jukinet.model.destination import area_of
from jukinet.model.identification import Certificate, CertificateMember, ChangeReason, Receipt, Residency
from jukinet.model.reason import Reason
from jukinet.model.stream import Keys, Stream
from jukinet.node.act import accepted, require_complete, shows_number
from jukinet.node.node import Node
from jukinet.pki.identity import Identity
from jukinet.refusal import Refusal
from jukinet.store import audit
from jukinet.v1 import intermunicipal_pb2, relay_pb2
from jukinet.v1 import special_move_pb2 as pb
from jukinet.wire import convert, gate
from jukinet.wire.call import Call
from municipality_node import store
from municipality_node.acts.move_in import report_move_in
from municipality_node.desk import Desk, ask
from municipality_node.foreign import store as foreign_store
from municipality_node.special_move import store as special_store
from municipality_node.store import Resident

PRE_NOTICE = int(relay_pb2.STREAM_KIND_MOVE_OUT_PRE_NOTICE)
MOST = 1_000


@dataclass(frozen=True, slots=True)
class Arrival:
    """A 転入届 with the card. Code and former area are what the card says."""

    resident_code: str
    former_area_code: str
    card_presented: bool
    address: str
    move_in_date: date
    area_code: str
    household_id: int


# The municipality that is left


def check_online(desk: Desk, planned_date: date, with_card: bool) -> None:
    """Refuse an online 転出届 that the practice of the day does not take."""
    rule = find("report_move_out_online", desk.today)
    assert rule is not None
    ask(rule.function(planned_date, with_card, desk.today))


def record_move_out(
    desk: Desk, leaving: list[Resident], certificate: Certificate, *, with_card: bool, online: bool
) -> None:
    """Keep the 転出届; made with the card, it is told beforehand where the law has that (法24条の2第3項)."""
    household = store.household(desk.db, leaving[0].household_id)
    head_id = household.head_id if household else 0
    if with_card:
        ask(law.move_out_with_card(head_id in {resident.id for resident in leaving}, len(leaving)))
    for resident in leaving:
        special_store.take_back(desk.db, resident.id)  # who reports again leaves by the last report alone
    special_store.insert_move_out(
        desk.db, certificate, head_id=head_id, with_card=with_card, online=online,
        leaving=[resident.id for resident in leaving],
        household=[(person.id, person.relationship) for person in store.members(desk.db, leaving[0].household_id)],
        accepted_on=desk.today,
    )  # fmt: skip
    if with_card and find("notify_move_out_beforehand", desk.today):
        _notify_beforehand(desk, certificate)


def _notify_beforehand(desk: Desk, certificate: Certificate) -> None:
    """転出届時の事前通知. A destination that names no municipality is told nothing: it asks, when they come."""
    to = area_of(certificate.destination, desk.today)
    if to is None or to.code == certificate.former_area_code:
        return
    message = intermunicipal_pb2.MoveOutPreNotice(certificate=convert.certificate_message(certificate))
    code = int(certificate.members[0].identification.resident_code)
    stream = Stream(certificate.former_area_code, PRE_NOTICE, to.code)
    desk._tell(stream, message.SerializeToString(), Keys(code))
    if gate.speaks_for(desk.node, to.code):
        # Ward to ward: the signed notice needs no line, and is heard at once.
        receive_move_out_pre_notice(desk, certificate.former_area_code, to.code, message)


def send_move_out_certificate(
    desk: Desk, asker: Identity, resident_code: str, former_area_code: str, area_code: str
) -> tuple[Certificate, list[int]]:
    """転出証明書情報 to whoever received the 最初の転入届 (令24条の3), with our records of those it names.

    It says what the 転出届 said, of each person what is recorded today: a number may have come since.
    """
    resident = _last_record(desk, resident_code, former_area_code)
    left = special_store.move_out_of(desk.db, resident.id) if resident and _leaves(resident) else None
    with_card = left is not None and left.with_card
    elsewhere = resident is not None and resident.confirmed_move_out_date is not None
    neighbour = area_code != former_area_code and gate.speaks_for(asker, area_code)
    ask(law.send_move_out_certificate(with_card, elsewhere, neighbour))
    assert left is not None
    people = [(desk.resident(person), place) for person, place in special_store.people_leaving(desk.db, left.id)]
    told = [(person, place) for person, place in people if _leaves(person) and person.confirmed_move_out_date is None]
    members = tuple(_recorded_today(desk, person, left.certificate.members[place]) for person, place in told)
    assert resident is not None
    # The area may have become another since (行政区画の変更); the 転入通知 goes to the one that has the record.
    now = resident.person
    certificate = replace(left.certificate, members=members, former_area_code=now.area_code, former_address=now.address)
    return certificate, [person.id for person, _ in told]


def _recorded_today(desk: Desk, resident: Resident, member: CertificateMember) -> CertificateMember:
    """What the 転出届 said of a person, with 本人確認情報, 戸籍の表示 and 法30条の45 items as they are today."""
    kept = foreign_store.items_of(desk.db, resident.id)
    return replace(
        member,
        identification=resident.person,
        registered_domicile=resident.registered_domicile,
        registered_head=resident.registered_head,
        foreign_items=kept.items if kept and resident.person.residency == Residency.FOREIGN else None,
    )


def _last_record(desk: Desk, resident_code: str, area_code: str) -> Resident | None:
    if not resident_code_is_valid(resident_code):
        return None
    found = store.by_code(desk.db, resident_code)
    return next((record for record in found if record.person.area_code == area_code), None)


def _leaves(resident: Resident) -> bool:
    return resident.removal_reason == ChangeReason.MOVE_OUT


# The municipality that is moved to


def receive_move_out_pre_notice(
    desk: Desk, former_area_code: str, area_code: str, message: intermunicipal_pb2.MoveOutPreNotice
) -> None:
    """Keep what a 転出届 elsewhere says until the people come, or the period is over (法24条の2第4項)."""
    certificate = convert.certificate(message.certificate)
    codes = [member.identification.resident_code for member in certificate.members]
    if not codes or not all(map(resident_code_is_valid, codes)):
        raise Refusal(Reason.CHECK_DIGIT_WRONG)
    if certificate.former_area_code != former_area_code:
        raise Refusal(Reason.AREA_NOT_YOURS)
    special_store.insert_pre_notice(
        desk.db, area_code, former_area_code, codes, law.erase_move_out_pre_notice(certificate.planned_date),
        message.SerializeToString(deterministic=True),
    )  # fmt: skip


def erase_move_out_pre_notice(desk: Desk) -> list[int]:
    """The period is over, and nobody came (令24条の4). Nobody's records: they are not residents here."""
    special_store.drop_pre_notices(desk.db, desk.today)
    return []


def certificate_at_hand(desk: Desk, arrival: Arrival) -> Certificate | None:
    """What was told beforehand, or the own city knows of its other ward; None if the other municipality must be asked.

    What can be refused without asking is refused.
    """
    if not resident_code_is_valid(arrival.resident_code):
        raise Refusal(Reason.CHECK_DIGIT_WRONG, field="resident_code")
    former = areas.find(arrival.former_area_code)
    if former is None or former.kind == "prefecture" or former.is_designated_city:
        raise Refusal(Reason.AREA_UNKNOWN, field="former_area_code")
    ask(law.report_special_move_in(arrival.move_in_date, None, desk.today, card_presented=arrival.card_presented))
    here = [area_of_arrival(desk, arrival), desk.node.area_code]
    held = special_store.pre_notice_of(desk.db, arrival.resident_code, arrival.former_area_code, here)
    if held is not None:
        return held.certificate
    if gate.speaks_for(desk.node, arrival.former_area_code):
        return send_move_out_certificate(desk, desk.node, arrival.resident_code, arrival.former_area_code, here[0])[0]
    return None


def area_of_arrival(desk: Desk, arrival: Arrival) -> str:
    """Where the people come to live."""
    return desk.household(arrival.household_id).area_code if arrival.household_id else desk.area(arrival.area_code)


def report_special_move_in(desk: Desk, arrival: Arrival, told: Certificate | None) -> Receipt:
    """転入届の特例: what the other municipality told stands for the paper; everything else is as in every 転入届.

    `told` is its answer; None where it was told beforehand, or is the own city's.
    """
    certificate = told or certificate_at_hand(desk, arrival)
    if certificate is None:
        raise Refusal(Reason.NO_MOVE_OUT_INFORMATION)
    since = any(
        record.resident_since > certificate.issue_date and record.person.area_code != arrival.former_area_code
        for record in store.by_code(desk.db, arrival.resident_code)
    )
    ask(
        law.report_special_move_in(
            arrival.move_in_date, certificate.planned_date, desk.today,
            card_presented=arrival.card_presented, recorded_since=since,
        )
    )  # fmt: skip
    receipt = report_move_in(
        desk, certificate, arrival.address, arrival.move_in_date, arrival.area_code, arrival.household_id
    )
    special_store.drop_pre_notices_of(desk.db, arrival.resident_code, arrival.former_area_code)
    return receipt


def list_move_out_pre_notices(
    node: Node, call: Call, request: pb.ListMoveOutPreNoticesRequest
) -> pb.ListMoveOutPreNoticesResponse:
    """A page of what other municipalities told beforehand, in order of arrival; the look stands in the audit."""
    token = request.page_token
    if token and not (token.isascii() and token.isdecimal() and len(token) < 19):
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, call.article, field="page_token")
    who = convert.operation(request.operation)
    require_complete(who, call.article)
    size = min(request.page_size if request.page_size > 0 else MOST, MOST)
    node.read_own_writes()
    with node.journal.read() as db:
        found = special_store.pre_notices(db, int(token or "0"), size)
    answer = pb.ListMoveOutPreNoticesResponse(
        notices=[
            pb.HeldPreNotice(
                area_code=notice.area_code, notice=notice.message, erase_date=convert.day_message(notice.erase_date)
            )
            for notice in found
        ],
        next_page_token=str(found[-1].id) if len(found) == size else "",
    )
    shown = shows_number(call, answer)
    node.journal.write(lambda db: audit.append(db, node.clock, accepted(call, who, (), shown)))
    return answer
