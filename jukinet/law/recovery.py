"""回復: what a node has lost is fetched from those who have acknowledged it."""

from __future__ import annotations
