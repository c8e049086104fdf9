"""Tables that every node's journal file has. Imported only when a migration is due."""

from __future__ import annotations

from datetime import date

from sqlite_utils import Database

from jukinet.clock import from_micros
from jukinet.store import audit
from jukinet.store.ordinances import ORDINANCES, TABLES

JOURNAL = """
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE certificate (hash BLOB PRIMARY KEY, der BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE batch (
  position INTEGER PRIMARY KEY,
  said INTEGER NOT NULL,
  peer TEXT NOT NULL,
  origin TEXT NOT NULL,
  kind INTEGER NOT NULL,
  counterpart TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  first_number INTEGER NOT NULL,
  last_number INTEGER NOT NULL,
  records_through INTEGER NOT NULL,
  header_hash BLOB NOT NULL,
  header BLOB NOT NULL,
  signature BLOB NOT NULL,
  certificate_hash BLOB NOT NULL REFERENCES certificate(hash),
  receive_time INTEGER NOT NULL,
  receive_virtual_time INTEGER NOT NULL,
  lamport_time INTEGER NOT NULL,
  payload BLOB NOT NULL,
  UNIQUE (origin, kind, counterpart, epoch, first_number)
) STRICT;
CREATE TABLE stream (
  origin TEXT NOT NULL,
  kind INTEGER NOT NULL,
  counterpart TEXT NOT NULL,
  said INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  next_number INTEGER NOT NULL,
  assigned_number INTEGER NOT NULL,
  head_hash BLOB NOT NULL,
  stopped TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (origin, kind, counterpart)
) STRICT, WITHOUT ROWID;
CREATE TABLE pending (
  id INTEGER PRIMARY KEY,
  origin TEXT NOT NULL,
  kind INTEGER NOT NULL,
  counterpart TEXT NOT NULL,
  number INTEGER NOT NULL,
  code INTEGER,
  individual_number INTEGER,
  name_key INTEGER,
  record BLOB NOT NULL
) STRICT;
CREATE INDEX pending_by_stream ON pending (origin, kind, counterpart, number);
CREATE TABLE cursor (
  peer TEXT NOT NULL,
  origin TEXT NOT NULL,
  kind INTEGER NOT NULL,
  counterpart TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  next_number INTEGER NOT NULL,
  stopped TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (peer, origin, kind, counterpart)
) STRICT, WITHOUT ROWID;
CREATE TABLE conflict (
  id INTEGER PRIMARY KEY,
  peer TEXT NOT NULL,
  origin TEXT NOT NULL,
  kind INTEGER NOT NULL,
  counterpart TEXT NOT NULL,
  reason TEXT NOT NULL,
  header BLOB NOT NULL,
  signature BLOB NOT NULL,
  certificate BLOB NOT NULL,
  payload BLOB NOT NULL,
  receive_time INTEGER NOT NULL
) STRICT;
CREATE TABLE answered (
  caller TEXT NOT NULL,
  request_id TEXT NOT NULL,
  method TEXT NOT NULL,
  digest BLOB NOT NULL,
  answer BLOB NOT NULL,
  real_time INTEGER NOT NULL,
  PRIMARY KEY (caller, request_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX answered_by_time ON answered (real_time);
CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  real_time INTEGER NOT NULL,
  virtual_time INTEGER NOT NULL,
  lamport_time INTEGER NOT NULL,
  caller TEXT NOT NULL,
  operator_id TEXT NOT NULL,
  verification_id TEXT NOT NULL,
  event TEXT NOT NULL,
  article TEXT NOT NULL,
  accepted INTEGER NOT NULL,
  refusal TEXT NOT NULL,
  request_id TEXT NOT NULL,
  subjects TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;
"""

PROJECTION = """
CREATE TABLE applied (one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL,
  records_through INTEGER NOT NULL) STRICT;
INSERT INTO applied VALUES (1, 0, 0);
CREATE TABLE quarantine (
  position INTEGER NOT NULL,
  record INTEGER NOT NULL,
  origin TEXT NOT NULL,
  kind INTEGER NOT NULL,
  counterpart TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  records INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (position, record)
) STRICT, WITHOUT ROWID;
CREATE TABLE applied_count (
  origin TEXT NOT NULL,
  kind INTEGER NOT NULL,
  counterpart TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  position INTEGER NOT NULL,
  records INTEGER NOT NULL,
  PRIMARY KEY (origin, kind, counterpart, epoch, position)
) STRICT, WITHOUT ROWID;
"""

PASSAGE = """
CREATE TABLE passage (
  position INTEGER PRIMARY KEY REFERENCES batch(position),
  real_time INTEGER NOT NULL,
  virtual_time INTEGER NOT NULL,
  lamport_time INTEGER NOT NULL
) STRICT;
"""

APPEND_ONLY = ("batch", "certificate", "conflict", "audit")


def create_journal(db: Database) -> None:
    """Journal, streams, links, answers and the audit table. Triggers hold even against our own code."""
    db.executescript(JOURNAL)
    for table in APPEND_ONLY:
        forbid_changes(db, table)


def forbid_changes(db: Database, table: str) -> None:
    """Make a table append-only."""
    for verb in ("UPDATE", "DELETE"):
        db.executescript(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;"
        )


def bound_cursors(db: Database) -> None:
    """A neighbour is owed nothing beyond `through_number`, though it be sealed: somebody must pass it on first."""
    db.executescript(f"ALTER TABLE cursor ADD COLUMN through_number INTEGER NOT NULL DEFAULT {(1 << 63) - 1}")


