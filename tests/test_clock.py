"""Two clocks: virtual time moves forward only, Lamport time never waits for it."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest

from jukinet.clock import LAMPORT_LEAP, START, Clock, from_micros, to_micros
from jukinet.model.dates import JST


def test_a_virtual_clock_stands_still_until_it_is_moved():
    clock = Clock()
    assert clock.now() == clock.now() == START
    clock.set(START + timedelta(days=1))
    assert clock.today() == START.date() + timedelta(days=1)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2021, 6, 1, 14, 59, 59, tzinfo=UTC), date(2021, 6, 1)),
        (datetime(2021, 6, 1, 15, 0, 0, tzinfo=UTC), date(2021, 6, 2)),
        (datetime(2021, 6, 2, 8, 59, 59, tzinfo=JST), date(2021, 6, 2)),
        (datetime(2021, 6, 2, 23, 59, 59, tzinfo=JST), date(2021, 6, 2)),
    ],
)
def test_today_turns_at_midnight_in_japan(instant, day):
    clock = Clock(at=datetime(2021, 6, 1, 0, 0, tzinfo=JST))
    clock.set(instant)
    assert clock.today() == day


def test_it_never_goes_back_and_keeps_what_it_had():
    clock = Clock(at=START + timedelta(days=1))
    with pytest.raises(ValueError, match="never goes back"):
        clock.set(START)
    assert clock.now() == START + timedelta(days=1)


def test_a_clock_on_system_time_cannot_be_set():
    with pytest.raises(ValueError, match="system time"):
        Clock(virtual=False).set(datetime(2100, 1, 1, tzinfo=JST))


def test_a_time_that_could_not_be_saved_does_not_hold():
    clock = Clock()

    def refuse(_: datetime) -> None:
        raise OSError("no room")

    clock.save = refuse
    with pytest.raises(OSError, match="no room"):
        clock.set(START + timedelta(days=1))
    assert clock.now() == START


def test_lamport_time_goes_on_while_a_move_waits_for_its_commit():
    """A commit ticks, and a move waits for a commit: the one must not hold what the other needs."""
    clock = Clock()
    ticked = threading.Event()

    def save(_: datetime) -> None:
        threading.Thread(target=lambda: (clock.tick(), ticked.set())).start()
        assert ticked.wait(5), "the tick waits for the move, which waits for it"

    clock.save = save
    clock.set(START + timedelta(days=1))
    assert clock.now() == START + timedelta(days=1)


def test_lamport_time_follows_what_was_heard_but_not_any_leap():
    clock = Clock()
    clock.observe(41)
    assert clock.tick() == 42
    clock.observe(LAMPORT_LEAP * 2)
    assert clock.tick() == 43
    assert clock.tick(seen=7) == 44


def test_instants_survive_micros_and_come_back_in_japanese_time():
    assert from_micros(to_micros(START)) == START
    assert from_micros(to_micros(START)).tzinfo == JST
