"""What fails inside stays inside: neither the caller nor the log hears of the person it was about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from relay.bench import CENTER, KUNITACHI, TOKYO, Bench, bench

from jukinet.wire.client import Refused

SECRET = "漏洩子"
"""No blank in it: repr() would write an ideographic one as an escape, and nobody would find the name."""


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path, [CENTER, KUNITACHI], [TOKYO]) as made:
        yield made


def test_an_unforeseen_failure_tells_its_number_and_never_whom_it_was_about(
    net: Bench, capfd: pytest.CaptureFixture[str]
) -> None:
    # A fault of the file's own whose text names the person, as texts of unforeseen failures may.
    trap = f"CREATE TRIGGER trap BEFORE INSERT ON resident BEGIN SELECT RAISE(ABORT, 'no room for {SECRET}'); END"
    net.node(KUNITACHI).journal.write(lambda db: db.execute(trap))
    capfd.readouterr()
    with pytest.raises(Refused) as caught:
        net.enter(KUNITACHI, "e1", SECRET)
    answer, logged = caught.value.answer, capfd.readouterr().err
    assert SECRET not in str(answer), "the caller heard of whom"
    assert SECRET not in logged, "the log heard of whom"
    assert answer.reason == "INTERNAL"
    incident = dict(answer.facts)["incident"]
    assert f'"incident": "{incident}"' in logged, "the number finds the line"
    assert SECRET not in str(net.audit(KUNITACHI))

    net.node(KUNITACHI).journal.write(lambda db: db.execute("DROP TRIGGER trap"))
    assert net.enter(KUNITACHI, "e2", SECRET).receipt.resident_ids, "the node goes on"
