"""The history of 2002–2015 as real nodes play it, against the seven days of the overview."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jukinet.cli.main import app
from jukinet.drill.participation import replay_history
from jukinet.model.participation import Mode, modes_on, snapshots

SEVEN = (*("2002-08-05", "2003-08-25", "2003-10-30", "2006-09-08", "2009-01-05", "2012-02-01", "2015-03-30"),)


def test_on_the_seven_days_of_the_overview_j_lis_sees_whom_it_says(tmp_path: Path) -> None:
    days = replay_history(tmp_path / "net", lambda *_: None)
    assert tuple(str(day.day) for day in days) == SEVEN
    assert all(day.agrees for day in days)
    assert days[0].outside == {"矢祭町", "杉並区", "国分寺市", "横浜市", "二見町", "小俣町"}
    assert (days[0].unseen["横浜市"], days[0].unseen["中野区"]) == (1, 0)
    assert days[1].unseen["国立市"] > 0
    assert set(days[-1].unseen.values()) == {0}
    assert days[-1].residents > days[0].residents


@pytest.mark.parametrize("snapshot", snapshots(), ids=lambda one: str(one.day))
def test_the_events_agree_with_the_snapshots(snapshot: object) -> None:
    assert set(modes_on(snapshot.day)) == snapshot.names  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("day", "name", "mode"),
    [
        ("2002-08-04", "矢祭町", None),
        ("2002-08-08", "二見町", Mode.OUTSIDE),
        ("2002-08-09", "二見町", None),
        ("2002-09-11", "中野区", None),
        ("2002-09-12", "中野区", Mode.OUTSIDE),
        ("2003-05-28", "国分寺市", Mode.OUTSIDE),
        ("2003-08-18", "国分寺市", None),
        ("2006-05-10", "横浜市", Mode.SELECTIVE),
        ("2015-03-29", "矢祭町", Mode.OUTSIDE),
    ],
)
def test_who_stood_how_on_a_day(day: str, name: str, mode: Mode | None) -> None:
    assert modes_on(date.fromisoformat(day)).get(name) == mode


def test_a_day_that_is_none_is_a_wrong_call_and_no_traceback() -> None:
    shown = CliRunner().invoke(app, ["participation", "show", "--on", "2003-8-x"])
    assert (shown.exit_code, "YYYY-MM-DD" in shown.output) == (2, True)
