"""転入届の特例: 転出届 with the card, what the other municipality is told, and the 転入届 without paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jukinet.law import special_move as law
from jukinet.law.basis import find
from jukinet.model import areas, successions
from jukinet.model.codes import resident_code_is_valid
from jukinet.model.destination import area_of
from jukinet.model.identification import Certificate, Receipt
from jukinet.model.reason import Reason
from jukinet.model.stream import Keys, Stream
from jukinet.node.act import accepted, require_complete, shows_number
from jukinet.node.node import Node
from jukinet.pki.identity import Identity
from jukinet.pki.signing import sha256
from jukinet.refusal import Refusal
from jukinet.store import audit
from jukinet.v1 import intermunicipal_pb2, relay_pb2
from jukinet.v1 import special_move_pb2 as pb
from jukinet.wire import convert, gate
from jukinet.wire.call import Call
from municipality_node import store
from municipality_node.acts.certificate import certificate_today, still_leaving
from municipality_node.acts.move_in import report_move_in
from municipality_node.desk import Desk, ask
from municipality_node.special_move import store as special_store
from municipality_node.special_move.store import PreNotice
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
    move_out_id = special_store.insert_move_out(
        desk.db, certificate, head_id=head_id, with_card=with_card, online=online,
        leaving=[resident.id for resident in leaving],
        household=[(person.id, person.relationship) for person in store.members(desk.db, leaving[0].household_id)],
        accepted_on=desk.today,
    )  # fmt: skip
    if with_card and find("notify_move_out_beforehand", desk.today):
        _notify_beforehand(desk, certificate, move_out_id)


def _notify_beforehand(desk: Desk, certificate: Certificate, move_out_id: int) -> None:
    """転出届時の事前通知. A destination that names no municipality is told nothing: it asks, when they come."""
    to = area_of(certificate.destination, desk.today)
    if to is None or to.code == certificate.former_area_code:
        return
    _tell(desk, certificate, move_out_id, to.code, certificate.members[0].identification.resident_code)


def _tell(desk: Desk, certificate: Certificate, move_out_id: int, to: str, code: str) -> None:
    said = convert.certificate_message(certificate)
    message = intermunicipal_pb2.MoveOutPreNotice(certificate=said, move_out_id=move_out_id)
    desk.tell(Stream(certificate.former_area_code, PRE_NOTICE, to), message.SerializeToString(), Keys(int(code)))
    if gate.speaks_for(desk.node, to):
        # Ward to ward: the signed notice needs no line, and is heard at once.
        receive_move_out_pre_notice(desk, certificate.former_area_code, to, message)
    special_store.note_told(desk.db, move_out_id, to, _digest(certificate))


def _digest(certificate: Certificate) -> bytes:
    return sha256(convert.certificate_message(certificate).SerializeToString(deterministic=True))


def tell_move_outs_again(desk: Desk) -> None:
    """Tell whoever was told beforehand what has changed since of those who still leave; of nobody left: that too.

    Run at the end of every transaction in which records may change; the file notes which 転出届 it concerns.
    """
    for left in special_store.changed_move_outs(desk.db):
        certificate, _ = certificate_today(desk, left)
        to = successions.present(left.told_to, certificate.destination, desk.today)
        over = law.erase_move_out_pre_notice(certificate.planned_date) <= desk.today
        if over or not gate.speaks_for(desk.node, certificate.former_area_code):
            special_store.note_told(desk.db, left.id, "", b"")
        elif _digest(certificate) == left.told_digest:
            special_store.note_told(desk.db, left.id, to, left.told_digest)
        else:
            _tell(desk, certificate, left.id, to, left.certificate.members[0].identification.resident_code)


def send_move_out_certificate(
    desk: Desk, asker: Identity, resident_code: str, former_area_code: str, area_code: str
) -> tuple[Certificate, list[int]]:
    """転出証明書情報 to whoever received the 最初の転入届 (令24条の3), with our records of those it names.

    It says what the 転出届 said, of each person what is recorded today: a number may have come since.
    """
    records = _records(desk, resident_code, former_area_code)
    found = ((special_store.move_out_of(desk.db, record.id), still_leaving(desk, record.id)) for record in records)
    left, leaving = next(((left, leaving) for left, leaving in found if left), (None, None))
    elsewhere = left is not None and leaving is None
    neighbour = area_code != former_area_code and gate.speaks_for(asker, area_code)
    ask(law.send_move_out_certificate(left is not None and left.with_card, elsewhere, neighbour))
    assert left is not None
    return certificate_today(desk, left)


def _records(desk: Desk, resident_code: str, area_code: str) -> list[Resident]:
    """What is kept of the code in that area, or in what it has become, or was before; the latest first."""
    if not resident_code_is_valid(resident_code):
        return []
    found = store.by_code(desk.db, resident_code)
    return [record for record in found if successions.are_kin(record.person.area_code, area_code, desk.today)]


# The municipality that is moved to


def receive_move_out_pre_notice(
    desk: Desk, former_area_code: str, area_code: str, message: intermunicipal_pb2.MoveOutPreNotice
) -> None:
    """Keep what a 転出届 elsewhere says until the people come, or the period is over (法24条の2第4項).

    A later notice of the same 転出届 replaces what an earlier one said, and one that names nobody takes it back.
    """
    certificate = convert.certificate(message.certificate)
    codes = [member.identification.resident_code for member in certificate.members]
    move_out_id = message.move_out_id
    if not (codes or move_out_id) or not all(map(resident_code_is_valid, codes)):
        raise Refusal(Reason.CHECK_DIGIT_WRONG)
    if move_out_id > store.MOST_ID:
        raise Refusal(Reason.RECORD_MALFORMED)
    if certificate.former_area_code != former_area_code:
        raise Refusal(Reason.AREA_NOT_YOURS)
    if move_out_id:
        same = (former_area_code, *successions.formers(former_area_code, desk.today))
        special_store.drop_notices_of_move_out(desk.db, move_out_id, same)
    if codes:
        special_store.insert_pre_notice(
            desk.db, area_code, former_area_code, codes, law.erase_move_out_pre_notice(certificate.planned_date),
            move_out_id, message.SerializeToString(deterministic=True),
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
    area = area_of_arrival(desk, arrival)
    here = [area, desk.node.area_code, *successions.formers(area, desk.today)]
    held = _held(desk, arrival.resident_code, arrival.former_area_code)
    at_hand = next((notice for notice in held if notice.area_code in here), None)
    if at_hand is not None:
        return at_hand.certificate
    if gate.speaks_for(desk.node, arrival.former_area_code):
        return send_move_out_certificate(desk, desk.node, arrival.resident_code, arrival.former_area_code, here[0])[0]
    return None


def _held(desk: Desk, resident_code: str, former_area_code: str) -> list[PreNotice]:
    """Notices about this code from there, by whichever of its names, the last first."""
    held = special_store.pre_notices_of(desk.db, resident_code)
    return [n for n in held if successions.are_kin(n.certificate.former_area_code, former_area_code, desk.today)]


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
        record.resident_since > certificate.issue_date
        and not successions.are_kin(record.person.area_code, arrival.former_area_code, desk.today)
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
    codes = {arrival.resident_code, *(member.identification.resident_code for member in certificate.members)}
    for notice in [notice for code in codes for notice in _held(desk, code, arrival.former_area_code)]:
        special_store.drop_pre_notice(desk.db, notice.id)
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
