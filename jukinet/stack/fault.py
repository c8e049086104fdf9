"""What keeps a network from being run, told to the person who runs it: what, why, what next, in both languages."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """How a command ends."""

    OK = 0
    REFUSED = 1
    USAGE = 2
    NOT_RUNNING = 3
    FAULT = 4


class StackFault(Exception):
    """Why something about the network cannot be done. `code` is how the command ends."""

    def __init__(self, english: str, japanese: str, remedy: str, code: Exit = Exit.USAGE) -> None:
        super().__init__(f"{english} {remedy}")
        self.english = english
        self.japanese = japanese
        self.remedy = remedy
        self.code = code


class TopologyFault(StackFault):
    """What is wrong with a topology file."""
