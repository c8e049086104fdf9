"""`jukinet provide file`: a list of people is sent as a file, worked on, and its answers are fetched."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from jukinet.cli import place
from jukinet.cli.counter import CLERK, TERMINAL
from jukinet.cli.output import progress, say, show_json, verb
from jukinet.cli.place import Json, State
from jukinet.cli.provide_bulk import pages, read, require_office, told_row, write_answers
from jukinet.pki.signing import sha256
from jukinet.stack.fault import Exit, StackFault
from jukinet.v1 import bulk_file_pb2 as pb
from jukinet.v1 import bulk_file_pb2_grpc, counter_pb2, provision_pb2
from jukinet.wire.client import Client

STUB = bulk_file_pb2_grpc.BulkFileServiceStub
SECONDS = 120.0

Office = Annotated[str, typer.Argument(help="機関のID / office.")]
FileId = Annotated[str, typer.Argument(help="ファイルのID / id of the file, as `send` told it.")]
At = Annotated[str, typer.Option("--at", help="提供元 / who is asked.")]


def register(app: typer.Typer) -> None:
    """Add the commands to `jukinet provide`."""
    noun = typer.Typer(no_args_is_help=True, help="一括提供のファイル / files over the line (電気通信回線).")
    app.add_typer(noun, name="file")
    base = "jukinet provide file"
    verb(noun, "send", f"{base} send kkr 1-42 people.csv --case 2021-06")(send)
    verb(noun, "status", f"{base} status kkr FILE_ID")(status)
    verb(noun, "fetch", f"{base} fetch kkr FILE_ID --out told.csv")(fetch)


def send(
    office: Office,
    affair: Annotated[str, typer.Argument(help="事務 / 項 of an appended table, e.g. 1-42.")],
    people: Annotated[Path, typer.Argument(help="CSV, as for `jukinet provide bulk`.", exists=True, dir_okay=False)],
    at: At = "機構",
    case: Annotated[str, typer.Option("--case", help="事案番号 / the office's case number.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="事由 / why, in words that name no one.")] = "一括照会",
    state: State = None,
    as_json: Json = False,
) -> None:
    """ファイルを送る / Send a file; called again after an interruption, it goes on with what is not there yet."""
    require_office(office)
    whole = list(pages(read(people)))
    name = sha256(f"{office}\0{affair}\0{case}\0".encode() + people.read_bytes()).hex()[:32]
    operation = counter_pb2.Operation(request_id=f"f{name}", verification_id=TERMINAL, operator_id=CLERK, reason=reason)
    purpose = provision_pb2.ProvisionPurpose(affair=affair, case_number=case)
    with place.stack(state) as stack, progress() as told:
        stack.require_running()
        client = stack.office(stack.topology.find(at).path, office)
        begin = pb.OpenBulkFileRequest(operation=operation, purpose=purpose, pages=len(whole))
        file_id = client.call(STUB, "OpenBulkFile", begin).file_id
        there = set(_state(client, file_id).received)
        for number, page in enumerate(whole, start=1):
            if number not in there:
                request = pb.UploadBulkPageRequest(file_id=file_id, page=number, questions=page)
                client.call(STUB, "UploadBulkPage", request, SECONDS)
            told("送信 / sending", number, len(whole))
    if as_json:
        show_json({"file_id": file_id, "pages": len(whole)})
    else:
        say(f"{file_id}  {len(whole)}頁 / pages")


def status(office: Office, file_id: FileId, at: At = "機構", state: State = None, as_json: Json = False) -> None:
    """ファイルの状況 / How far a file has come."""
    require_office(office)
    with place.stack(state) as stack:
        stack.require_running()
        found = _state(stack.office(stack.topology.find(at).path, office), file_id)
    told: dict[str, Any] = {
        "pages": found.pages, "received": len(found.received), "answered": len(found.answered), "closed": found.closed,
    }  # fmt: skip
    if as_json:
        show_json(told)
    else:
        say("  ".join(f"{what} {count}" for what, count in told.items()))


def fetch(
    office: Office,
    file_id: FileId,
    out: Annotated[Path, typer.Option("--out", help="結果の CSV / the answers.")],
    at: At = "機構",
    state: State = None,
    as_json: Json = False,
) -> None:
    """回答を受け取る / Fetch the answers; when all are here the questions are deleted there."""
    require_office(office)
    rows: list[tuple[str, ...]] = []
    with place.stack(state) as stack, progress() as told:
        stack.require_running()
        client = stack.office(stack.topology.find(at).path, office)
        found = _state(client, file_id)
        if len(found.received) < found.pages:
            raise StackFault(
                f"{found.pages - len(found.received)} of {found.pages} pages are not sent yet.",
                "まだ送られていない頁があります。",
                "Call `jukinet provide file send` again.",
                Exit.FAULT,
            )
        for number in found.received:
            request = pb.DownloadBulkPageRequest(file_id=file_id, page=number)
            answer = client.call(STUB, "DownloadBulkPage", request, SECONDS)
            rows += map(told_row, answer.page.answers)
            told("受信 / fetching", number, found.pages)
        write_answers(out, rows)
        client.call(STUB, "CloseBulkFile", pb.CloseBulkFileRequest(file_id=file_id))
    if as_json:
        show_json({"out": str(out), "records": len(rows)})
    else:
        say(f"{out}: {len(rows)}件 / records")


def _state(client: Client, file_id: str) -> pb.GetBulkFileResponse:
    found: pb.GetBulkFileResponse = client.call(STUB, "GetBulkFile", pb.GetBulkFileRequest(file_id=file_id))
    return found
