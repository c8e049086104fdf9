"""The one file of a municipality (an act changes 住民票 and journal at once), as migrations: appended, never edited."""

from sqlite_utils import Database, Migrations

from jukinet.model import areas
from jukinet.store.schema import bound_cursors, create_journal, create_passage, create_projection

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


# ~ retention

# ~ law
