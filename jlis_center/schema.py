"""Files of J-LIS, as migrations: appended, never edited."""

from sqlite_utils import Database, Migrations

from jukinet.store.register import CODE_CHAIN, IDENTIFICATION
from jukinet.store.schema import create_journal, create_projection

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


@register()
def m002_code_chain(db: Database) -> None:
    """What became of a code that was changed, so that whoever asks by the old one finds the person."""
    db.executescript(CODE_CHAIN)
