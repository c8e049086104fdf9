"""Hops of a network, read from the receivers' journals: what a failed test prints and `Juki.hops` answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jukinet.node import look
from jukinet.store import journal
from jukinet.store.database import Database
from jukinet.store.redaction import INDEX_BITS
from jukinet.v1 import relay_pb2

if TYPE_CHECKING:
    from jukinet.testing.network import Juki


@dataclass(frozen=True, slots=True)
class Hop:
    """One batch heard from a neighbour, in words that name no one."""

    sender: str
    receiver: str
    kind: str
    article: str
    what: str
    position: int
    lamport_time: int

    def __str__(self) -> str:
        return f"{self.sender}→{self.receiver}"

    @property
    def line(self) -> str:
        """A line of the sequence listing."""
        return f"{self.lamport_time:>5}  {self} #{self.position}  {self.article}  {self.kind.lower()}  {self.what}"


def hops(juki: Juki, code: str = "", since: Mapping[str, int] | None = None) -> list[Hop]:
    """Batches in causal order; with `code` those that carry something about it, `since` those after a `Juki.mark`."""
    found = [
        (entry.lamport_time, entry.receive_time, path, entry)
        for path, node in juki.network.nodes.items()
        for entry in _heard(node.journal, (since or {}).get(path, 0))
        if not code or _mentions(entry, int(code))
    ]
    found.sort(key=lambda item: item[:3])
    return [_hop(juki, path, entry) for _, _, path, entry in found]


def _heard(file: Database, after: int) -> Iterator[journal.Entry]:
    with file.read() as db:
        yield from (entry for entry in journal.entries(db, after, 1 << 30) if not entry.said)


def _mentions(entry: journal.Entry, code: int) -> bool:
    if entry.envelope.header.kind == relay_pb2.STREAM_KIND_CODE_DESIGNATION:
        return False  # a pool names codes, not persons
    keys = relay_pb2.BatchPayload.FromString(entry.envelope.batch.payload).code_keys
    return any(key >> INDEX_BITS == code for key in keys)


def _hop(juki: Juki, path: str, entry: journal.Entry) -> Hop:
    shown = look.journal_page(juki.network.nodes[path], entry.position - 1, 1).entries[0]
    kind = relay_pb2.StreamKind.Name(shown.header.kind).removeprefix("STREAM_KIND_")
    return Hop(
        juki.name(shown.peer), juki.name(path), kind, shown.article, "、".join(shown.summaries), shown.position,
        shown.lamport_time,
    )  # fmt: skip


def sections(juki: Juki) -> list[tuple[str, str]]:
    """What is printed under a failed test."""
    sequence = [hop.line for hop in hops(juki)]
    journals = []
    for path, node in juki.network.nodes.items():
        journals.append(f"{juki.name(path)} ({path})")
        for entry in look.journal_page(node, 0, 0).entries:
            header = entry.header
            whence = "said" if entry.said else f"from {juki.name(entry.peer)}"
            kind = relay_pb2.StreamKind.Name(header.kind).removeprefix("STREAM_KIND_").lower()
            numbers = f"{header.origin}/{header.epoch} {header.first_number}–{header.last_number}"
            journals.append(
                f"  #{entry.position} {whence}  {kind} {numbers}  {entry.article}  {'、'.join(entry.summaries)}"
            )
    down = [juki.name(path) for path in juki.paths if path not in juki.network.nodes]
    journals += [f"{name}: down" for name in down]
    return [("juki: sequence", "\n".join(sequence)), ("juki: journals", "\n".join(journals))]
