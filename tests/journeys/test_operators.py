"""操作者ID: permissions decided at the gate, 個人番号 kept from who may not see it, and the 操作履歴."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import pytest

from jukinet.testing.door import person
from jukinet.v1 import basis_pb2
from jukinet.v1 import counter_pb2 as pb
from jukinet.wire import basis

if TYPE_CHECKING:
    from jukinet.testing.counter import Counter
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

EVERYTHING = ("LOOK", "REPORT", "EX_OFFICIO", "ISSUE", "NUMBERS", "SUPPORT", "AUDIT", "ADMIN")
ABOVE = "/jukinet.v1.DisclosureService/"
"""Of governors and J-LIS, who grant no permissions."""
RPCS = sorted(
    name for name, b in basis.rpcs().items() if basis_pb2.CALLER_OPERATOR in b.callers and not name.startswith(ABOVE)
)

alone = pytest.mark.juki(nodes=["国立市"])


def clerk(juki: Juki, *permissions: str, name: str = "国立市") -> Counter:
    """A clerk with an 操作者ID that has just these permissions; another administers."""
    juki[name].grant_operator("o-c01", EVERYTHING)
    juki[name].grant_operator("o-c02", permissions)
    return juki.clerk(name, "c02")


def ask_of(operation: pb.Operation, name: str) -> tuple[Any, Any]:
    """Stub and a request that is empty but for its operation, of an rpc by its full name."""
    service, _, rpc = name.removeprefix("/jukinet.v1.").partition("/")
    for file in basis.files():
        if service in file.services_by_name:
            module = importlib.import_module(file.name.removesuffix(".proto").replace("/", ".") + "_pb2")
            stubs = importlib.import_module(file.name.removesuffix(".proto").replace("/", ".") + "_pb2_grpc")
            return getattr(stubs, f"{service}Stub"), getattr(module, f"{rpc}Request")(operation=operation)
    raise LookupError(name)


@pytest.mark.law("may_operate")
@pytest.mark.juki(nodes=["国立市"], clock="2026-06-14")  # every rule is in force by then
def test_no_desk_forgets_to_ask_what_an_operator_may_do(juki: Juki) -> None:
    """Every rpc of a clerk, whatever desk serves it, is refused to an 操作者ID that has no permission."""
    nobody = clerk(juki)
    for name in RPCS:
        stub, request = ask_of(nobody._op({}), name)
        with juki.refused("OPERATOR_NOT_PERMITTED") as refusal:
            nobody.call(name.rpartition("/")[2], request, stub)
        assert refusal[0].answer.definite
        row = juki["国立市"].audit()[-1]
        assert (row["event"], row["refusal"], row["operator_id"]) == (
            name.rpartition("/")[2],
            "OPERATOR_NOT_PERMITTED",
            "o-c02",
        )
        assert row["article"], name


@pytest.mark.law("grant_operator")
@alone
@pytest.mark.law("list_operators")
def test_grant_operator_closes_the_counter_to_whoever_is_not_listed(juki: Juki, family: Family) -> None:
    kunitachi, other = juki["国立市"], juki.clerk("国立市", "c02")
    assert other.resident(family.head).identification.individual_number
    kunitachi.grant_operator("o-c03", ["LOOK"])
    assert other.resident(family.head), "nobody administers yet"
    answer = kunitachi.grant_operator("o-c01", EVERYTHING)
    assert len(answer.operator.permissions) == len(EVERYTHING)
    with juki.refused("OPERATOR_NOT_PERMITTED") as refusal:
        other.resident(family.head)
    assert dict(refusal[0].answer.facts)["permission"] == "LOOK"
    kunitachi.grant_operator("o-c02", ["LOOK"])
    assert other.resident(family.head)
    assert kunitachi.operators(page_size=2) == {"o-c01": set(EVERYTHING), "o-c02": {"LOOK"}, "o-c03": {"LOOK"}}


@alone
def test_an_operation_without_operator_id_passes_nowhere_once_somebody_administers(juki: Juki, family: Family) -> None:
    with juki.refused("OPERATION_INCOMPLETE"):
        juki["国立市"].resident(family.head, operator_id="")
    clerk(juki)
    with juki.refused("OPERATOR_NOT_PERMITTED"):
        juki["国立市"].resident(family.head, operator_id="")


@pytest.mark.law("grant_operator")
@pytest.mark.parametrize(
    ("to", "permissions", "reason"),
    [
        pytest.param("o-c01", ["LOOK"], "LAST_ADMIN", id="最後の管理者が自らの権限を外す"),
        pytest.param("o-c01", [], "LAST_ADMIN", id="最後の管理者が全ての権限を外す"),
        pytest.param("", ["LOOK"], "FIELD_MISSING", id="操作者IDがない"),
        pytest.param("o" * 201, ["LOOK"], "FIELD_MISSING", id="操作者IDが長すぎる"),
        pytest.param("o-c02", ["UNSPECIFIED"], "FIELD_OUT_OF_RANGE", id="知らない権限"),
    ],
)
@alone
def test_grant_operator_is_refused(juki: Juki, to: str, permissions: list[str], reason: str) -> None:
    clerk(juki, "LOOK")
    before = juki["国立市"].operators()
    with juki.refused(reason):
        juki["国立市"].grant_operator(to, permissions)
    assert juki["国立市"].operators() == before


@alone
def test_grant_operator_to_a_second_admin_lets_the_first_go(juki: Juki) -> None:
    clerk(juki, "ADMIN")
    juki["国立市"].grant_operator("o-c01", [])
    with juki.refused("OPERATOR_NOT_PERMITTED"):
        juki["国立市"].operators()
    assert set(juki.clerk("国立市", "c02").operators()) == {"o-c01", "o-c02"}


CASES = [
    pytest.param("LOOK", lambda c, f: c.resident(f.head), "ISSUE", id="LOOK: 住民票の確認"),
    pytest.param("LOOK", lambda c, f: c.tasks(), "ADMIN", id="LOOK: 事務の確認"),
    pytest.param("REPORT", lambda c, f: c.report_birth(f.household), "EX_OFFICIO", id="REPORT: 出生届"),
    pytest.param(
        "REPORT", lambda c, f: c.report_move_out(f.all, "中野区", with_card=True), "LOOK", id="REPORT: 転出届"
    ),
    pytest.param("EX_OFFICIO", lambda c, f: c.enter_ex_officio(), "REPORT", id="EX_OFFICIO: 職権記載"),
    pytest.param("EX_OFFICIO", lambda c, f: c.delete_ex_officio(f.child), "REPORT", id="EX_OFFICIO: 職権消除"),
    pytest.param(
        "ISSUE", lambda c, f: c.print_notice(f.head, pb.NOTICE_KIND_RESIDENT_CODE), "NUMBERS", id="ISSUE: 通知票の印刷"
    ),
    pytest.param("SUPPORT", lambda c, f: c.start_support([f.head]), "REPORT", id="SUPPORT: 支援措置の開始"),
    pytest.param("SUPPORT", lambda c, f: c.supports(), "LOOK", id="SUPPORT: 支援措置の一覧は確認の権限では見えない"),
    pytest.param("AUDIT", lambda c, f: c.operations(), "LOOK", id="AUDIT: 操作履歴"),
    pytest.param("ADMIN", lambda c, f: c.grant_operator("o-c09"), "AUDIT", id="ADMIN: 権限の付与"),
]


@pytest.mark.law("may_operate")
@pytest.mark.parametrize(("permission", "act", "other"), CASES)
@alone
def test_an_operator_does_what_is_permitted_and_nothing_else(
    juki: Juki, family: Family, permission: str, act: Any, other: str
) -> None:
    refused = clerk(juki, other)
    before = {table: n for table, n in juki["国立市"].counts().items() if table != "audit"}
    with juki.refused("OPERATOR_NOT_PERMITTED"):
        act(refused, family)
    assert {table: n for table, n in juki["国立市"].counts().items() if table != "audit"} == before
    act(clerk(juki, permission), family)


# 個人番号

ACCESS = [
    pytest.param(lambda c, f: c.resident(f.head), True, id="住民票の確認は個人番号を示す"),
    pytest.param(lambda c, f: c.residents(f.household), True, id="住民票の一覧は個人番号を示す"),
    pytest.param(lambda c, f: c.residents(999), False, id="誰も載らない一覧は示さない"),
    pytest.param(lambda c, f: c.tasks(), False, id="事務の確認は示さない"),
    pytest.param(lambda c, f: c.print_notice(f.head, pb.NOTICE_KIND_INDIVIDUAL_NUMBER), True, id="個人番号通知書"),
    pytest.param(lambda c, f: c.print_notice(f.head, pb.NOTICE_KIND_RESIDENT_CODE), False, id="住民票コード通知票"),
    pytest.param(lambda c, f: c.report_move_out([f.wife], "中野区"), True, id="転出届は転出証明書に個人番号を載せる"),
    pytest.param(lambda c, f: c.report_birth(f.household), False, id="出生届はまだ番号がない"),
    pytest.param(lambda c, f: c.report_death(f.head), False, id="死亡届"),
    pytest.param(lambda c, f: c.report_relocation(f.all, "東京都国立市架空町9番"), False, id="転居届"),
    pytest.param(lambda c, f: c.start_support([f.head]), False, id="支援措置の開始"),
    pytest.param(lambda c, f: c.operations(), False, id="操作履歴の確認"),
]


@pytest.mark.parametrize(("act", "access"), ACCESS)
@alone
def test_the_audit_says_whether_a_number_was_shown(juki: Juki, family: Family, act: Any, access: bool) -> None:
    act(juki["国立市"], family)
    row = [row for row in juki["国立市"].audit() if row["operator_id"]][-1]
    assert row["number_access"] == int(access)


def test_a_certificate_printed_again_shows_the_number(juki: Juki, family: Family) -> None:
    juki["国立市"].report_move_out([family.wife], "中野区")
    juki["国立市"].print_notice(family.wife, pb.NOTICE_KIND_MOVE_OUT_CERTIFICATE)
    row = [row for row in juki["国立市"].audit() if row["event"] == "PrintNotice"][-1]
    assert (row["number_access"], row["subjects"]) == (1, str(family.wife))


def test_the_upper_tiers_write_it_down_too(juki: Juki, family: Family) -> None:
    by_event = {row["event"]: row["number_access"] for row in juki["機構"].audit()}
    assert (by_event["GenerateIndividualNumbers"], by_event["DesignateCodes"]) == (1, 0)
    assert {row["number_access"] for row in juki["東京都"].audit()} == {0}


def test_whoever_sends_a_number_to_another_node_writes_it_down(juki: Juki, family: Family) -> None:
    juki["国立市"].report_move_out(family.all, "杉並区", "2021-06-01", with_card=True)
    juki["杉並区"].report_special_move_in(
        juki["国立市"].resident(family.head).identification.resident_code, "国立市", "東京都杉並区みどり台1番1号"
    )
    sent = [row for row in juki["国立市"].audit() if row["event"] == "SendMoveOutCertificate"]
    assert [(row["number_access"], row["caller"]) for row in sent] == [(1, "municipality/131156")]
    (came,) = [row for row in juki["杉並区"].audit() if row["event"] == "ReportSpecialMoveIn"]
    assert came["number_access"] == 0, "the clerk is shown none"


@pytest.mark.parametrize(
    ("permissions", "seen"),
    [
        pytest.param(("LOOK", "NUMBERS"), True, id="照会の答えに個人番号が載る"),
        pytest.param(("LOOK",), False, id="権限のない操作者の照会には載らない"),
    ],
)
def test_an_inquiry_at_j_lis_shows_the_number_to_who_may_see_it(
    juki: Juki, family: Family, permissions: tuple[str, ...], seen: bool
) -> None:
    code = juki["国立市"].resident(family.head).identification.resident_code
    answer = clerk(juki, *permissions).inquire_identification(code=code)
    assert [bool(hit.identification.individual_number) for hit in answer.hits] == [seen]
    rows = {row["event"]: row["number_access"] for row in juki["国立市"].audit() if row["operator_id"] == "o-c02"}
    assert rows["InquireIdentification"] == int(seen)
    assert {row["event"]: row["number_access"] for row in juki["機構"].audit()}["SearchIdentification"] == 1


@pytest.mark.juki(clock="2023-02-06")
@pytest.mark.parametrize(
    ("permissions", "seen"),
    [
        pytest.param(("LOOK", "NUMBERS"), True, id="事前通知の一覧に個人番号が載る"),
        pytest.param(("LOOK",), False, id="権限のない操作者の一覧には載らない"),
    ],
)
def test_notices_beforehand_show_the_number_to_who_may_see_it(
    juki: Juki, family: Family, permissions: tuple[str, ...], seen: bool
) -> None:
    juki["国立市"].report_move_out(family.all, "杉並区", "2023-02-20", with_card=True)
    juki.settle()
    (held,) = clerk(juki, *permissions, name="杉並区").list_move_out_pre_notices()
    members = held.notice.certificate.members
    assert [bool(member.identification.individual_number) for member in members] == [seen] * 3
    row = [row for row in juki["杉並区"].audit() if row["event"] == "ListMoveOutPreNotices"][-1]
    assert row["number_access"] == int(seen)


@alone
def test_a_record_without_number_shows_none(juki: Juki) -> None:
    juki.kill("機構")
    mine = juki["国立市"].enter_ex_officio(person()).receipt.resident_ids[0]
    juki["国立市"].resident(mine)
    assert juki["国立市"].audit()[-1]["number_access"] == 0


@alone
def test_who_lacks_numbers_sees_a_blank_and_the_audit_says_so(juki: Juki, family: Family) -> None:
    blind = clerk(juki, "LOOK", "REPORT", "ISSUE")
    for shown in (blind.resident(family.head), *blind.residents()):
        assert shown.identification.individual_number == "", "a 個人番号 is shown"
        assert len(shown.identification.resident_code) == 11
        assert shown.individual_number_withheld, "未付番 and 表示権限なし look alike"
    assert {row["number_access"] for row in juki["国立市"].audit() if row["operator_id"] == "o-c02"} == {0}
    seen = juki["国立市"].resident(family.child)
    assert seen.identification.individual_number, "the record keeps it"
    assert not seen.individual_number_withheld


@pytest.mark.law("report_move_out")
@alone
def test_report_move_out_gives_no_certificate_with_its_number_struck_out(juki: Juki, family: Family) -> None:
    blind = clerk(juki, "REPORT", "LOOK")
    with juki.refused("OPERATOR_NOT_PERMITTED") as refusal:
        blind.report_move_out([family.child], "中野区", "2021-06-01")
    assert dict(refusal[0].answer.facts)["permission"] == "NUMBERS"
    assert blind.resident(family.child).state == pb.RESIDENT_STATE_LIVE
    left = clerk(juki, "REPORT", "NUMBERS").report_move_out([family.child], "中野区", "2021-06-01")
    assert left.certificate.members[0].identification.individual_number


@alone
def test_report_move_out_of_who_has_no_number_yet_needs_no_permission_to_see_one(juki: Juki) -> None:
    juki.kill("機構")
    mine = juki["国立市"].enter_ex_officio(person()).receipt.resident_ids[0]
    blind = clerk(juki, "REPORT", "LOOK")
    assert not blind.resident(mine).individual_number_withheld, "未付番 is no 表示権限なし"
    assert blind.report_move_out([mine], "中野区").certificate.members


@pytest.mark.parametrize(
    ("kind", "permitted"),
    [
        pytest.param(pb.NOTICE_KIND_INDIVIDUAL_NUMBER, False, id="個人番号通知書は印刷できない"),
        pytest.param(pb.NOTICE_KIND_MOVE_OUT_CERTIFICATE, False, id="番号の載る転出証明書は印刷できない"),
        pytest.param(pb.NOTICE_KIND_RESIDENT_CODE, True, id="住民票コード通知票は印刷できる"),
    ],
)
@alone
def test_who_lacks_numbers_prints_none(
    juki: Juki, family: Family, kind: pb.NoticeKind.ValueType, permitted: bool
) -> None:
    juki["国立市"].report_move_out([family.wife], "中野区")
    blind = clerk(juki, "ISSUE")
    if permitted:
        assert blind.print_notice(family.wife, kind).text
        return
    with juki.refused("OPERATOR_NOT_PERMITTED") as refusal:
        blind.print_notice(family.wife, kind)
    assert dict(refusal[0].answer.facts)["permission"] == "NUMBERS"
    row = juki["国立市"].audit()[-1]
    assert (row["accepted"], row["number_access"], row["refusal"]) == (0, 0, "OPERATOR_NOT_PERMITTED")


def test_who_lacks_numbers_asks_no_other_municipality_for_one(juki: Juki, family: Family) -> None:
    blind = clerk(juki, "ISSUE", name="杉並区")
    asked = ("132152", "架空　太郎", juki["国立市"].resident(family.head).identification.resident_code)
    before = juki["国立市"].counts()
    with juki.refused("OPERATOR_NOT_PERMITTED"):
        blind.issue_wide_area_copy(*asked, with_individual_number=True)
    assert juki["国立市"].counts() == before
    assert "架空　太郎" in blind.issue_wide_area_copy(*asked).text


@alone
def test_an_answer_kept_from_before_is_not_given_to_who_lost_the_permission(juki: Juki, family: Family) -> None:
    seeing = clerk(juki, "REPORT", "NUMBERS")
    left = seeing.report_move_out([family.child], "中野区", "2021-06-01", request_id="once")
    assert left.certificate.members[0].identification.individual_number
    blind = clerk(juki, "REPORT")
    with juki.refused("OPERATOR_NOT_PERMITTED"):
        blind.report_move_out([family.child], "中野区", "2021-06-01", request_id="once")
    seeing = clerk(juki, "REPORT", "NUMBERS")
    assert seeing.report_move_out([family.child], "中野区", "2021-06-01", request_id="once") == left


# 操作履歴


@pytest.mark.law("list_operations")
def test_list_operations_tells_who_did_what_when_about_whom(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    juki.clock.set("2021-06-03")
    other = juki.clerk("国立市", "c02")
    other.resident(family.head)
    with juki.refused("RESIDENT_NOT_FOUND"):
        other.report_death(999)
    seen, refused = kunitachi.operations("o-c02")
    assert (seen.event, list(seen.resident_ids), seen.refusal, seen.number_access) == (
        "GetResident", [family.head], "", True,
    )  # fmt: skip
    assert (seen.caller, seen.verification_id, seen.article) == ("operator/132152/c02", "v-c02", "住基法第36条の2")
    assert seen.virtual_time.ToJsonString().startswith("2021-06-02T15:00")
    assert (refused.event, refused.refusal, refused.number_access) == ("ReportDeath", "RESIDENT_NOT_FOUND", False)
    row = kunitachi.audit()[-1]
    assert (row["event"], row["operator_id"], row["article"]) == ("ListOperations", "o-c01", "住基法第36条の2")


@pytest.mark.law("list_operations")
@pytest.mark.parametrize(
    ("wanted", "events"),
    [
        pytest.param({"of": "o-c02"}, ["GetResident", "ListTasks"], id="一人の操作者だけ"),
        pytest.param({"of": "o-c03"}, [], id="何もしなかった操作者"),
        pytest.param({"on": "2021-06-03"}, ["GetResident", "ListTasks", "ReportBirth"], id="一日だけ"),
        pytest.param({"on": "2021-06-02"}, [], id="操作のなかった日"),
        pytest.param({"on": "2021-06-04"}, ["ListResidents"], id="日本時間の翌日"),
        pytest.param({"on": "2021-06-03", "number_access_only": True}, ["GetResident"], id="個人番号を示したものだけ"),
        pytest.param(
            {"of": "o-c02", "on": "2021-06-03", "number_access_only": True}, ["GetResident"], id="三つ合わせて"
        ),
        pytest.param({"of": "o-c01", "on": "2021-06-03", "page_size": 1}, ["ReportBirth"], id="一件ずつ"),
    ],
)
@alone
def test_list_operations_of_what_is_wanted(
    juki: Juki, family: Family, wanted: dict[str, Any], events: list[str]
) -> None:
    juki.clock.set("2021-06-03")
    juki.clerk("国立市", "c02").resident(family.head)
    juki.clerk("国立市", "c02").tasks()
    juki["国立市"].report_birth(family.household)
    juki.clock.set("2021-06-04T00:00:01")
    juki["国立市"].residents()
    assert [one.event for one in juki["国立市"].operations(**wanted)] == events


@alone
def test_list_operations_shows_what_nodes_brought_only_if_asked(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    assert {one.caller.partition("/")[0] for one in kunitachi.operations()} == {"operator"}
    assert "DesignateIndividualNumber" in {one.event for one in kunitachi.operations(with_nodes=True)}


@alone
def test_list_operations_in_pages_is_what_it_is_in_one(juki: Juki, family: Family) -> None:
    whole = juki["国立市"].operations(on="2021-06-01")
    paged = juki["国立市"].operations(on="2021-06-01", page_size=2)
    assert [one.audit_id for one in paged][: len(whole)] == [one.audit_id for one in whole]
    assert len(whole) > 4
