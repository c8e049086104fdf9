"""Files of a prefecture, as migrations: appended, never edited."""

from sqlite_utils import Database, Migrations

from jukinet.store.register import IDENTIFICATION, MOVE_OUT, SUCCEEDED
from jukinet.store.schema import bound_cursors, create_journal, create_projection

migrations = Migrations("prefecture_journal")
register = Migrations("prefecture_register")


@migrations()
def m001_journal(db: Database) -> None:
    """What municipalities said, and what was passed on."""
    create_journal(db)


@migrations()
def m009_area(db: Database) -> None:
    """Cursors as every node has them; here nothing is ever held back."""
    bound_cursors(db)


@register()
def m001_register(db: Database) -> None:
    """都道府県知事保存本人確認情報 and 転出確定通知."""
    create_projection(db)
    db.executescript(IDENTIFICATION)
    db.executescript(MOVE_OUT)


@register()
def m009_area_register(db: Database) -> None:
    """Whose record another area has taken over."""
    db.executescript(SUCCEEDED)
