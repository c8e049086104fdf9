"""Two clocks that are never mixed: real time for certificates and timeouts, virtual time for law and acts."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from jukinet.model.dates import JST, civil_day

LAMPORT_LEAP = 1 << 40
"""How far ahead of this node's a Lamport time may lie: a larger one would carry every clock of the network away."""
START = datetime(2021, 6, 1, 9, 0, tzinfo=JST)
"""Where a new virtual clock stands."""


def real_now() -> datetime:
    """The wall clock, aware, UTC."""
    return datetime.now(UTC)


def real_micros() -> int:
    """The wall clock in microseconds since 1970."""
    return time.time_ns() // 1000


def to_micros(instant: datetime) -> int:
    """Microseconds since 1970 of an aware instant."""
    return int((instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1))


def from_micros(micros: int) -> datetime:
    """The instant, in Japanese time."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)).astimezone(JST)


class Clock:
    """The time that law and acts go by, and the node's Lamport time.

    A virtual clock stands still between moves; `virtual=False` follows the wall clock. `save` is called with each new
    virtual time before it holds, so that it is kept with the state.
    """

    def __init__(self, *, virtual: bool = True, at: datetime = START, lamport: int = 0) -> None:
        self.virtual = virtual
        self._at = at.astimezone(JST)
        self._lamport = lamport
        self._lock = threading.Lock()
        # Saving waits for a commit, and a commit ticks: moving must not hold what ticking needs.
        self._moving = threading.Lock()
        self.save: Callable[[datetime], None] = lambda _: None

    def now(self) -> datetime:
        """Virtual now, aware, Japanese time."""
        return self._at if self.virtual else real_now().astimezone(JST)

    def today(self) -> date:
        """The civil day in Japan."""
        return civil_day(self.now())

    def set(self, instant: datetime) -> None:
        """Move forward; ValueError if it would go back or the clock is not virtual."""
        with self._moving:
            if not self.virtual or instant < self._at:
                raise ValueError("the clock never goes back, and system time cannot be set")
            self.save(instant)
            self._at = instant.astimezone(JST)

    def tick(self, seen: int = 0) -> int:
        """Next Lamport time, after whatever was `seen`."""
        with self._lock:
            self._lamport = max(self._lamport, seen) + 1
            return self._lamport

    def observe(self, seen: int) -> None:
        """Something was heard that was said at this Lamport time; one that leaps too far is not believed."""
        with self._lock:
            if self._lamport < seen <= self._lamport + LAMPORT_LEAP:
                self._lamport = seen

    @property
    def lamport(self) -> int:
        """The present Lamport time."""
        return self._lamport