def create_passage(db: Database) -> None:
    """When the mayor passed on what a ward said, batch by batch."""
    db.executescript(PASSAGE)
    forbid_changes(db, "passage")


def add_number_access(db: Database) -> None:
    """操作履歴: whether the act showed or printed a 個人番号. Rows that are there are left as they are."""
    db.executescript("ALTER TABLE audit ADD COLUMN number_access INTEGER NOT NULL DEFAULT 0")


def let_records_be_erased(db: Database) -> None:
    """保存期間を経過した記録の消去: a batch may lose records and nothing else; the other triggers stay."""
    columns = [column.name for column in db.table("batch").columns if column.name not in ("payload", "redacted")]
    same = " AND ".join(f"new.{name} IS old.{name}" for name in columns)
    db.executescript(
        "ALTER TABLE batch ADD COLUMN redacted INTEGER NOT NULL DEFAULT 0;"
        "DROP TRIGGER batch_no_update;"
        "CREATE TRIGGER batch_no_update BEFORE UPDATE ON batch"
        f" WHEN NOT ({same} AND new.redacted > old.redacted AND new.redacted <= old.last_number - old.first_number + 1)"
        " BEGIN SELECT RAISE(ABORT, 'batch is append-only'); END;"
    )


def date_answers(db: Database) -> None:
    """On which civil day an answer was given. Those that are there count from the file's last day."""
    db.executescript(
        "ALTER TABLE answered ADD COLUMN day TEXT NOT NULL DEFAULT '';CREATE INDEX answered_by_day ON answered (day)"
    )
    db.execute("UPDATE answered SET day = ?", (last_day(db).isoformat(),))


PROVIDED = """
CREATE TABLE audit_leaf (id INTEGER PRIMARY KEY REFERENCES audit(id), hash BLOB NOT NULL) STRICT;
CREATE TABLE provided (
  audit_id INTEGER PRIMARY KEY REFERENCES audit(id),
  caller TEXT NOT NULL,
  request_id TEXT NOT NULL,
  digest BLOB NOT NULL,
  secret BLOB NOT NULL,
  codes BLOB NOT NULL,
  results BLOB NOT NULL,
  UNIQUE (caller, request_id)
) STRICT;
CREATE TABLE tree_head (
  size INTEGER PRIMARY KEY,
  head BLOB NOT NULL,
  signature BLOB NOT NULL,
  certificate BLOB NOT NULL
) STRICT;
CREATE TABLE anchored (
  node TEXT NOT NULL,
  size INTEGER NOT NULL,
  head BLOB NOT NULL,
  signature BLOB NOT NULL,
  certificate BLOB NOT NULL,
  PRIMARY KEY (node, size)
) STRICT, WITHOUT ROWID;
"""


def create_audit_log(db: Database) -> None:
    """What was provided about whom, and the leaf hash of every row. Rows that are there become leaves as they are."""
    for name in ("provision", "provision_hash"):
        db.executescript(f"ALTER TABLE audit ADD COLUMN {name} BLOB NOT NULL DEFAULT x''")
    db.executescript(PROVIDED)
    rows = db.execute(f"SELECT {', '.join(audit.COLUMNS)} FROM audit ORDER BY id").fetchall()
    db.conn.executemany("INSERT INTO audit_leaf VALUES (?,?)", [(row[0], audit.leaf_hash(row)) for row in rows])
    for table in ("audit_leaf", "provided", "tree_head", "anchored"):
        forbid_changes(db, table)
    let_provisions_be_erased(db)


def let_provisions_be_erased(db: Database) -> None:
    """When its period is over a row may lose what was provided, never its hash; then the people beside it may go."""
    same = " AND ".join(f"new.{name} IS old.{name}" for name in audit.COLUMNS)
    db.executescript(
        "DROP TRIGGER audit_no_update; DROP TRIGGER provided_no_delete;"
        f"CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit WHEN NOT ({same} AND new.provision = x'')"
        " BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;"
        "CREATE TRIGGER provided_no_delete BEFORE DELETE ON provided"
        " WHEN EXISTS (SELECT 1 FROM audit WHERE id = old.audit_id AND provision <> x'')"
        " BEGIN SELECT RAISE(ABORT, 'provided is append-only'); END;"
    )


def create_ordinances(db: Database) -> None:
    """条例事務, and who let them in."""
    db.executescript(ORDINANCES)
    for table in TABLES:
        forbid_changes(db, table)


def last_day(db: Database) -> date:
    """The civil day on which the file last wrote an act down."""
    return from_micros(db.execute("SELECT coalesce(max(virtual_time), 0) FROM audit").fetchone()[0]).date()


def place_set_aside(db: Database) -> None:
    """Which record of its stream was set aside, of which code, and which later notice stands for it (0: none)."""
    db.executescript(
        "ALTER TABLE quarantine ADD COLUMN number INTEGER NOT NULL DEFAULT 0;"
        "ALTER TABLE quarantine ADD COLUMN code INTEGER NOT NULL DEFAULT 0;"
        "ALTER TABLE quarantine ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;"
        "CREATE INDEX quarantine_open ON quarantine (origin, kind, code) WHERE settled = 0;"
    )


def create_projection(db: Database) -> None:
    """How far the journal is applied, and what was set aside."""
    db.executescript(PROJECTION)


def project_anew(db: Database) -> None:
    """Empty the projection: the projector fills it from the journal, with what newer tables want to know too."""
    for name in db.table_names():
        if not name.startswith(("_", "sqlite_")) and name != "applied":
            db.table(name).delete_where()
    db.execute("UPDATE applied SET position = 0, records_through = 0")
