"""`jukinet rebuild | recover`: what a node has lost."""

from __future__ import annotations

from typing import Annotated

import typer

from jukinet.cli import place
from jukinet.cli.output import plain, progress, say, show_json, verb
from jukinet.cli.place import Json, State
from jukinet.stack import recovery
from jukinet.stack.fault import Exit
from jukinet.v1 import recovery_pb2

Node = Annotated[str, typer.Argument(help="団体の名前・コード・パス / node, by name, code or path.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    verb(app, "rebuild", "jukinet rebuild 東京都")(rebuild)
    verb(app, "recover", "jukinet recover 国立市", "jukinet recover 国立市 --report --json")(recover)


def rebuild(node: Node, state: State = None, as_json: Json = False) -> None:
    """失われた登録簿を記録から作り直す / Build the register of a governor or J-LIS anew from its journal."""
    with place.stack(state) as stack, progress() as told:
        position = recovery.rebuild(stack, stack.topology.find(node).path, told)
    if as_json:
        show_json({"applied_position": position})
    else:
        say(f"記録 {position} まで反映しました / applied up to position {position}")


def recover(
    node: Node,
    accept_missing: Annotated[
        bool,
        typer.Option("--accept-missing", help="応答を待たずに終える / end though somebody did not answer."),
    ] = False,
    only_report: Annotated[bool, typer.Option("--report", help="前回の結果だけ示す / only show the last one.")] = False,
    state: State = None,
    as_json: Json = False,
) -> None:
    """失った記録を他の団体から取り戻す / Fetch what a node has lost from those who acknowledged it. Repeatable."""
    with place.stack(state) as stack, progress() as told:
        path = stack.topology.find(node).path
        if only_report:
            found = recovery.report(stack, path)
        else:
            found = recovery.recover(stack, path, accept_missing=accept_missing, progress=told)
            stack.settle(progress=told)
    if as_json:
        show_json(plain(found))
    else:
        _show(found)
    if found.recovering or found.fault:
        raise typer.Exit(Exit.FAULT)


def _show(found: recovery_pb2.GetRecoveryResponse) -> None:
    say(
        f"自らの通知 {found.own_records} 件、他からの通知 {found.heard_records} 件を取り戻しました / "
        f"{found.own_records} records of its own, {found.heard_records} said to it"
    )
    for path in found.unreachable:
        say(f"応答なし / did not answer: {path}")
    for one in found.conflicts:
        say(f"二通りの通知 / said twice: {one.origin} {one.kind} epoch {one.epoch} number {one.number} ({one.peer})")
    if found.epochs_opened:
        say(f"新しい期を {found.epochs_opened} 開きました / {found.epochs_opened} streams opened anew")
    for words, ids in (
        ("補記を要する住民票 / 住民票 to complete", found.resident_ids_to_complete),
        ("前後で二度変わった住民票 / changed before and after", found.resident_ids_changed_twice),
        ("別のコードを与えた住民票 / given another code", found.resident_ids_given_other_codes),
    ):
        if ids:
            say(f"{words}: {len(ids)} — {' '.join(map(str, ids))}")
    say("取り戻せないもの / what no one else holds, and is gone if it was lost here:")
    for lost in found.not_recovered:
        say(f"  ・{lost.japanese}")
        say(f"    {lost.english}")
    if found.fault:
        say(f"中断 / ended early: {found.fault}")
    if found.recovering:
        say("まだ回復中です。応答しない団体が戻ったら再実行 / still recovering; repeat, or add --accept-missing")
    else:
        say("回復しました。念のため整合を / recovered; compare now: `jukinet ledger`, `jukinet reconcile`")
