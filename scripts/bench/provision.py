"""即時提供 and 一括提供 with gate, law, audit and fsync, each beside the look-up alone in the same register."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jukinet.node.provision.acts import criteria_of
from jukinet.node.provision.finding import RegisterHolder
from jukinet.testing.network import Juki
from jukinet.testing.office import criteria
from jukinet.testing.template import Templates

PEOPLE, QUESTIONS, CALLERS, PAGES = 5_000, 2_000, 4, 10
PENSION = ("japan-pension-service", "1-77")

Measured = tuple[str, str, list[float], str, tuple[float, ...]]


def measure() -> Iterator[Measured]:
    """Questions a second and their 99th percentile, one caller and four; then pages of five thousand."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        with Juki(root / "net", Templates(root / "kept"), nodes=("国立市",)) as juki:
            people = juki.populate("国立市", PEOPLE)
            whom = [criteria(number=one.identification.individual_number) for one in people][:PEOPLE]
            office = juki.office(*PENSION)
            holder = RegisterHolder(juki.network.nodes["jlis/center"])
            asked = [criteria_of(one) for one in whom]

            def ask(number: int) -> float:
                begin = time.perf_counter()
                office.provide_identification(whom[number % len(whom)], request_id=f"bench-{number}")
                return time.perf_counter() - begin

            begin = time.perf_counter()
            for one in asked[:QUESTIONS]:
                holder.find([one])
            alone = QUESTIONS / (time.perf_counter() - begin)
            first = 0
            for callers in (1, CALLERS):
                begin = time.perf_counter()
                with ThreadPoolExecutor(callers) as pool:
                    waits = sorted(pool.map(ask, range(first, first + QUESTIONS)))
                rate = QUESTIONS / (time.perf_counter() - begin)
                first += QUESTIONS
                name = f"即時提供, {callers} at once"
                yield name, "/s", [rate], "look-ups alone", (alone,)
                yield f"{name}, p99", "ms", [waits[int(len(waits) * 0.99)] * 1_000], "", ()
            begin = time.perf_counter()
            for _ in range(PAGES):
                holder.find(asked)
            alone = PAGES * len(asked) / (time.perf_counter() - begin)
            begin = time.perf_counter()
            for page in range(PAGES):
                office.provide_bulk(whom, request_id=f"page-{page}")
            rate = PAGES * len(whom) / (time.perf_counter() - begin)
            yield "一括提供, pages of 5,000", "/s", [rate], "look-ups of a page alone", (alone,)
