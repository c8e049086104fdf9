"""The network, live: as a hierarchy and as a map, and every node opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from jukinet.console import drawing
from jukinet.console.pages import Pages, in_thread
from jukinet.drill.messages import caption
from jukinet.model import geography
from jukinet.pki.keyring import certificate_path
from jukinet.stack import doctor
from jukinet.stack.layout import parent_of
from jukinet.stack.reach import Reach
from jukinet.v1 import drill_pb2
from jukinet.wire import convert

LOG_LINES, JOURNAL_PAGE = 60, 100


def routes(pages: Pages) -> Sequence[BaseRoute]:
    """`/`, `/nodes/{kind}/{code}`, and which prefectures are opened."""

    async def show(request: Request) -> Response:
        nodes = pages.theatre.stage.topology.nodes
        pictures = await in_thread(lambda: {"tree": drawing.hierarchy(nodes), "map": drawing.on_map(nodes)})
        return pages.render(
            request, "network.html", here="network", pictures=pictures, outline=geography.outline(),
            insets=geography.INSETS, nodes=nodes,
        )  # fmt: skip

    async def node(request: Request) -> Response:
        stage, path = pages.theatre.stage, f"{request.path_params['kind']}/{request.path_params['code']}"
        if path not in [known.path for known in stage.topology.nodes]:
            raise HTTPException(404)
        values = await in_thread(look, stage, path, _number(request, "after"))
        return pages.render(request, "node.html", here="network", node=path, **values)

    async def unfold(request: Request) -> Response:
        form = await request.form()
        opened = str(form.get("path", ""))
        paths = [n.path for n in pages.theatre.stage.topology.nodes if parent_of(n.path) == opened]
        pages.theatre.feed.open(paths)
        return JSONResponse({"opened": len(paths)})

    return (
        Route("/", show),
        Route("/nodes/{kind}/{code}", node),
        Route("/unfold", unfold, methods=["POST"]),
    )


def _number(request: Request, name: str) -> int:
    value = request.query_params.get(name, "0")
    return int(value) if value.isdecimal() and len(value) < 16 else 0


def look(reach: Reach, path: str, after: int) -> dict[str, Any]:
    """Everything that a node's page shows; a node that does not answer shows what the stack knows of it."""
    state = reach.state(path)
    found: dict[str, Any] = {
        "state": state, "status": state.status, "name": state.spec.name, "certificate": certificate(reach, path),
        "log": [doctor.readable(line) for line in doctor.tail(reach.process(path).log)[-LOG_LINES:]],
        "journal": [], "ledger": [], "next_after": 0, "time": None, "due": None,
    }  # fmt: skip
    if state.status is None:
        return found
    if not after:
        after = max(0, state.status.journal_position - JOURNAL_PAGE)
    request = drill_pb2.ListJournalRequest(after_position=after, page_size=JOURNAL_PAGE)
    entries = list(getattr(reach.drill(path, "ListJournal", request), "entries", ()))
    found["journal"] = [_entry(entry) for entry in reversed(entries)]
    found["next_after"] = max(0, after - JOURNAL_PAGE)
    found["ledger"] = reach.ledger_rows(path) if path in reach.paths else []
    found["time"] = convert.instant(state.status.virtual_time)
    if state.status.HasField("next_due_time"):
        found["due"] = convert.instant(state.status.next_due_time)
    return found


def _entry(entry: drill_pb2.JournalEntry) -> dict[str, Any]:
    day = convert.instant(entry.receive_virtual_time)
    return {
        "position": entry.position, "said": entry.said, "peer": entry.peer, "article": entry.article,
        "caption": caption(entry.rule, day.date()), "what": "・".join(entry.summaries), "time": day,
        "lamport": entry.lamport_time, "hash": entry.header_hash.hex(), "epoch": entry.header.epoch,
        "first": entry.header.first_number, "last": entry.header.last_number,
    }  # fmt: skip


def certificate(reach: Reach, path: str) -> dict[str, Any] | None:
    """The certificate of whoever stands behind a path, as the network's books have it; None if it holds none."""
    held = reach.registry.certificate_of(path)
    if held is None:
        return None
    revoked = held.serial_number in reach.registry.revoked()
    return described(held) | {"revoked": revoked}


def described(held: x509.Certificate) -> dict[str, Any]:
    """What a certificate says."""
    return {
        "subject": held.subject.rfc4514_string(), "serial": f"{held.serial_number:x}",
        "issuer": held.issuer.rfc4514_string(), "begins": held.not_valid_before_utc, "ends": held.not_valid_after_utc,
        "path": certificate_path(held), "fingerprint": held.fingerprint(hashes.SHA256()).hex(),
        "uris": held.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(
            x509.UniformResourceIdentifier
        ),
    }  # fmt: skip
