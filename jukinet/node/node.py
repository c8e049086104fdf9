"""One node of any tier: its files, its listeners, its links."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from jukinet import log
from jukinet.clock import START, Clock, from_micros, to_micros
from jukinet.law import index
from jukinet.model.codes import names_somebody
from jukinet.model.reason import Reason
from jukinet.node.anchoring import Anchoring
from jukinet.node.config import NodeConfig, Tier
from jukinet.node.metrics import Meter
from jukinet.node.participation import Participation
from jukinet.node.provision.entry import refused
from jukinet.node.recovery import OPEN, Recovery
from jukinet.node.services import DRILL_SERVICES, SERVICES
from jukinet.node.watching import Bell
from jukinet.pki.directory import DirectoryFile
from jukinet.pki.identity import Identity
from jukinet.pki.keyring import Keyring
from jukinet.refusal import Refusal
from jukinet.relay.engine import Engine, Step, Work
from jukinet.relay.garbling import Garbler
from jukinet.relay.link import Link
from jukinet.relay.receiver import Receiver
from jukinet.relay.sealer import Sealer
from jukinet.store import audit, journal, links, settings
from jukinet.store import recovery as recovery_store
from jukinet.store.database import Database
from jukinet.store.projector import Projector
from jukinet.wire.call import Call
from jukinet.wire.credentials import Credentials
from jukinet.wire.interceptors import Auditor, Boundary, Gate
from jukinet.wire.observing import Observing
from jukinet.wire.peers import BROKEN_CHARACTERS, Fault, Peers
from jukinet.wire.server import CallPool, Listener

_ = index.ROOMS  # every rule is in the index before the first call is decided
GRACE_SECONDS = 5.0
READ_SECONDS = 10.0


class Node:
    """A municipality, a prefecture or J-LIS. `pool` answers calls, `engine` works behind them; processes share both."""

    def __init__(self, config: NodeConfig, tier: Tier, pool: CallPool, engine: Engine) -> None:
        self.config = config
        self.identity = config.identity
        self.engine = engine
        self.lookups = pool.lookups[self.identity.kind]
        self.bell = Bell(pool.watchers)
        folder = Path(config.folder)
        self.journal = Database(folder / "journal.db", tier.journal)
        self.register = self._open_register(folder, tier)
        self.clock = self._clock()
        self.credentials = Credentials(Path(config.pki))
        self.directory = DirectoryFile(Path(config.directory), self.credentials.root_pem)
        self.keyring = Keyring(self.credentials.root_pem)
        self.participation = Participation(self.journal, self.identity)
        self.observing = Observing(self.identity, self.clock)
        self.meter = Meter()
        self.observing.add(self.meter.observe)
        self.peers = Peers(self.credentials, self.directory, self.clock, self.observing, self.participation.is_cut)
        self.recovery = Recovery(self, config.recovering)
        self.anchoring = Anchoring(self)
        self.anchoring.work.step = self._unless_recovering(self.anchoring.work.step)
        self.local = tier.local(self)
        self.projector = Projector(self.journal, self.register, self.local.apply, self.local.follow)
        self.receiver = Receiver(
            self.identity, self.journal, self.clock, self.keyring, self.directory, self.local.route, self.lag,
            config.most_lag, self.local.refuse,
        )  # fmt: skip
        self._garbler = Garbler()
        sealer = Sealer(self.journal, self.clock, lambda: self.credentials.signer, self.local.route, self._garbler)
        self.links: dict[str, Link] = {}
        self.tries = 0
        self._link_works: dict[str, Work] = {}
        self._sealing = Work(f"{config.path} sealer", self._unless_recovering(sealer.step))
        self._projecting = Work(f"{config.path} projector", self._project)
        self._linking = Work(f"{config.path} links", self._unless_recovering(self._wake_links))
        local = self.local.works()
        for work in local:
            work.step = self._unless_recovering(work.step)
        self._works = [self._sealing, self._projecting, self._linking, *local, self.recovery.work, self.anchoring.work]
        permits = tier.permits(self) if tier.permits else None
        gate = Gate(self.identity, self.directory, self.clock, permits, self._is_closed, self._is_cut)
        chain = (Boundary(pool.permits, self.observing), Auditor(self.audit_refusal), gate)
        self.listener = Listener(
            config.listen, self.credentials, [*(make(self) for make in SERVICES), *self.local.services()],
            chain, pool,
        )  # fmt: skip
        self.drill_listener = Listener(
            config.drill_listen, self.credentials, [make(self) for make in DRILL_SERVICES], chain, pool
        )
        for file in {self.journal, self.register}:
            file.on_failed = self._storage_changed

    def _open_register(self, folder: Path, tier: Tier) -> Database:
        if tier.register is None:
            return self.journal
        register = Database(folder / "register.db", tier.register)
        return recovery_store.open_register(self.journal, register, tier.register)

    def _unless_recovering(self, step: Step) -> Step:
        """Work that says something, or rests on what is missing, waits."""
        return lambda: None if self.recovery.recovering else step()

    def _is_cut(self, caller: Identity) -> bool:
        return caller.is_node and self.participation.is_cut(caller.path)

    def _is_closed(self, method: str) -> bool:
        return self.recovery.recovering and not method.startswith(OPEN)

    def _clock(self) -> Clock:
        with self.journal.read() as db:
            kept = settings.find(db, "virtual_time")
            lamport = settings.last_lamport(db)
        clock = Clock(virtual=self.config.virtual_clock, at=from_micros(int(kept)) if kept else START, lamport=lamport)
        clock.save = self._keep_time
        return clock

    def _keep_time(self, instant: datetime) -> None:
        self.journal.write(lambda db: settings.put(db, "virtual_time", str(to_micros(instant))))

    # Running

    def start(self) -> None:
        """Take calls and begin to work."""
        self.directory.look()
        self.journal.listeners.append(self.wake)
        if self.register is not self.journal:
            self.register.listeners.append(self.wake)  # what is wrong shows when it is applied
        self.listener.start()
        self.drill_listener.start()
        self.wake()

    def stop(self) -> None:
        """Finish what runs, stop working, close the files."""
        self.bell.close()
        self.listener.stop(GRACE_SECONDS)
        self.drill_listener.stop(GRACE_SECONDS)
        self.journal.listeners.clear()
        self.register.listeners.clear()
        # First those that wait for the projector, then those that wake links, then the links.
        upstream = [work for work in self._works if work not in (self._sealing, self._projecting, self._linking)]
        for work in [*upstream, self._linking, *self._link_works.values(), self._sealing, self._projecting]:
            self.engine.remove(work)
        self.peers.close()
        self.register.close()
        if self.register is not self.journal:
            self.journal.close()

    def wake(self) -> None:
        """Something was written: whoever may have to do something, or looks on, looks."""
        self.bell.ring()
        for work in self._works:
            self.engine.wake(work)

    def _project(self) -> float | None:
        if self.recovery.holds_register:
            return None
        return 0.0 if self.projector.step() else None

    def _wake_links(self) -> float | None:
        with self.journal.read() as db:
            peers = links.peers_owed(db)
        for peer in peers:
            if peer not in self._link_works:
                link = self.links[peer] = Link(peer, self.journal, self.peers)
                self._link_works[peer] = Work(
                    f"{self.config.path} → {peer}", self._unless_recovering(link.step), away=True
                )
            if not self.links[peer].line_down:
                self.engine.wake(self._link_works[peer])
        return None

    def retry_now(self) -> None:
        """Let every link try again at once, also those that wait after a failure."""
        self.tries += 1
        for peer, work in self._link_works.items():
            self.links[peer].retry_now()
            self.engine.wake(work)
        self.wake()

    def set_faults(self, faults: Sequence[Fault], seed: int) -> None:
        """The faults of a drill from now on; none heals all, and every link tries again."""
        broken = [fault.per_mille for fault in faults if fault.kind == BROKEN_CHARACTERS]
        self._garbler.set(max(broken, default=0), seed)
        self.peers.set_faults([fault for fault in faults if fault.kind != BROKEN_CHARACTERS], seed)
        if not faults:
            self.retry_now()

    # State

    def lag(self) -> int:
        """Records received but not yet applied."""
        with self.journal.read() as db:
            through = journal.head(db)[1]
        return int(through - self.projector.records_through)

    def read_own_writes(self) -> None:
        """Wait until the register shows what the journal holds now."""
        with self.journal.read() as db:
            position = journal.head(db)[0]
        if self.projector.position < position:
            self.engine.wake(self._projecting)
            self.projector.wait_applied(position, READ_SECONDS)

    def at_rest(self) -> bool:
        """Whether nothing is pending, unapplied or owed, and no task could be done now."""
        if self.recovery.recovering:
            return not self.recovery.running and (self.recovery.holds_register or self.lag() == 0)
        with self.journal.read() as db:
            if journal.pending_streams(db) or journal.head(db)[0] != self.projector.position:
                return False
            owed = links.peers_owed(db)
        return not owed and self.local.unpassed() == 0 and self.local.tasks().ready == 0

    def audit_refusal(self, call: Call, refusal: Refusal) -> None:
        """Write down that something was refused, alone in its own transaction."""
        operation = getattr(call.request, "operation", None)
        entry = audit.Entry(
            caller=call.path,
            event=call.event,
            article=refusal.article or call.article,
            accepted=False,
            refusal=refusal.reason.value,
            request_id=call.request_id[:128],
            operator_id=_safe(getattr(operation, "operator_id", "")),
            verification_id=_safe(getattr(operation, "verification_id", "")),
            reason=_safe(getattr(operation, "reason", "")),
            provision=refused(self.config.path, call, refusal),
        )
        self.journal.write(lambda db: audit.append(db, self.clock, entry))

    def _storage_changed(self, failed: bool) -> None:
        failed = self.journal.failed or self.register.failed
        for listener in (self.listener, self.drill_listener):
            listener.set_serving(not failed)
        log.event("storage_failed" if failed else "storage_recovered", node=self.config.path)

    def set_clock(self, instant: datetime) -> None:
        """Move the virtual clock forward; what has become due is done."""
        try:
            self.clock.set(instant)
        except ValueError as error:
            raise Refusal(Reason.CLOCK_BACKWARD) from error
        self.wake()


def _safe(words: str) -> str:
    """What a caller wrote, unless it may name a person."""
    return "?" if names_somebody(words) else words[:200]


def stop_all(nodes: list[Node]) -> None:
    """Stop several nodes of one process; one that fails does not keep the others from closing."""
    with contextlib.ExitStack() as stack:
        for node in nodes:
            stack.callback(node.stop)
