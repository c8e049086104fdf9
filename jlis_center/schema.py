"""Files of J-LIS, as migrations: appended, never edited."""

from sqlite_utils import Database, Migrations

from jukinet.store.bulk_files import BULK_FILES
from jukinet.store.disclosures import DISCLOSURES
from jukinet.store.doubles import DOUBLES, STALE_ENTRIES
from jukinet.store.findings import FINDINGS
from jukinet.store.people import NAME_INDEX
from jukinet.store.register import BY_AREA, CHANGE_DATE, CODE_CHAIN, IDENTIFICATION, SUCCEEDED
from jukinet.store.retention import RETENTION
from jukinet.store.schema import (
    add_number_access,
    bound_cursors,
    create_audit_log,
    create_journal,
    create_ordinances,
    create_projection,
    date_answers,
    let_records_be_erased,
    place_set_aside,
    project_anew,
)

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
def m003_operators(db: Database) -> None:
    """Whether an act showed a 個人番号."""
    add_number_access(db)


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
def m005_double(db: Database) -> None:
    """Codes with two live records; what is there already counts from the beginning of time, so it shows at once."""
    db.executescript(DOUBLES)
    db.execute(
        "INSERT INTO double SELECT code, '0001-01-01', 0, 0 FROM identification WHERE live = 1"
        " GROUP BY code HAVING count(*) > 1"
    )


@register()
def m002_name_index(db: Database) -> None:
    """検索: people are found by name, birth date and sex."""
    db.executescript(NAME_INDEX)


@register()
def m002_code_chain(db: Database) -> None:
    """What became of a code that was changed, so that whoever asks by the old one finds the person."""
    db.executescript(CODE_CHAIN)


@register()
def m009_area_register(db: Database) -> None:
    """Whose record another area has taken over."""
    db.executescript(SUCCEEDED)


@migrations()
def m004_journal_retention(db: Database) -> None:
    """Records may leave a batch once their period is over (令30条の7)."""
    let_records_be_erased(db)


@migrations()
def m006_kept(db: Database) -> None:
    """On which civil day an answer was given."""
    date_answers(db)


@register()
def m004_register_retention(db: Database) -> None:
    """保存期間: which record's clock runs since when. A register that is there already follows its journal anew."""
    db.executescript(RETENTION)
    project_anew(db)


@register()
def m005_stale_entry(db: Database) -> None:
    """記載 under codes that have ended. A register that is there already follows its journal anew."""
    db.executescript(STALE_ENTRIES)
    project_anew(db)


@register()
def m006_set_aside(db: Database) -> None:
    """Which record was set aside, and which stands for it. A register that is there already follows anew."""
    place_set_aside(db)
    project_anew(db)


@migrations()
def m007_findings(db: Database) -> None:
    """Errors that were found, whom they were reported to, and when they were mended."""
    db.executescript(FINDINGS)


@register()
def m008_by_area(db: Database) -> None:
    """整合: the records of one area are read without the others."""
    db.execute(BY_AREA)


@migrations()
def m009_audit_log(db: Database) -> None:
    """Rows of the 操作記録 are leaves of a tree, and say what was provided."""
    create_audit_log(db)


@register()
def m009_provision(db: Database) -> None:
    """提供: when the last change happened is known. A register that is there already follows its journal anew."""
    db.execute(CHANGE_DATE)
    project_anew(db)


@migrations()
def m010_ordinance(db: Database) -> None:
    """条例事務, each with the trail of who let it in."""
    create_ordinances(db)


@migrations()
def m011_disclosure(db: Database) -> None:
    """開示請求 and 訂正等の申出."""
    db.executescript(DISCLOSURES)


@migrations()
def m012_bulk_file(db: Database) -> None:
    """一括提供 by file, until its answers have arrived."""
    db.executescript(BULK_FILES)
