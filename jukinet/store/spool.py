"""Messages that a console has seen, in a file of its own that is thrown away with it: any number, in little memory."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE message (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, sort TEXT NOT NULL, sender TEXT NOT NULL, receiver TEXT NOT NULL,
  article TEXT NOT NULL, plane TEXT NOT NULL, header_hash TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX message_sort ON message (sort);
CREATE INDEX message_hash ON message (header_hash) WHERE header_hash <> '';
"""
_LIKE = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})


@dataclass(frozen=True, slots=True)
class Filter:
    """Which messages: of a node, on an article, on a plane, or of these ids; all where it is empty."""

    node: str = ""
    article: str = ""
    plane: str = ""
    ids: Sequence[str] | None = None

    def clause(self) -> tuple[str, list[Any]]:
        """As SQL."""
        clauses, values = ["1"], list[Any]()
        if self.node:
            clauses.append("(sender = ? OR receiver = ? OR sender LIKE ? ESCAPE '\\')")
            clerks = f"operator/{self.node.partition('/')[2].translate(_LIKE)}/%"
            values += [self.node, self.node, clerks]
        if self.article:
            clauses.append("article LIKE ? ESCAPE '\\'")
            values.append(f"%{self.article.translate(_LIKE)}%")
        if self.plane:
            clauses.append("plane = ?")
            values.append(self.plane)
        if self.ids is not None:
            clauses.append("id IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(list(self.ids)))
        return " AND ".join(clauses), values


class Spool:
    """The messages of one stage. Threads may share one."""

    def __init__(self, file: Path) -> None:
        file.unlink(missing_ok=True)
        self._db = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._lock = threading.Lock()
        self._db.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;{_SCHEMA}")

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def add(self, messages: Iterable[Mapping[str, Any]]) -> int:
        """Keep messages, each once; the last number given out."""
        rows = [
            (m["id"], m["sort"], m["sender"], m["receiver"], m["article"], m["plane"], m["header_hash"],
             json.dumps(m, ensure_ascii=False))
            for m in messages
        ]  # fmt: skip
        insert = (
            "INSERT OR IGNORE INTO message (id, sort, sender, receiver, article, plane, header_hash, body)"
            " VALUES (?,?,?,?,?,?,?,?)"
        )
        with self._lock:
            self._db.execute("BEGIN")
            self._db.executemany(insert, rows)
            self._db.execute("COMMIT")
            return self._last()

    @property
    def last(self) -> int:
        """The last number given out."""
        with self._lock:
            return self._last()

    def _last(self) -> int:
        return int(self._db.execute("SELECT coalesce(max(seq), 0) FROM message").fetchone()[0])

    def since(self, seq: int, limit: int) -> list[tuple[int, dict[str, Any]]]:
        """What came behind a number, in the order in which it came."""
        query = "SELECT seq, body FROM message WHERE seq > ? ORDER BY seq LIMIT ?"
        with self._lock:
            return [(row[0], json.loads(row[1])) for row in self._db.execute(query, (seq, limit))]

    def page(self, which: Filter, *, before: str = "", after: str = "", limit: int = 500) -> list[dict[str, Any]]:
        """Messages in causal order: the last ones, those before a place, or those after one."""
        clause, values = which.clause()
        if after:
            query = f"SELECT body FROM message WHERE {clause} AND sort > ? ORDER BY sort LIMIT ?"
            values += [after, limit]
        else:
            query = f"SELECT body FROM message WHERE {clause} AND sort < ? ORDER BY sort DESC LIMIT ?"
            values += [before or "~", limit]
        with self._lock:
            found = [json.loads(row[0]) for row in self._db.execute(query, values)]
        return found if after else found[::-1]

    def count(self, which: Filter) -> int:
        """How many there are."""
        clause, values = which.clause()
        with self._lock:
            return int(self._db.execute(f"SELECT count(*) FROM message WHERE {clause}", values).fetchone()[0])

    def find(self, id: str) -> dict[str, Any] | None:
        """One message."""
        with self._lock:
            row = self._db.execute("SELECT body FROM message WHERE id = ?", (id,)).fetchone()
        return json.loads(row[0]) if row else None

    def hops(self, header_hash: str) -> list[dict[str, Any]]:
        """Every hop of one batch, in causal order."""
        if not header_hash:
            return []
        query = "SELECT body FROM message WHERE header_hash = ? ORDER BY sort"
        with self._lock:
            return [json.loads(row[0]) for row in self._db.execute(query, (header_hash,))]
