"""誤りの通報 at a counter: listed, told again, closed."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from jukinet.cli.counter import CLERK, Clerk, Reason, RequestId, counter, told
from jukinet.cli.output import plain, say, show_json, table, verb
from jukinet.cli.place import Json, Municipality, State
from jukinet.v1 import error_report_pb2 as pb
from jukinet.v1 import error_report_pb2_grpc

STUB = error_report_pb2_grpc.ErrorServiceStub
HEADINGS = ("通報", "誤り", "住民票", "区域", "コード", "通知番号", "理由", "受理", "終了", "次に / next")


def register(noun: typer.Typer) -> None:
    """Add the verbs."""
    base = "jukinet resident"
    verb(noun, "list-error-reports", f"{base} list-error-reports 国立市")(list_error_reports)
    verb(noun, "resend-identification", f"{base} resend-identification 国立市 12 --report 3")(resend_identification)
    verb(noun, "close-error-report", f"{base} close-error-report 国立市 3")(close_error_report)


def list_error_reports(
    municipality: Municipality,
    with_closed: Annotated[bool, typer.Option("--with-closed", help="処理済みも / closed ones too.")] = False,
    reason: Reason = "通報の確認",
    clerk: Clerk = CLERK,
    state: State = None,
    as_json: Json = False,
) -> None:
    """知事から通報された誤り / Errors that the governor has told of."""
    at = counter(state, municipality, clerk)
    with at.stack:
        rows: list[pb.ErrorReportRow] = []
        token = ""
        while True:
            operation = at.operation(reason, "")
            request = pb.ListErrorReportsRequest(operation=operation, page_token=token, with_closed=with_closed)
            page = at.call("ListErrorReports", request, STUB)
            rows += page.reports
            if not (token := page.next_page_token):
                break
    if as_json:
        show_json([plain(row) for row in rows])
        return
    if not rows:
        say("通報された誤りはありません / no errors were told of")
        return
    table(HEADINGS, [_row(plain(row)) for row in rows])


def _row(row: dict[str, Any]) -> tuple[str, ...]:
    report = row["report"]
    return (
        str(row["error_report_id"]), report["finding"].removeprefix("ERROR_FINDING_"), str(row["resident_id"] or "—"),
        report["area_code"], report["resident_code"], str(report["number"] or ""), report["reason"],
        row["receive_date"], row["close_date"] or "", row["remedy"],
    )  # fmt: skip


def resend_identification(
    municipality: Municipality,
    resident_id: Annotated[int, typer.Argument(help="住民票の番号 / number of the record.")],
    report: Annotated[int, typer.Option("--report", help="通報の番号 / the report that gave rise to it.")] = 0,
    reason: Reason = "再通知",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """本人確認情報の再通知 / Tell the governor once more what the register says."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = pb.ResendIdentificationRequest(operation=operation, resident_id=resident_id, error_report_id=report)
        told(at, operation, at.call("ResendIdentification", request, STUB), as_json)


def close_error_report(
    municipality: Municipality,
    report: Annotated[int, typer.Argument(help="通報の番号 / number of the report.")],
    reason: Reason = "調査の結果、誤りなし",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """通報の処理終了 / Looked into, and there is nothing to mend here."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = pb.CloseErrorReportRequest(operation=operation, error_report_id=report)
        told(at, operation, at.call("CloseErrorReport", request, STUB), as_json)
