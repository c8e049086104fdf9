"""`jukinet resident …`: the counter of a municipality. Here what is looked at; acts are in rooms of their own."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from jukinet.cli import (
    resident_abroad,
    resident_correction,
    resident_errors,
    resident_ex_officio,
    resident_family_papers,
    resident_family_register,
    resident_investigation,
    resident_issuance,
    resident_nationality,
    resident_operators,
    resident_participation,
    resident_reports,
    resident_set_aside,
    resident_special_move,
    resident_support,
    resident_trace,
)
from jukinet.cli.counter import CLERK, Clerk, Id, Reason, ShowNumbers, counter
from jukinet.cli.output import plain, say, show_json, table, verb, when
from jukinet.cli.place import Json, Municipality, State
from jukinet.model.codes import masked
from jukinet.model.dates import PartialDate
from jukinet.model.identification import ChangeReason, Residency, Sex
from jukinet.model.reason import Reason as Refused
from jukinet.refusal import CATALOG
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import identification_pb2, relay_pb2
from jukinet.wire import convert

STATES = {
    "live": pb.RESIDENT_STATE_LIVE,
    "moving-out": pb.RESIDENT_STATE_MOVING_OUT,
    "removed": pb.RESIDENT_STATE_REMOVED,
}
STATE_WORDS = {
    pb.RESIDENT_STATE_LIVE: "現住",
    pb.RESIDENT_STATE_MOVING_OUT: "転出予定",
    pb.RESIDENT_STATE_REMOVED: "除票",
}
NOTICES = {
    "code": pb.NOTICE_KIND_RESIDENT_CODE,
    "number": pb.NOTICE_KIND_INDIVIDUAL_NUMBER,
    "certificate": pb.NOTICE_KIND_MOVE_OUT_CERTIFICATE,
    "inquiry": pb.NOTICE_KIND_MOVE_IN_INQUIRY,
}
TASKS = {
    pb.TASK_KIND_INDIVIDUAL_NUMBER: "未付番",
    pb.TASK_KIND_CODE_REFILL: "住民票コードの指定待ち",
    pb.TASK_KIND_MOVE_IN_NOTICE: "転入通知の未達",
    pb.TASK_KIND_PLANNED_MOVE_OUT: "転出予定",
    pb.TASK_KIND_NUMBER_CHANGE: "個人番号の変更待ち",
    pb.TASK_KIND_NOTICE_SET_ASIDE: "反映できない通知",
}
NOTICE_WORDS = {
    relay_pb2.STREAM_KIND_MOVE_IN_NOTICE: "転入通知",
    relay_pb2.STREAM_KIND_FAMILY_REGISTRATION_NOTICE: "住民票記載事項通知",
    relay_pb2.STREAM_KIND_SUPPLEMENTARY_REGISTER_NOTICE: "戸籍の附票記載事項通知",
    relay_pb2.STREAM_KIND_MOVE_OUT_PRE_NOTICE: "転出届時の事前通知",
    relay_pb2.STREAM_KIND_NUMBER_DESIGNATION: "個人番号とすべき番号の通知",
    relay_pb2.STREAM_KIND_NUMBER_CHANGE: "個人番号の変更の通知",
    relay_pb2.STREAM_KIND_CODE_DESIGNATION: "住民票コードの指定",
}
A_PAGE = 1_000
MASKED = masked("0" * 12)


def register(app: typer.Typer) -> None:
    """Add the noun with its verbs."""
    noun = typer.Typer(help="住民票の窓口 / The desks of a municipality: every verb is one rpc.", no_args_is_help=True)
    app.add_typer(noun, name="resident")
    verb(noun, "list", "jukinet resident list 国立市", "jukinet resident list 132152 --standing removed --json")(list_)
    verb(noun, "get", "jukinet resident get 国立市 12", "jukinet resident get 国立市 12 --show-numbers")(get)
    verb(noun, "tasks", "jukinet resident tasks 国立市")(tasks)
    verb(noun, "print-notice", "jukinet resident print-notice 国立市 121 --kind code")(print_notice)
    resident_reports.register(noun)
    resident_ex_officio.register(noun)
    resident_special_move.register(noun)
    resident_abroad.register(noun)
    resident_correction.register(noun)
    resident_nationality.register(noun)
    resident_investigation.register(noun)
    resident_family_register.register(noun)
    resident_family_papers.register(noun)
    resident_issuance.register(noun)
    resident_support.register(noun)
    resident_errors.register(noun)
    resident_participation.register(noun)
    resident_trace.register(noun)
    resident_operators.register(noun)
    resident_set_aside.register(noun)


def list_(
    municipality: Municipality,
    household: Annotated[int, typer.Option("--household", help="この世帯だけ / only this household.")] = 0,
    standing: Annotated[str, typer.Option("--standing", help="live | moving-out | removed")] = "",
    limit: Annotated[int, typer.Option(min=1, help="最大件数 / at most.")] = 20,
    show_numbers: ShowNumbers = False,
    clerk: Clerk = CLERK,
    reason: Reason = "住民票の確認",
    state: State = None,
    as_json: Json = False,
) -> None:
    """住民票の一覧 / Resident records, in order of number."""
    if standing and standing not in STATES:
        raise typer.BadParameter(f"--standing: {' | '.join(STATES)}")
    at = counter(state, municipality, clerk)
    found: list[pb.ResidentRecord] = []
    token = ""
    with at.stack:
        while len(found) < limit:
            request = pb.ListResidentsRequest(
                operation=at.operation(reason), page_size=min(A_PAGE, limit - len(found)), page_token=token,
                household_id=household, state=STATES.get(standing, pb.RESIDENT_STATE_UNSPECIFIED),
                without_numbers=not (show_numbers and as_json),
            )  # fmt: skip
            page = at.call("ListResidents", request)
            found += page.residents
            token = page.next_page_token
            if not token:
                break
    if as_json:
        show_json([_plain(record, show_numbers) for record in found])
        return
    rows = []
    for record in found:
        person = record.identification
        sex = {Sex.MALE: "男", Sex.FEMALE: "女"}.get(Sex(person.sex), "")
        row = (record.resident_id, record.household_id, person.name, record.relationship, _date(person.birth_date), sex)
        rows.append((*(str(cell) for cell in row), person.address, STATE_WORDS.get(record.state, "")))
    table(("宛名番号", "世帯", "氏名", "続柄", "生年月日", "性別", "住所", "状態"), rows, right=range(2))
    say(f"{len(found)} 件{'（続きあり: --limit）/ there are more' if token else ''}")


def get(
    municipality: Municipality,
    resident_id: Id,
    show_numbers: ShowNumbers = False,
    clerk: Clerk = CLERK,
    reason: Reason = "住民票の確認",
    state: State = None,
    as_json: Json = False,
) -> None:
    """一人の住民票 / One resident record; the two numbers are masked unless asked for."""
    at = counter(state, municipality, clerk)
    with at.stack:
        request = pb.GetResidentRequest(
            operation=at.operation(reason), resident_id=resident_id, without_numbers=not show_numbers
        )
        record = at.call("GetResident", request).resident
    if as_json:
        show_json(_plain(record, show_numbers))
        return
    for name, value in _lines(record, show_numbers):
        if value:
            say(f"{name}: {value}")


def _plain(record: pb.ResidentRecord, show_numbers: bool) -> dict[str, Any]:
    """As JSON; a number that was not asked for is masked as one that was."""
    found = plain(record, numbers=show_numbers)
    if record.individual_number_withheld and not show_numbers:
        found["identification"]["individual_number"] = MASKED
    return found


def _number(record: pb.ResidentRecord, show_numbers: bool) -> str:
    if record.individual_number_withheld:
        return "表示権限なし / withheld" if show_numbers else MASKED
    return record.identification.individual_number or "未付番"


def _lines(record: pb.ResidentRecord, show_numbers: bool) -> list[tuple[str, str]]:
    person = record.identification
    hide = (lambda number: number) if show_numbers else masked
    return [
        ("宛名番号", str(record.resident_id)),
        ("世帯", f"{record.household_id}（世帯主 {record.head_name}）"),
        ("氏名", f"{person.name}（{person.name_kana}）"),
        ("旧氏", person.former_surname),
        ("通称", person.alias),
        ("残存外字", _external(person)),
        ("生年月日", record.birth_date_text or _date(person.birth_date)),
        ("性別", {Sex.MALE: "男", Sex.FEMALE: "女"}.get(Sex(person.sex), "")),
        ("続柄", record.relationship),
        ("住所", person.address),
        ("住民となつた年月日", _date(record.resident_since)),
        ("日本人・外国人", "外国人住民" if Residency(person.residency) == Residency.FOREIGN else "日本人住民"),
        ("住民票コード", hide(person.resident_code)),
        ("個人番号", _number(record, show_numbers)),
        ("状態", STATE_WORDS.get(record.state, "")),
        ("消除の事由", ChangeReason(record.removal_reason).japanese),
        ("消除・転出予定の年月日", _date(record.removal_date) if record.HasField("removal_date") else ""),
        ("転出先（届出）", record.planned_destination),
        ("転出先（確定）", record.confirmed_destination),
        ("転出確定", _date(record.confirmed_move_out_date) if record.HasField("confirmed_move_out_date") else ""),
        ("従前の住所", record.former_address),
        ("更新順番号", str(record.person_sequence)),
    ]


def _external(person: identification_pb2.Identification) -> str:
    counts = (("氏名", person.name_external_characters), ("住所", person.address_external_characters))
    return "、".join(f"{name} {count}字" for name, count in counts if count)


def _date(message: Any) -> str:
    found = PartialDate(message.year, message.month, message.day)
    return f"{found}（{found.to_wareki()}）" if found != PartialDate() else found.to_wareki()


def tasks(
    municipality: Municipality,
    clerk: Clerk = CLERK,
    reason: Reason = "事務の確認",
    state: State = None,
    as_json: Json = False,
) -> None:
    """待っている事務 / What waits: 未付番, codes, 転入通知 not delivered, notices set aside, 転出 to come."""
    at = counter(state, municipality, clerk)
    with at.stack:
        found = at.call("ListTasks", pb.ListTasksRequest(operation=at.operation(reason))).tasks
    if as_json:
        show_json([plain(task) for task in found])
        return
    for task in found:
        since = f" {when(convert.instant(task.virtual_time))}から" if task.HasField("virtual_time") else ""
        about = f" 宛名番号 {task.resident_id}" if task.resident_id else f" {task.count} 件" if task.count else ""
        notice = f" {NOTICE_WORDS.get(task.notice, '通知')}" if task.notice else ""
        say(f"{TASKS.get(task.kind, '')}{notice}{about} {task.counterpart} {since} {task.last_fault}".rstrip())
        if task.kind == pb.TASK_KIND_NOTICE_SET_ASIDE:
            say(f"    理由 / why: {_why(task.last_fault)}")
            say("    次に / next: 発信元に確かめ、再送してもらうか、紙の通知として入力します")
            say("    Ask the sender: have the notice sent again, or enter it from paper.")
            done = f"jukinet resident settle-set-aside {municipality} {task.position} {task.index} --reason …"
            say(f"    済んだら / once done with: `{done}`")
    if not found:
        say("ありません / none")


def _why(reason: str) -> str:
    spec = CATALOG[Refused(reason)] if reason in Refused.__members__ else None
    return f"{spec.japanese} / {spec.english}" if spec else reason


def print_notice(
    municipality: Municipality,
    resident_id: Id,
    kind: Annotated[
        str,
        typer.Option(
            "--kind",
            help="code 住民票コード通知票 | number 個人番号通知書 | certificate 転出証明書 | inquiry 転入通知照会書",
        ),
    ],
    clerk: Clerk = CLERK,
    reason: Reason = "通知書の印刷",
    state: State = None,
    as_json: Json = False,
) -> None:
    """通知書の文面 / A notice as printable text. It shows the number: that is what it is for."""
    if kind not in NOTICES:
        raise typer.BadParameter(f"--kind: {' | '.join(NOTICES)}")
    at = counter(state, municipality, clerk)
    with at.stack:
        request = pb.PrintNoticeRequest(operation=at.operation(reason), resident_id=resident_id, kind=NOTICES[kind])
        answer = at.call("PrintNotice", request)
    if as_json:
        show_json(plain(answer))
    else:
        say(f"{answer.title}\n\n{answer.text}")
