"""SQL of 転出届 as they were reported, and of those that other municipalities told of beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from jukinet.model.identification import Certificate
from jukinet.store.database import Connection
from jukinet.v1 import drill_pb2, intermunicipal_pb2
from jukinet.wire import convert

STAYS = -1
"""Place in the certificate of who stays."""


@dataclass(frozen=True, slots=True)
class MoveOut:
    """A 転出届. `head_id` was the head when it was made; `certificate` is what its paper said then, or would have.

    `told_to` is the area that was told beforehand, and still waits for them; `told_digest` of what was said last.
    """

    id: int
    head_id: int
    with_card: bool
    certificate: Certificate
    told_to: str = ""
    told_digest: bytes = b""


@dataclass(frozen=True, slots=True)
class PreNotice:
    """A 転出届 that another municipality told of."""

    id: int
    area_code: str
    erase_date: date
    message: intermunicipal_pb2.MoveOutPreNotice

    @property
    def certificate(self) -> Certificate:
        """What it says."""
        return convert.certificate(self.message.certificate)


def insert_move_out(
    db: Connection,
    certificate: Certificate,
    *,
    head_id: int,
    with_card: bool,
    online: bool,
    leaving: Sequence[int],
    household: Iterable[tuple[int, str]],
    accepted_on: date,
) -> int:
    """Keep a 転出届, with the 続柄 of everybody in the household at that time. Its number.

    `leaving` names records in the order of the certificate.
    """
    message = convert.certificate_message(certificate).SerializeToString(deterministic=True)
    cursor = db.execute(
        "INSERT INTO move_out (head_id, with_card, online, body, accepted_on) VALUES (?,?,?,?,?)",
        (head_id, int(with_card), int(online), message, accepted_on.isoformat()),
    )
    members = {resident_id: index for index, resident_id in enumerate(leaving)}
    db.executemany(
        "INSERT INTO move_out_person (move_out_id, resident_id, relationship, member, leaving) VALUES (?,?,?,?,?)",
        [
            (cursor.lastrowid, person, relationship, members.get(person, STAYS), int(person in members))
            for person, relationship in household
        ],
    )
    return int(cursor.lastrowid or 0)


def move_out_of(db: Connection, resident_id: int) -> MoveOut | None:
    """The 転出届 by which this record leaves, or left; None if there is none, or it was cancelled."""
    row = db.execute(
        _MOVE_OUT + "JOIN move_out_person p ON p.move_out_id = m.id"
        " WHERE p.resident_id = ? AND p.leaving = 1 ORDER BY m.id DESC LIMIT 1",
        (resident_id,),
    ).fetchone()
    return _move_out(row) if row else None


_MOVE_OUT = "SELECT m.id, m.head_id, m.with_card, m.told_to, m.told_digest, m.body FROM move_out m "


def _move_out(row: tuple[Any, ...]) -> MoveOut:
    certificate = convert.certificate(intermunicipal_pb2.MoveOutCertificate.FromString(row[5]))
    return MoveOut(row[0], row[1], bool(row[2]), certificate, row[3], row[4])


def changed_move_outs(db: Connection) -> list[MoveOut]:
    """転出届 that were told beforehand, of whose people a record was touched since."""
    return [_move_out(row) for row in db.execute(_MOVE_OUT + "WHERE m.changed = 1 ORDER BY m.id").fetchall()]


def note_told(db: Connection, move_out_id: int, told_to: str, digest: bytes) -> None:
    """What was told to whom stands as it is now; to nobody: there is nothing more to tell."""
    db.execute(
        "UPDATE move_out SET told_to = ?, told_digest = ?, changed = 0 WHERE id = ?", (told_to, digest, move_out_id)
    )


def people_leaving(db: Connection, move_out_id: int) -> list[tuple[int, int]]:
    """Records that leave by this 転出届 and were not taken back, each with its place in the certificate."""
    rows = db.execute(
        "SELECT resident_id, member FROM move_out_person WHERE move_out_id = ? AND leaving = 1 ORDER BY member",
        (move_out_id,),
    )
    return [(row[0], row[1]) for row in rows]


def relationships(db: Connection, move_out_id: int) -> dict[int, str]:
    """続柄 of everybody who belonged to the household when the 転出届 was made."""
    rows = db.execute("SELECT resident_id, relationship FROM move_out_person WHERE move_out_id = ?", (move_out_id,))
    return dict(rows.fetchall())


def take_back(db: Connection, resident_id: int) -> None:
    """The record leaves no more by any 転出届."""
    db.execute("UPDATE move_out_person SET leaving = 0 WHERE resident_id = ?", (resident_id,))


def carry_over(db: Connection, old_id: int, new_id: int) -> None:
    """Another record is the person's in 転出届; one to leave by it only if it leaves as well."""
    db.execute(
        "UPDATE move_out_person SET resident_id = ? WHERE resident_id = ?"
        " AND (leaving = 0 OR EXISTS (SELECT 1 FROM resident WHERE id = ? AND state = 2))",
        (new_id, old_id, new_id),
    )


