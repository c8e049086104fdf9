"""Stands first on PYTHONPATH of every process of a sabotage run: the packages may come from the copied tree only.

Without it, a test that starts processes with a search path of its own would try the unbroken code, and look as if it
had noticed nothing.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import os
import sys
from collections.abc import Sequence
from types import ModuleType


class OnlyFromTheCopy(importlib.abc.MetaPathFinder):
    """Finds as Python would, and refuses what lies outside the copy."""

    def __init__(self, tree: str, packages: frozenset[str]) -> None:
        self.tree = tree
        self.packages = packages

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Leave other packages to the finders that follow."""
        if fullname.partition(".")[0] not in self.packages:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.origin and not spec.origin.startswith(self.tree + os.sep):
            raise ImportError(f"sabotage: {fullname} would come from {spec.origin}, not from the copy in {self.tree}")
        return spec


if "JUKINET_SABOTAGE_TREE" in os.environ:
    sys.meta_path.insert(
        0,
        OnlyFromTheCopy(
            os.environ["JUKINET_SABOTAGE_TREE"], frozenset(os.environ["JUKINET_SABOTAGE_PACKAGES"].split(","))
        ),
    )
