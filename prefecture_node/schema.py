"""Files of a prefecture, as migrations: appended, never edited."""

from sqlite_utils import Database, Migrations

from jukinet.store.register import CODE_CHAIN, IDENTIFICATION, MOVE_OUT
from jukinet.store.schema import create_journal, create_projection

migrations = Migrations("prefecture_journal")
register = Migrations("prefecture_register")


@migrations()
def m001_journal(db: Database) -> None:
    """What municipalities said, and what was passed on."""
    create_journal(db)


@register()
def m001_register(db: Database) -> None:
    """都道府県知事保存本人確認情報 and 転出確定通知."""
    create_projection(db)
    db.executescript(IDENTIFICATION)
    db.executescript(MOVE_OUT)


@register()
def m002_code_chain(db: Database) -> None:
    """What became of a code that was changed, so that whoever asks by the old one finds the person."""
    db.executescript(CODE_CHAIN)
