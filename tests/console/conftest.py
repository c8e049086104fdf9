"""A console over a small network in this process, served on loopback, and a real browser before it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from serving import CHROMIUM, FAMILY, SMALL, TOKEN, Served

from jukinet.console.app import make
from jukinet.console.serve import Server, listen
from jukinet.console.theatre import Theatre
from jukinet.drill.cast import gather
from jukinet.stack import topology as topologies
from jukinet.stack.stage import HostedStage


def _topology() -> topologies.Topology:
    return topologies.parse(SMALL)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A console over five nodes in which one family lives."""
    root = tmp_path_factory.mktemp("console")
    stage = HostedStage(root / "live", _topology())
    stage.begin()
    gather(stage, FAMILY, stage.network.nodes["jlis/center"].clock.today())  # type: ignore[union-attr]
    stage.quiet_down()
    listener = listen(0)
    port = listener.getsockname()[1]
    theatre = Theatre(stage, root, hosted=True)
    config = uvicorn.Config(
        make(theatre, TOKEN, port), log_level="warning", access_log=False, timeout_graceful_shutdown=1
    )
    server = Server(config, theatre)
    thread = threading.Thread(target=lambda: server.run(sockets=[listener]), name="console")
    thread.start()
    try:
        yield Served(f"http://127.0.0.1:{port}", theatre, stage)
    finally:
        server.should_exit = True
        thread.join(10)
        theatre.close()
        stage.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's chromium; where it is missing the test says so."""
    if not Path(CHROMIUM).exists():
        pytest.skip("SKIPPED LOUDLY: no chromium here; .ci/run installs chromium and fonts-noto-cjk")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, headless=True)
        yield found
        found.close()


@pytest.fixture
def page(browser: Any, served: Served) -> Iterator[Any]:
    """A page that came by the link; whatever its scripts complain of fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    context.set_default_timeout(20_000)
    shown = context.new_page()
    complaints: list[str] = []
    shown.on("pageerror", lambda error: complaints.append(str(error)))
    shown.goto(served.link)
    yield shown
    context.close()
    assert complaints == []


@pytest.fixture
def keep(request: pytest.FixtureRequest) -> Callable[[Any, str], None]:
    """Keeps a screenshot where JUKINET_SCREENSHOTS says."""

    def shot(page: Any, name: str) -> None:
        folder = os.environ.get("JUKINET_SCREENSHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)

    return shot
