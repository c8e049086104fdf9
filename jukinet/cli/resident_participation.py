"""非通知の申出 and 転入通知 on paper, at a counter."""

from __future__ import annotations

from typing import Annotated

import typer

from jukinet.cli.counter import CLERK, Clerk, Ids, Reason, RequestId, counter, told
from jukinet.cli.output import plain, show_json, table, verb
from jukinet.cli.place import Json, Municipality, State
from jukinet.v1 import participation_pb2 as pb
from jukinet.v1 import participation_pb2_grpc

STUB = participation_pb2_grpc.ParticipationServiceStub


def register(noun: typer.Typer) -> None:
    """Add the verbs."""
    base = "jukinet resident"
    verb(noun, "file-opt-out", f"{base} file-opt-out 横浜市 12 13")(file_opt_out)
    verb(noun, "withdraw-opt-out", f"{base} withdraw-opt-out 横浜市 12")(withdraw_opt_out)
    verb(noun, "list-opt-outs", f"{base} list-opt-outs 横浜市")(list_opt_outs)
    verb(noun, "list-paper-notices", f"{base} list-paper-notices 国立市 --with-posted")(list_paper_notices)
    verb(noun, "post-paper-notice", f"{base} post-paper-notice 国立市 3")(post_paper_notice)


def file_opt_out(
    municipality: Municipality,
    resident_ids: Ids,
    reason: Reason = "非通知の申出",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """非通知の申出 / Withhold the residents; the municipality must take part selectively."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = pb.FileOptOutRequest(operation=operation, resident_ids=resident_ids)
        told(at, operation, at.call("FileOptOut", request, STUB), as_json)


def withdraw_opt_out(
    municipality: Municipality,
    resident_ids: Ids,
    reason: Reason = "非通知の申出の撤回",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """申出の撤回 / Tell of the residents again."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = pb.WithdrawOptOutRequest(operation=operation, resident_ids=resident_ids)
        told(at, operation, at.call("WithdrawOptOut", request, STUB), as_json)


def list_opt_outs(
    municipality: Municipality,
    reason: Reason = "申出の確認",
    clerk: Clerk = CLERK,
    state: State = None,
    as_json: Json = False,
) -> None:
    """非通知の申出の一覧 / Who is withheld."""
    at = counter(state, municipality, clerk)
    found: list[pb.OptOut] = []
    token = ""
    with at.stack:
        while token or not found:
            request = pb.ListOptOutsRequest(operation=at.operation(reason), page_token=token)
            page = at.call("ListOptOuts", request, STUB)
            found += page.opt_outs
            token = page.next_page_token
            if not token:
                break
    rows = [plain(one) for one in found]
    if as_json:
        show_json(rows)
    else:
        table(("宛名番号", "申出日"), [(str(row["resident_id"]), row["file_date"]) for row in rows], right=range(1))


def list_paper_notices(
    municipality: Municipality,
    with_posted: Annotated[bool, typer.Option("--with-posted", help="発送済みも / posted ones too.")] = False,
    reason: Reason = "紙の転入通知の確認",
    clerk: Clerk = CLERK,
    state: State = None,
    as_json: Json = False,
) -> None:
    """紙の転入通知 / Those that are to go by paper, since one of the two stands outside."""
    at = counter(state, municipality, clerk)
    found: list[pb.PaperNotice] = []
    token = ""
    with at.stack:
        while token or not found:
            request = pb.ListPaperNoticesRequest(
                operation=at.operation(reason), page_token=token, with_posted=with_posted
            )
            page = at.call("ListPaperNotices", request, STUB)
            found += page.notices
            token = page.next_page_token
            if not token:
                break
    rows = [plain(one) for one in found]
    if as_json:
        show_json(rows)
        return
    table(
        ("番号", "宛先", "住民票コード", "転入日", "作成", "発送"),
        [
            (
                str(row["paper_notice_id"]), row["counterpart"], row["notice"]["resident_code"],
                row["notice"]["move_in_date"] or "", row["write_date"] or "", row["post_date"] or "",
            )
            for row in rows
        ],
    )  # fmt: skip


def post_paper_notice(
    municipality: Municipality,
    paper_notice_id: Annotated[int, typer.Argument(help="紙の通知の番号 / number of the paper.")],
    reason: Reason = "転入通知の発送",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """発送 / One of them was posted; the other municipality enters it with enter-paper-move-in-notice."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = pb.PostPaperNoticeRequest(operation=operation, paper_notice_id=paper_notice_id)
        told(at, operation, at.call("PostPaperNotice", request, STUB), as_json)
