"""Runs one node of this tier as a process."""

import sys

from prefecture_node.assemble import TIER
from jukinet.node.main import run

if __name__ == "__main__":
    sys.exit(run(TIER, sys.argv[1:]))
