"""SQL of the issuance desk: the days of a residence that a copy tells and 本人確認情報 does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jukinet.store.database import Connection


@dataclass(frozen=True, slots=True)
class Residence:
    """住所を定めた年月日 (法7条7号) and 届出の年月日 (8号); None where the register knows none."""

    address_since: date | None = None
    report_date: date | None = None


def residence(db: Connection, resident_id: int) -> Residence:
    """The days of this record."""
    row = db.execute(
        "SELECT address_since, report_date FROM residence WHERE resident_id = ?", (resident_id,)
    ).fetchone()
    days = [date.fromisoformat(text) if text else None for text in row or ("", "")]
    return Residence(*days)


def set_address_since(db: Connection, resident_id: int, day: date) -> None:
    """転居: since when the person lives there."""
    db.execute(
        "INSERT INTO residence (resident_id, address_since) VALUES (?,?)"
        " ON CONFLICT DO UPDATE SET address_since = excluded.address_since",
        (resident_id, day.isoformat()),
    )


def set_report_date(db: Connection, resident_id: int, day: date) -> None:
    """転入届, or 職権記載: when it was."""
    db.execute(
        "INSERT INTO residence (resident_id, report_date) VALUES (?,?)"
        " ON CONFLICT DO UPDATE SET report_date = excluded.report_date",
        (resident_id, day.isoformat()),
    )


def carry_over(db: Connection, old_id: int, new_id: int, *, same_address: bool) -> None:
    """Write the days of one record on another of the person."""
    days = residence(db, old_id)
    if days.report_date is not None:
        set_report_date(db, new_id, days.report_date)
    if days.address_since is not None and same_address:
        set_address_since(db, new_id, days.address_since)
