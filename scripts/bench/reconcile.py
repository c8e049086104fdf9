"""整合 of one large municipality with its governor over mTLS, both stores filled directly."""

from __future__ import annotations

import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from jukinet.model.codes import resident_code_from
from jukinet.model.dates import PartialDate
from jukinet.model.identification import Identification, Residency, Sex
from jukinet.node.reconciling import Area
from jukinet.stack.blank import lay_out
from jukinet.stack.layout import Layout
from jukinet.stack.network import Network
from jukinet.store import digests
from jukinet.wire import convert

PEOPLE, DIFFERENCES, RUNS = 500_000, 100, 3
KUNITACHI, TOKYO, CENTER = "municipality/132152", "prefecture/130001", "jlis/center"


def body(code: int, name: str) -> bytes:
    """本人確認情報 as it is stored."""
    person = Identification(
        resident_code=f"{code:011d}", name=name, name_kana="ケイソク", birth_date=PartialDate(1980, 1, 1), sex=Sex.MALE,
        address="東京都国立市みどり台一丁目2番3号", residency=Residency.JAPANESE, area_code="132152",
    )  # fmt: skip
    return convert.identification_message(person).SerializeToString(deterministic=True)


def fill(network: Network) -> None:
    """The same people at both; every so many-th of the governor's has another name."""
    codes = [int(resident_code_from(n * 19_997 % 10**10)) for n in range(PEOPLE)]
    every = PEOPLE // DIFFERENCES

    def here(db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO household (id, area_code, address) VALUES (1, '132152', '')")
        db.executemany(
            "INSERT INTO resident (household_id, area_code, code, state, person_sequence, relationship, resident_since,"
            " birth_date_text, registered_domicile, registered_head, former_address, body)"
            " VALUES (1, '132152', ?, 1, 1, '', '2021-06-01', '', '', '', '', ?)",
            ((code, body(code, "計測　太郎")) for code in codes),
        )

    def there(db: sqlite3.Connection) -> None:
        db.executemany(
            "INSERT INTO identification VALUES (?, '132152', NULL, 1, 1, 1, 6, 1, 1, ?, 0)",
            ((code, body(code, "計測　次郎" if n % every == 0 else "計測　太郎")) for n, code in enumerate(codes)),
        )

    network.nodes[KUNITACHI].journal.write(here)
    network.nodes[TOKYO].register.write(there)


def scan(network: Network) -> float:
    """Seconds to read and hash one side's table: less cannot be done."""
    begin = time.perf_counter()
    with network.nodes[TOKYO].register.read() as db:
        digests.read(digests.live_rows(db, "132152"))
    return time.perf_counter() - begin


def compared(network: Network) -> Area:
    """One comparison, without mending."""
    comparing = network.nodes[KUNITACHI].local.reconciling
    assert comparing is not None
    run = comparing.start(mend=False)
    while comparing.running():
        network.nodes[KUNITACHI].wake()
        threading.Event().wait(0.01)
    report = comparing.report()
    assert report.run == run
    (area,) = report.areas
    assert (area.different, area.only_here, area.only_there) == (DIFFERENCES, 0, 0)
    return area


def measure() -> Iterator[tuple[str, str, list[float], str, tuple[float, ...]]]:
    """Name, unit, runs, limit and its runs of each figure."""
    paths = [CENTER, TOKYO, KUNITACHI]
    with tempfile.TemporaryDirectory() as folder:
        layout = Layout(Path(folder))
        for path in paths:
            layout.node(path).mkdir(parents=True)
        lay_out(layout, paths)
        network = Network(Path(folder), paths)
        try:
            network.settle()
            fill(network)
            areas = [compared(network) for _ in range(RUNS)]
            limit = tuple(scan(network) for _ in range(RUNS))
        finally:
            network.close()
    whole = (float(PEOPLE * len(body(1, "計測　太郎"))),)
    yield "整合 of 500,000 people, 100 differ", "s", [a.seconds for a in areas], "one scan of one side", limit
    traffic = [float(a.sent_bytes + a.received_bytes) for a in areas]
    yield "bytes on the line for it", "bytes", traffic, "full transmission", whole
