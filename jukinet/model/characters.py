"""Characters that stand for one that no code has."""

from __future__ import annotations

import re

_EXTERNAL = re.compile("[〓\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
"""〓, and the Private Use Areas of Unicode: what stands there, only its own system knows."""


def external_characters(*texts: str) -> int:
    """残存外字 in the texts: characters of a Private Use Area, and 〓.

    That these are the ones is an assumption of ours. Variants (IVS) and characters beyond the BMP have codes and count
    as any other.
    """
    return sum(len(_EXTERNAL.findall(text)) for text in texts)


_BROKEN = re.compile("[\ufffd\x00-\x1f\x7f-\x9f]")


def are_broken(*texts: str) -> bool:
    """Whether what is written was lost on the way: U+FFFD stands for what could not be read, C0 and C1 for nothing.

    〓 is no such character: it says that there is one which has no code.
    """
    return any(_BROKEN.search(text) for text in texts)
