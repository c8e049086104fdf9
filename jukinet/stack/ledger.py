"""The ledger of a network: both ends of every stream side by side, each counted by its own node from its own rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from jukinet.v1 import relay_pb2
from jukinet.v1.drill_pb2 import LedgerRow

CENTER = "jlis/center"
IDENTIFICATION = int(relay_pb2.STREAM_KIND_IDENTIFICATION)


@dataclass(frozen=True, slots=True)
class Pair:
    """One stream between two neighbours. An end is None where that node's journal holds nothing of it.

    `sender_seen` and `receiver_seen` are False where the node could not be asked, such as somebody else's.
    """

    origin: str
    kind: int
    counterpart: str
    epoch: int
    sender: str
    receiver: str
    sent: LedgerRow | None
    got: LedgerRow | None
    sender_seen: bool = True
    receiver_seen: bool = True

    @property
    def kind_name(self) -> str:
        """The stream kind in words of the contract, without its prefix."""
        try:
            return relay_pb2.StreamKind.Name(self.kind).removeprefix("STREAM_KIND_")  # type: ignore[arg-type]
        except ValueError:
            return str(self.kind)

    @property
    def in_flight(self) -> int:
        """Journaled for the neighbour and not acknowledged, as the sender counts."""
        return self.sent.records - self.sent.acknowledged if self.sent else 0

    @property
    def pending(self) -> int:
        """Received and neither applied nor set aside, as the receiver counts."""
        return self.got.records - self.got.applied - self.got.quarantined if self.got else 0

    @property
    def faults(self) -> list[str]:
        """What cannot be explained by records under way; empty if all is well."""
        found = [f"stopped at {path}: {row.stopped}" for path, row in self._ends() if row.stopped]
        found += [f"{path} holds {r.records} of {r.last_number} records" for path, r in self._ends() if self._holed(r)]
        if self.pending < 0:
            found.append(f"{self.receiver} applied more than it received")
        if not (self.sender_seen and self.receiver_seen):
            return found
        sent, got = self.sent, self.got
        if sent is None:
            return [*found, f"{self.sender} has no row of what {self.receiver} received"]
        if got is None:
            return found if not sent.acknowledged else [*found, f"{self.receiver} has no row of what it acknowledged"]
        if got.records < sent.acknowledged:
            found.append(f"{self.receiver} holds {got.records}, but acknowledged {sent.acknowledged}")
        if got.records > sent.records:
            found.append(f"{self.receiver} holds {got.records}, but {self.sender} sent {sent.records}")
        if sent.last_number == got.last_number and sent.head_hash != got.head_hash:
            found.append(f"the last headers of {self.sender} and {self.receiver} differ")
        return found

    @property
    def at_zero(self) -> bool:
        """Whether nothing is under way and nothing is wrong."""
        return self.in_flight == 0 and self.pending == 0 and not self.faults

    def _ends(self) -> list[tuple[str, LedgerRow]]:
        return [(path, row) for path, row in ((self.sender, self.sent), (self.receiver, self.got)) if row]

    @staticmethod
    def _holed(row: LedgerRow) -> bool:
        return row.records != row.last_number


@dataclass(frozen=True, slots=True)
class Ledger:
    """All pairs, the comparison of each origin with J-LIS, and what is written but not yet in any batch."""

    pairs: tuple[Pair, ...]
    ends: tuple[Pair, ...] = ()
    unsealed: Mapping[str, int] = field(default_factory=dict)
    unseen: tuple[str, ...] = ()

    @property
    def faults(self) -> list[str]:
        """Everything wrong, in words that name no one."""
        told = [(pair, fault) for pair in (*self.pairs, *self.ends) for fault in pair.faults]
        told += [(end, f"{end.in_flight} records did not get to J-LIS") for end in self.ends if self._lost(end)]
        return [f"{pair.kind_name} of {pair.origin}, epoch {pair.epoch}: {fault}" for pair, fault in told]

    def _lost(self, end: Pair) -> bool:
        """Whether something is missing at J-LIS although no pair on the way has anything under way."""
        way = [pair for pair in self.pairs if (pair.origin, pair.kind) == (end.origin, end.kind)]
        seen = len(way) > 1 and all(pair.sender_seen and pair.receiver_seen for pair in way)
        return end.in_flight > 0 and seen and all(pair.at_zero for pair in way)

    @property
    def differences(self) -> list[str]:
        """Why the ledger is not at zero, in words that name no one: what is wrong, and what is under way."""
        waiting = [
            f"{pair.kind_name} of {pair.origin}, epoch {pair.epoch}: {count} {what}"
            for pair in self.pairs
            for count, what in (
                (pair.in_flight, f"in flight from {pair.sender} to {pair.receiver}"),
                (pair.pending, f"pending at {pair.receiver}"),
            )
            if count
        ]
        unsealed = [f"{path}: {count} not yet in any batch" for path, count in self.unsealed.items() if count]
        return [*self.faults, *waiting, *unsealed]

    @property
    def in_flight(self) -> int:
        """Records under way between nodes, or waiting to be."""
        return sum(pair.in_flight for pair in self.pairs) + sum(self.unsealed.values())

    @property
    def pending(self) -> int:
        """Records received and not yet applied."""
        return sum(pair.pending for pair in self.pairs)

    @property
    def quarantined(self) -> int:
        """Records set aside."""
        return sum(pair.got.quarantined for pair in self.pairs if pair.got)

    @property
    def at_zero(self) -> bool:
        """At rest with nothing lost: what was said is what was heard, on every pair and from end to end."""
        return not self.in_flight and all(pair.at_zero for pair in (*self.pairs, *self.ends)) and not self.unseen


def compare(
    rows: Mapping[str, Sequence[LedgerRow]],
    node_of: Callable[[str], str | None],
    *,
    external: Sequence[str] = (),
    unseen: Sequence[str] = (),
    unsealed: Mapping[str, int] | None = None,
) -> Ledger:
    """Put both ends of every stream together.

    `rows` are each node's own, by path. `node_of` gives the path of the node that keeps an area's records. `external`
    nodes are somebody else's and have no drill to ask; `unseen` ones are ours and did not answer.
    """
    ends: dict[tuple[str, int, str, int, str, str], dict[bool, LedgerRow]] = {}
    for path, held in rows.items():
        for row in held:
            # The peer of an answer is written as its area code, as it stands in the header.
            peer = row.peer if "/" in row.peer else node_of(row.peer) or row.peer
            sender, receiver = (path, peer) if row.sending else (peer, path)
            key = (row.origin, int(row.kind), row.counterpart, row.epoch, sender, receiver)
            ends.setdefault(key, {})[row.sending] = row
    latest: dict[tuple[object, ...], int] = {}
    for key in ends:
        stream = (*key[:3], *key[4:])
        latest[stream] = max(latest.get(stream, 0), key[3])
    pairs = tuple(
        Pair(*key, found.get(True), found.get(False), key[4] in rows, key[5] in rows)
        for key, found in sorted(ends.items())
        # An epoch that a full transmission replaced need not be complete at the other end.
        if key[3] == latest[(*key[:3], *key[4:])]
    )
    return Ledger(
        pairs,
        tuple(_end_to_end(pairs)) if CENTER in rows else (),
        unsealed or {},
        tuple(path for path in unseen if path not in external),
    )


def _end_to_end(pairs: Sequence[Pair]) -> list[Pair]:
    """Each origin's own journal against that of J-LIS: what a prefecture in between may say does not count."""
    said = {p.origin: p for p in pairs if p.kind == IDENTIFICATION and p.sent and p.sender.startswith("municipality/")}
    heard = {p.origin: p for p in pairs if p.kind == IDENTIFICATION and p.receiver == CENTER}
    found = []
    for origin in sorted(said):
        first, last = said[origin], heard.get(origin)
        got = last.got if last and last.epoch == first.epoch else None
        # What the prefecture acknowledged to the origin need not be with J-LIS yet: only J-LIS's own word counts.
        sent = LedgerRow()
        sent.CopyFrom(first.sent or sent)
        told = last.sent.acknowledged if last and last.sent else got.records if got else 0
        sent.acknowledged = told if got else 0
        found.append(Pair(origin, IDENTIFICATION, "", first.epoch, first.sender, CENTER, sent, got))
    return found
