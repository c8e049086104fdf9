"""Hops of a network, read from the receivers' journals: what a failed test prints and `Juki.hops` answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jukinet.node import look
from jukinet.store import journal
from jukinet.store.database import Database
from jukinet.store.projector import INDEX_BITS
from jukinet.v1 import relay_pb2

if TYPE_CHECKING:
    from jukinet.testing.network import Juki


@dataclass(frozen=True, slots=True)
class Hop:
    """One batch heard from a neighbour, or passed on by the mayor for a ward, in words that name no one."""

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
    """Hops in causal order; with `code` those that carry something about it, `since` those after a `Juki.mark`."""
    found = []
    for path, node in juki.network.nodes.items():
        entries = [e for e in _entries(node.journal, (since or {}).get(path, 0)) if not code or _mentions(e, int(code))]
        passages = node.local.passages(entries)
        for entry in entries:
            passage = passages.get(entry.position)
            if not entry.said:
                found.append((entry.lamport_time, entry.receive_time, path, entry))
            elif passage is not None:
                found.append((passage.lamport_time, passage.real_time, path, entry))
    found.sort(key=lambda item: item[:3])
    return [_hop(juki, path, entry) for _, _, path, entry in found]


def _entries(file: Database, after: int) -> Iterator[journal.Entry]:
    with file.read() as db:
        yield from journal.entries(db, after, 1 << 30)


def _mentions(entry: journal.Entry, code: int) -> bool:
    if entry.envelope.header.kind == relay_pb2.STREAM_KIND_CODE_DESIGNATION:
        return False  # a pool names codes, not persons
    keys = relay_pb2.BatchPayload.FromString(entry.envelope.batch.payload).code_keys
    return any(key >> INDEX_BITS == code for key in keys)


def _hop(juki: Juki, path: str, entry: journal.Entry) -> Hop:
    shown = look.journal_page(juki.network.nodes[path], entry.position - 1, 1).entries[0]
    kind = relay_pb2.StreamKind.Name(shown.header.kind).removeprefix("STREAM_KIND_")
    # What a ward says and the mayor passes on is heard on the same computer: the hop is the passage.
    sender = shown.peer or f"municipality/{shown.header.origin}"
    article = shown.passage.article if entry.said else shown.article
    lamport = shown.passage.lamport_time if entry.said else shown.lamport_time
    return Hop(juki.name(sender), juki.name(path), kind, article, "、".join(shown.summaries), shown.position, lamport)


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
