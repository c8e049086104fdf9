"""What the desks share: what a form brought, the residents of a municipality, and how a refusal at a desk is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from starlette.datastructures import FormData
from starlette.requests import Request

from jukinet.drill.trace import TRAINER
from jukinet.stack.fault import Exit, StackFault
from jukinet.stack.reach import Reach
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import counter_pb2_grpc, drill_pb2
from jukinet.wire import convert
from jukinet.wire.client import Refused

COUNTER = counter_pb2_grpc.CounterServiceStub
PAGE, MOST_LETTERS = 50, 200
CLERK, TERMINAL = "c01", "terminal-1"


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed; StackFault, without the value, where it cannot be what it is meant to be."""

    given: FormData

    @classmethod
    async def of(cls, request: Request) -> Form:
        """The form of a request."""
        return cls(await request.form())

    def text(self, name: str) -> str:
        """A text, trimmed; empty if there is none."""
        return str(self.given.get(name, "")).strip()[:MOST_LETTERS]

    def wanted(self, name: str, ja: str, en: str) -> str:
        """A text that has to be there."""
        if not (found := self.text(name)):
            raise unusable(f"{ja}が空です。", f"{en} is empty.")
        return found

    def day(self, name: str, ja: str, en: str) -> str:
        """A whole day, as YYYY-MM-DD."""
        try:
            return date.fromisoformat(self.text(name)).isoformat()
        except ValueError as error:
            raise unusable(f"{ja}を YYYY-MM-DD で書いてください。", f"Write {en} as YYYY-MM-DD.") from error

    def numbers(self, name: str, ja: str, en: str) -> list[int]:
        """Numbers that were ticked, at least one."""
        texts = [str(one) for one in self.given.getlist(name)]
        if not texts or not all(one.isdecimal() and len(one) < 16 for one in texts):
            raise unusable(f"{ja}を選んでください。", f"Choose {en}.")
        return [int(one) for one in texts]

    @property
    def operation(self) -> dict[str, str]:
        """Who acts: the form carries its request_id, so that sending it twice acts once."""
        return operation("コンソールの窓口", self.text("request_id")[:64] or new_id())


def operation(reason: str, request_id: str, clerk: str = CLERK) -> dict[str, str]:
    """Who acts, and why, in plain values."""
    return {"request_id": request_id, "verification_id": TERMINAL, "operator_id": clerk, "reason": reason}


def new_id() -> str:
    """A request_id for a form."""
    return str(uuid4())


def unusable(japanese: str, english: str) -> StackFault:
    """A form that cannot be used."""
    return StackFault(english, japanese, "記入を直して、もう一度 / correct it and send it again.", Exit.REFUSED)


def municipality(reach: Reach, path: str) -> str:
    """The path of a municipality of this network; its first if none is named, StackFault for another."""
    found = municipalities(reach)
    if not path and found:
        return found[0]
    if path not in found:
        raise unusable(
            "その市区町村は今のネットワークにありません。", "That municipality is not in the present network."
        )
    return path


def municipalities(reach: Reach) -> list[str]:
    """Municipalities of this network that we run."""
    return [path for path in reach.paths if path.startswith("municipality/")]


def today(reach: Reach, path: str) -> date:
    """The virtual day of a node."""
    status: Any = reach.drill(path, "GetStatus", drill_pb2.GetStatusRequest())
    return convert.instant(status.virtual_time).date()


def residents(
    reach: Reach, path: str, token: str = "", household: int = 0, size: int = PAGE
) -> tuple[list[dict[str, Any]], str]:
    """A page of records, without code and number, as the trainer's clerk reads them; and where the next begins."""
    request = pb.ListResidentsRequest(
        operation=pb.Operation(**operation("演習の進行", "", TRAINER)), page_size=size, page_token=token[:64],
        household_id=household, without_numbers=True,
    )  # fmt: skip
    answer = reach.clerk(path, TRAINER).call(COUNTER, "ListResidents", request)
    return [row(one) for one in answer.residents], str(answer.next_page_token)


def resident(reach: Reach, path: str, resident_id: int) -> pb.ResidentRecord:
    """One record, without numbers."""
    request = pb.GetResidentRequest(
        operation=pb.Operation(**operation("演習の進行", "", TRAINER)), resident_id=resident_id, without_numbers=True
    )
    found: pb.ResidentRecord = reach.clerk(path, TRAINER).call(COUNTER, "GetResident", request).resident
    return found


def row(record: pb.ResidentRecord) -> dict[str, Any]:
    """What a table shows of a record: no 住民票コード, no 個人番号."""
    one = record.identification
    return {
        "id": record.resident_id, "household": record.household_id, "name": one.name, "address": one.address,
        "born": day_text(one.birth_date), "sex": sex_text(one.sex), "relationship": record.relationship,
        "state": pb.ResidentState.Name(record.state).removeprefix("RESIDENT_STATE_"),
        "live": record.state != pb.RESIDENT_STATE_REMOVED,
    }  # fmt: skip


def day_text(day: Any) -> str:
    """A date of the contract; what is unknown is left out."""
    return "-".join(f"{part:02d}" for part in (day.year, day.month, day.day) if part)


def sex_text(number: int) -> str:
    """男女の別, in the words of the record."""
    return {1: "男", 2: "女"}.get(number, "")


def refusal(refused: Refused) -> Mapping[str, Any]:
    """A no, in both languages, with its article and what did not hold."""
    answer = refused.answer
    return {
        "ja": answer.japanese or answer.message, "en": answer.message, "reason": answer.reason,
        "article": answer.article, "facts": facts(answer.facts),
    }  # fmt: skip


def facts(given: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """What a refusal says besides, without what is said elsewhere."""
    return [(name, value) for name, value in given if name not in ("article", "definite") and value]
