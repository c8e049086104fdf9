"""Pytest plugin of a sabotage run: writes outcomes and messages as JSON lines, and where the packages came from.

The message is taken from the exception, not from the printed output, because that shows the source of the test too:
a word that stands there would be found whatever happened.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys

import pytest


def _write(config: pytest.Config, line: dict[str, object]) -> None:
    if hasattr(config, "workerinput"):  # under xdist the controller hears of every report and writes it
        return
    with open(os.environ["JUKINET_SABOTAGE_REPORT"], "a", encoding="utf-8") as report:
        report.write(json.dumps(line) + "\n")


def _messages(longrepr: object) -> str:
    """Every exception of a chain, or whatever pytest has in its place."""
    chain = [crash for _, crash, _ in getattr(longrepr, "chain", ())] or [getattr(longrepr, "reprcrash", None)]
    found = [str(crash.message) for crash in chain if crash is not None]
    return "\n".join(found) or str(longrepr)


class _Reporter:
    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome != "passed":
            message = _messages(report.longrepr) if report.failed else ""
            _write(self.config, {"test": report.nodeid, "outcome": report.outcome, "message": message})

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        origins = {}
        for package in filter(None, os.environ["JUKINET_SABOTAGE_PACKAGES"].split(",")):
            module = sys.modules.get(package)
            spec = None if module else importlib.util.find_spec(package)
            origins[package] = str(module.__file__ if module else spec and spec.origin)
        _write(self.config, {"origins": origins})


def pytest_configure(config: pytest.Config) -> None:
    """Pytest calls this; the hooks need the configuration, so they live on an object that holds it."""
    config.pluginmanager.register(_Reporter(config))
