"""What a node is told at its start, and what its tier adds."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from jukinet.law.basis import Decision
from jukinet.model.dates import JST
from jukinet.model.participation import Mode
from jukinet.model.reason import Reason
from jukinet.node.disclosure.servicer import disclosure_service
from jukinet.node.erasing import Erasing
from jukinet.node.error_drill import Queue
from jukinet.node.holding.holder import PersonHolder, RegisterPersons
from jukinet.node.ordinance.acts import in_force
from jukinet.node.ordinance.servicer import ordinance_service
from jukinet.node.provision.bulk_file import bulk_file_service
from jukinet.node.provision.finding import RegisterHolder
from jukinet.node.provision.servicer import ProvisionServicer, provision_service
from jukinet.node.reconciling import Reconciling
from jukinet.node.reporting import Reporting
from jukinet.pki.identity import Identity
from jukinet.relay.engine import Work
from jukinet.store import doubles, journal, register, retention
from jukinet.store.database import Connection, Schema
from jukinet.store.projector import WHOLE, Faults
from jukinet.v1 import drill_pb2, relay_pb2
from jukinet.wire.call import Call
from jukinet.wire.convert_error_report import queue_row
from jukinet.wire.server import Service

if TYPE_CHECKING:
    from jukinet.node.node import Node

MOST_LAG = 200_000
QUARANTINE, STOP_LINK = "quarantine", "stop_link"
"""What a governor does with a faulty record: set it aside and go on, or take no more from that origin."""


@dataclass(frozen=True, slots=True)
class NodeConfig:
    """Everything that differs between two nodes of one tier. `folder` keeps the state, `pki` the credentials.

    Every `reconcile_days` days 整合 is done, every `anchor_days` days the 操作記録 is anchored above; with 0 never by
    itself. What was provided is kept in it for `provision_log_years` years. A node is `recovering` if it was given
    empty files in place of ones that were lost.
    """

    path: str
    folder: str
    pki: str
    directory: str
    listen: str = "127.0.0.1:0"
    drill_listen: str = "127.0.0.1:0"
    virtual_clock: bool = True
    seed: int = 0
    most_lag: int = MOST_LAG
    on_anomaly: str = QUARANTINE
    reconcile_days: int = 0
    anchor_days: int = 0
    provision_log_years: int = 7
    recovering: bool = False

    @property
    def identity(self) -> Identity:
        """Who the node is."""
        return Identity.parse(self.path)

    def write(self, file: Path) -> None:
        """Keep it for the process to read."""
        file.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def read(cls, file: Path) -> NodeConfig:
        """What `write` kept."""
        return cls(**json.loads(file.read_text(encoding="utf-8")))


class LocalDrill(Protocol):
    """What only a municipality can be told to do in a drill."""

    def request_codes(self, call: Call, request: drill_pb2.RequestCodesRequest) -> drill_pb2.RequestCodesResponse:
        """Ask J-LIS for codes ahead."""

    def load_households(self, call: Call, request: drill_pb2.LoadHouseholdsRequest) -> drill_pb2.LoadHouseholdsResponse:
        """Enter fictional households."""

    def resync(self, call: Call, request: drill_pb2.ResyncRequest) -> drill_pb2.ResyncResponse:
        """Send everything again in a new epoch."""

    def hand_over_residents(
        self, call: Call, request: drill_pb2.HandOverResidentsRequest
    ) -> drill_pb2.HandOverResidentsResponse:
        """Page the records out to a successor."""

    def absorb_residents(
        self, call: Call, request: drill_pb2.AbsorbResidentsRequest
    ) -> drill_pb2.AbsorbResidentsResponse:
        """Take over the records of a municipality that is no more."""


@dataclass(frozen=True, slots=True)
class Passage:
    """When the mayor of a designated city passed on the batch at a position of the journal."""

    position: int
    real_time: int
    virtual_time: int
    lamport_time: int


@dataclass(frozen=True, slots=True)
class Tasks:
    """What waits: all of it, what could be done at once, and how many codes are left in the pools."""

    waiting: int = 0
    ready: int = 0
    code_pool: int = 0


class Local(Protocol):
    """What a tier adds to one node."""

    provision: ProvisionServicer | None
    """提供 from this node; None where it keeps nothing that may be provided."""

    holding: PersonHolder
    """What is held of one person."""

    @property
    def reconciling(self) -> Reconciling | None:
        """整合 with the tier above; None where there is none."""

    def apply(self, db: Connection, entry: journal.Entry, records: Sequence[bytes]) -> Faults:
        """Bring one heard batch into the register; answers which records must be set aside."""

    def follow(self, db: Connection, entry: journal.Entry, records: Sequence[bytes], aside: Collection[int]) -> None:
        """Note in the register's file how long the records of a batch, said or heard, are to be kept."""

    def route(self, envelope: journal.Envelope) -> str | None:
        """Path of the neighbour that a batch must travel on to; None if it stays."""

    def refuse(self, db: Connection, envelope: journal.Envelope) -> Reason | None:
        """Why the next batch of a stream is refused for good, for what its records say; None if it is taken."""

    def services(self) -> Sequence[Service]:
        """Services of the tier's own."""

    def works(self) -> Sequence[Work]:
        """Background work, woken after every commit."""

    def live(self) -> dict[str, int]:
        """Live records by origin."""

    def flagged(self) -> int:
        """Codes of which two live records are held that are no move under way."""

    def error_queue(self, after: int, limit: int) -> Queue:
        """Errors at this station of their way, behind a number."""

    def due(self) -> datetime | None:
        """When the next due job falls."""

    def tasks(self) -> Tasks:
        """What waits."""

    def unpassed(self) -> int:
        """Sealed records that somebody on this computer must still pass on."""

    def passages(self, entries: Sequence[journal.Entry]) -> Mapping[int, Passage]:
        """How entries of the journal were passed on, by position, with the rule."""

    def take_part(self, db: Connection, before: Mode, after: Mode) -> int:
        """This node takes part otherwise from now on; how many records are told anew."""

    def drill(self) -> LocalDrill | None:
        """What only this tier can be told in a drill."""

    def take_back(
        self, db: Connection, envelopes: Sequence[journal.Envelope], forked: Sequence[bytes]
    ) -> tuple[Collection[int], Collection[int]]:
        """Do to the register what batches of one stream did that this node had said and lost, in the same transaction.

        `forked` is what was said since under their numbers, if anything was. Answers whose records were changed both
        times, and who got another code.
        """

    def finish_recovery(self, db: Connection, whole: bool) -> None:
        """All is fetched and applied; `whole`: tell the tier above everything again in a new epoch."""

    def to_complete(self) -> Sequence[int]:
        """Numbers of the records that were made anew and say less than they did."""


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier as data. `register` None keeps the register in the journal's file."""

    journal: Schema
    register: Schema | None
    local: Callable[[Node], Local]
    permits: Callable[[Node], Callable[[Call], Decision]] | None = None
    """Decides what an 操作者ID may be used for, where the tier has clerks."""


