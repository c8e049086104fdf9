"""戸籍の附票, what does not fit it, 転籍, and 戸籍の届書 about those who live elsewhere."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from jukinet.cli.counter import (
    CLERK,
    Clerk,
    Counter,
    On,
    Reason,
    RequestId,
    ShowNumbers,
    birth_date,
    counter,
    sex_of,
)
from jukinet.cli.output import plain, say, show_json, table, verb
from jukinet.cli.place import Json, Municipality, State
from jukinet.model.dates import PartialDate
from jukinet.model.family_register import MismatchReason, RegistrationEvent
from jukinet.model.identification import Sex
from jukinet.v1 import counter_pb2, family_register_pb2_grpc
from jukinet.v1 import family_register_pb2 as pb
from jukinet.wire import convert

STUB = family_register_pb2_grpc.FamilyRegisterServiceStub
Domicile = Annotated[str, typer.Option("--domicile", help="本籍 / registered domicile, from the prefecture on.")]
Head = Annotated[str, typer.Option("--head", help="筆頭者の氏名 / head of the 戸籍.")]


def register(noun: typer.Typer) -> None:
    """Add the verbs."""
    base = "jukinet resident"
    one = "--domicile 東京都国立市架空町一番地 --head 架空太郎"
    verb(noun, "list-supplementary-register", f"{base} list-supplementary-register 国立市 {one}")(list_entries)
    verb(noun, "get-supplementary-register", f"{base} get-supplementary-register 国立市 3")(get_entry)
    verb(
        noun, "enter-supplementary-register",
        f"{base} enter-supplementary-register 国立市 {one} --member 架空太郎/1980-05-01/male --member 架空花子",
    )(enter_register)  # fmt: skip
    verb(noun, "clear-supplementary-register", f"{base} clear-supplementary-register 国立市 3 4")(clear_register)
    verb(
        noun, "list-supplementary-mismatches",
        f"{base} list-supplementary-mismatches 国立市", f"{base} list-supplementary-mismatches 132152 --json",
    )(list_mismatches)  # fmt: skip
    verb(noun, "print-supplementary-mismatch", f"{base} print-supplementary-mismatch 国立市 1")(print_mismatch)
    verb(
        noun, "report-domicile-transfer",
        f"{base} report-domicile-transfer 国立市 {one} --new-domicile 東京都杉並区架空一丁目1番",
    )(report_transfer)  # fmt: skip
    verb(
        noun, "list-family-registration-notices", f"{base} list-family-registration-notices 国立市"
    )(list_notices)  # fmt: skip


def list_entries(
    municipality: Municipality,
    domicile: Domicile = "",
    head: Head = "",
    with_removed: Annotated[bool, typer.Option("--with-removed", help="除かれた者も / also who was removed.")] = False,
    show_numbers: ShowNumbers = False,
    clerk: Clerk = CLERK,
    reason: Reason = "戸籍の附票の確認",
    state: State = None,
    as_json: Json = False,
) -> None:
    """戸籍の附票の一覧（法16条）/ Persons of the 附票 kept here."""
    at = counter(state, municipality, clerk)
    with at.stack:
        request = pb.ListSupplementaryRegisterRequest(
            operation=at.operation(reason), registered_domicile=domicile, registered_head=head,
            with_removed=with_removed,
        )  # fmt: skip
        found = call(at, request, pb.ListSupplementaryRegisterResponse).entries
    if as_json:
        show_json([plain(entry, numbers=show_numbers) for entry in found])
        return
    rows = [
        (
            str(entry.entry_id), entry.registered_domicile, entry.registered_head, entry.name,
            _address(entry.addresses[0]) if entry.addresses else "", _date(entry.removed_date),
        )
        for entry in found
    ]  # fmt: skip
    table(("番号", "本籍", "筆頭者", "氏名", "住所", "消除"), rows, right=range(1))
    say(f"{len(found)} 件")


def get_entry(
    municipality: Municipality,
    entry_id: Annotated[int, typer.Argument(help="附票の番号 / number of the entry.")],
    show_numbers: ShowNumbers = False,
    clerk: Clerk = CLERK,
    reason: Reason = "戸籍の附票の確認",
    state: State = None,
    as_json: Json = False,
) -> None:
    """一人の附票（法17条）/ One person of a 附票, with all 住所."""
    at = counter(state, municipality, clerk)
    with at.stack:
        request = pb.GetSupplementaryRegisterRequest(operation=at.operation(reason), entry_id=entry_id)
        entry = call(at, request, pb.GetSupplementaryRegisterResponse).entry
    if as_json:
        show_json(plain(entry, numbers=show_numbers))
        return
    sex = {Sex.MALE: "男", Sex.FEMALE: "女"}.get(Sex(entry.sex), "")
    told = [
        ("本籍", entry.registered_domicile), ("筆頭者", entry.registered_head), ("氏名", entry.name),
        ("生年月日", _date(entry.birth_date)), ("性別", sex), ("転籍先", entry.transferred_to),
        ("消除の年月日", _date(entry.removed_date)),
    ]  # fmt: skip
    told += [("住所", _address(address)) for address in entry.addresses]
    for name, value in told:
        if value:
            say(f"{name}: {value}")


def enter_register(
    municipality: Municipality,
    domicile: Domicile,
    head: Head,
    member: Annotated[list[str], typer.Option("--member", help="氏名[/生年月日[/male|female]], repeatable.")],
    reason: Reason = "附票の作成",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """附票の作成・記載（令18条）/ Enter a 附票 from its 戸籍."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = pb.EnterSupplementaryRegisterRequest(
            operation=operation, registered_domicile=domicile, registered_head=head, entries=map(member_of, member)
        )
        done(at, operation, call(at, request, pb.EnterSupplementaryRegisterResponse), as_json)


