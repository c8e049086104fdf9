"""The due job of retention where no journey leads: a file that cannot be written anew, the system's clock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from relay.bench import CENTER, KUNITACHI, TOKYO, Bench, bench

from jukinet.node import erasing
from jukinet.store import settings


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path, [CENTER, TOKYO, KUNITACHI], virtual_clock=False) as made:
        made.network.settle()
        yield made


def job(net: Bench, path: str) -> Any:
    local: Any = net.node(path).local
    return local.erasing


@pytest.mark.parametrize("path", [CENTER, KUNITACHI], ids=["機構", "国立市"])
def test_by_the_systems_clock_the_job_sleeps_until_something_is_due(net: Bench, path: str) -> None:
    assert job(net, path).next_due() is not None, "the designations, in a year"
    assert job(net, path).step() == erasing.LONGEST_SLEEP
    assert not job(net, path).ready()


def test_a_file_that_cannot_be_written_anew_is_tried_again_ever_more_slowly(
    net: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    node, mine = net.node(CENTER), erasing.Erasing(net.node(CENTER), "keep_identification_at_center")
    with monkeypatch.context() as patch:
        patch.setattr(type(node.journal), "vacuum", lambda file: False)
        node.journal.write(lambda db: settings.put(db, erasing.VACUUM_DUE, "1"))
        waits = [mine.step() for _ in range(12)]
        assert (waits[0], waits[1], waits[-1]) == (erasing.FIRST_WAIT, 2 * erasing.FIRST_WAIT, erasing.LONGEST_WAIT)
        assert mine.ready(), "what was erased may still be read"
    mine.step()  # or the node's own job, if it was quicker
    assert not mine.ready()
