"""Files of J-LIS, as migrations: appended, never edited."""

from sqlite_utils import Database, Migrations

from jukinet.store.register import IDENTIFICATION
from jukinet.store.retention import RETENTION
from jukinet.store.schema import create_journal, create_projection, let_records_be_erased, project_anew

migrations = Migrations("center_journal")
register = Migrations("center_register")


@migrations()
def m001_journal(db: Database) -> None:
    """What governors passed on, and every number ever given."""
    create_journal(db)
    db.executescript(
        """
        CREATE TABLE designation (
          code INTEGER PRIMARY KEY,
          municipality TEXT NOT NULL,
          ordinal INTEGER NOT NULL,
          UNIQUE (municipality, ordinal)
        ) STRICT;
        CREATE TABLE individual_number (
          number INTEGER PRIMARY KEY,
          code INTEGER NOT NULL,
          current INTEGER NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX individual_number_current ON individual_number (code) WHERE current = 1;
        """
    )


@register()
def m001_register(db: Database) -> None:
    """機構保存本人確認情報."""
    create_projection(db)
    db.executescript(IDENTIFICATION)


@migrations()
def m004_journal_retention(db: Database) -> None:
    """Records may leave a batch once their period is over (令30条の7)."""
    let_records_be_erased(db)


@register()
def m004_register_retention(db: Database) -> None:
    """保存期間: which record's clock runs since when. A register that is there already follows its journal anew."""
    db.executescript(RETENTION)
    project_anew(db)
