"""Places where a test may end the process as a power cut would; armed by environment only."""

from __future__ import annotations

import os
import signal
import threading

_ARMED: str = ""
_AFTER: int = 0
_LOCK = threading.Lock()


def arm(spec: str) -> None:
    """Arm `name:n`: the n-th time that place is reached, the process dies by SIGKILL. Empty disarms."""
    global _ARMED, _AFTER
    name, _, count = spec.partition(":")
    with _LOCK:
        _ARMED, _AFTER = name, int(count or "1") if name else 0


def hit(name: str) -> None:
    """Die here if armed for it and its turn has come."""
    global _AFTER
    if name != _ARMED:
        return
    with _LOCK:
        _AFTER -= 1
        if _AFTER > 0:
            return
    os.kill(os.getpid(), signal.SIGKILL)


arm(os.environ.get("JUKINET_FAILPOINT", ""))
