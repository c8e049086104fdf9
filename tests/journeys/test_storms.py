"""Storms: everybody asks at once, a line is down for hours, a node flaps; queues stay bounded and return to zero."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from jukinet.relay.pause import LONGEST_WAIT, Pause
from jukinet.testing.door import person
from jukinet.v1 import search_pb2
from jukinet.wire import server
from jukinet.wire.client import Refused

if TYPE_CHECKING:
    from jukinet.testing.network import Juki

CITIES = ("国立市", "国分寺市", "杉並区", "中野区")
PLACE = "東京都国立市みどり台1番"


@contextmanager
def every_thread_busy(juki: Juki) -> Iterator[None]:
    """Whoever calls now waits for a thread."""
    go, busy = threading.Event(), threading.Barrier(server.THREADS + 1)

    def hold() -> None:
        busy.wait(10)
        go.wait(30)

    for _ in range(server.THREADS):
        juki.network._pool.submit(hold)
    busy.wait(10)
    try:
        yield
    finally:
        go.set()


def calls_of(juki: Juki, name: str, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often a node calls others from now on, by method."""
    counts: Counter[str] = Counter()
    peers = juki[name].node.peers
    call = peers.call

    def counted(peer: str, stub: Any, method: str, request: Any, seconds: float) -> Any:
        counts[method] += 1
        return call(peer, stub, method, request, seconds)

    monkeypatch.setattr(peers, "call", counted)
    return counts


def test_everybody_asks_j_lis_at_once_and_each_gets_one_answer(juki: Juki) -> None:
    codes = {city: juki.populate(city, 3)[0].identification.resident_code for city in CITIES}
    questions = [(city, number) for number in range(25) for city in CITIES]

    def ask(city: str, number: int) -> tuple[int, set[str]]:
        """The outcome, and what it was told before: the same request is repeated until it is answered."""
        told: set[str] = set()
        while True:
            try:
                answer = juki[city].inquire_identification(code=codes[city], request_id=f"storm-{city}-{number}")
            except Refused as refused:
                told.add(refused.reason)
            else:
                return answer.outcome, told

    for city in CITIES:
        juki[city].inquire_identification(code=codes[city])  # every line is up before the storm
    before = len([row for row in juki["機構"].audit() if row["event"] == "SearchIdentification" and row["accepted"]])
    with ThreadPoolExecutor(50) as clerks:
        answers = list(clerks.map(lambda one: ask(*one), questions))
    assert {outcome for outcome, _ in answers} == {search_pb2.SEARCH_OUTCOME_FOUND}
    assert set().union(*(told for _, told in answers)) <= {"BUSY"}, "nobody waits until time is up"
    juki.settle()
    accepted = [row for row in juki["機構"].audit() if row["event"] == "SearchIdentification" and row["accepted"]]
    assert len(accepted) - before == len(questions), "each is answered once"
    assert juki.ledger_differences() == []


def test_more_callers_than_a_listener_holds_are_told_so_at_once(
    monkeypatch: pytest.MonkeyPatch, juki_templates: Any, tmp_path: Any
) -> None:
    from jukinet.testing.network import Juki

    monkeypatch.setattr(server, "MOST_CALLS", 8)
    with Juki(tmp_path / "net", juki_templates, nodes=["国立市"]) as juki:
        kunitachi = juki["国立市"]
        kunitachi.residents()
        with ThreadPoolExecutor(24) as clerks:
            with every_thread_busy(juki):
                asked = [clerks.submit(kunitachi.residents) for _ in range(24)]
                refused = [one for one in asked if _refused_at_once(one)]
            reasons = Counter(type(one.exception()).__name__ for one in asked)
        assert len(refused) >= 24 - 8
        assert reasons["Refused"] == len(refused), "whoever was let in is answered"
        assert {one.exception().reason for one in refused} == {"BUSY"}  # type: ignore[union-attr]


def _refused_at_once(asked: Any) -> bool:
    """Whether it is over while no thread is free."""
    try:
        return asked.exception(timeout=1.0) is not None
    except TimeoutError:
        return False


def test_what_waited_until_its_caller_had_gone_is_not_begun(juki: Juki) -> None:
    kunitachi = juki["国立市"]
    before = len(kunitachi.residents())
    request = kunitachi_entry(juki)
    with every_thread_busy(juki):
        for number in range(4):
            request.operation.request_id = f"gone-{number}"
            with pytest.raises(Refused):
                kunitachi.client.call(_stub(), "EnterExOfficio", request, seconds=0.2)
    juki.settle()
    assert len(kunitachi.residents()) == before


