"""The people of a scenario: entered at their municipality before it begins, and looked up there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from jukinet.drill.filling import fill
from jukinet.drill.trace import TRAINER
from jukinet.pki.identity import Identity
from jukinet.stack.population import await_codes
from jukinet.stack.reach import Reach
from jukinet.v1 import counter_pb2, counter_pb2_grpc, drill_pb2, drill_pb2_grpc

PAGE = 1_000
SPARE_CODES = 20


def gather(reach: Reach, member: Mapping[str, Any], enter_on: date | None) -> list[counter_pb2.ResidentRecord]:
    """A household of the cast as its municipality has it, in the order of its persons; entered first on a day."""
    spec = reach.topology.find(member["at"])
    if enter_on is not None:
        _enter(reach, spec.path, member, enter_on)
    wanted = [str(person["name"]) for person in member["persons"]]
    found = [one for one in residents(reach, spec.path) if one.identification.address == member["address"]]
    by_name = {one.identification.name: one for one in found}
    return [by_name[name] for name in wanted if name in by_name]


def _enter(reach: Reach, path: str, member: Mapping[str, Any], day: date) -> None:
    persons: Sequence[Mapping[str, Any]] = member["persons"]
    name = f"cast-{member['name']}"
    console = reach.console(path)
    status = console.call(drill_pb2_grpc.DrillServiceStub, "GetStatus", drill_pb2.GetStatusRequest())
    if status.code_pool < len(persons):
        await_codes(console, f"{name}-codes", status.live_records + len(persons) + SPARE_CODES)
    since = member.get("since", day.isoformat())
    household = drill_pb2.NewHousehold()
    area = member.get("area_code") or Identity.parse(path).area_code
    fill(household, {"area_code": area, "address": member["address"], "resident_since": since})
    for person in persons:
        given = {
            "residency": "JAPANESE", "registered_domicile": member["address"], "registered_head": persons[0]["name"],
            **person,
        }  # fmt: skip
        fill(household.persons.add(), given)
    request = drill_pb2.LoadHouseholdsRequest(request_id=name, households=[household])
    console.call(drill_pb2_grpc.DrillServiceStub, "LoadHouseholds", request)


def residents(reach: Reach, path: str, household_id: int = 0) -> list[counter_pb2.ResidentRecord]:
    """Records of a municipality, all or one household's, as the trainer's clerk reads them there."""
    client, found, token = reach.clerk(path, TRAINER), list[counter_pb2.ResidentRecord](), ""
    while True:
        operation = counter_pb2.Operation(verification_id=TRAINER, operator_id=TRAINER, reason="演習の進行")
        request = counter_pb2.ListResidentsRequest(
            operation=operation, page_size=PAGE, page_token=token, household_id=household_id
        )
        answer = client.call(counter_pb2_grpc.CounterServiceStub, "ListResidents", request)
        found += answer.residents
        token = answer.next_page_token
        if not token:
            return found
