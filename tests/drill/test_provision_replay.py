"""令和2年度 at a small scale on real nodes: every cell of the ministry's table, out of the log."""

from __future__ import annotations

from pathlib import Path

import pytest

from jukinet.drill.provision_replay import fiscal_months, replay_year, scaled
from jukinet.model.main_affairs import main_affairs, monthly_figures, table_totals

SCALE = 1_000_000


@pytest.mark.law("publish_provision_state", "keep_provision_ledger", "load_medium")
def test_replay_has_every_cell_of_the_published_table(tmp_path: Path) -> None:
    played = replay_year(tmp_path / "network", SCALE, lambda *_: None)
    assert len(played.cells) == 18 * 12
    assert [cell for cell in played.cells if not cell.agrees] == []
    assert sum(cell.logged for cell in played.cells) == sum(played.logged.values()) > 0


@pytest.mark.full
@pytest.mark.timeout(900)
def test_replay_at_a_thousandth(tmp_path: Path) -> None:
    played = replay_year(tmp_path / "network", 1_000, lambda *_: None)
    assert all(cell.agrees for cell in played.cells)
    assert sum(cell.logged for cell in played.cells) > 1_400_000


def test_figures_are_those_of_the_overview() -> None:
    assert [one.count for one in table_totals()][:4] == [1_503_500_000, 7_500_000, 2_100_000, 2_700_000]
    assert len(main_affairs()) == 57
    pension = [row for row in monthly_figures() if row.affair_id == "1-77"]
    assert sum(count or 0 for row in pension for count in row.months) == 855_705_691
    assert [str(month) for month in fiscal_months(2020)][::11] == ["2020-04-01", "2021-03-01"]


@pytest.mark.parametrize(("published", "expected"), [(None, 0), (499, 0), (500, 1), (1_500, 2), (65_790_781, 65_791)])
def test_a_figure_is_rounded_to_the_nearest(published: int | None, expected: int) -> None:
    assert scaled(published, 1_000) == expected
