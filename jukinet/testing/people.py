"""Fictional households for a test, entered by the rpcs that the drill has for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jukinet.synthetic.people import Household, households
from jukinet.testing.door import SEX, day
from jukinet.v1 import counter_pb2, drill_pb2, drill_pb2_grpc, identification_pb2

if TYPE_CHECKING:
    from jukinet.testing.network import Juki

A_PAGE = 5_000
JAPANESE, FOREIGN = identification_pb2.RESIDENCY_JAPANESE, identification_pb2.RESIDENCY_FOREIGN


def populate(juki: Juki, name: str, residents: int) -> list[counter_pb2.ResidentRecord]:
    """Ask for codes ahead, enter, settle; the new records in order."""
    counter, console = juki[name], juki.console(name)
    node = counter.node
    last = max((record.resident_id for record in counter.residents()), default=0)
    if node.local.tasks().code_pool < residents:
        request = drill_pb2.RequestCodesRequest(request_id=juki.new_id(), count=residents + A_PAGE)
        console.call(drill_pb2_grpc.DrillServiceStub, "RequestCodes", request)
        juki.settle()
    page: list[drill_pb2.NewHousehold] = []
    persons = 0
    for household in households(counter.code, residents, node.config.seed, node.clock.today()):
        if persons + len(household.members) > A_PAGE:
            _load(juki, name, page)
            page, persons = [], 0
        page.append(_message(household))
        persons += len(household.members)
    if page:
        _load(juki, name, page)
    juki.settle()
    return [record for record in counter.residents() if record.resident_id > last]


def _load(juki: Juki, name: str, page: list[drill_pb2.NewHousehold]) -> None:
    request = drill_pb2.LoadHouseholdsRequest(request_id=juki.new_id(), households=page)
    juki.console(name).call(drill_pb2_grpc.DrillServiceStub, "LoadHouseholds", request)


def _message(household: Household) -> drill_pb2.NewHousehold:
    persons = [
        counter_pb2.NewPerson(
            name=member.name,
            name_kana=member.name_kana,
            former_surname=member.former_surname,
            former_surname_kana=member.former_surname_kana,
            alias=member.alias,
            birth_date=day(member.birth_date),
            sex=SEX["男" if member.sex == "male" else "女"],
            relationship=member.relationship,
            residency=identification_pb2.RESIDENCY_JAPANESE
            if member.japanese
            else identification_pb2.RESIDENCY_FOREIGN,
        )
        for member in household.members
    ]
    since = max(member.birth_date for member in household.members)
    return drill_pb2.NewHousehold(
        area_code=household.area_code, address=household.address, persons=persons, resident_since=day(since)
    )
