"""Runs one node of this tier as a process."""

import sys

from jukinet.node.main import run
from prefecture_node.assemble import TIER

if __name__ == "__main__":
    sys.exit(run(TIER, sys.argv[1:]))
