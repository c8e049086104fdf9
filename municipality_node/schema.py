"""The one file of a municipality (an act changes 住民票 and journal at once), as migrations: appended, never edited."""

from sqlite_utils import Database, Migrations

from jukinet.model import areas
from jukinet.store.retention import RETENTION
from jukinet.store.schema import (
    add_number_access,
    bound_cursors,
    create_audit_log,
    create_journal,
    create_ordinances,
    create_passage,
    create_projection,
    date_answers,
    last_day,
    let_records_be_erased,
    place_set_aside,
)
from municipality_node import store
from municipality_node.errors.store import ERROR_REPORTS
from municipality_node.family_register.schema import SUPPLEMENTARY_REGISTER
from municipality_node.participation.store import PARTICIPATION
from municipality_node.recovery.store import RECOVERED
from municipality_node.retention import store as retention_store
from municipality_node.special_move.schema import MOVE_OUT, TOLD_AGAIN
from municipality_node.trace.store import CODE_TRACE

migrations = Migrations("municipality")


@migrations()
def m001_register(db: Database) -> None:
    """住民基本台帳, 世帯, designated codes, tasks."""
    create_journal(db)
    create_projection(db)
    db.executescript(
        """
        CREATE TABLE household (
          id INTEGER PRIMARY KEY,
          area_code TEXT NOT NULL,
          address TEXT NOT NULL,
          head_id INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE TABLE resident (
          id INTEGER PRIMARY KEY,
          household_id INTEGER NOT NULL REFERENCES household(id),
          area_code TEXT NOT NULL,
          code INTEGER NOT NULL,
          state INTEGER NOT NULL,
          person_sequence INTEGER NOT NULL,
          relationship TEXT NOT NULL,
          resident_since TEXT NOT NULL,
          birth_date_text TEXT NOT NULL,
          registered_domicile TEXT NOT NULL,
          registered_head TEXT NOT NULL,
          former_address TEXT NOT NULL,
          removal_reason INTEGER NOT NULL DEFAULT 0,
          removal_date TEXT NOT NULL DEFAULT '',
          planned_destination TEXT NOT NULL DEFAULT '',
          confirmed_destination TEXT NOT NULL DEFAULT '',
          confirmed_move_out_date TEXT NOT NULL DEFAULT '',
          body BLOB NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX resident_live ON resident (code, area_code) WHERE state <> 3;
        CREATE INDEX resident_by_code ON resident (code);
        CREATE INDEX resident_by_household ON resident (household_id);
        CREATE INDEX resident_leaving ON resident (removal_date) WHERE state = 2;
        CREATE TABLE pool (
          id INTEGER PRIMARY KEY,
          code INTEGER NOT NULL UNIQUE,
          used INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE INDEX pool_unused ON pool (id) WHERE used = 0;
        CREATE TABLE task (
          id INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again: request_ids are made of it
          kind INTEGER NOT NULL,
          resident_id INTEGER NOT NULL DEFAULT 0,
          count INTEGER NOT NULL DEFAULT 0,
          request_id TEXT NOT NULL DEFAULT '',
          virtual_time INTEGER NOT NULL,
          last_fault TEXT NOT NULL DEFAULT ''
        ) STRICT;
        CREATE INDEX task_by_kind ON task (kind, request_id);
        CREATE UNIQUE INDEX task_of_resident ON task (resident_id, kind) WHERE resident_id <> 0;
        CREATE TABLE tally (name TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TRIGGER resident_entered AFTER INSERT ON resident BEGIN
          INSERT INTO tally VALUES (new.area_code, 1) ON CONFLICT DO UPDATE SET count = count + 1;
        END;
        CREATE TRIGGER resident_removed AFTER UPDATE OF state ON resident WHEN old.state <> 3 AND new.state = 3 BEGIN
          UPDATE tally SET count = count - 1 WHERE name = new.area_code;
        END;
        CREATE TRIGGER code_designated AFTER INSERT ON pool BEGIN
          INSERT INTO tally VALUES ('pool', 1) ON CONFLICT DO UPDATE SET count = count + 1;
        END;
        CREATE TRIGGER code_used AFTER UPDATE OF used ON pool WHEN old.used = 0 AND new.used = 1 BEGIN
          UPDATE tally SET count = count - 1 WHERE name = 'pool';
        END;
        """
    )


@migrations()
def m002_special_move(db: Database) -> None:
    """転出届 as they were reported, and those that other municipalities told of beforehand."""
    db.executescript(MOVE_OUT)


