"""隔離 against a small model: whatever comes in whatever order, the same is open, and a register built anew agrees."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from relay.bench import record

from jlis_center.assemble import TIER
from jukinet.clock import Clock
from jukinet.model.codes import resident_code_from
from jukinet.model.stream import Keys, Stream
from jukinet.pki.authority import Authority
from jukinet.pki.signing import Signer
from jukinet.refusal import Refusal
from jukinet.relay.sealer import Chain, seal
from jukinet.store import journal, quarantine, register
from jukinet.store.database import Database
from jukinet.store.projector import Projector
from jukinet.store.releasing import release

STREAM = Stream("132152", 1)
PEOPLE = 3
BAD = "架空\ufffd太郎"


@dataclass(frozen=True)
class Said:
    """One record of a batch: of whom, whether it is faulty, and how far back the record is that it repairs."""

    who: int
    faulty: bool
    repairs: int = 0


@dataclass
class Aside:
    """What the model remembers of a record that was set aside."""

    epoch: int
    number: int
    who: int
    open: bool = True


SAID = st.builds(Said, st.integers(1, PEOPLE), st.booleans(), st.integers(0, 3))
STEPS = st.lists(
    st.one_of(
        st.lists(SAID, min_size=1, max_size=4),  # a batch
        st.just("epoch"),  # a full transmission begins with the next batch
        st.integers(0, 5),  # release one of those that are open
    ),
    min_size=1,
    max_size=12,
)


class Files:
    """A journal and its register, and the model beside them."""

    def __init__(self, folder: Path, signer: Signer) -> None:
        self.folder, self.signer, self.clock = folder, signer, Clock()
        self.journal = Database(folder / "journal.db", TIER.journal)
        assert TIER.register is not None
        self.schema = TIER.register
        self.register = Database(folder / "register.db", self.schema)
        self.chain = Chain(1, 1, journal.NO_HASH)
        self.sequence = 0
        self.aside: list[Aside] = []
        self.names: dict[int, int] = {}

    def project(self) -> Projector:
        projector = Projector(self.journal, self.register, register.apply_identification)
        while projector.step():
            pass
        return projector

    def hear(self, batch: list[Said]) -> None:
        """A batch at both, the model first."""
        epoch, first = self.chain.epoch, self.chain.first_number
        records: list[bytes] = []
        self._ended(epoch)
        fresh = []
        for index, said in enumerate(batch):
            self.sequence += 1
            number = first + index
            repairs = max(0, number - said.repairs) if said.repairs else 0
            name = BAD if said.faulty else f"第{self.sequence}　太郎"
            message = record("132152", said.who, sequence=self.sequence, name=name)
            message.repairs_number = repairs
            records.append(message.SerializeToString())
            if said.faulty:
                fresh.append(Aside(epoch, number, said.who))
                continue
            self.names[said.who] = self.sequence
            for one in [*self.aside, *fresh]:
                if one.who == said.who or (one.epoch, one.number) == (epoch, repairs):
                    one.open = False
        # A record of the same batch may also repair one that stands behind it: all of it came at once.
        repaired = {first + i - s.repairs for i, s in enumerate(batch) if s.repairs and not s.faulty}
        for one in fresh:
            one.open = one.open and one.number not in repaired
        self.aside += fresh
        keys = [Keys(int(resident_code_from(said.who))) for said in batch]
        envelope = seal(STREAM, self.chain, records, keys, self.signer, self.clock)
        self.chain = Chain(epoch, envelope.header.last_number + 1, envelope.header_hash)
        self.journal.write(lambda db: journal.append(db, self.clock, envelope, said=False, peer="prefecture/130001"))
        self.project()

    def _ended(self, epoch: int) -> None:
        for one in self.aside:
            one.open = one.open and one.epoch == epoch

    def epoch(self) -> None:
        self.chain = Chain(self.chain.epoch + 1, 1, journal.NO_HASH)

    def open(self) -> list[tuple[int, int]]:
        """Epoch and number of what stands open, as the register has it."""
        with self.register.read() as db:
            return sorted((one.epoch, one.number) for one in quarantine.open_records(db))

    def model(self) -> list[tuple[int, int]]:
        return sorted((one.epoch, one.number) for one in self.aside if one.open)

    def release(self, choice: int, *, mended: bool) -> None:
        """Release one of those that are open: refused as it is, applied once the rule is mended."""
        with self.register.read() as db:
            found = quarantine.open_records(db)
        if not found:
            return
        one, projector = found[choice % len(found)], self.project()
        with self.journal.read() as db:
            entry = journal.entry(db, one.position)
        assert entry is not None

        def work(db: Any) -> bool:
            release(projector, db, entry, one.record)
            return True

        if not mended:
            with pytest.raises(Refusal, match="CHARACTERS_BROKEN"):
                self.register.write(work)
        else:
            assert self.register.write(work)
            # It stands for what was set aside about the same person before it, as any that counts.
            for aside in self.aside:
                if aside.who == self._who(one) and (aside.epoch, aside.number) <= (one.epoch, one.number):
                    aside.open = False

    def _who(self, one: quarantine.Listed) -> int:
        return next(a.who for a in self.aside if (a.epoch, a.number) == (one.epoch, one.number))

    def counted(self) -> tuple[int, int]:
        """Records heard, and records applied or set aside."""
        with self.register.read() as db:
            applied = db.execute("SELECT sum(records) FROM applied_count").fetchone()[0] or 0
            aside = db.execute("SELECT sum(records) FROM quarantine").fetchone()[0] or 0
        with self.journal.read() as db:
            return journal.head(db)[1], applied + aside

    def shown(self) -> dict[int, int]:
        """更新順番号 that the register shows of each."""
        with self.register.read() as db:
            rows = db.execute("SELECT code, person_sequence FROM identification WHERE person_sequence > 0").fetchall()
        return dict(rows)

    def build_anew(self) -> None:
        self.register.close()
        for part in self.folder.glob("register.db*"):
            part.unlink()
        self.register = Database(self.folder / "register.db", self.schema)
        self.project()

    def close(self) -> None:
        self.register.close()
        self.journal.close()


@contextmanager
def empty() -> Iterator[Files]:
    with tempfile.TemporaryDirectory() as folder:
        credential = Authority.open(Path(folder) / "authority").issue("municipality/132152")
        files = Files(Path(folder), Signer(credential.key_pem, credential.certificate_der))
        try:
            yield files
        finally:
            files.close()


@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_whatever_comes_the_same_stands_open_and_a_register_built_anew_agrees(steps: list[Any]) -> None:
    with empty() as files:
        for step in steps:
            if isinstance(step, list):
                files.hear(step)
            elif step == "epoch":
                files.epoch()
            else:
                files.release(step, mended=False)
            assert files.open() == files.model()
            heard, counted = files.counted()
            assert heard == counted, "received is applied and set aside"
        before, shown = files.open(), files.shown()
        files.build_anew()
        assert (files.open(), files.shown()) == (before, shown)


@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_what_is_released_by_a_mended_rule_is_never_open_again_nor_hides_what_is_later(steps: list[Any]) -> None:
    """Built anew by the mended rule, nothing is set aside at all: the register shows what it showed."""
    with empty() as files:
        for step in steps:
            if isinstance(step, list):
                # Whom a number names may be anybody: then nothing is left to release.
                files.hear([replace(said, repairs=0) for said in step])
            elif step == "epoch":
                files.epoch()
        with pytest.MonkeyPatch.context() as mended:
            mended.setattr("jukinet.store.register.are_broken", lambda *_: False)
            while before := len(files.open()):
                files.release(0, mended=True)
                assert len(files.open()) < before
                assert files.open() == files.model()
            heard, counted = files.counted()
            assert heard == counted, "received is applied and set aside"
            shown = files.shown()
            files.build_anew()
            assert (files.open(), files.shown()) == ([], shown)
