"""操作者の権限 by itself: what each rpc of a clerk asks for."""

from __future__ import annotations

import pytest

from jukinet.law import index, operators
from jukinet.model.operators import EVERY, Permission
from jukinet.model.reason import Reason
from jukinet.v1 import basis_pb2, operators_pb2
from jukinet.wire import basis

_ = index.ROOMS
LOOK, REPORT, EX_OFFICIO, ISSUE = Permission.LOOK, Permission.REPORT, Permission.EX_OFFICIO, Permission.ISSUE

# Written by hand, never from the rules: what a municipality would ask for.
ASKED = {
    "ReportBirth": REPORT,
    "ReportDeath": REPORT,
    "ReportMoveOut": REPORT,
    "ReportMoveIn": REPORT,
    "ReportRelocation": REPORT,
    "ReportHouseholdChange": REPORT,
    "EnterPaperMoveInNotice": REPORT,
    "EnterExOfficio": EX_OFFICIO,
    "DeleteExOfficio": EX_OFFICIO,
    "CorrectExOfficio": EX_OFFICIO,
    "GetResident": LOOK,
    "ListResidents": LOOK,
    "ListTasks": LOOK,
    "PrintNotice": ISSUE,
    "IssueWideAreaCopy": ISSUE,
    "StartSupport": Permission.SUPPORT,
    "ExtendSupport": Permission.SUPPORT,
    "EndSupport": Permission.SUPPORT,
    "ListSupports": Permission.SUPPORT,
    "GrantOperator": Permission.ADMIN,
    "ListOperators": Permission.ADMIN,
    "ListOperations": Permission.AUDIT,
    "ProposeOrdinanceAffair": Permission.ADMIN,
    "ApproveOrdinanceAffair": Permission.ADMIN,
    "RepealOrdinanceAffair": Permission.ADMIN,
    "ListOrdinanceAffairs": LOOK,
}

pytestmark = pytest.mark.law("may_operate")


def rpcs_of_clerks() -> list[str]:
    return [name.rpartition("/")[2] for name, b in basis.rpcs().items() if basis_pb2.CALLER_OPERATOR in b.callers]


def test_every_rpc_of_a_clerk_asks_for_a_permission() -> None:
    without = [rpc for rpc in rpcs_of_clerks() if operators.permission_of(rpc) is None]
    assert without == [], "give its verb a place in BY_PREFIX, or name it in BY_NAME (jukinet/law/operators.py)"
    assert set(operators.BY_NAME) <= set(rpcs_of_clerks())


@pytest.mark.parametrize(("rpc", "permission"), [pytest.param(*row, id=row[0]) for row in ASKED.items()])
def test_may_operate_with_that_permission_and_with_no_other(rpc: str, permission: Permission) -> None:
    assert operators.may_operate(rpc, frozenset({permission})).allowed
    refused = operators.may_operate(rpc, EVERY - {permission})
    assert refused.reason == Reason.OPERATOR_NOT_PERMITTED
    assert dict(refused.facts) == {"permission": permission.name}


@pytest.mark.parametrize(
    "rpc", ["Unheard", "reportBirth", ""], ids=["知らない操作", "小文字で始まる操作", "名のない操作"]
)
def test_may_operate_never_where_no_permission_is_named(rpc: str) -> None:
    assert operators.may_operate(rpc, EVERY).reason == Reason.OPERATOR_NOT_PERMITTED


@pytest.mark.parametrize(
    ("granted", "administered", "held"),
    [
        pytest.param(None, False, EVERY, id="管理者がいなければ付与のない操作者は何でもできる"),
        pytest.param(None, True, frozenset(), id="管理者がいれば付与のない操作者は何もできない"),
        pytest.param(frozenset({LOOK}), False, frozenset({LOOK}), id="管理者がいなくても付与された者は付与の範囲"),
        pytest.param(frozenset({LOOK}), True, frozenset({LOOK}), id="管理者がいれば付与の範囲"),
        pytest.param(frozenset(), False, frozenset(), id="全て外された者は何もできない"),
    ],
)
def test_permissions_held(
    granted: frozenset[Permission] | None, administered: bool, held: frozenset[Permission]
) -> None:
    assert operators.permissions_held(granted, administered) == held


@pytest.mark.law("grant_operator")
def test_grant_operator_leaves_an_admin() -> None:
    assert operators.grant_operator(True).allowed
    assert operators.grant_operator(False).reason == Reason.LAST_ADMIN


def test_the_wire_and_the_rules_know_the_same_permissions() -> None:
    named = {name.removeprefix("PERMISSION_"): number for name, number in operators_pb2.Permission.items() if number}
    assert named == {permission.name: permission.value for permission in Permission}
