"""`jukinet`: every noun and verb in one place."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer

from jukinet.cli import (
    area,
    audit,
    clock,
    console,
    disclose,
    errors,
    law,
    ledger,
    metrics,
    misuse,
    network,
    ordinance,
    participation,
    person,
    pki,
    provide,
    quarantine,
    reconcile,
    recovery,
    report,
    resident,
    scenario,
    snapshot,
)
from jukinet.cli.output import say

ABOUT = """住民基本台帳ネットワークのシミュレータ / A simulator of Juki-net: real mTLS, fictional people.

\b
終了コード / exit codes:
  0 ok   1 refused by a node   2 usage   3 not running or unreachable   4 a fault was found
"""

app = typer.Typer(
    name="jukinet", help=ABOUT, no_args_is_help=True, rich_markup_mode=None, add_completion=False,
    pretty_exceptions_enable=False,
)  # fmt: skip


def _version(wanted: bool) -> None:
    if wanted:
        say(f"jukinet {version('jukinet')}")
        raise typer.Exit


@app.callback(
    epilog="\b\n例 / Examples:\n  jukinet up\n  jukinet resident list 国立市\n  jukinet ledger\n  jukinet down"
)
def _root(
    show: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="版を示す / show the version.")
    ] = False,
) -> None:
    pass


for room in (
    *(network, console, ledger, reconcile, errors, quarantine, participation, recovery),
    *(ordinance, disclose, provide, report, audit, misuse),
    *(scenario, snapshot, resident, clock, area, law, pki),
    *(snapshot, resident, person, clock, area, law, pki),
    *(ordinance, disclose, provide, report, audit, misuse, metrics),
    *(snapshot, resident, clock, area, law, pki),
):
    room.register(app)


def main() -> None:
    """The entry point."""
    app()
