"""Small things a node must remember."""

from __future__ import annotations

from jukinet.store.database import Connection


def find(db: Connection, name: str) -> str:
    """The value; empty if there is none."""
    row = db.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row else ""


def put(db: Connection, name: str, value: str) -> None:
    """Remember it."""
    db.execute("INSERT INTO setting VALUES (?,?) ON CONFLICT DO UPDATE SET value = excluded.value", (name, value))


def last_lamport(db: Connection) -> int:
    """The highest Lamport time written here."""
    row = db.execute(
        "SELECT max(lamport_time) FROM (SELECT lamport_time FROM (SELECT * FROM batch ORDER BY position DESC LIMIT 100)"
        " UNION ALL SELECT lamport_time FROM (SELECT * FROM audit ORDER BY id DESC LIMIT 100))"
    ).fetchone()
    return int(row[0] or 0)
