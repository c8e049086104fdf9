"""Files of a prefecture, as migrations: appended, never edited."""

from sqlite_utils import Database, Migrations

from jukinet.store.register import IDENTIFICATION, MOVE_OUT
from jukinet.store.retention import RETENTION
from jukinet.store.schema import create_journal, create_projection, let_records_be_erased, project_anew

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


@migrations()
def m004_journal_retention(db: Database) -> None:
    """Records may leave a batch once their period is over (令30条の6)."""
    let_records_be_erased(db)


@register()
def m004_register_retention(db: Database) -> None:
    """保存期間: which record's clock runs since when. A register that is there already follows its journal anew."""
    db.executescript(RETENTION)
    project_anew(db)
