"""A network to try, and what an adversary holds: valid credentials, raw calls, batches changed after signing."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from google.type import date_pb2

from jukinet.clock import Clock
from jukinet.model.codes import resident_code_from
from jukinet.model.stream import Keys, Stream
from jukinet.node.node import Node
from jukinet.pki.authority import Authority, Credential
from jukinet.pki.signing import Signer, sha256
from jukinet.relay.sealer import Chain, seal
from jukinet.stack.network import Network
from jukinet.store.journal import NO_HASH
from jukinet.v1 import (
    counter_pb2,
    counter_pb2_grpc,
    drill_pb2,
    drill_pb2_grpc,
    identification_pb2,
    relay_pb2,
    relay_pb2_grpc,
)
from jukinet.wire.client import Client, Refused
from jukinet.wire.status import Answer

CENTER, TOKYO, KANAGAWA = "jlis/center", "prefecture/130001", "prefecture/140007"
KUNITACHI, KOKUBUNJI, YOKOHAMA = "municipality/132152", "municipality/132144", "municipality/141003"
IDENTIFICATION = int(relay_pb2.STREAM_KIND_IDENTIFICATION)


def record(origin: str, number: int, *, sequence: int = 1, **changes: Any) -> identification_pb2.IdentificationRecord:
    """職権記載 of an invented person; the code is made from `number`."""
    person = {
        "resident_code": resident_code_from(number),
        "name": "試験　太郎",
        "birth_date": date_pb2.Date(year=1980, month=5, day=1),
        "sex": identification_pb2.SEX_MALE,
        "address": "みどり台一丁目1番地",
        "area_code": origin,
    }
    change = {
        "kind": identification_pb2.CHANGE_KIND_ENTRY,
        "reason": identification_pb2.CHANGE_REASON_EX_OFFICIO_ENTRY,
        "change_date": date_pb2.Date(year=2021, month=6, day=1),
    }
    for name, value in changes.items():
        (change if name in identification_pb2.Change.DESCRIPTOR.fields_by_name else person)[name] = value
    return identification_pb2.IdentificationRecord(
        identification=identification_pb2.Identification(**person),
        change=identification_pb2.Change(**change),
        person_sequence=sequence,
    )


class Origin:
    """A municipality's own key at work: each batch follows the last one said."""

    def __init__(self, area_code: str, credential: Credential) -> None:
        self.area_code = area_code
        self.credential = credential
        self.signer = Signer(credential.key_pem, credential.certificate_der)
        self.chain = Chain(1, 1, NO_HASH)
        self.kind, self.counterpart = IDENTIFICATION, ""
        self._people = int(area_code) * 10_000
        self._clock = Clock()

    def records(self, count: int = 1) -> list[bytes]:
        """Records of new people."""
        self._people += count
        return [
            record(self.area_code, number).SerializeToString() for number in range(self._people - count, self._people)
        ]

    def batch(self, records: Sequence[bytes] = (), *, advance: bool = True) -> relay_pb2.Batch:
        """The next signed batch; with `advance` false the one after it takes the same numbers."""
        said = list(records) or self.records()
        stream = Stream(self.area_code, self.kind, self.counterpart)
        envelope = seal(stream, self.chain, said, [Keys()] * len(said), self.signer, self._clock)
        if advance:
            self.chain = Chain(self.chain.epoch, envelope.header.last_number + 1, envelope.header_hash)
        return envelope.batch

    def open_epoch(self) -> None:
        """Begin anew, as a resync does."""
        self.chain = Chain(self.chain.epoch + 1, 1, NO_HASH)


def header_of(batch: relay_pb2.Batch) -> relay_pb2.StreamHeader:
    """The header of a batch."""
    return relay_pb2.StreamHeader.FromString(batch.header)


