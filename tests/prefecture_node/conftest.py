from __future__ import annotations

import sys
from pathlib import Path

# The bench stands beside the links' tests; this folder bears a tier's name and so cannot be a package.
sys.path.append(str(Path(__file__).resolve().parent.parent))
