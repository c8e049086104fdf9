"""`jukinet audit`: the 操作記録 of every node, whether it is whole, and proofs of it for strangers."""

from __future__ import annotations

import json
from importlib.resources import files as resources
from pathlib import Path
from typing import Annotated, Any

import typer

from jukinet.cli import place
from jukinet.cli.output import plain, progress, say, show_json, table, verb
from jukinet.cli.place import Json, State
from jukinet.clock import from_micros
from jukinet.pki import merkle
from jukinet.pki.keyring import Keyring
from jukinet.stack.fault import Exit, StackFault
from jukinet.stack.stack import Stack
from jukinet.store import audit_log
from jukinet.v1 import audit_pb2 as pb
from jukinet.v1 import audit_pb2_grpc

STUB = audit_pb2_grpc.AuditDrillServiceStub
SECONDS = 120.0
HEADINGS = ("団体", "行", "木の先頭", "上位に固定", "結果")
ROWS = ("番号", "時刻", "誰が", "行為", "根拠", "結果", "事務", "件数", "事案")

Node = Annotated[str, typer.Argument(help="機関 / node, by name, code or path.")]
Nodes = Annotated[list[str] | None, typer.Argument(help="機関 / nodes; all without it.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    noun = typer.Typer(no_args_is_help=True, help="操作記録 / the log of every act: read, verify, prove.")
    app.add_typer(noun, name="audit")
    base = "jukinet audit"
    verb(noun, "list", f"{base} list 機構", f"{base} list 国立市 --after 40 --json")(list_rows)
    verb(noun, "verify", f"{base} verify", f"{base} verify 機構 --head head.json")(verify)
    verb(noun, "anchor", f"{base} anchor", f"{base} anchor 国立市")(anchor)
    verb(noun, "head", f"{base} head 機構 --out head.json")(head)
    verb(noun, "prove", f"{base} prove 機構 12 --out proof", f"{base} prove 機構 12 --subject 2 --out proof")(prove)
    verb(noun, "export", f"{base} export 機構 --out audit.jsonl")(export)


def list_rows(
    node: Node,
    after: Annotated[int, typer.Option("--after", min=0, help="この行の次から / behind this row.")] = 0,
    state: State = None,
    as_json: Json = False,
) -> None:
    """操作記録の行 / A page of rows; about whom they are is not shown."""
    with place.stack(state) as stack:
        answer = _page(stack, _path(stack, node), after)
    if as_json:
        show_json([_told(row, answer) for row in answer.rows])
        return
    lines = []
    for row in answer.rows:
        said = answer.provisions.get(row.id, pb.ProvisionEntry())
        when = from_micros(row.virtual_time).strftime("%Y-%m-%d %H:%M")
        count = f"{said.provided}/{said.asked}" if said.asked else ""
        how = "" if row.accepted else row.refusal
        lines.append((str(row.id), when, row.caller, row.event, row.article, how, said.affair, count, said.case_number))
    table(ROWS, lines, right=(0, 7))


def verify(
    nodes: Nodes = None,
    head_file: Annotated[
        Path | None, typer.Option("--head", help="先に書き出した木の先頭 / a head exported before.")
    ] = None,
    state: State = None,
    as_json: Json = False,
) -> None:
    """全行を読み直す / Read every row again, and compare with what is anchored above. Exit code 4 on a fault."""
    found: dict[str, dict[str, Any]] = {}
    with place.stack(state) as stack, progress() as told:
        stack.require_running()
        wanted = [_path(stack, name) for name in nodes or ()] or stack.running
        anchors = _anchors(stack)
        if head_file is not None and _exported(stack, head_file).node not in wanted:
            raise _no_head(head_file, "it is of another node")
        for number, path in enumerate(wanted):
            told("操作記録を検査 / verifying", number, len(wanted))
            found[path] = _verified(stack, path, anchors.get(path), head_file)
        names = {path: stack.topology.find(path).name for path in wanted}
    if as_json:
        show_json(found)
    else:
        table(
            HEADINGS,
            [
                (names[path], str(one["rows"]), str(one["heads"]), str(one["anchored"] or "－"), _words(one["faults"]))
                for path, one in found.items()
            ],
            right=(1, 2, 3),
        )
    if any(one["faults"] for one in found.values()):
        raise typer.Exit(Exit.FAULT)


def anchor(nodes: Nodes = None, state: State = None, as_json: Json = False) -> None:
    """木の先頭を上位に固定 / Anchor the head of now in the tier above: what is anchored cannot be undone."""
    with place.stack(state) as stack:
        stack.require_running()
        wanted = [_path(stack, name) for name in nodes or ()] or sorted(stack.running)
        sizes = {}
        for path in (path for path in wanted if path != "jlis/center"):
            sizes[path] = stack.console(path).call(STUB, "AnchorNow", pb.AnchorNowRequest(), SECONDS).anchored_size
    if as_json:
        show_json(sizes)
    else:
        table(("団体", "行"), [(path, str(size)) for path, size in sizes.items()], right=(1,))


def head(
    node: Node,
    out: Annotated[Path, typer.Option("--out", help="書き出す先 / file to write.")],
    state: State = None,
    as_json: Json = False,
) -> None:
    """木の先頭を書き出す / Write a signed head: `verify --head` finds whatever is changed before it."""
    with place.stack(state) as stack:
        answer = stack.console(_path(stack, node)).call(STUB, "GetTreeHead", pb.GetTreeHeadRequest(), SECONDS)
    said = pb.TreeHead.FromString(answer.head.head)
    kept = {
        "node": said.node, "size": said.size, "root": said.root.hex(), "head": answer.head.head.hex(),
        "signature": answer.head.signature.hex(), "certificate": answer.head.certificate.hex(),
    }  # fmt: skip
    out.write_text(json.dumps(kept, indent=1), encoding="utf-8")
    if as_json:
        show_json(kept)
    else:
        say(f"{out}: {said.node} {said.size}行 {said.root.hex()}")


def prove(
    node: Node,
    row: Annotated[int, typer.Argument(help="行の番号 / number of the row.")],
    out: Annotated[Path, typer.Option("--out", help="新しいフォルダー / a new folder.")],
    subject: Annotated[int, typer.Option("--subject", min=0, help="その行の何人目か / which person of it.")] = 0,
    state: State = None,
    as_json: Json = False,
) -> None:
    """1行を証明する / Prove one row, and one person in it if wanted, to a stranger who has openssl alone."""
    if out.exists():
        raise StackFault(f"{out} is there already.", f"{out} は既にあります。", "Name another folder with --out.")
    with place.stack(state) as stack:
        request = pb.ProveAuditRowRequest(id=row, subject=subject)
        proof = stack.console(_path(stack, node)).call(STUB, "ProveAuditRow", request, SECONDS)
    _write_proof(out, row, subject, proof)
    if as_json:
        show_json({"folder": str(out), "row": row, "subject": subject})
    else:
        say(f"{out}: `sh {out}/verify.sh {out}`")


def export(
    node: Node,
    out: Annotated[Path, typer.Option("--out", help="書き出す先 / file to write.")],
    state: State = None,
    as_json: Json = False,
) -> None:
    """全行を書き出す / Write all rows as JSON lines, with their leaf hashes; about whom they are stays inside."""
    count = 0
    with place.stack(state) as stack, out.open("w", encoding="utf-8") as file:
        path = _path(stack, node)
        while (answer := _page(stack, path, count)).rows:
            for row in answer.rows:
                leaf = merkle.plain_leaf_hash(row.SerializeToString(deterministic=True))
                file.write(json.dumps({**_told(row, answer), "leaf": leaf.hex()}, ensure_ascii=False) + "\n")
                count += 1
    if as_json:
        show_json({"out": str(out), "rows": count})
    else:
        say(f"{out}: {count}行 / rows")


def _verified(stack: Stack, path: str, anchored: pb.TreeHead | None, head_file: Path | None) -> dict[str, Any]:
    answer = stack.console(path).call(STUB, "VerifyAudit", pb.VerifyAuditRequest(), SECONDS)
    faults = [f"{one.kind} {one.id} {one.node}".strip() for one in answer.faults]
    if anchored is not None and not _continues(stack, path, anchored.size, anchored.root):
        faults.append(f"NOT_WHAT_IS_ANCHORED {anchored.size}")
    if head_file is not None:
        kept = _exported(stack, head_file)
        if kept.node == path and not _continues(stack, path, kept.size, kept.root):
            faults.append(f"NOT_WHAT_WAS_EXPORTED {kept.size}")
    size = anchored.size if anchored else 0
    return {"rows": answer.rows, "heads": answer.heads, "anchored": size, "faults": faults}


def _exported(stack: Stack, file: Path) -> pb.TreeHead:
    """What a head that was exported says, if its node signed it."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        parts = {name: bytes.fromhex(kept[name]) for name in ("head", "signature", "certificate")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _no_head(file, "it was not written by `jukinet audit head`") from error
    said = audit_log.signed_by(pb.SignedTreeHead(**parts), Keyring(stack.registry.authority.root_pem))
    if said is None:
        raise _no_head(file, "its signature does not fit")
    return said


def _no_head(file: Path, what: str) -> StackFault:
    return StackFault(
        f"{file.name} is no head to compare with: {what}.", f"{file.name} は照合できる木の先頭ではありません。",
        "Export one with `jukinet audit head`.",
    )  # fmt: skip


def _continues(stack: Stack, path: str, size: int, root: bytes) -> bool:
    """Whether the log of now begins with the tree of that size and root."""
    now = pb.TreeHead.FromString(
        stack.console(path).call(STUB, "GetTreeHead", pb.GetTreeHeadRequest(), SECONDS).head.head
    )
    if size > now.size:
        return False
    request = pb.ProveConsistencyRequest(from_size=size, to_size=now.size)
    proof = stack.console(path).call(STUB, "ProveConsistency", request, SECONDS)
    return merkle.verify_consistency(size, now.size, root, now.root, list(proof.proof))


def _anchors(stack: Stack) -> dict[str, pb.TreeHead]:
    """What the upper tiers keep, by node."""
    found = {}
    for path in stack.running:
        if not path.startswith("municipality"):
            for kept in stack.console(path).call(STUB, "ListAnchors", pb.ListAnchorsRequest()).heads:
                said = pb.TreeHead.FromString(kept.head)
                found[said.node] = said
    return found


def _write_proof(out: Path, row: int, subject: int, proof: pb.ProveAuditRowResponse) -> None:
    said = pb.TreeHead.FromString(proof.head.head)
    leaf = merkle.plain_leaf_hash(proof.row)
    out.mkdir(parents=True, mode=0o700)
    told: dict[str, Any] = {
        "leaf": leaf.hex(), "root": said.root.hex(), "size": said.size, "row": row,
        "signed_at": said.real_time // 1_000_000,
        "inclusion": merkle.told_inclusion(leaf, row - 1, said.size, list(proof.path)),
    }  # fmt: skip
    parts = {
        "row.bin": proof.row, "head.bin": proof.head.head, "head.sig": proof.head.signature,
        "node.der": proof.head.certificate, "root.pem": proof.root_pem, "provision.bin": proof.provision,
    }  # fmt: skip
    if subject:
        person = merkle.leaf_hash(proof.subject_salt, proof.subject_record)
        entry = pb.ProvisionEntry.FromString(proof.provision)
        told["subject"] = {
            "leaf": person.hex(), "root": entry.subjects_root.hex(),
            "inclusion": merkle.told_inclusion(person, subject - 1, proof.subjects, list(proof.subject_path)),
        }  # fmt: skip
        parts |= {"subject.salt": proof.subject_salt, "subject.bin": proof.subject_record}
        (out / "subject_path.txt").write_text(_steps(told["subject"]["inclusion"]), encoding="utf-8")
    for name, data in parts.items():
        (out / name).write_bytes(data)
    (out / "proof.json").write_text(json.dumps(told, indent=1), encoding="utf-8")
    (out / "path.txt").write_text(_steps(told["inclusion"]), encoding="utf-8")
    (out / "root.txt").write_text(said.root.hex() + "\n", encoding="utf-8")
    (out / "signed_at.txt").write_text(f"{told['signed_at']}\n", encoding="utf-8")
    (out / "verify.sh").write_bytes(resources("jukinet.drill").joinpath("verify_audit.sh").read_bytes())


def _steps(inclusion: dict[str, Any]) -> str:
    """One line a step: on which side the other half stands, and its hash."""
    steps = zip(inclusion["rule"], inclusion["path"][1:], strict=False)
    return "".join(f"{bit} {hash_}\n" for bit, hash_ in steps)


def _page(stack: Stack, path: str, after: int) -> pb.ListAuditRowsResponse:
    answer: pb.ListAuditRowsResponse = stack.console(path).call(
        STUB, "ListAuditRows", pb.ListAuditRowsRequest(after=after), SECONDS
    )
    return answer


def _told(row: pb.AuditRow, answer: pb.ListAuditRowsResponse) -> dict[str, Any]:
    said = plain(row)
    said.pop("provision_hash", None)
    if row.id in answer.provisions:
        said["provision"] = plain(answer.provisions[row.id])
    return said


def _path(stack: Stack, name: str) -> str:
    stack.require_running()
    return stack.topology.find(name).path


def _words(faults: list[str]) -> str:
    return "異常なし / whole" if not faults else "、".join(faults)