def resigned(batch: relay_pb2.Batch, signer: Signer, *, payload: bytes | None = None, **fields: Any) -> relay_pb2.Batch:
    """The batch with other header fields, or another payload, under a fresh signature of `signer`."""
    header = header_of(batch)
    body = batch.payload if payload is None else payload
    if payload is not None:
        fields.setdefault("payload_hash", sha256(body))
    for name, value in fields.items():
        if hasattr(value, "DESCRIPTOR"):
            getattr(header, name).CopyFrom(value)
        else:
            setattr(header, name, value)
    head = header.SerializeToString()
    return relay_pb2.Batch(
        header=head, signature=signer.sign_digest(sha256(head)), payload=body, certificate=batch.certificate
    )


def flipped(data: bytes, at: int = -1) -> bytes:
    """One bit of one byte changed."""
    changed = bytearray(data)
    changed[at] ^= 1
    return bytes(changed)


class Carrier:
    """A neighbour's valid credential in the hands of whoever likes to call RelayService with it."""

    def __init__(self, made: Bench, path: str, to: str) -> None:
        self.path, self.to = path, to
        folder = made.network.layout.node(path) / "pki"
        if not (folder / "node.pem").exists():
            made.network.layout.give(made.authority, path)
        self._client = Client(folder, made.node(to).listener.address, to)

    def deliver(self, batch: relay_pb2.Batch) -> relay_pb2.DeliverBatchResponse:
        """Hand over one batch; Refused if it is."""
        request = relay_pb2.DeliverBatchRequest(batch=batch)
        answer: relay_pb2.DeliverBatchResponse = self._client.call(
            relay_pb2_grpc.RelayServiceStub, "DeliverBatch", request, 10
        )
        return answer

    def refused(self, batch: relay_pb2.Batch) -> Answer:
        """Hand over one batch that must be refused."""
        with pytest.raises(Refused) as caught:
            self.deliver(batch)
        return caught.value.answer

    def close(self) -> None:
        """Hang up."""
        self._client.close()


