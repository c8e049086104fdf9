"""操作者ID and what it may be used for."""

from __future__ import annotations

from enum import IntEnum


class Permission(IntEnum):
    """What an 操作者ID may be used for; the values of the wire."""

    LOOK = 1
    REPORT = 2
    EX_OFFICIO = 3
    ISSUE = 4
    NUMBERS = 5
    SUPPORT = 6
    AUDIT = 7
    ADMIN = 8


EVERY = frozenset(Permission)
