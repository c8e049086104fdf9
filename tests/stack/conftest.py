"""Networks of real processes on ports of the system's choice, ended whatever a test did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jukinet.stack import topology as topologies
from jukinet.stack.stack import Stack
from jukinet.stack.topology import Topology

SMALL = """
seed = 7
nodes = [
  "J-LIS", "東京都",
  { name = "国立市", residents = 12 },
  { name = "中野区", residents = 8, auto = true },
]
"""


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Callable[..., Stack]]:
    """Makes a Stack in the test's folder; what still runs at the end is stopped."""
    made: list[Stack] = []

    def make(topology: Topology | None = None) -> Stack:
        made.append(Stack(tmp_path / "net", topology or topologies.parse(SMALL)))
        return made[-1]

    yield make
    for stack in made:
        stack.down()
