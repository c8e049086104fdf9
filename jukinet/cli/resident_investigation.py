"""実態調査 (法34条): 職権消除, its notice, and 職権回復."""

from __future__ import annotations

from typing import Annotated

import typer

from jukinet.cli.counter import CLERK, Address, Clerk, Household, Id, On, Reason, RequestId, counter, told
from jukinet.cli.output import plain, say, show_json, verb
from jukinet.cli.place import Json, Municipality, State
from jukinet.cli.resident_nationality import STUB, choice
from jukinet.v1 import nationality_pb2 as pb

RESULTS = {
    "unknown": pb.INVESTIGATION_RESULT_WHEREABOUTS_UNKNOWN,
    "elsewhere": pb.INVESTIGATION_RESULT_LIVES_ELSEWHERE,
    "here": pb.INVESTIGATION_RESULT_LIVES_HERE,
}
FORMS = {"letter": pb.DELETION_NOTICE_FORM_LETTER, "public": pb.DELETION_NOTICE_FORM_PUBLIC}

Investigated = Annotated[str, typer.Option("--investigated", help="調査年月日。省けば今日 / default: today.")]
Result = Annotated[str, typer.Option("--result", help="調査の結果 / unknown 居所不明 | elsewhere 他所 | here 居住")]


def register(noun: typer.Typer) -> None:
    """Add the verbs."""
    base = "jukinet resident"
    verb(noun, "delete-after-investigation", f"{base} delete-after-investigation 国立市 12 --result unknown")(
        delete_after_investigation
    )
    verb(noun, "restore-ex-officio", f"{base} restore-ex-officio 国立市 12 --on 2021-06-01")(restore_ex_officio)
    verb(noun, "print-deletion-notice", f"{base} print-deletion-notice 国立市 12 --form public")(print_deletion_notice)


def delete_after_investigation(
    municipality: Municipality,
    resident_id: Id,
    result: Result,
    investigated: Investigated = "",
    on: On = "",
    reason: Reason = "実態調査",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """実態調査（法34条）による職権消除（令12条①）/ Close the record of somebody who does not live here."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = pb.DeleteAfterInvestigationRequest(
            operation=operation, resident_id=resident_id, result=choice("--result", RESULTS, result),
            investigation_date=at.day(investigated, "--investigated"), change_date=at.day(on),
        )  # fmt: skip
        told(at, operation, at.call("DeleteAfterInvestigation", request, STUB), as_json)


def restore_ex_officio(
    municipality: Municipality,
    resident_id: Id,
    result: Result = "here",
    investigated: Investigated = "",
    on: On = "",
    address: Address = "",
    household: Household = 0,
    reason: Reason = "職権回復",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """職権回復（令12条③）/ Enter again, under the same code, who was deleted ex officio and lives here."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = pb.RestoreExOfficioRequest(
            operation=operation, resident_id=resident_id, result=choice("--result", RESULTS, result),
            investigation_date=at.day(investigated, "--investigated"), change_date=at.day(on), address=address,
            household_id=household,
        )  # fmt: skip
        told(at, operation, at.call("RestoreExOfficio", request, STUB), as_json)


def print_deletion_notice(
    municipality: Municipality,
    resident_id: Id,
    form: Annotated[str, typer.Option("--form", help="letter 通知書 | public 公示")],
    clerk: Clerk = CLERK,
    reason: Reason = "職権消除の通知",
    state: State = None,
    as_json: Json = False,
) -> None:
    """職権消除の通知書又は公示（令12条④）/ The letter to the person, or the 公示 in its place."""
    at = counter(state, municipality, clerk)
    with at.stack:
        request = pb.PrintDeletionNoticeRequest(
            operation=at.operation(reason), resident_id=resident_id, form=choice("--form", FORMS, form)
        )
        answer = at.call("PrintDeletionNotice", request, STUB)
    if as_json:
        show_json(plain(answer))
    else:
        say(f"{answer.title}\n\n{answer.text}")
