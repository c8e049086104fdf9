"""`jukinet provide media`: written by an office, loaded by whoever is asked, and the answer read by the office.

A medium is a line that says what it is, then parts, each behind its length in four bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from jukinet.cli import place
from jukinet.cli.counter import CLERK, TERMINAL
from jukinet.cli.output import progress, say, show_json, verb
from jukinet.cli.place import Json, State
from jukinet.cli.provide_bulk import pages, read, require_office, told_row, write_answers
from jukinet.clock import real_now
from jukinet.pki import files
from jukinet.pki.authority import Credential
from jukinet.pki.keyring import Keyring
from jukinet.pki.signing import Signer, sha256
from jukinet.stack.fault import Exit, StackFault
from jukinet.stack.layout import NODE
from jukinet.v1 import counter_pb2, medium_pb2, medium_pb2_grpc
from jukinet.v1 import provision_pb2 as pb
from jukinet.wire import medium as parts

STUB = medium_pb2_grpc.MediumDrillServiceStub
MAGIC = b"SIMULATION Juki-net medium 1\n"
LENGTH = 4
SECONDS = 120.0
PRIVATE = 0o600

Office = Annotated[str, typer.Argument(help="機関のID / office.")]
Out = Annotated[Path, typer.Option("--out", help="書き出す先 / file to write.")]
At = Annotated[str, typer.Option("--at", help="提供元 / who is asked.")]
Medium = Annotated[Path, typer.Argument(help="媒体 / the medium.", exists=True, dir_okay=False)]


def register(app: typer.Typer) -> None:
    """Add the commands to `jukinet provide`."""
    noun = typer.Typer(no_args_is_help=True, help="磁気媒体 / encrypted, signed files that travel by post.")
    app.add_typer(noun, name="media")
    base = "jukinet provide media"
    verb(noun, "write", f"{base} write kkr 1-42 people.csv --out request.medium")(write)
    verb(noun, "load", f"{base} load request.medium --out answer.medium")(load)
    verb(noun, "read", f"{base} read kkr answer.medium --out told.csv")(read_answer)


def write(
    office: Office,
    affair: Annotated[str, typer.Argument(help="事務 / 項 of an appended table, e.g. 1-42.")],
    people: Annotated[Path, typer.Argument(help="CSV, as for `jukinet provide bulk`.", exists=True, dir_okay=False)],
    out: Out,
    at: At = "機構",
    case: Annotated[str, typer.Option("--case", help="事案番号 / the office's case number.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="事由 / why, in words that name no one.")] = "媒体照会",
    state: State = None,
    as_json: Json = False,
) -> None:
    """媒体を書く / The office writes its questions, signed, for the reader alone."""
    require_office(office)
    questions = read(people)
    whole = list(pages(questions))
    name = sha256(f"{office}\0{affair}\0{case}\0".encode() + people.read_bytes()).hex()[:32]
    with place.stack(state) as stack, progress() as told:
        reader = stack.topology.find(at).path
        certificate = x509.load_pem_x509_certificate((stack.layout.node(reader) / "pki" / f"{NODE}.pem").read_bytes())
        own = Credential.load(stack.registry.caller(f"office/{office}"), NODE)
        signer = Signer(own.key_pem, own.certificate_der)
        written = []
        for number, page in enumerate(whole, start=1):
            request = pb.ProvideBulkRequest(
                operation=counter_pb2.Operation(
                    request_id=f"{name}-{number}", verification_id=TERMINAL, operator_id=CLERK, reason=reason
                ),
                purpose=pb.ProvisionPurpose(affair=affair, case_number=case),
                questions=page,
            )
            part = medium_pb2.MediumPart(number=number, parts=len(whole), reader=reader, request=request)
            written.append(parts.write(part, signer, certificate.public_bytes(Encoding.DER)))
            told("媒体を作成 / writing", number, len(whole))
    _put(out, written)
    _say(out, len(questions), as_json)


def load(medium: Medium, out: Out, at: At = "機構", state: State = None, as_json: Json = False) -> None:
    """媒体を読み込む / Whoever is asked loads the medium; the answer is a medium that the office alone can read."""
    questions = _parts(medium)
    answered, asked, provided = [], 0, 0
    with place.stack(state) as stack, progress() as told:
        stack.require_running()
        console = stack.console(stack.topology.find(at).path)
        for number, part in enumerate(questions, start=1):
            answer = console.call(STUB, "LoadMedium", medium_pb2.LoadMediumRequest(part=part), SECONDS)
            answered.append(answer.part)
            asked, provided = asked + answer.asked, provided + answer.provided
            told("提供 / providing", number, len(questions))
    _put(out, answered)
    if as_json:
        show_json({"out": str(out), "asked": asked, "provided": provided})
    else:
        say(f"{out}: {asked}件、提供 / provided {provided}")


def read_answer(office: Office, medium: Medium, out: Out, state: State = None, as_json: Json = False) -> None:
    """回答の媒体を読む / The office reads the answers into a CSV file."""
    require_office(office)
    rows = []
    with place.stack(state) as stack:
        folder = stack.registry.caller(f"office/{office}")
        own, keyring = Credential.load(folder, NODE), Keyring((folder / "root.pem").read_bytes())
        for number, sealed in enumerate(_parts(medium), start=1):
            try:
                part, _, _ = parts.read(sealed, own, keyring, real_now())
            except parts.MediumFault as fault:
                raise _unreadable(medium, f"part {number}: {fault}") from fault
            rows += [told_row(one) for one in part.response.answers]
    write_answers(out, rows)
    _say(out, len(rows), as_json)


def _put(out: Path, written: Sequence[bytes]) -> None:
    body = b"".join(len(part).to_bytes(LENGTH, "big") + part for part in written)
    files.replace(out, MAGIC + body, mode=PRIVATE)


def _parts(medium: Path) -> list[bytes]:
    data = medium.read_bytes()
    if not data.startswith(MAGIC):
        raise _unreadable(medium, "it is no medium of this network")
    return list(_split(medium, data[len(MAGIC) :]))


def _split(medium: Path, body: bytes) -> Iterator[bytes]:
    while body:
        size = int.from_bytes(body[:LENGTH], "big")
        part, body = body[LENGTH : LENGTH + size], body[LENGTH + size :]
        if len(part) != size or not size:
            raise _unreadable(medium, "it ends within a part")
        yield part


def _unreadable(medium: Path, what: str) -> StackFault:
    return StackFault(
        f"{medium.name} cannot be read: {what}.",
        f"{medium.name} を読めません。",
        "Write the medium again, for the right reader.",
        Exit.FAULT,
    )


def _say(out: Path, count: int, as_json: bool) -> None:
    if as_json:
        show_json({"out": str(out), "records": count})
    else:
        say(f"{out}: {count}件 / records")
