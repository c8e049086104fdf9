"""What no law knows: the simulator's own doors."""

from __future__ import annotations

from jukinet.law.basis import state

state("drill", "（シミュレーター）", "演習用の操作")
