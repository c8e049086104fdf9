"""SQL of 一括提供 by file: the questions of each page, until the answers have arrived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jukinet.store.database import Connection

BULK_FILES = """
CREATE TABLE bulk_file (
  id TEXT PRIMARY KEY,
  office TEXT NOT NULL,
  header BLOB NOT NULL,
  pages INTEGER NOT NULL,
  day TEXT NOT NULL,
  closed INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE bulk_page (
  file_id TEXT NOT NULL REFERENCES bulk_file(id),
  page INTEGER NOT NULL,
  questions BLOB NOT NULL,
  PRIMARY KEY (file_id, page)
) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class BulkFile:
    """A file; `header` is its serialized OpenBulkFileRequest."""

    id: str
    office: str
    header: bytes
    pages: int
    closed: bool


def find(db: Connection, file_id: str) -> BulkFile | None:
    """The file of that id."""
    row = db.execute("SELECT id, office, header, pages, closed FROM bulk_file WHERE id = ?", (file_id,)).fetchone()
    return BulkFile(row[0], row[1], row[2], row[3], bool(row[4])) if row else None


def add(db: Connection, file_id: str, office: str, header: bytes, pages: int, day: date) -> None:
    """Begin a file."""
    db.execute(
        "INSERT INTO bulk_file (id, office, header, pages, day) VALUES (?,?,?,?,?)",
        (file_id, office, header, pages, day.isoformat()),
    )


def put(db: Connection, file_id: str, page: int, questions: bytes, day: date) -> bool:
    """Keep a page; False if another one stands in its place."""
    db.execute("INSERT OR IGNORE INTO bulk_page VALUES (?,?,?)", (file_id, page, questions))
    db.execute("UPDATE bulk_file SET day = ? WHERE id = ?", (day.isoformat(), file_id))
    return questions_of(db, file_id, page) == questions


def questions_of(db: Connection, file_id: str, page: int) -> bytes | None:
    """The questions of a page; None if it is not here."""
    row = db.execute("SELECT questions FROM bulk_page WHERE file_id = ? AND page = ?", (file_id, page)).fetchone()
    return bytes(row[0]) if row else None


def received(db: Connection, file_id: str) -> list[int]:
    """Numbers of the pages that are here."""
    return [row[0] for row in db.execute("SELECT page FROM bulk_page WHERE file_id = ? ORDER BY page", (file_id,))]


def answered(db: Connection, office: str, file_id: str) -> list[int]:
    """Numbers of the pages that were answered."""
    rows = db.execute(
        "SELECT request_id FROM provided WHERE caller = ? AND request_id >= ? AND request_id < ?",
        (office, f"{file_id}/", f"{file_id}0"),
    )
    return sorted(int(row[0].rpartition("/")[2]) for row in rows)


def close(db: Connection, file_id: str) -> None:
    """Forget the questions."""
    db.execute("DELETE FROM bulk_page WHERE file_id = ?", (file_id,))
    db.execute("UPDATE bulk_file SET closed = 1, header = x'' WHERE id = ?", (file_id,))


def forget(db: Connection, before: date) -> None:
    """Drop files of which nothing came since that day."""
    old = "SELECT id FROM bulk_file WHERE day < ?"
    db.execute(f"DELETE FROM bulk_page WHERE file_id IN ({old})", (before.isoformat(),))
    db.execute("DELETE FROM bulk_file WHERE day < ?", (before.isoformat(),))
