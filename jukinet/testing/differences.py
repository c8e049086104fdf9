"""The ledger of a whole network: what one node says it sent against what the other says it heard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jukinet.v1 import drill_pb2, relay_pb2

Key = tuple[str, int, str, int]


def differences(ledgers: Mapping[str, Iterable[drill_pb2.LedgerRow]]) -> list[str]:
    """What does not agree, in words."""
    sent: dict[tuple[str, str, Key], drill_pb2.LedgerRow] = {}
    heard: dict[tuple[str, str, Key], drill_pb2.LedgerRow] = {}
    for path, rows in ledgers.items():
        for row in rows:
            key = (row.origin, int(row.kind), row.counterpart, row.epoch)
            if row.sending:
                # A row about answers names the asker's area instead of its path.
                peer = row.peer if "/" in row.peer else f"municipality/{row.peer}"
                sent[path, peer, key] = row
            else:
                heard[row.peer, path, key] = row
    found = []
    for who in sorted(sent.keys() | heard.keys()):
        found += [f"{_words(who)}: {fault}" for fault in _faults(sent.get(who), heard.get(who))]
    return found


def _faults(said: drill_pb2.LedgerRow | None, got: drill_pb2.LedgerRow | None) -> list[str]:
    if said is None or got is None:
        row = said or got
        assert row is not None
        return [f"{row.records} records known to the {'sender' if said else 'receiver'} alone"]
    faults = [f"stopped ({row.stopped})" for row in (said, got) if row.stopped]
    for left, right, what in (
        (said.records, said.acknowledged, "sent, acknowledged"),
        (said.records, got.records, "sent, heard"),
        (got.records, got.applied + got.quarantined, "heard, applied or set aside"),
        (said.last_number, got.last_number, "last number"),
        (said.head_hash, got.head_hash, "head hash"),
    ):
        if left != right:
            faults.append(what if isinstance(left, bytes) else f"{what}: {left!r}, {right!r}")
    return faults


def _words(who: tuple[str, str, Key]) -> str:
    sender, receiver, (origin, kind, counterpart, epoch) = who
    name = relay_pb2.StreamKind.Name(kind).removeprefix("STREAM_KIND_").lower()  # type: ignore[arg-type]
    return f"{sender} → {receiver} {name} of {origin}{f' to {counterpart}' if counterpart else ''}, epoch {epoch}"
