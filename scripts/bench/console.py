"""The console before a browser: the first picture, live messages drawn as they come, memory of the page meanwhile."""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import uvicorn

from jukinet.console.app import make
from jukinet.console.serve import Server, listen
from jukinet.console.theatre import Theatre
from jukinet.drill.filling import fill
from jukinet.stack import topology as topologies
from jukinet.stack.stage import Stage
from jukinet.v1 import counter_pb2, counter_pb2_grpc

SECONDS, PER_SECOND, ARROWS = 60.0, 200, 7
MUNICIPALITIES = ("杉並区", "中野区", "国分寺市", "国立市")
NODES = ("J-LIS", "東京都", *MUNICIPALITIES)
TOKEN = "bench"
MEGA = 1 << 20

Measured = tuple[str, str, list[float], str, tuple[float, ...]]


def measure() -> Iterator[Measured]:
    """A figure each; nothing where there is no browser."""
    chromium = shutil.which("chromium")
    if chromium is None:
        return
    from playwright.sync_api import sync_playwright

    topology = topologies.parse(f"nodes = {json.dumps(NODES, ensure_ascii=False)}")
    with (
        tempfile.TemporaryDirectory() as folder,
        Stage(Path(folder) / "net", topology) as stage,
        sync_playwright() as pw,
    ):
        stage.begin()
        theatre = Theatre(stage, Path(folder))
        listener = listen(0)
        port = listener.getsockname()[1]
        server = Server(uvicorn.Config(make(theatre, TOKEN, port), log_level="error", access_log=False), theatre)
        thread = threading.Thread(target=lambda: server.run(sockets=[listener]))
        thread.start()
        browser = pw.chromium.launch(executable_path=chromium)
        try:
            yield from _watch(browser, stage, theatre, f"http://127.0.0.1:{port}")
        finally:
            browser.close()
            server.should_exit = True
            thread.join(10)
            theatre.close()
            stage.down()


def _watch(browser: Any, stage: Stage, theatre: Theatre, base: str) -> Iterator[Measured]:
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(f"{base}/?token={TOKEN}")
    firsts = []
    for _ in range(5):
        begin = time.perf_counter()
        page.goto(base, wait_until="commit")
        page.wait_for_selector("#tree .node")
        firsts.append((time.perf_counter() - begin) * 1_000)
    yield "first picture of the network", "ms", firsts, "goal", (1_000.0,)
    page.goto(f"{base}/messages")
    profile = page.context.new_cdp_session(page)
    profile.send("Performance.enable")
    ended, reported = threading.Event(), [0]
    threads = [threading.Thread(target=_report, args=(stage, name, ended, reported)) for name in MUNICIPALITIES]
    for thread in threads:
        thread.start()
    begin, memories, lags = time.monotonic(), list[float](), list[float]()
    while time.monotonic() - begin < SECONDS:
        page.wait_for_timeout(1_000)
        lags.append(theatre.feed.spool.last - _shown(page))
        profile.send("HeapProfiler.collectGarbage")
        memories.append(_heap(profile) / MEGA)
    ended.set()
    for thread in threads:
        thread.join()
    rate = theatre.feed.spool.last / (time.monotonic() - begin)
    yield "live messages drawn", "/s", [rate], "goal", (float(PER_SECOND),)
    yield "messages not drawn yet, each second", "", lags, "", ()
    half = len(memories) // 2
    yield "memory of the page, second half", "MB", memories[half:], "first half", tuple(memories[5:half])


def _report(stage: Stage, name: str, ended: threading.Event, reported: list[int]) -> None:
    path, number = stage.topology.find(name).path, 0
    area = path.partition("/")[2]
    pause = len(MUNICIPALITIES) * ARROWS / PER_SECOND
    while not ended.is_set():
        number += 1
        request = counter_pb2.EnterExOfficioRequest(address=f"架空町{number}番")
        who = {"request_id": f"{area}-{number}", "verification_id": "v", "operator_id": "o", "reason": "計測"}
        person = {"name": f"架空　{number}", "birth_date": "2001-01-01", "sex": "FEMALE"}
        fill(request, {"operation": who, "person": person, "change_date": "2021-06-01"})
        stage.clerk(path).call(counter_pb2_grpc.CounterServiceStub, "EnterExOfficio", request)
        reported[0] += 1
        ended.wait(pause * 0.4)


def _shown(page: Any) -> int:
    text = page.locator("#total").inner_text()
    return int("".join(sign for sign in text if sign.isdecimal()) or "0")


def _heap(profile: Any) -> float:
    metrics = profile.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "JSHeapUsedSize"))