def clear_register(
    municipality: Municipality,
    entry_ids: Annotated[list[int], typer.Argument(help="附票の番号 / numbers of the entries.")],
    on: On = "",
    reason: Reason = "附票の消除",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """附票の消除（令19条）/ Remove those who left the 戸籍."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = pb.ClearSupplementaryRegisterRequest(
            operation=operation, entry_ids=entry_ids, removed_date=at.day(on)
        )
        done(at, operation, call(at, request, pb.ClearSupplementaryRegisterResponse), as_json)


def list_mismatches(
    municipality: Municipality,
    clerk: Clerk = CLERK,
    reason: Reason = "不一致の確認",
    state: State = None,
    as_json: Json = False,
) -> None:
    """戸籍と合わないもの（法19条②）/ What does not fit the 戸籍, found here or told to us."""
    at = counter(state, municipality, clerk)
    with at.stack:
        request = pb.ListSupplementaryMismatchesRequest(operation=at.operation(reason))
        found = call(at, request, pb.ListSupplementaryMismatchesResponse).mismatches
    if as_json:
        show_json([plain(row, numbers=False) for row in found])
        return
    for row in found:
        side = "発見" if row.found_here else "受領"
        way = "回線" if row.by_line else "書面"
        why = MismatchReason(row.mismatch.reason).japanese
        say(f"{row.mismatch_id} {side}・{way} {_date(row.mismatch.found_date)} {row.mismatch.notice.name} {why}")
    if not found:
        say("ありません / none")


def print_mismatch(
    municipality: Municipality,
    mismatch_id: Annotated[int, typer.Argument(help="不一致の番号 / number of the row.")],
    clerk: Clerk = CLERK,
    reason: Reason = "通知書の印刷",
    state: State = None,
    as_json: Json = False,
) -> None:
    """戸籍と合わない旨の通知書（法19条②）/ The paper to the 住所地, as printable text."""
    at = counter(state, municipality, clerk)
    with at.stack:
        request = pb.PrintSupplementaryMismatchRequest(operation=at.operation(reason), mismatch_id=mismatch_id)
        answer = call(at, request, pb.PrintSupplementaryMismatchResponse)
    show_json(plain(answer)) if as_json else say(f"{answer.title}\n\n{answer.text}")


def report_transfer(
    municipality: Municipality,
    domicile: Domicile,
    head: Head,
    new_domicile: Annotated[str, typer.Option("--new-domicile", help="新本籍 / the new domicile.")],
    on: On = "",
    reason: Reason = "転籍届",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """転籍届（法19条③）/ The 附票 goes to the new 本籍地; before 2024-05-27 the papers are shown."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = pb.ReportDomicileTransferRequest(
            operation=operation, registered_domicile=domicile, registered_head=head,
            new_registered_domicile=new_domicile, transfer_date=at.day(on),
        )  # fmt: skip
        done(at, operation, call(at, request, pb.ReportDomicileTransferResponse), as_json)


def list_notices(
    municipality: Municipality,
    clerk: Clerk = CLERK,
    reason: Reason = "法9条2項の通知の確認",
    state: State = None,
    as_json: Json = False,
) -> None:
    """未処理の戸籍届出の通知（法9条②）/ Notices that wait for codes, or fit nobody and were set aside."""
    at = counter(state, municipality, clerk)
    with at.stack:
        request = pb.ListFamilyRegistrationNoticesRequest(operation=at.operation(reason))
        found = call(at, request, pb.ListFamilyRegistrationNoticesResponse).notices
    if as_json:
        show_json([plain(row) for row in found])
        return
    for row in found:
        event = RegistrationEvent(row.notice.event).japanese
        say(f"{'待機' if row.waiting else '保留'} {event} {row.notice.name} {row.notice.address} {row.reason}")
    if not found:
        say("ありません / none")


def call(at: Counter, request: Any, answer: type[Any]) -> Any:
    """The rpc that gives this answer."""
    method = answer.DESCRIPTOR.name.removesuffix("Response")
    return at.stack.clerk(at.spec.path, at.clerk).call(STUB, method, request)


def done(at: Counter, operation: counter_pb2.Operation, answer: Any, as_json: bool) -> None:
    """What an act of this desk left behind, with the paper if there is one."""
    if as_json:
        told = {"municipality": at.spec.path, "request_id": operation.request_id}
        show_json({**told, **plain(answer, numbers=False)})
        return
    numbers = "、".join(map(str, getattr(answer, "entry_ids", [])))
    entered = f"。附票の番号 {numbers}" if numbers else ""
    say(f"{at.spec.name}: 受理 / accepted{entered}、通知 {answer.receipt.notices} 件")
    say(f"操作記録 / audit row {answer.receipt.audit_id}, request_id {operation.request_id}")
    if getattr(answer, "text", ""):
        say(f"\n{answer.text}")


def member_of(text: str) -> pb.SupplementaryEntry:
    """One person of a 戸籍 as written on the command line."""
    name, born, sex = (*text.split("/"), "", "")[:3]
    return pb.SupplementaryEntry(
        name=name, birth_date=birth_date(born), sex=sex_of(sex) if sex else convert.enum(Sex.UNSPECIFIED)
    )


def _address(address: pb.SupplementaryAddress) -> str:
    where = "国外転出者" if address.moved_abroad else address.address
    settled = _date(address.settled_date)
    return f"{where}（{settled}）" if settled else where


def _date(message: Any) -> str:
    found = PartialDate(message.year, message.month, message.day)
    return "" if found == PartialDate() else str(found)
