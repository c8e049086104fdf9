"""Moves the virtual clock of a whole network, stopping wherever something falls due on any node."""

from __future__ import annotations

from datetime import datetime

from jukinet.clock import to_micros
from jukinet.stack.auto import Errands
from jukinet.stack.fault import Exit, StackFault
from jukinet.stack.population import Progress, quiet
from jukinet.stack.reach import Reach
from jukinet.v1 import drill_pb2
from jukinet.wire import convert

MOST_ROUNDS_AT_ONE_INSTANT = 10


def now(reach: Reach) -> datetime:
    """The time that law and acts go by: that of the node furthest ahead."""
    reach.require_running()
    return max(convert.instant(status.virtual_time) for status in reach.statuses().values())


def set_clock(reach: Reach, target: datetime, progress: Progress = quiet) -> list[datetime]:
    """Move every node to `target`; where it stopped on the way. At each stop all that is due is done and carried on."""
    if not reach.topology.virtual_clock:
        raise StackFault(
            "This network goes by the system's clock, which nobody moves.",
            "このネットワークはシステム時計で動いており、時刻を動かせません。",
            'Use a topology with clock = "virtual".',
        )
    begin = now(reach)
    if target < begin:
        raise StackFault(
            f"The clock stands at {begin.isoformat()} and never goes back.",
            "時計は戻せません。",
            "Restore a snapshot, or `jukinet reset`.",
            Exit.REFUSED,
        )
    stops: list[datetime] = []
    errands, rounds = Errands(reach), 0
    while True:
        instant = max(begin, min([target, *_dues(reach, errands)]))
        rounds = rounds + 1 if stops and stops[-1] == instant else 0
        if rounds > MOST_ROUNDS_AT_ONE_INSTANT:
            raise StackFault(
                f"What was due at {instant.isoformat()} is still not done.",
                "期日の到来した処理が終わりません。",
                "See `jukinet doctor`.",
                Exit.FAULT,
            )
        if not stops or stops[-1] != instant:
            stops.append(instant)
        _set_all(reach, instant)
        reach.settle()
        if errands.run(instant):
            reach.settle()
        whole = max(1, to_micros(target) - to_micros(begin))
        progress("時計を進める / moving the clock", (to_micros(instant) - to_micros(begin)) * 100 // whole, 100)
        if instant >= target and not any(due <= instant for due in _dues(reach, errands)):
            return stops


def _set_all(reach: Reach, instant: datetime) -> None:
    request = drill_pb2.SetClockRequest(virtual_time=convert.timestamp(instant))
    reach.each(reach.paths, lambda path: reach.drill(path, "SetClock", request))


def _dues(reach: Reach, errands: Errands) -> list[datetime]:
    found = [convert.instant(s.next_due_time) for s in reach.statuses().values() if s.HasField("next_due_time")]
    waiting = errands.next_due()
    return [*found, waiting] if waiting else found
