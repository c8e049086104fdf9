"""The demo: residents carried up to J-LIS, one family's story hop by hop, then the proofs with the stack stopped."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

from jukinet.drill import evidence, union_check
from jukinet.drill.recorder import Drill, Hop, Recorder
from jukinet.drill.story import Story
from jukinet.model.dates import JST
from jukinet.stack import topology as topologies
from jukinet.stack.calendar import now, set_clock
from jukinet.stack.population import Progress, quiet
from jukinet.stack.stack import Stack
from jukinet.v1 import drill_pb2
from jukinet.wire.client import Client

Say = Callable[[str], None]
BANNER = "SIMULATION — すべて架空の人物です。実在のネットワークとは接続も互換性もありません。"
CENTER = "jlis/center"
A_LARGE_BATCH = 100
NINE = time_of_day(9)


@dataclass(slots=True)
class Report:
    """What the demo did, for --json."""

    residents: int = 0
    ready_seconds: float = 0.0
    carried_seconds: float = 0.0
    records: int = 0
    scenes: list[dict[str, Any]] = field(default_factory=list)
    ledger_at_zero: bool = False
    union_equal: bool = False
    evidence_verified: bool | None = None

    @property
    def good(self) -> bool:
        """Whether everything held; evidence that could not be checked here does not count against it."""
        return self.ledger_at_zero and self.union_equal and self.evidence_verified is not False


class _Offices:
    """The stack, as the story sees it."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def clerk(self, path: str) -> Client:
        return self._stack.clerk(path, "demo")

    def today(self) -> date:
        return now(self._stack).date()

    def move_clock(self, to: date) -> None:
        set_clock(self._stack, datetime.combine(to, NINE, JST))


def run(root: Path, residents: int, *, as_json: bool, say: Say, progress: Progress = quiet) -> int:
    """Run the demo in its own state folder, reset first; 0 if everything held, 4 if not."""
    tell: Say = (lambda _: None) if as_json else say
    report = Report()
    with _stack(root) as stack:
        tell(BANNER)
        _carry(stack, residents, report, tell, progress)
        recorder = Recorder({path: stack.console(path) for path in stack.paths})
        recorder.new_hops()
        for scene in Story(_Offices(stack)).scenes():
            tell(f"\n■ {scene.title}　［{scene.article}］")
            said = scene.act()
            stack.settle_or_fail()
            hops = recorder.new_hops()
            tell(f"  窓口: {said}")
            for hop in hops:
                tell(f"  {hop.line()}")
            report.scenes.append(
                {"title": scene.title, "article": scene.article, "hops": [_plain(hop) for hop in hops]}
            )
        report.ledger_at_zero = _ledger(stack, tell)
        folder = _export(stack, root / "evidence")
    report.union_equal = _union(root, tell)
    report.evidence_verified = _verify(folder, tell)
    tell(f"\n{'すべて成立 / everything held' if report.good else '成立しないものがあります / something did not hold'}")
    if as_json:
        shown = {name: getattr(report, name) for name in Report.__slots__} | {"good": report.good}
        say(json.dumps(shown, ensure_ascii=False, indent=1))
    return 0 if report.good else 4


@contextmanager
def _stack(root: Path) -> Iterator[Stack]:
    """A fresh network with ports of the system's choice, stopped at the end whatever happens."""
    with Stack(root, topologies.for_demo()) as stack:
        stack.reset()
        try:
            yield stack
        finally:
            stack.down()


def _carry(stack: Stack, residents: int, report: Report, tell: Say, progress: Progress) -> None:
    took = stack.up(progress, residents)
    ledger = stack.ledger()
    sent = [pair.sent.records for pair in ledger.ends if pair.sent]
    report.residents, report.records = took.populated, sum(sent)
    report.ready_seconds, report.carried_seconds = round(took.ready_seconds, 2), round(took.populate_seconds, 2)
    tell(f"{len(stack.paths)}ノードが相互認証TLSで起動: {took.ready_seconds:.1f}秒")
    tell(
        f"{took.populated:,}人を記載・付番し、通知 {sum(sent):,} 件が機構に届きました: {took.populate_seconds:.1f}秒"
        f"（毎秒 {sum(sent) / took.populate_seconds:,.0f} 件）"
    )


def _plain(hop: Hop) -> dict[str, Any]:
    return {
        "from": hop.sender,
        "to": hop.receiver,
        "article": hop.article,
        "what": list(hop.entry.summaries),
        "caption": hop.caption,
        "records": hop.records,
        "position": hop.entry.position,
        "header_hash": hop.entry.header_hash.hex(),
        "lamport": hop.lamport,
    }


def _ledger(stack: Stack, tell: Say) -> bool:
    ledger = stack.ledger()
    tell("\n■ 台帳（各ノードが自分の記録から数えたもの）")
    tell(f"  組 {len(ledger.pairs)}、送信中 {ledger.in_flight}、未反映 {ledger.pending}、隔離 {ledger.quarantined}")
    for fault in ledger.faults:
        tell(f"  ! {fault}")
    return ledger.at_zero


def _export(stack: Stack, folder: Path) -> Path | None:
    """Evidence of one notice from the middle of a batch of at least 100, out of J-LIS's journal."""
    console, after = stack.console(CENTER), 0
    while entries := console.call(Drill, "ListJournal", drill_pb2.ListJournalRequest(after_position=after)).entries:
        for entry in entries:
            size = entry.header.last_number - entry.header.first_number + 1
            if not entry.said and size >= A_LARGE_BATCH:
                request = drill_pb2.GetEvidenceRequest(position=entry.position, index=size // 2)
                return evidence.export(console.call(Drill, "GetEvidence", request), folder)
        after = entries[-1].position
    return None


def _union(root: Path, tell: Say) -> bool:
    """The standalone script, in a Python that sees nothing of ours."""
    tell("\n■ 全ノードを停止し、標準ライブラリだけのスクリプトで保存内容を突き合わせます")
    done = subprocess.run(
        [sys.executable, "-I", "-S", union_check.__file__, str(root)], capture_output=True, text=True, check=False
    )
    for line in (done.stdout + done.stderr).splitlines():
        tell(f"  {line}")
    return done.returncode == 0


def _verify(folder: Path | None, tell: Say) -> bool | None:
    tell("\n■ 100件以上の通知から1件を取り出し、openssl とシェルだけで署名とマークル経路を検証します")
    if folder is None:
        tell(f"  {A_LARGE_BATCH}件以上の通知がありません（--residents を増やしてください）/ no batch is large enough")
        return None
    began = time.monotonic()
    try:
        verified, said = evidence.verify(folder)
    except LookupError as missing:
        tell(f"  openssl がないため検証していません: {missing}")
        return None
    for line in said.splitlines():
        tell(f"  {line}")
    tell(f"  証拠 / evidence: {folder} ({time.monotonic() - began:.1f}秒)")
    return verified
