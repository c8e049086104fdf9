"""Characters that stand for one that no code has."""

from __future__ import annotations

GETA = "〓"
_PRIVATE = ((0xE000, 0xF8FF), (0xF0000, 0xFFFFD), (0x100000, 0x10FFFD))
"""Private Use Areas of Unicode: what stands there, only its own system knows."""


def external_characters(*texts: str) -> int:
    """残存外字 in the texts: characters of a Private Use Area, and 〓.

    That these are the ones is an assumption of ours. Variants (IVS) and characters beyond the BMP have codes and count
    as any other.
    """
    return sum(_is_external(character) for text in texts for character in text)


def _is_external(character: str) -> bool:
    return character == GETA or any(first <= ord(character) <= last for first, last in _PRIVATE)
