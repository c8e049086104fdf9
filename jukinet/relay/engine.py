"""Runs the nodes' background work on a few threads: woken by events, never polling, never two runs of one work."""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable

from jukinet import log

HERE, AWAY = 2, 6
"""Threads for work on a node's own files, and for work that may wait for other nodes: the one never waits behind the
other."""

Step = Callable[[], float | None]
"""Does some work; answers in how many seconds it wants to run again, or None to wait until woken."""


class Work:
    """A piece of background work; `away` if it calls other nodes."""

    __slots__ = ("away", "due", "name", "removed", "running", "step", "woken")

    def __init__(self, name: str, step: Step, *, away: bool = False) -> None:
        self.name = name
        self.away = away
        self.step = step
        self.due: float | None = None
        self.running = False
        self.woken = False
        self.removed = False


class Engine:
    """A few threads for all work of all nodes of a process."""

    def __init__(self) -> None:
        self._lanes = {False: _Lane(HERE, "here"), True: _Lane(AWAY, "away")}

    def wake(self, work: Work, delay: float = 0.0) -> None:
        """Run it as soon as a thread is free, or after `delay` seconds."""
        self._lanes[work.away].wake(work, delay)

    def remove(self, work: Work) -> None:
        """Never run it again; returns once it does not run."""
        self._lanes[work.away].remove(work)

    def stop(self) -> None:
        """End the threads once their present step is done."""
        for lane in self._lanes.values():
            lane.stop()


class _Lane:
    """Threads with the work that is theirs."""

    def __init__(self, threads: int, name: str) -> None:
        self._heap: list[tuple[float, int, Work]] = []
        self._count = 0
        lock = threading.Lock()
        # Two conditions: a thread that waits for work to end must not take the call meant for one that waits for work.
        self._changed = threading.Condition(lock)
        self._ended = threading.Condition(lock)
        self._stopping = False
        self._threads = [threading.Thread(target=self._run, name=f"{name}-{n}", daemon=True) for n in range(threads)]
        for thread in self._threads:
            thread.start()

    def wake(self, work: Work, delay: float) -> None:
        with self._changed:
            if work.running:
                work.woken = True
            else:
                self._schedule(work, time.monotonic() + delay)

    def _schedule(self, work: Work, due: float) -> None:
        if self._stopping or work.removed or (work.due is not None and work.due <= due):
            return
        work.due = due
        self._count += 1
        heapq.heappush(self._heap, (due, self._count, work))
        self._changed.notify()

    def _next(self) -> Work | None:
        with self._changed:
            while not self._stopping:
                now = time.monotonic()
                while self._heap and (self._heap[0][2].due != self._heap[0][0] or self._heap[0][2].running):
                    heapq.heappop(self._heap)  # superseded by an earlier wake
                if self._heap and self._heap[0][0] <= now:
                    work = heapq.heappop(self._heap)[2]
                    work.due, work.running, work.woken = None, True, False
                    return work
                self._changed.wait(self._heap[0][0] - now if self._heap else None)
            return None

    def _run(self) -> None:
        while (work := self._next()) is not None:
            try:
                again = work.step()
            except Exception as error:
                log.incident(work.name, error)
                again = 1.0
            with self._changed:
                work.running = False
                if work.woken:
                    again = 0.0
                if again is not None:
                    self._schedule(work, time.monotonic() + again)
                self._ended.notify_all()

    def remove(self, work: Work) -> None:
        with self._changed:
            work.removed = True
            work.due = None
            self._ended.wait_for(lambda: not work.running, timeout=10)

    def stop(self) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(timeout=10)