class UpperTier:
    """What prefecture and J-LIS have in common: no tasks, a register of 本人確認情報, due only what is to be erased."""

    def __init__(self, node: Node, erasing: Erasing, reporting: Reporting) -> None:
        self.node = node
        self.provision: ProvisionServicer | None = ProvisionServicer(
            node, RegisterHolder(node), partial(in_force, node)
        )
        self.holding: PersonHolder = RegisterPersons(node)
        self.erasing = erasing
        self.reporting = reporting
        self.reconciling: Reconciling | None = None

    def apply(self, db: Connection, entry: journal.Entry, records: Sequence[bytes]) -> Faults:
        """本人確認情報 are stored; anything else is set aside whole."""
        if entry.envelope.header.kind == relay_pb2.STREAM_KIND_IDENTIFICATION:
            return register.apply_identification(db, entry, records)
        return [(WHOLE, Reason.NO_BASIS)]

    def follow(self, db: Connection, entry: journal.Entry, records: Sequence[bytes], aside: Collection[int]) -> None:
        """Note how long the records are kept."""
        retention.follow(db, entry, records, aside)

    def route(self, envelope: journal.Envelope) -> str | None:
        """Nothing travels on."""
        return None

    def refuse(self, db: Connection, envelope: journal.Envelope) -> Reason | None:
        """Nothing: a record that cannot be stored is set aside alone."""
        return None

    def services(self) -> Sequence[Service]:
        """提供, the 条例事務 that it may rest on, and 開示, which both upper tiers have."""
        assert self.provision is not None
        return (
            provision_service(self.provision),
            bulk_file_service(self.provision),
            ordinance_service(self.node),
            disclosure_service(self.node),
        )

    def works(self) -> Sequence[Work]:
        """The due job of retention, and who tells of errors."""
        name = self.node.config.path
        return (Work(f"{name} erasing", self.erasing.step), Work(f"{name} reporting", self.reporting.step))

    def live(self) -> dict[str, int]:
        """Live records by origin."""
        with self.node.register.read() as db:
            return register.live(db)

    def flagged(self) -> int:
        """Codes of which two live records are held that are no move under way."""
        with self.node.register.read() as db:
            found = doubles.findings(db, self.node.clock.today())
        return len({one.code for one in self.node.participation.among(found)})

    def due(self) -> datetime | None:
        """00:00 of the day on which something kept is to be erased, or a move under way becomes an error."""
        with self.node.register.read() as db:
            becomes = doubles.next_day(db, self.node.clock.today())
        days = [datetime.combine(day, time(), JST) for day in (becomes, self.reporting.next_due()) if day]
        return min(filter(None, (self.erasing.next_due(), *days)), default=None)

    def tasks(self) -> Tasks:
        """Nothing waits but what is due."""
        return Tasks(ready=int(self.erasing.ready()) + int(self.reporting.ready()))

    def error_queue(self, after: int, limit: int) -> Queue:
        """What was found, or heard of, and how far it came."""
        return Queue([queue_row(found) for found in self.reporting.queue(after, limit)], *self.reporting.counts())

    def unpassed(self) -> int:
        """A governor passes on at once, J-LIS to nobody."""
        return 0

    def passages(self, entries: Sequence[journal.Entry]) -> Mapping[int, Passage]:
        """None."""
        return {}

    def take_part(self, db: Connection, before: Mode, after: Mode) -> int:
        """An upper tier always takes part."""
        return 0

    def drill(self) -> LocalDrill | None:
        """Nothing of its own."""
        return None

    def take_back(
        self, db: Connection, envelopes: Sequence[journal.Envelope], forked: Sequence[bytes]
    ) -> tuple[Collection[int], Collection[int]]:
        """The register follows what is heard, not what is said."""
        return (), ()

    def finish_recovery(self, db: Connection, whole: bool) -> None:
        """The register follows the journal."""

    def to_complete(self) -> Sequence[int]:
        """None."""
        return ()
