"""Files of J-LIS, as migrations: appended, never edited."""

from sqlite_utils import Database, Migrations

from jukinet.store.register import IDENTIFICATION, SUCCEEDED
from jukinet.store.schema import bound_cursors, create_journal, create_projection

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


@migrations()
def m009_area(db: Database) -> None:
    """Cursors as every node has them; here nothing is ever held back."""
    bound_cursors(db)


@register()
def m001_register(db: Database) -> None:
    """機構保存本人確認情報."""
    create_projection(db)
    db.executescript(IDENTIFICATION)


@register()
def m009_area_register(db: Database) -> None:
    """Whose record another area has taken over."""
    db.executescript(SUCCEEDED)
