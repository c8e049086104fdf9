"""How a reason is told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spec:
    """What a reason means, in both languages, and whether it is final."""

    code: str
    """Name of the gRPC status code; only jukinet.wire knows gRPC."""
    definite: bool
    """True: it did not and will not happen, so a sender may stop. False: it may be tried again with the same id."""
    english: str
    japanese: str
