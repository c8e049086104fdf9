"""The pytest plugin: `def test_x(juki):` is given a whole network over real mTLS in this process.

Nothing of jukinet is imported before a test asks for the fixture: the plugin must not slow down anybody's pytest.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from jukinet.testing.template import Templates

MARKER = (
    "juki(nodes=['国立市', '横浜市'], clock='2021-06-01', seed=0): which network the fixture `juki` starts; governors "
    "and J-LIS come by themselves"
)


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known under --strict-markers."""
    config.addinivalue_line("markers", MARKER)


@pytest.fixture(scope="session")
def juki_templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """Networks at rest, for the tests of a session to start from."""
    from jukinet.testing.template import Templates

    return Templates(tmp_path_factory.mktemp("juki-templates"))


@pytest.fixture
def juki(request: pytest.FixtureRequest, tmp_path: Path, juki_templates: Templates) -> Iterator[Juki]:
    """J-LIS, three prefectures and six municipalities, at rest, each with its pool of 住民票コード."""
    from jukinet.testing.network import Juki

    marker = request.node.get_closest_marker("juki")
    with Juki(tmp_path / "juki", juki_templates, **(marker.kwargs if marker else {})) as network:
        yield network


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Under a failed test: what went from whom to whom, and every journal; positions, articles and counts only."""
    report = yield
    networks: dict[str, Any] = getattr(item, "funcargs", {})
    if report.when == "call" and report.failed and "juki" in networks:
        report.sections.extend(networks["juki"].sections())
    return report
