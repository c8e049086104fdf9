"""隔離: records that were set aside: listed, mended by their origin, released."""

from __future__ import annotations
