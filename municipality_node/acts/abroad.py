"""国外転出, 国外からの転入, and 転入 of whoever has no 転出証明書."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from jukinet.law import abroad
from jukinet.model import areas
from jukinet.model.identification import Arrival, ChangeReason, Hit, MoveInNotice, Place, Receipt
from jukinet.model.reason import Reason
from jukinet.node.act import MOST_WORDS
from jukinet.refusal import Refusal
from municipality_node import store
from municipality_node.acts.identity import rest_code
from municipality_node.acts.move_in import tell_move_in
from municipality_node.acts.move_out import leave, those_leaving
from municipality_node.desk import Desk, ask
from municipality_node.store import Resident, State
from municipality_node.trace import store as trace_store

UNREPORTED = "（未届）"
UNKNOWN = "不明"


@dataclass(frozen=True, slots=True)
class Home:
    """Where somebody comes to; household 0 opens a new one."""

    address: str
    area_code: str
    household_id: int


@dataclass(frozen=True, slots=True)
class Entered:
    """A new record, and whose code it carries on, if anybody's."""

    resident_id: int
    hit: Hit | None


def report_move_out_abroad(desk: Desk, resident_ids: list[int], destination: str, planned_date: date) -> Receipt:
    """国外転出の転出届: live until the planned day, as at home; no certificate (令24条第1項)."""
    ask(abroad.report_move_out_abroad(planned_date, desk.today))
    leaving = those_leaving(desk, resident_ids, destination)
    leave(desk, leaving, destination, planned_date, ChangeReason.MOVE_OUT_ABROAD)
    return Receipt(tuple(resident_ids), leaving[0].household_id, desk.notices)


def report_move_in_from_abroad(
    desk: Desk, arrivals: Sequence[Arrival], country: str, home: Home, moved: date
) -> tuple[Receipt, list[tuple[int, str]]]:
    """国外からの転入届. Beside the receipt: whose code was live elsewhere when it was inquired after, and where.

    Two live records of one code can be; they are entered, told of, and left to be looked into.
    """
    ask(abroad.report_move_in_from_abroad(moved, desk.today))
    if not country.strip():
        raise Refusal(Reason.FIELD_MISSING, field="former_country")
    if len(country) > MOST_WORDS:
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="former_country")
    entered, household_id = _arrive(desk, arrivals, home, moved, ChangeReason.MOVE_IN_FROM_ABROAD, lambda _: country)
    warnings = [(one.resident_id, one.hit.person.area_code) for one in entered if one.hit is not None and one.hit.live]
    return Receipt(tuple(one.resident_id for one in entered), household_id, desk.notices), warnings


def report_move_in_without_certificate(
    desk: Desk,
    arrivals: Sequence[Arrival],
    last_registered: Place | None,
    unreported: Sequence[Place],
    home: Home,
    moved: date,
) -> Receipt:
    """証明書によらない転入届: 転入通知 goes to 最終登録地, as the inquiry told it, and to each 未届地.

    Where nobody was recorded the notice is set aside; only who has the record can complete it.
    """
    ask(abroad.report_move_in_without_certificate(moved, desk.today))
    for place, field in [(last_registered, "last_registered"), *((place, "unreported") for place in unreported)]:
        if place is not None:
            _check_place(place, field)

    def last(hit: Hit | None) -> Place | None:
        return Place(hit.person.area_code, hit.person.address) if hit else last_registered

    def former_address(hit: Hit | None) -> str:
        if unreported:
            return unreported[-1].address + UNREPORTED
        place = last(hit)
        return place.address if place else UNKNOWN

    entered, household_id = _arrive(desk, arrivals, home, moved, ChangeReason.MOVE_IN, former_address)
    for one in entered:
        resident, place = desk.resident(one.resident_id), last(one.hit)
        told = dict.fromkeys(p.area_code for p in (*([place] if place else ()), *unreported))
        for area_code in told:
            if area_code != resident.person.area_code:
                tell_former(desk, resident, area_code)
    return Receipt(tuple(one.resident_id for one in entered), household_id, desk.notices)


def tell_former(desk: Desk, resident: Resident, former_area_code: str) -> None:
    """転入通知 (法9条第1項) about a record that is there; a ward of the own city hears it at once."""
    person = resident.person
    notice = MoveInNotice(
        resident_code=person.resident_code,
        name=person.name,
        birth_date=person.birth_date,
        sex=person.sex,
        new_address=person.address,
        move_in_date=resident.resident_since,
        report_date=desk.today,
        former_address=resident.former_address,
        new_area_code=person.area_code,
    )
    tell_move_in(desk, former_area_code, notice)
    trace_store.note_told(desk.db, resident.id, former_area_code, notice)


def check_area(area_code: str, field: str) -> None:
    """Refuse what is no municipality or ward that keeps records."""
    area = areas.find(area_code)
    if area is None or area.kind == "prefecture" or area.is_designated_city:
        raise Refusal(Reason.AREA_UNKNOWN, field=field)


def _check_place(place: Place, field: str) -> None:
    if not place.address.strip():
        raise Refusal(Reason.FIELD_MISSING, field=f"{field}.address")
    if len(place.address) > MOST_WORDS:
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field=f"{field}.address")
    check_area(place.area_code, f"{field}.area_code")


def _arrive(
    desk: Desk,
    arrivals: Sequence[Arrival],
    to: Home,
    moved: date,
    reason: ChangeReason,
    former_address: Callable[[Hit | None], str],
) -> tuple[list[Entered], int]:
    """記載 of all, each with the code of the own hit or one of the pool; the household's number."""
    if not arrivals:
        raise Refusal(Reason.FIELD_MISSING, field="arrivals")
    bases = [rest_code(desk, arrival) for arrival in arrivals]
    if to.household_id:
        household, address = desk.joined(to.household_id, to.address, to.area_code)
        home, area_code = household.id, household.area_code
    else:
        area_code, address = desk.area(to.area_code), to.address
        home = store.insert_household(desk.db, area_code, address)
    drawn = iter(desk.draw_codes(sum(hit is None for hit, _ in bases)))
    entered = []
    for arrival, (hit, trace) in zip(arrivals, bases, strict=True):
        code = hit.person.resident_code if hit else next(drawn)
        for record in store.by_code(desk.db, code):
            if record.person.area_code == area_code and record.state != State.REMOVED:
                raise Refusal(Reason.RESIDENT_LIVE_ALREADY)
        resident_id = desk.enter(
            home, arrival.person, code, address, area_code, reason, moved,
            number=hit.person.individual_number if hit else "", former_address=former_address(hit),
            sequence=store.last_sequence(desk.db, code, area_code),
        )  # fmt: skip
        trace_store.keep(desk.db, resident_id, trace)
        entered.append(Entered(resident_id, hit))
    desk.check_refill()
    return entered, home
