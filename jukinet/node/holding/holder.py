"""Who holds records of people: the register of an upper tier here, the 住民基本台帳 at the municipality."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from google.type.date_pb2 import Date

from jukinet.model.dates import PartialDate
from jukinet.model.holding import ITEMS, PersonKind, Standing
from jukinet.model.identification import ChangeKind, ChangeReason, Residency, Sex
from jukinet.model.reason import Reason
from jukinet.node.provision.finding import change_of
from jukinet.refusal import Refusal
from jukinet.store import holding as store
from jukinet.store import register
from jukinet.v1 import holding_pb2 as pb
from jukinet.v1 import identification_pb2 as ipb
from jukinet.v1 import intermunicipal_pb2
from jukinet.wire import convert

if TYPE_CHECKING:
    from jukinet.node.node import Node


@dataclass(frozen=True, slots=True)
class Held:
    """All that stands in a register of one person; where in the journal it rests is not said yet."""

    codes: Sequence[int]
    """Codes that are the person's, as far as the register knows."""
    changes: Sequence[pb.CodeChange] = ()
    records: Sequence[pb.HoldingRecord] = ()


class PersonHolder(Protocol):
    """A register, asked about one person."""

    def held(self, code: int) -> Held:
        """What is held under a code and those that it became or came from."""

    def code_of(self, resident_id: int) -> int | None:
        """The code of a 住民票 of this number; None if there is none."""

    def find(self, kind: PersonKind, after: int, limit: int) -> tuple[list[pb.FoundPerson], int]:
        """People of whom this is true, behind a number; and behind which to go on, 0 if that was all."""


class RegisterPersons:
    """都道府県知事・機構保存本人確認情報."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def held(self, code: int) -> Held:
        """Rows of every municipality that ever told of the person."""
        confirmed: dict[tuple[int, str], bytes] = {}
        with self._node.register.read() as db:
            codes = register.codes_of_person(db, code)
            rows, links = store.rows(db, codes), store.chain(db, codes)
            if self._node.identity.kind == "prefecture":  # 令13条第3項 ends with the governor
                confirmed = store.move_outs(db, codes)
        return Held(
            codes,
            [code_change(link.old, link.new, link.area_code, link.reason) for link in links],
            [_record(row, confirmed.get((row.code, row.area_code))) for row in rows],
        )

    def code_of(self, resident_id: int) -> int | None:
        """Above, nobody has a number but the code."""
        raise Refusal(Reason.NOT_HERE)

    def find(self, kind: PersonKind, after: int, limit: int) -> tuple[list[pb.FoundPerson], int]:
        """Who lives how is a municipality's to know."""
        raise Refusal(Reason.NOT_HERE)


def _record(row: store.Row, confirmation: bytes | None) -> pb.HoldingRecord:
    person, change = ipb.Identification.FromString(row.body), change_of(row.kind, row.reason, row.change_date)
    removed = not row.live and row.kind == ChangeKind.DELETION
    values = identification_values(person)
    if removed:
        values |= {"removal_reason": ChangeReason(row.reason).japanese, "removal_date": date_text(change.change_date)}
    if confirmation:
        told = intermunicipal_pb2.MoveOutConfirmation.FromString(confirmation)
        values["confirmed_move_out_date"] = date_text(told.move_out_date)
        values["confirmed_destination"] = told.new_address
    standing = Standing.LIVE if row.live else Standing.REMOVED if removed else Standing.SUPERSEDED
    return pb.HoldingRecord(
        area_code=row.area_code, standing=convert.enum(standing), fields=fields(values), last_change=change,
        person_sequence=row.person_sequence, position=row.position,
    )  # fmt: skip


def code_change(old: int, new: int, area_code: str, reason: int) -> pb.CodeChange:
    """A link of the chain for the wire."""
    return pb.CodeChange(
        former_resident_code=f"{old:011d}", resident_code=f"{new:011d}", area_code=area_code,
        reason=ipb.ChangeReason.ValueType(reason),
    )  # fmt: skip


def identification_values(person: ipb.Identification) -> dict[str, str]:
    """本人確認情報 by key, as words."""
    words = {key: str(getattr(person, key)) for key in ("resident_code", "individual_number", "name", "name_kana")}
    words |= {key: str(getattr(person, key)) for key in ("former_surname", "former_surname_kana", "alias")}
    return words | {
        "birth_date": date_text(person.birth_date),
        "sex": {Sex.MALE: "男", Sex.FEMALE: "女"}.get(Sex(person.sex), ""),
        "address": person.address,
        "residency": {Residency.JAPANESE: "日本人住民", Residency.FOREIGN: "外国人住民"}.get(
            Residency(person.residency), ""
        ),
        "area_code": person.area_code,
    }


def date_text(day: Date) -> str:
    """A date as YYYY-MM-DD, shorter where parts are 不詳."""
    return str(PartialDate(day.year, day.month, day.day))


def fields(values: Mapping[str, str]) -> list[pb.HeldField]:
    """What is written, in the order in which it is shown; what is empty is left out."""
    return [
        pb.HeldField(
            key=item.key, japanese=item.japanese, value=values[item.key], reach=convert.enum(item.reach),
            article=item.article,
        )
        for item in ITEMS.values()
        if values.get(item.key)
    ]  # fmt: skip
