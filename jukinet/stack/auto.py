"""Neighbours that answer by themselves: residents who moved to a municipality with `auto = true` report there.

In the world it is the resident who carries the 転出証明書 from the counter that was left to the counter of the new
municipality; no server tells the other beforehand. So does this: what `report-move-out` handed out is kept, readable
by its owner alone, as an errand of the resident. On the planned day a clerk of the new municipality, with a
certificate of that municipality, takes the 転入届 with it, and the paper is thrown away. No node learns anything that
it would not learn so in the world. Errands are run by whoever moves the clock or asks for the status; who calls
ReportMoveOut past the stack (an own client) carries the certificate himself.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from hashlib import sha256
from pathlib import Path
from typing import Any

from google.protobuf.message import Message

from jukinet.clock import START
from jukinet.model import areas
from jukinet.model.dates import JST
from jukinet.pki import files
from jukinet.stack.reach import Reach
from jukinet.synthetic.people import households
from jukinet.v1 import (
    counter_pb2,
    counter_pb2_grpc,
    intermunicipal_pb2,
    special_move_pb2,
    special_move_pb2_grpc,
)
from jukinet.wire import convert
from jukinet.wire.client import Refused

CLERK = "auto"


@dataclass(frozen=True, slots=True)
class Errand:
    """A 転入届 that somebody will make. `request_id` is that of the 転出届.

    Who left by card has no paper: then `certificate` names, of one person, no more than a card does.
    """

    request_id: str
    node: str
    area_code: str
    address: str
    day: date
    certificate: bytes
    refused: str = ""
    with_card: bool = False

    @property
    def due(self) -> datetime:
        """When it can be made: 00:00 of the planned day."""
        return datetime.combine(self.day, time(), JST)


class Errands:
    """The errands of one network, a file each."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._folder = reach.root / "errands"

    def take(
        self,
        request_id: str,
        destination: str,
        certificate: intermunicipal_pb2.MoveOutCertificate,
        *,
        with_card: bool = False,
    ) -> Errand | None:
        """Keep a certificate, or what a card says, if its destination answers by itself; None if it does not."""
        day = convert.day(certificate.planned_date, "planned_date")
        found = _place(self._reach, destination, day)
        if found is None:
            return None
        node, area_code, is_full = found
        address = destination if is_full else _invent(area_code, self._reach.topology.seed, request_id, day)
        home = areas.find(area_code)
        if home is not None and home.kind != "ward":
            area_code = _ward_of(area_code, address, day)
        errand = Errand(request_id, node, area_code, address, day, certificate.SerializeToString(), with_card=with_card)
        self._keep(errand)
        return errand

    def withdraw(self, resident_codes: Collection[str]) -> None:
        """Take these people off the papers: their 転出 was cancelled. A paper that names nobody any more goes."""
        for errand in self.all():
            paper = intermunicipal_pb2.MoveOutCertificate.FromString(errand.certificate)
            left = [member for member in paper.members if member.identification.resident_code not in resident_codes]
            if len(left) == len(paper.members):
                continue
            del paper.members[:]
            paper.members.extend(left)
            if left:
                self._keep(replace(errand, certificate=paper.SerializeToString()))
            else:
                self._file(errand).unlink(missing_ok=True)

    def all(self) -> list[Errand]:
        """Those that wait, or were refused, by day."""
        if not self._folder.exists():
            return []
        found = []
        for file in self._folder.glob("*.json"):
            kept = json.loads(file.read_text(encoding="utf-8"))
            kept |= {"day": date.fromisoformat(kept["day"]), "certificate": base64.b64decode(kept["certificate"])}
            found.append(Errand(**kept))
        return sorted(found, key=lambda errand: (errand.day, errand.request_id))

    def next_due(self) -> datetime | None:
        """When the next of them can be made."""
        return min((errand.due for errand in self.all() if not errand.refused), default=None)

    def run(self, now: datetime) -> int:
        """Make every 転入届 whose day has come; how many were taken. One refused for good is kept with its reason."""
        done = 0
        for errand in self.all():
            if errand.refused or errand.due > now:
                continue
            try:
                self._reach.clerk(errand.node, CLERK).call(*_call(errand))
            except Refused as refusal:
                if refusal.answer.definite:
                    self._keep(replace(errand, refused=refusal.reason))
                continue
            self._file(errand).unlink(missing_ok=True)
            done += 1
        return done

    def _file(self, errand: Errand) -> Path:
        # A clerk may choose any request_id, a file's name not.
        return self._folder / f"{sha256(errand.request_id.encode()).hexdigest()[:32]}.json"

    def _keep(self, errand: Errand) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fields = _fields(errand)
        fields |= {"day": errand.day.isoformat(), "certificate": base64.b64encode(errand.certificate).decode()}
        files.replace(self._file(errand), json.dumps(fields, ensure_ascii=False).encode(), mode=0o600)


def _fields(errand: Errand) -> dict[str, object]:
    return {name: getattr(errand, name) for name in Errand.__slots__}


def _call(errand: Errand) -> tuple[Callable[..., Any], str, Message]:
    """Stub, rpc and request of the 転入届."""
    operation = counter_pb2.Operation(
        request_id=f"auto-{errand.request_id}",
        verification_id="auto",
        operator_id=CLERK,
        reason="転入届（自動応答）",
    )
    paper = intermunicipal_pb2.MoveOutCertificate.FromString(errand.certificate)
    day = convert.day_message(errand.day)
    if errand.with_card:
        special = special_move_pb2.ReportSpecialMoveInRequest(
            operation=operation,
            resident_code=paper.members[0].identification.resident_code,
            former_area_code=paper.former_area_code,
            card_presented=True,
            address=errand.address,
            move_in_date=day,
            area_code=errand.area_code,
        )
        return special_move_pb2_grpc.SpecialMoveServiceStub, "ReportSpecialMoveIn", special
    usual = counter_pb2.ReportMoveInRequest(
        operation=operation, certificate=paper, address=errand.address, move_in_date=day, area_code=errand.area_code
    )
    return counter_pb2_grpc.CounterServiceStub, "ReportMoveIn", usual


def _place(reach: Reach, destination: str, on: date) -> tuple[str, str, bool] | None:
    """Node, area and whether a whole address is given, where the destination lies in an auto municipality of ours."""
    text = destination.strip()
    for node in reach.topology.own:
        if not node.auto:
            continue
        code = node.identity.area_code
        known = [area for area in (*areas.wards_of(code, on), areas.find(code)) if area is not None]
        for area in known:
            if text in (area.code, area.name, area.city + area.name, area.full_name):
                return node.path, area.code, False
            if text.startswith(area.full_name):
                return node.path, area.code, True
    return None


def _invent(area_code: str, seed: int, request_id: str, on: date) -> str:
    """An address in that area, the same for the same errand; the people who live there in the generator stay there."""
    number = int.from_bytes(request_id.encode()[-6:], "big")
    # Drawn as of the generator's own day, unless areas have changed since.
    changed = areas.wards_of(area_code, on) != areas.wards_of(area_code, START.date()) or not _lasted(area_code)
    return next(households(area_code, 30, seed ^ number, on if changed else START.date())).address


def _lasted(area_code: str) -> bool:
    area = areas.find(area_code)
    return area is not None and area.exists_on(START.date())


def _ward_of(city_code: str, address: str, on: date) -> str:
    """The ward that an address of a designated city names; the code itself elsewhere."""
    named = [ward.code for ward in areas.wards_of(city_code, on) if address.startswith(ward.full_name)]
    return named[0] if named else city_code
