"""操作者の権限: which permission each rpc of a clerk asks for, and whether an 操作者ID has it."""

from __future__ import annotations

from jukinet.law.basis import Decision, basis, state
from jukinet.model.operators import EVERY, Permission
from jukinet.model.reason import Reason

BY_PREFIX = {
    "Report": Permission.REPORT,
    "Receive": Permission.REPORT,
    "Accept": Permission.REPORT,
    "Request": Permission.REPORT,
    "Withdraw": Permission.REPORT,
    "Cancel": Permission.REPORT,
    "Resend": Permission.REPORT,
    "EnterPaper": Permission.REPORT,
    "Enter": Permission.EX_OFFICIO,
    "Correct": Permission.EX_OFFICIO,
    "Change": Permission.EX_OFFICIO,
    "Delete": Permission.EX_OFFICIO,
    "Clear": Permission.EX_OFFICIO,
    "Close": Permission.EX_OFFICIO,
    "File": Permission.REPORT,
    "Post": Permission.REPORT,
    "Acquire": Permission.EX_OFFICIO,
    "Lose": Permission.EX_OFFICIO,
    "Restore": Permission.EX_OFFICIO,
    "Record": Permission.EX_OFFICIO,
    "Print": Permission.ISSUE,
    "Issue": Permission.ISSUE,
    "List": Permission.LOOK,
    "Get": Permission.LOOK,
    "Search": Permission.LOOK,
    "Inquire": Permission.LOOK,
    "Trace": Permission.LOOK,
    "Grant": Permission.ADMIN,
    "Disclose": Permission.ISSUE,
    "Answer": Permission.REPORT,
    "Propose": Permission.ADMIN,
    "Approve": Permission.ADMIN,
    "Repeal": Permission.ADMIN,
}
"""By how the rpc's name begins, the longest beginning that fits; one that begins otherwise stands in BY_NAME, or
nobody may call it."""

BY_NAME = {
    "SettleSetAside": Permission.REPORT,
    "StartSupport": Permission.SUPPORT,
    "ExtendSupport": Permission.SUPPORT,
    "EndSupport": Permission.SUPPORT,
    "ListSupports": Permission.SUPPORT,
    "ExtendDisclosure": Permission.REPORT,
    "ListOperators": Permission.ADMIN,
    "ListOperations": Permission.AUDIT,
}
"""Rpcs whose verb says too little."""


def permission_of(rpc: str) -> Permission | None:
    """What the rpc asks for; None if it stands nowhere."""
    verb = max((prefix for prefix in BY_PREFIX if rpc.startswith(prefix)), key=len, default="")
    return BY_NAME.get(rpc) or BY_PREFIX.get(verb)


def permissions_held(granted: frozenset[Permission] | None, administered: bool) -> frozenset[Permission]:
    """What an 操作者ID may be used for.

    `granted` is None where nothing was ever granted to it: then it may be used for everything as long as nobody
    administers permissions here, and for nothing from the first ADMIN on.
    """
    if granted is not None:
        return granted
    return frozenset() if administered else EVERY


@basis("住基法第36条の2", "操作者の権限")
def may_operate(rpc: str, held: frozenset[Permission]) -> Decision:
    """操作者ごとに、利用することができる業務の範囲を定める（住民票に係る個人情報の安全管理）。"""
    asked = permission_of(rpc)
    if asked is None or asked not in held:
        return Decision.deny(Reason.OPERATOR_NOT_PERMITTED, permission=asked.name if asked else "")
    return Decision.allow()


@basis("住基法第36条の2", "操作者の権限の付与")
def grant_operator(leaves_an_admin: bool) -> Decision:
    """権限の管理者がいなくなる付与はできない。"""
    return Decision.allow() if leaves_an_admin else Decision.deny(Reason.LAST_ADMIN)


state("list_operators", "住基法第36条の2", "操作者の権限の確認")
state("list_operations", "住基法第36条の2", "操作履歴の確認")
