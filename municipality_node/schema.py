"""The one file of a municipality (an act changes 住民票 and journal at once), as migrations: appended, never edited."""

from sqlite_utils import Database, Migrations

from jukinet.store.retention import RETENTION
from jukinet.store.schema import create_journal, create_projection, let_records_be_erased
from municipality_node.retention import store as retention_store

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


# ~ special_move

# ~ abroad

# ~ correction

# ~ nationality

# ~ family_register

# ~ issuance

# ~ support

# ~ area

# ~ retention


@migrations()
def m010_retention(db: Database) -> None:
    """保存期間: which record's clock runs since when, and when a 除票 is due; of what is there already too."""
    let_records_be_erased(db)
    db.executescript(RETENTION)
    db.executescript(retention_store.REMOVED_RECORD)
    retention_store.follow_journal(db.conn)


# ~ law
