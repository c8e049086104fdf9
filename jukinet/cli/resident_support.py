"""支援措置: begun, extended, ended, listed."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from jukinet.cli.counter import CLERK, Clerk, Counter, Ids, Reason, RequestId, counter, told
from jukinet.cli.output import plain, say, show_json, table, verb
from jukinet.cli.place import Json, Municipality, State
from jukinet.model.dates import PartialDate
from jukinet.v1 import support_pb2, support_pb2_grpc

STUB = support_pb2_grpc.SupportServiceStub
STANDINGS = {
    support_pb2.SUPPORT_STANDING_IN_FORCE: "支援措置中",
    support_pb2.SUPPORT_STANDING_PROVISIONAL: "仮支援措置",
    support_pb2.SUPPORT_STANDING_EXPIRED: "期間満了",
    support_pb2.SUPPORT_STANDING_ENDED: "終了",
}


def register(noun: typer.Typer) -> None:
    """Add the verbs."""
    base = "jukinet resident"
    verb(noun, "start-support", f"{base} start-support 国立市 12 13")(start_support)
    verb(noun, "extend-support", f"{base} extend-support 国立市 12 13")(extend_support)
    verb(noun, "end-support", f"{base} end-support 国立市 12")(end_support)
    verb(noun, "list-supports", f"{base} list-supports 国立市", f"{base} list-supports 国立市 --past")(list_supports)


def start_support(
    municipality: Municipality,
    resident_ids: Ids,
    reason: Reason = "支援措置の申出",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """支援措置の開始、一年間 / Hold copies back for one year."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = support_pb2.StartSupportRequest(operation=operation, resident_ids=resident_ids)
        _told(at, operation, at.call("StartSupport", request, STUB), as_json)


def extend_support(
    municipality: Municipality,
    resident_ids: Ids,
    reason: Reason = "支援措置の延長の申出",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """支援措置の延長、期間終了の1か月前から / For a further year, from one month before the end."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = support_pb2.ExtendSupportRequest(operation=operation, resident_ids=resident_ids)
        _told(at, operation, at.call("ExtendSupport", request, STUB), as_json)


def end_support(
    municipality: Municipality,
    resident_ids: Ids,
    reason: Reason = "支援措置の終了の申出",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """支援措置の終了 / End it before its time."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = support_pb2.EndSupportRequest(operation=operation, resident_ids=resident_ids)
        told(at, operation, at.call("EndSupport", request, STUB), as_json)


def list_supports(
    municipality: Municipality,
    past: Annotated[bool, typer.Option("--past", help="満了・終了も / also those that are over.")] = False,
    clerk: Clerk = CLERK,
    reason: Reason = "支援措置の確認",
    state: State = None,
    as_json: Json = False,
) -> None:
    """支援措置の一覧 / Who is under it."""
    at = counter(state, municipality, clerk)
    found: list[support_pb2.Support] = []
    token = ""
    with at.stack:
        while token or not found:
            request = support_pb2.ListSupportsRequest(operation=at.operation(reason), with_past=past, page_token=token)
            page = at.call("ListSupports", request, STUB)
            found += page.supports
            token = page.next_page_token
            if not token:
                break
    if as_json:
        show_json([plain(one) for one in found])
        return
    rows = [
        (str(one.resident_id), _day(one.start_date), _day(one.last_date), STANDINGS.get(one.standing, ""))
        for one in found
    ]
    table(("宛名番号", "開始", "満了", "状態"), rows, right=range(1))


def _told(at: Counter, operation: Any, answer: Any, as_json: bool) -> None:
    told(at, operation, answer, as_json)
    if not as_json:
        say(f"期間 / until: {_day(answer.last_date)}")


def _day(message: Any) -> str:
    return str(PartialDate(message.year, message.month, message.day))