def kunitachi_entry(juki: Juki) -> Any:
    from jukinet.v1 import counter_pb2 as pb

    operation = pb.Operation(request_id="gone", verification_id="v", operator_id="o", reason="窓口")
    return pb.EnterExOfficioRequest(operation=operation, person=person("架空　去る"), address=PLACE)


def _stub() -> Any:
    from jukinet.v1 import counter_pb2_grpc

    return counter_pb2_grpc.CounterServiceStub


def test_a_line_down_for_hours_keeps_acts_on_disk_and_drains_by_itself(
    juki: Juki, monkeypatch: pytest.MonkeyPatch
) -> None:
    for city in CITIES:
        juki.populate(city, 2)
    calls = calls_of(juki, "東京都", monkeypatch)
    juki.cut("東京都", "機構")
    entered = []
    for hour in range(6):
        for city in CITIES:
            receipt = juki[city].enter_ex_officio(person(f"架空　{hour}{city}"), _place(juki, city)).receipt
            entered += receipt.resident_ids
        juki.clock.advance(hours=1)
    links = {link.peer: link for link in juki["東京都"].status().links}
    assert links["jlis/center"].backlog_records >= len(entered)
    assert links["jlis/center"].state == "RETRYING"
    assert calls["DeliverBatch"] < 60, "a neighbour that is away is not tried at every commit"
    mover = juki.populate("横浜市鶴見区", 2)[0]
    assert juki["機構"].held(mover.identification.resident_code), "another governor's line is not disturbed"
    juki.heal()
    juki.settle()
    assert {link.backlog_records for link in juki["東京都"].status().links} == {0}
    assert juki.ledger_differences() == []
    assert juki["機構"].status().live_records == juki["東京都"].status().live_records + 2


def _place(juki: Juki, city: str) -> str:
    return f"{juki.full_name(juki[city].code)}みどり台1番"


def test_who_asks_j_lis_for_numbers_does_not_ask_at_every_commit(juki: Juki, monkeypatch: pytest.MonkeyPatch) -> None:
    juki.cut("国立市", "機構")
    calls = calls_of(juki, "国立市", monkeypatch)
    for number in range(40):
        juki["国立市"].enter_ex_officio(person(f"架空　{number}"), PLACE)
    asked = calls["GenerateIndividualNumbers"]
    assert 0 < asked < 20, "every commit wakes the worker, which is to pause all the same"
    juki.heal()
    juki.settle()
    assert juki["国立市"].status().tasks == 0


def test_a_flapping_governor_loses_nothing_and_disturbs_nobody(juki: Juki) -> None:
    for turn in range(5):
        juki.kill("東京都")
        for city in CITIES[:2]:
            juki[city].enter_ex_officio(person(f"架空　{turn}{city}"), _place(juki, city))
        juki["横浜市鶴見区"].enter_ex_officio(person(f"架空　鶴{turn}"), "神奈川県横浜市鶴見区架空町1番")
        juki.start("東京都")
    juki.settle()
    assert juki["機構"].status().live_records == 15
    assert juki.ledger_differences() == []
    assert {link.state for link in juki["国立市"].status().links} == {"IDLE"}


def test_when_j_lis_comes_back_everybody_gets_through(juki: Juki) -> None:
    juki.kill("機構")
    for city in (*CITIES, "横浜市鶴見区", "矢祭町"):
        juki[city].enter_ex_officio(person(f"架空　{city}"), _place(juki, city))
    juki.start("機構")
    juki.settle()
    assert juki["機構"].status().live_records == 6
    assert all(juki[city].status().tasks == 0 for city in CITIES)
    assert juki.ledger_differences() == []


def test_a_pause_grows_and_no_two_keep_step() -> None:
    one, other = Pause("one", lambda: 0), Pause("other", lambda: 0)
    waits = [(one.failed(), other.failed()) for _ in range(12)]
    assert waits[0][0] < 0.2
    assert LONGEST_WAIT / 2 <= waits[-1][0] <= LONGEST_WAIT * 1.5
    assert all(a != b for a, b in waits)
    assert one.left() > 0
    one.over()
    assert one.left() == 0


def test_whoever_wants_everything_tried_ends_a_pause() -> None:
    asked = [0]
    pause = Pause("one", lambda: asked[0])
    pause.failed()
    assert pause.left() > 0
    asked[0] += 1
    assert pause.left() == 0