@migrations()
def m003_abroad(db: Database) -> None:
    """照会 and what it told, for a short time; those who left and were never told of."""
    db.executescript(
        """
        CREATE TABLE inquiry (
          id INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again: a clerk may still have the number on paper
          day TEXT NOT NULL
        ) STRICT;
        CREATE TABLE inquiry_hit (
          inquiry_id INTEGER NOT NULL REFERENCES inquiry(id) ON DELETE CASCADE,
          hit INTEGER NOT NULL,
          body BLOB NOT NULL,
          PRIMARY KEY (inquiry_id, hit)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE search_out (
          request_id TEXT PRIMARY KEY,
          lost INTEGER NOT NULL DEFAULT 0
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX resident_unconfirmed ON resident (id)
          WHERE state = 3 AND removal_reason = 7 AND confirmed_move_out_date = '';
        """
    )


@migrations()
def m004_correction(db: Database) -> None:
    """What a code, a number or a 旧氏 was before, and with which code and on whose wish J-LIS is asked."""
    db.executescript(
        """
        CREATE TABLE former_value (
          id INTEGER PRIMARY KEY,
          resident_id INTEGER NOT NULL REFERENCES resident(id),
          area_code TEXT NOT NULL,
          change_kind INTEGER NOT NULL,
          change_reason INTEGER NOT NULL,
          value INTEGER NOT NULL,
          person_sequence INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX former_value_by_value ON former_value (value, change_kind);
        CREATE INDEX former_value_by_resident ON former_value (resident_id, change_kind);
        CREATE TABLE deleted_former_surname (
          resident_id INTEGER NOT NULL REFERENCES resident(id),
          former_surname TEXT NOT NULL,
          PRIMARY KEY (resident_id, former_surname)
        ) STRICT, WITHOUT ROWID;
        ALTER TABLE task ADD COLUMN code INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE task ADD COLUMN change_reason INTEGER NOT NULL DEFAULT 0;
        UPDATE task SET code = coalesce((SELECT code FROM resident WHERE id = task.resident_id), 0)
          WHERE request_id <> '';
        """
    )


@migrations()
def m005_nationality(db: Database) -> None:
    """法30条の45 items of foreign residents, and on what ground a record was deleted ex officio (法34条)."""
    db.executescript(
        """
        CREATE TABLE foreign_items (
          resident_id INTEGER PRIMARY KEY REFERENCES resident(id),
          nationality TEXT NOT NULL,
          category INTEGER NOT NULL,
          since TEXT NOT NULL,
          status_of_residence TEXT NOT NULL,
          period_of_stay TEXT NOT NULL,
          expiry TEXT NOT NULL,
          card_number TEXT NOT NULL,
          foreign_resident_since TEXT NOT NULL,
          last_day TEXT NOT NULL
        ) STRICT;
        CREATE TABLE ex_officio_removal (
          resident_id INTEGER PRIMARY KEY REFERENCES resident(id),
          ground INTEGER NOT NULL,
          day TEXT NOT NULL,
          result INTEGER NOT NULL
        ) STRICT;
        """
    )


@migrations()
def m006_family_register(db: Database) -> None:
    """戸籍の附票, what does not fit it, and notices of 戸籍 offices that wait for codes."""
    db.executescript(SUPPLEMENTARY_REGISTER)


@migrations()
def m007_issuance(db: Database) -> None:
    """What a copy says of the residence: 法7条7号 (住所を定めた年月日) and 8号 (届出の年月日)."""
    db.executescript(
        """
        CREATE TABLE residence (
          resident_id INTEGER PRIMARY KEY REFERENCES resident(id),
          address_since TEXT NOT NULL DEFAULT '',
          report_date TEXT NOT NULL DEFAULT ''
        ) STRICT;
        """
    )


@migrations()
def m008_support(db: Database) -> None:
    """支援措置."""
    db.executescript(
        """
        CREATE TABLE support (
          id INTEGER PRIMARY KEY,
          resident_id INTEGER NOT NULL REFERENCES resident(id),
          start_date TEXT NOT NULL,
          last_date TEXT NOT NULL,
          end_date TEXT NOT NULL DEFAULT ''
        ) STRICT;
        CREATE INDEX support_by_resident ON support (resident_id);
        """
    )


