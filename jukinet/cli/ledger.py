"""`jukinet ledger | doctor | resync`: is everything where it should be?"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import typer

from jukinet.cli import place
from jukinet.cli.output import plain, progress, say, show_json, table, verb
from jukinet.cli.place import Json, Municipality, State
from jukinet.stack.doctor import Finding, examine
from jukinet.stack.fault import Exit
from jukinet.stack.ledger import Ledger, Pair
from jukinet.stack.reach import STALL_SECONDS
from jukinet.v1 import drill_pb2

DOWN_STALL_SECONDS = 1.0


def register(app: typer.Typer) -> None:
    """Add the commands."""
    verb(app, "ledger", "jukinet ledger", "jukinet ledger --json")(ledger)
    verb(app, "doctor", "jukinet doctor", "jukinet doctor --json")(doctor)
    verb(app, "resync", "jukinet resync 国立市")(resync)


def ledger(
    state: State = None,
    as_json: Json = False,
) -> None:
    """台帳 / Both ends of every stream, each counted from its own journal. Exit code 4 unless zero at rest."""
    with place.stack(state) as stack:
        if not stack.running:
            stack.require_running()
        with progress() as told:
            whole = len(stack.running) == len(stack.paths)
            stack.settle(stall_seconds=STALL_SECONDS if whole else DOWN_STALL_SECONDS, progress=told)
        found = stack.ledger()
    if as_json:
        show_json(_ledger_json(found))
    else:
        _show_ledger(found)
    if not found.at_zero:
        raise typer.Exit(Exit.FAULT)


def _ledger_json(found: Ledger) -> dict[str, Any]:
    return {
        "at_zero": found.at_zero,
        "in_flight": found.in_flight,
        "pending": found.pending,
        "quarantined": found.quarantined,
        "unseen": list(found.unseen),
        "faults": found.faults,
        "pairs": [_pair_json(pair) for pair in found.pairs],
        "end_to_end": [_pair_json(pair) for pair in found.ends],
    }


def _pair_json(pair: Pair) -> dict[str, Any]:
    return {
        "kind": pair.kind_name,
        "origin": pair.origin,
        "counterpart": pair.counterpart,
        "epoch": pair.epoch,
        "sender": pair.sender,
        "receiver": pair.receiver,
        "in_flight": pair.in_flight,
        "pending": pair.pending,
        "at_zero": pair.at_zero,
        "faults": pair.faults,
        "sent": plain(pair.sent) if pair.sent else None,
        "received": plain(pair.got) if pair.got else None,
    }


def _show_ledger(found: Ledger) -> None:
    headings = (
        "ストリーム",
        "発信元/期",
        "送信側",
        "受信側",
        "送信",
        "確認",
        "送信中",
        "受信",
        "反映",
        "隔離",
        "未反映",
        "末尾",
    )
    rows = []
    for pair in found.pairs:
        sent, got = pair.sent, pair.got
        said = (sent.records, sent.acknowledged, pair.in_flight) if sent else ("?",) * 3
        heard = (got.records, got.applied, got.quarantined, pair.pending) if got else ("?",) * 4
        same = ("=" if sent.head_hash == got.head_hash else "≠") if sent and got else "?"
        counts = (f"{count:,}" if isinstance(count, int) else count for count in (*said, *heard))
        rows.append((pair.kind_name, f"{pair.origin}/{pair.epoch}", pair.sender, pair.receiver, *counts, same))
    table(headings, rows, right=range(4, 11))
    for fault in found.faults:
        say(f"! {fault}")
    for path in found.unseen:
        say(f"! {path} は応答しません / does not answer")
    equal = sum(end.at_zero for end in found.ends)
    say(f"発信元と機構が一致 / origins equal to J-LIS: {equal}/{len(found.ends)}")
    verdict = "零 / at zero" if found.at_zero else "零ではありません / not at zero"
    say(f"送信中 {found.in_flight}、未反映 {found.pending}、隔離 {found.quarantined}: {verdict}")
    if not found.at_zero:
        say("次に / next: `jukinet doctor`")


def doctor(state: State = None, as_json: Json = False) -> None:
    """証明書・接続・保存・リンクを診る / Look at certificates, listeners, storage, links. Exit code 4 on a fault."""
    with place.stack(state) as stack:
        findings = list(examine(stack))
    bad = [finding for finding in findings if finding.ok is False]
    if as_json:
        show_json({"good": not bad, "findings": [_finding_json(finding) for finding in findings]})
    else:
        for finding in findings:
            mark = {True: "✓", False: "✗", None: "・"}[finding.ok]
            say(f"{mark} {finding.node} {finding.check}: {finding.text}")
            if finding.remedy and finding.ok is not True:
                say(f"    次に / next: {finding.remedy}")
        say("異常なし / nothing wrong" if not bad else f"異常 {len(bad)} 件 / {len(bad)} faults")
    if bad:
        raise typer.Exit(Exit.FAULT)


def _finding_json(finding: Finding) -> dict[str, Any]:
    return {name: getattr(finding, name) for name in Finding.__slots__}


def resync(municipality: Municipality, state: State = None, as_json: Json = False) -> None:
    """全件送信で新しい期を開く / Open a new epoch by full transmission; the way out of a stopped stream."""
    with place.stack(state) as stack:
        stack.require_running()
        path = stack.topology.find(municipality).path
        request = drill_pb2.ResyncRequest(request_id=str(uuid4()))
        answer = stack.drill(path, "Resync", request, 120.0)
        with progress() as told:
            settled = stack.settle(progress=told)
    assert isinstance(answer, drill_pb2.ResyncResponse)
    if as_json:
        show_json({"epoch": answer.epoch, "records": answer.records, "settled": settled})
    else:
        say(f"第 {answer.epoch} 期、{answer.records} 件を再送 / epoch {answer.epoch}, {answer.records} records")
    if not settled:
        raise typer.Exit(Exit.FAULT)
