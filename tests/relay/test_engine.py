"""The engine: work on one's own files never waits behind calls to others; nothing runs twice at once."""

import threading

import pytest

from jukinet.relay.engine import AWAY, Engine, Work


@pytest.fixture
def engine():
    engine = Engine()
    yield engine
    engine.stop()


def test_own_work_runs_while_every_thread_for_calls_waits_for_somebody(engine):
    release, sealed = threading.Event(), threading.Event()
    started = threading.Semaphore(0)

    def call() -> None:
        started.release()
        release.wait(10)

    for number in range(AWAY):
        engine.wake(Work(f"call {number}", call, away=True))
    for _ in range(AWAY):
        assert started.acquire(timeout=5)
    engine.wake(Work("seal", sealed.set))
    try:
        assert sealed.wait(5), "own work waits behind calls to others"
    finally:
        release.set()


def test_one_more_call_waits_until_a_thread_is_free(engine):
    release, seventh = threading.Event(), threading.Event()
    for number in range(AWAY):
        engine.wake(Work(f"call {number}", lambda: release.wait(10) and None, away=True))
    engine.wake(Work("one more", seventh.set, away=True))
    assert not seventh.is_set()
    release.set()
    assert seventh.wait(5)


def test_a_wake_during_a_run_is_a_run_afterwards_and_never_beside_it(engine):
    runs, inside = [], threading.Lock()
    begun, go_on, twice = threading.Event(), threading.Event(), threading.Event()

    def step() -> None:
        assert inside.acquire(blocking=False), "two runs at once"
        begun.set()
        go_on.wait(5)
        runs.append(1)
        inside.release()
        if len(runs) == 2:
            twice.set()

    work = Work("once", step)
    engine.wake(work)
    assert begun.wait(5)
    engine.wake(work)
    engine.wake(work)
    go_on.set()
    assert twice.wait(5)
    assert len(runs) == 2


def test_removed_work_never_runs_again(engine):
    ran = threading.Event()
    work = Work("gone", ran.set)
    engine.remove(work)
    engine.wake(work)
    other = threading.Event()
    engine.wake(Work("other", other.set))
    assert other.wait(5)
    assert not ran.is_set()


def test_work_that_fails_is_tried_again_and_logged(engine, capsys):
    again, tries = threading.Event(), []

    def step() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError("山田太郎")
        again.set()

    engine.wake(Work("failing", step))
    assert again.wait(5)
    said = capsys.readouterr().err
    assert '"event": "incident"' in said
    assert "山田太郎" not in said