class Bench:
    """A running network with eyes: console, clerks, carriers, and read access to what nodes wrote."""

    def __init__(self, folder: Path, run: Sequence[str], listed: Sequence[str] = (), **settings: object) -> None:
        self.network = Network(folder, run, **settings)
        self.network._paths += [path for path in listed if path not in run]
        self.publish()
        self._clients: dict[tuple[str, str], Client] = {}
        self._carriers: dict[tuple[str, str], Carrier] = {}
        if CENTER in run:
            assert until(self._every_pool_is_filled), "J-LIS designated no codes"

    def _every_pool_is_filled(self) -> bool:
        nodes = self.network.nodes.items()
        return all(node.local.tasks().code_pool for path, node in nodes if path.startswith("municipality/"))

    def publish(self) -> None:
        """Sign the directory anew; every node sees it at once."""
        self.network.write_directory()
        for node in self.network.nodes.values():
            node.directory._next_check = 0.0

    @property
    def authority(self) -> Authority:
        """The network's root."""
        return self.network.authority

    def node(self, path: str) -> Node:
        """A running node."""
        return self.network.nodes[path]

    def origin(self, path: str) -> Origin:
        """The key of a municipality, its own running node's if it has one."""
        folder = self.network.layout.node(path) / "pki"
        known = (folder / "node.pem").exists()
        credential = Credential.load(folder, "node") if known else self.network.layout.give(self.authority, path)
        return Origin(path.rpartition("/")[2], credential)

    def carrier(self, path: str, to: str = CENTER) -> Carrier:
        """Raw calls with the credential of a node."""
        key = (path, to)
        if key not in self._carriers:
            self._carriers[key] = Carrier(self, *key)
        return self._carriers[key]

    def _client(self, caller: str, node: str, address: str) -> Client:
        # A node that was restarted listens elsewhere.
        known = (caller, f"{node}@{address}")
        if known not in self._clients:
            self._clients[known] = Client(self.network.layout.client(self.authority, caller), address, node)
        return self._clients[known]

    def drill(self, path: str, method: str, request: Any, **options: Any) -> Any:
        """Call DrillService as the console."""
        client = self._client("console/drill", path, self.node(path).drill_listener.address)
        return client.call(drill_pb2_grpc.DrillServiceStub, method, request, **options)

    def counter(self, path: str, method: str, request: Any, clerk: str = "") -> Any:
        """Call CounterService as a clerk of that municipality."""
        caller = clerk or f"operator/{path.rpartition('/')[2]}/c01"
        client = self._client(caller, path, self.node(path).listener.address)
        return client.call(counter_pb2_grpc.CounterServiceStub, method, request)

    def ledger(self, path: str, origin: str) -> list[drill_pb2.LedgerRow]:
        """Rows of the vertical stream of one origin."""
        rows = self.drill(path, "ListLedger", drill_pb2.ListLedgerRequest()).rows
        return [row for row in rows if row.origin == origin and row.kind == IDENTIFICATION]

    def live(self, path: str, origin: str) -> int:
        """Live records of one origin, once what was received is applied."""
        self.node(path).read_own_writes()
        return self.node(path).local.live().get(origin, 0)

    def conflicts(self, path: str, origin: str) -> list[tuple[str, str, bytes]]:
        """Evidence kept of refused batches: reason, peer, header."""
        with self.node(path).journal.read() as db:
            return db.execute("SELECT reason, peer, header FROM conflict WHERE origin = ?", (origin,)).fetchall()

    def quarantine(self, path: str, origin: str) -> list[tuple[int, int, str]]:
        """What was set aside of one origin: index in the batch, records, reason."""
        self.node(path).read_own_writes()
        with self.node(path).register.read() as db:
            return db.execute(
                "SELECT record, records, reason FROM quarantine WHERE origin = ? ORDER BY position, record", (origin,)
            ).fetchall()

    def audit(self, path: str) -> list[tuple[str, str, int, str]]:
        """Caller, event, accepted, refusal of every audit row."""
        with self.node(path).journal.read() as db:
            return db.execute("SELECT caller, event, accepted, refusal FROM audit ORDER BY id").fetchall()

    def revoke(self, serial: int) -> None:
        """Take a certificate back; every node sees it at once."""
        self.network.revoked.add(serial)
        self.publish()

    def enter(self, path: str, request_id: str, name: str = "試験　花子") -> counter_pb2.EnterExOfficioResponse:
        """One 職権記載 at a counter."""
        person = counter_pb2.NewPerson(
            name=name, birth_date=date_pb2.Date(year=1990, month=1, day=2), sex=identification_pb2.SEX_FEMALE,
            relationship="世帯主",
        )  # fmt: skip
        answer: counter_pb2.EnterExOfficioResponse = self.counter(
            path,
            "EnterExOfficio",
            counter_pb2.EnterExOfficioRequest(
                operation=operation(request_id), person=person, address="みどり台1番地",
                change_date=date_pb2.Date(year=2021, month=6, day=1),
            ),
        )  # fmt: skip
        return answer

    def close(self) -> None:
        """Hang up and stop."""
        for closing in (*self._clients.values(), *self._carriers.values()):
            closing.close()
        self.network.close()


def operation(request_id: str) -> counter_pb2.Operation:
    """Who acts, and why."""
    return counter_pb2.Operation(request_id=request_id, verification_id="v1", operator_id="o1", reason="試験")


def until(true: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether it becomes true in time."""
    deadline = time.monotonic() + seconds
    waiting = threading.Event()
    while not true():
        if time.monotonic() > deadline:
            return False
        waiting.wait(0.005)
    return True


@contextmanager
def bench(folder: Path, run: Sequence[str], listed: Sequence[str] = (), **settings: object) -> Iterator[Bench]:
    """A bench that is closed afterwards."""
    made = Bench(folder, run, listed, **settings)
    try:
        yield made
    finally:
        made.close()


@contextmanager
def reading(file: Path) -> Iterator[sqlite3.Connection]:
    """A file of a stopped node, read-only."""
    db = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        yield db
    finally:
        db.close()
