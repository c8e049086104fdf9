"""参加・不参加: a municipality that stands outside the network, joins later, or withholds opt-outs."""

from __future__ import annotations
