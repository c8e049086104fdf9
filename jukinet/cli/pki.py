"""`jukinet pki issue | revoke | show | check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from jukinet.cli import place
from jukinet.cli.output import say, show_json, verb
from jukinet.cli.place import Json, State
from jukinet.clock import real_now
from jukinet.pki.authority import Credential
from jukinet.pki.identity import Identity
from jukinet.pki.keyring import CertificateFault, Keyring
from jukinet.stack.fault import Exit, StackFault
from jukinet.stack.layout import NODE
from jukinet.stack.registry import DAYS, Issued, days_left

Holder = Annotated[str, typer.Argument(help="office/{id}, operator/{area}/{id}, console/{id}, municipality/{area} …")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    noun = typer.Typer(help="証明書 / Certificates, all marked SIMULATION.", no_args_is_help=True)
    app.add_typer(noun, name="pki")
    verb(
        noun, "issue", "jukinet pki issue office/nenkin --out nenkin",
        "jukinet pki issue municipality/132152 --days 30",
        "jukinet pki issue operator/132152/c07",
    )(issue)  # fmt: skip
    verb(noun, "revoke", "jukinet pki revoke operator/132152/c07", "jukinet pki revoke municipality/132152")(revoke)
    verb(noun, "show", "jukinet pki show", "jukinet pki show operator/132152/c07 --all")(show)
    verb(noun, "check", "jukinet pki check nenkin")(check)


def issue(
    holder: Holder,
    days: Annotated[float, typer.Option(min=0.01, max=365, help="有効日数 / days it counts.")] = DAYS,
    output: Annotated[
        Path | None, typer.Option("--out", help="書き出すフォルダー / folder. Default: ./HOLDER.")
    ] = None,
    state: State = None,
    as_json: Json = False,
) -> None:
    """外のノード・機関・操作者に証明書を発行する / A certificate for a node, office or clerk outside."""
    _identity(holder)
    folder = (output or Path(holder.replace("/", "-"))).absolute()
    with place.stack(state) as stack:
        issued = stack.issue(holder, folder, days)
        directory = stack.layout.directory
    names = [str(folder / name) for name in (f"{NODE}.key", f"{NODE}.pem", "root.pem")]
    if as_json:
        show_json({"path": holder, "files": names, "directory": str(directory)} | _json(issued))
        return
    for name in names:
        say(name)
    say(f"{issued.expires:%Y-%m-%d %H:%M} UTC まで / counts until then; シリアル / serial {issued.serial:x}")
    if Identity.parse(holder).is_node:
        say(f"ノード一覧 / the signed directory of all nodes: {directory}")


def revoke(
    holder: Annotated[str, typer.Argument(help="パス又はシリアル / path, or serial")],
    state: State = None,
    as_json: Json = False,
) -> None:
    """証明書を失効させる / Revoke certificates; every node refuses them as soon as it has read the new directory."""
    with place.stack(state) as stack:
        gone = stack.registry.revoke(holder)
        version = stack.write_directory()
        own = [entry.path for entry in gone if entry.path in stack.paths]
    if as_json:
        show_json({"revoked": [_json(entry) for entry in gone], "directory_version": version})
        return
    for entry in gone:
        say(f"失効 / revoked: {entry.path} {entry.serial:x}")
    if own:
        say("`jukinet up` で新しい証明書を受けます / `jukinet up` gives it a new one")


def show(
    holder: Annotated[str, typer.Argument(help="パス。省けば全て / path; all if left out.")] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="期限切れ・失効も / also those that count no more.")
    ] = False,
    state: State = None,
    as_json: Json = False,
) -> None:
    """発行した証明書の一覧 / What was given out."""
    with place.stack(state) as stack:
        found = [entry for entry in stack.registry.issued(holder) if entry.good or everything]
    if as_json:
        show_json([_json(entry) for entry in found])
        return
    for entry in found:
        left = days_left(entry)
        how = "失効 / revoked" if entry.revoked else f"残り / left {left.days}日" if entry.good else "期限切れ / over"
        say(f"{entry.path:<28} {entry.serial:040x} {how}")
    if not found:
        say("ありません / none")


def check(
    folder: Annotated[Path, typer.Argument(help="node.key, node.pem, root.pem のあるフォルダー / folder with them.")],
    state: State = None,
    as_json: Json = False,
) -> None:
    """鍵・連鎖・日付・失効を確かめる / Check key, chain, dates and revocation. Exit code 4 on a fault."""
    fault, path, until = "", "", ""
    with place.stack(state) as stack:
        try:
            credential = Credential.load(folder, NODE)
            signer = Keyring(stack.registry.authority.root_pem).identify(credential.certificate_der, real_now())
            path, until = signer.path, signer.not_after.isoformat()
            if signer.serial in stack.registry.revoked():
                fault = "it is revoked"
            elif (folder / "root.pem").read_bytes() != stack.registry.authority.root_pem:
                fault = "its root.pem is not this network's"
        except FileNotFoundError as error:
            fault = f"{Path(error.filename).name} is missing"
        except (OSError, ValueError, CertificateFault) as error:
            fault = str(error)
    if as_json:
        show_json({"good": not fault, "path": path, "expires": until, "fault": fault})
    else:
        say(f"有効 / good: {path}, {until}" if not fault else f"無効 / no good: {fault}")
        if fault:
            say("次に / next: `jukinet pki issue`")
    if fault:
        raise typer.Exit(Exit.FAULT)


def _identity(path: str) -> Identity:
    try:
        return Identity.parse(path)
    except ValueError as error:
        raise StackFault(
            str(error)[0].upper() + str(error)[1:] + ".",
            "証明書の名前の形が違います。",
            "See `jukinet pki issue --help`.",
        ) from error


def _json(entry: Issued) -> dict[str, Any]:
    return {
        "path": entry.path,
        "serial": f"{entry.serial:x}",
        "issued": entry.issued.isoformat(),
        "expires": entry.expires.isoformat(),
        "revoked": entry.revoked.isoformat() if entry.revoked else None,
        "good": entry.good,
    }
