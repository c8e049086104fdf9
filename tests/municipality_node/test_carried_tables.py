"""Every table with a `resident_id` says how it goes along to the next record of its person."""

from __future__ import annotations

from pathlib import Path

from jukinet.store.database import Database
from municipality_node.assemble import TIER
from municipality_node.carrying import CARRIED


def test_no_table_with_a_resident_id_is_forgotten(tmp_path: Path) -> None:
    db = Database(tmp_path / "journal.db", TIER.journal)
    with db.read() as connection:
        tables = connection.execute(
            "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c"
            " WHERE m.type = 'table' AND c.name = 'resident_id'"
        ).fetchall()
    db.close()
    assert sorted(name for (name,) in tables) == sorted(CARRIED), "say in carrying.py how the new table goes along"
