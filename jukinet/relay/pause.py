"""The pause between two tries that failed: it grows, no two nodes keep step, and no commit cuts it short."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

FIRST_WAIT, LONGEST_WAIT = 0.05, 5.0
"""Seconds between tries: at first, and at most."""


class Pause:
    """One worker's. `asked` counts how often somebody wanted everything tried at once: a new count ends the pause."""

    def __init__(self, name: str, asked: Callable[[], int]) -> None:
        self._asked = asked
        self._dice = random.Random(name)
        self._attempts = 0
        self._until = 0.0
        self._seen = 0

    def left(self) -> float:
        """Seconds that are left of it; 0 if it is over."""
        if self._asked() != self._seen:
            self._seen, self._until = self._asked(), 0.0
        return max(0.0, self._until - time.monotonic())

    def failed(self) -> float:
        """Begin one, longer than the last; its seconds."""
        self._attempts += 1
        wait = float(min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(self._attempts, 10))) * (0.5 + self._dice.random())
        self._until = time.monotonic() + wait
        return wait

    def over(self) -> None:
        """A try succeeded."""
        self._attempts, self._until = 0, 0.0