@migrations()
def m009_area(db: Database) -> None:
    """The mayor passes on what wards say. What was on its way before counts as passed on when it was sealed."""
    bound_cursors(db)
    create_passage(db)
    db.executescript(
        """
        CREATE TRIGGER resident_taken_over AFTER UPDATE OF area_code ON resident
        WHEN old.area_code <> new.area_code AND new.state <> 3 BEGIN
          UPDATE tally SET count = count - 1 WHERE name = old.area_code;
          INSERT INTO tally VALUES (new.area_code, 1) ON CONFLICT DO UPDATE SET count = count + 1;
        END;
        CREATE TABLE handed_over (
          resident_id INTEGER PRIMARY KEY REFERENCES resident(id),
          state INTEGER NOT NULL,
          successor TEXT NOT NULL,
          virtual_time INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE absorbed (
          area_code TEXT NOT NULL,
          former_id INTEGER NOT NULL,
          resident_id INTEGER NOT NULL REFERENCES resident(id),
          PRIMARY KEY (area_code, former_id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE absorbed_household (
          area_code TEXT NOT NULL,
          former_id INTEGER NOT NULL,
          household_id INTEGER NOT NULL REFERENCES household(id),
          PRIMARY KEY (area_code, former_id)
        ) STRICT, WITHOUT ROWID;
        """
    )
    wards = [area.code for area in areas.wards()]
    marks = ",".join("?" * len(wards))
    db.execute(
        "UPDATE cursor SET through_number = (SELECT coalesce(max(b.last_number), 0) FROM batch b"
        " WHERE (b.origin, b.kind, b.counterpart, b.epoch) = (cursor.origin, cursor.kind, cursor.counterpart,"
        f" cursor.epoch)) WHERE counterpart = '' AND origin IN ({marks})",
        wards,
    )
    db.execute(
        "INSERT INTO passage SELECT position, receive_time, receive_virtual_time, lamport_time FROM batch"
        f" WHERE said = 1 AND counterpart = '' AND origin IN ({marks})",
        wards,
    )


@migrations()
def m010_retention(db: Database) -> None:
    """保存期間: which record's clock runs since when, and when a 除票 is due; of what is there already too."""
    let_records_be_erased(db)
    db.executescript(RETENTION)
    db.executescript(retention_store.REMOVED_RECORD)
    retention_store.follow_journal(db.conn)


@migrations()
def m011_operators(db: Database) -> None:
    """Permissions of 操作者ID, and whether an act showed a 個人番号."""
    add_number_access(db)
    db.executescript(
        """
        CREATE TABLE operator (operator_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
        CREATE TABLE operator_permission (
          operator_id TEXT NOT NULL REFERENCES operator(operator_id),
          permission INTEGER NOT NULL,
          PRIMARY KEY (operator_id, permission)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX operator_permission_by_permission ON operator_permission (permission);
        """
    )


@migrations()
def m012_names(db: Database) -> None:
    """再転入 and namesakes: whoever is entered is compared with who is there; those of before are found too."""
    db.executescript(
        """
        CREATE TABLE resident_name (
          name_key INTEGER NOT NULL,
          resident_id INTEGER NOT NULL UNIQUE,
          PRIMARY KEY (name_key, resident_id)
        ) STRICT, WITHOUT ROWID;
        """
    )
    store.index_names(db.conn)


@migrations()
def m013_kept(db: Database) -> None:
    """On which day each paper was accepted, and each 附票 cleared; what is there already counts from the last day."""
    date_answers(db)
    retention_store.date_papers(db, last_day(db))


@migrations()
def m014_told_again(db: Database) -> None:
    """To whom a 転出届 was told beforehand, what was said last, and whether its people's records changed since."""
    db.executescript(TOLD_AGAIN)


@migrations()
def m015_handed_over(db: Database) -> None:
    """A change of number that waits when the record is handed over is the successor's to ask for."""
    db.executescript("ALTER TABLE handed_over ADD COLUMN number_change INTEGER NOT NULL DEFAULT 0")


@migrations()
def m016_set_aside(db: Database) -> None:
    """Which record was set aside, and what settled it."""
    place_set_aside(db)
    db.execute(
        "UPDATE quarantine SET number = (SELECT first_number + max(record, 0) FROM batch b"
        " WHERE b.position = quarantine.position)"
    )


@migrations()
def m017_error_reports(db: Database) -> None:
    """Errors that the governor has told of."""
    db.executescript(ERROR_REPORTS)


@migrations()
def m018_recovery(db: Database) -> None:
    """住民票 that were made anew after a loss, for a clerk to complete."""
    db.executescript(RECOVERED)


@migrations()
def m019_trace(db: Database) -> None:
    """Upon which inquiry each code was entered, and how it was made sure whose it is."""
    db.executescript(CODE_TRACE)


@migrations()
def m020_participation(db: Database) -> None:
    """Residents who are withheld, and 転入通知 that go by paper."""
    db.executescript(PARTICIPATION)


@migrations()
def m021_audit_log(db: Database) -> None:
    """Rows of the 操作記録 are leaves of a tree, and say what was provided."""
    create_audit_log(db)


@migrations()
def m022_ordinance(db: Database) -> None:
    """条例事務, each with the trail of who let it in."""
    create_ordinances(db)
