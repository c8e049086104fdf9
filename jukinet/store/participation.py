"""How municipalities take part, as a node was told: settings of its file; who is not named takes part fully."""

from __future__ import annotations

from jukinet.model.participation import Mode
from jukinet.store import settings
from jukinet.store.database import Connection

PREFIX = "participation/"


def put(db: Connection, area_code: str, mode: Mode) -> None:
    """From now on the municipality takes part in this way."""
    settings.put(db, PREFIX + area_code, mode.name)


def mode(db: Connection, area_code: str) -> Mode:
    """How the municipality takes part."""
    kept = settings.find(db, PREFIX + area_code)
    return Mode[kept] if kept else Mode.FULL


def others(db: Connection) -> dict[str, Mode]:
    """Those that do not take part as the law orders."""
    rows = db.execute(
        "SELECT name, value FROM setting WHERE name >= ? AND name < ? ORDER BY name", (PREFIX, PREFIX + "~")
    )
    found = {name.removeprefix(PREFIX): Mode[value] for name, value in rows}
    return {area: how for area, how in found.items() if how is not Mode.FULL}