def handed_over(db: Connection, resident_id: int) -> list[drill_pb2.HandedOverMoveOut]:
    """The record's place in each 転出届, for a municipality that takes the record over."""
    rows = db.execute(
        "SELECT m.body, m.with_card, m.online, m.accepted_on, p.relationship, p.member, p.leaving FROM move_out m"
        " JOIN move_out_person p ON p.move_out_id = m.id WHERE p.resident_id = ? ORDER BY m.id",
        (resident_id,),
    )
    return [
        drill_pb2.HandedOverMoveOut(
            certificate=intermunicipal_pb2.MoveOutCertificate.FromString(row[0]), with_card=bool(row[1]),
            online=bool(row[2]), accepted_on=convert.day_message(date.fromisoformat(row[3])), relationship=row[4],
            member=row[5], leaving=bool(row[6]),
        )
        for row in rows
    ]  # fmt: skip


def take_over(db: Connection, resident_id: int, told: drill_pb2.HandedOverMoveOut, accepted_on: date) -> None:
    """Give a record its place in a 転出届 made elsewhere; all who are in the same one share one row."""
    body = told.certificate.SerializeToString(deterministic=True)
    key = (body, int(told.with_card), int(told.online), accepted_on.isoformat())
    row = db.execute(
        "SELECT id FROM move_out WHERE body = ? AND with_card = ? AND online = ? AND accepted_on = ?", key
    ).fetchone()
    if row is None:
        query = "INSERT INTO move_out (head_id, body, with_card, online, accepted_on) VALUES (0,?,?,?,?) RETURNING id"
        row = db.execute(query, key).fetchone()
    db.execute(
        "INSERT INTO move_out_person (move_out_id, resident_id, relationship, member, leaving) VALUES (?,?,?,?,?)"
        " ON CONFLICT DO UPDATE SET leaving = max(leaving, excluded.leaving)",
        (row[0], resident_id, told.relationship, told.member, int(told.leaving)),
    )


def insert_pre_notice(
    db: Connection,
    area_code: str,
    former_area_code: str,
    codes: Sequence[str],
    erase_date: date,
    move_out_id: int,
    body: bytes,
) -> None:
    """Keep a notice until its day."""
    cursor = db.execute(
        "INSERT INTO move_out_pre_notice (area_code, former_area_code, erase_date, move_out_id, body)"
        " VALUES (?,?,?,?,?)",
        (area_code, former_area_code, erase_date.isoformat(), move_out_id, body),
    )
    db.executemany(
        "INSERT INTO move_out_pre_notice_person (notice_id, code) VALUES (?,?) ON CONFLICT DO NOTHING",
        [(cursor.lastrowid, int(code)) for code in codes],
    )


_NOTICE = "SELECT n.id, n.area_code, n.erase_date, n.body FROM move_out_pre_notice n "


def _pre_notice(row: tuple[Any, ...]) -> PreNotice:
    message = intermunicipal_pb2.MoveOutPreNotice.FromString(row[3])
    return PreNotice(row[0], row[1], date.fromisoformat(row[2]), message)


def pre_notices_of(db: Connection, code: str) -> list[PreNotice]:
    """Notices about this code, the last first."""
    rows = db.execute(
        _NOTICE + "JOIN move_out_pre_notice_person p ON p.notice_id = n.id WHERE p.code = ? ORDER BY n.id DESC",
        (int(code),),
    ).fetchall()
    return [_pre_notice(row) for row in rows]


def pre_notices(db: Connection, after: int, limit: int) -> list[PreNotice]:
    """What is held, in order of arrival."""
    rows = db.execute(_NOTICE + "WHERE n.id > ? ORDER BY n.id LIMIT ?", (after, limit))
    return [_pre_notice(row) for row in rows]


def drop_notices_of_move_out(db: Connection, move_out_id: int, former_area_codes: Sequence[str]) -> None:
    """Forget what these areas, which are one and the same by now, told of a 転出届 before."""
    marks = ",".join("?" * len(former_area_codes))
    held = db.execute(
        f"SELECT id FROM move_out_pre_notice WHERE move_out_id = ? AND former_area_code IN ({marks})",
        (move_out_id, *former_area_codes),
    ).fetchall()
    for (notice_id,) in held:
        drop_pre_notice(db, notice_id)


def drop_pre_notices(db: Connection, through: date) -> int:
    """Forget those whose day has come; how many."""
    held = db.execute("SELECT id FROM move_out_pre_notice WHERE erase_date <= ?", (through.isoformat(),)).fetchall()
    for (notice_id,) in held:
        drop_pre_notice(db, notice_id)
    return len(held)


def drop_pre_notice(db: Connection, notice_id: int) -> None:
    """Forget one notice."""
    db.execute("DELETE FROM move_out_pre_notice_person WHERE notice_id = ?", (notice_id,))
    db.execute("DELETE FROM move_out_pre_notice WHERE id = ?", (notice_id,))


def next_erasure(db: Connection) -> date | None:
    """The day at whose beginning the next notice must be erased."""
    row = db.execute("SELECT min(erase_date) FROM move_out_pre_notice").fetchone()
    return date.fromisoformat(row[0]) if row[0] else None


def undo_plan(db: Connection, resident_id: int) -> None:
    """The record leaves on no coming day."""
    db.execute(
        "UPDATE resident SET state = 1, removal_reason = 0, removal_date = '', planned_destination = ''"
        " WHERE id = ? AND state = 2",
        (resident_id,),
    )
