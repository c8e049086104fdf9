"""Places where a test may end the process as a power cut would; armed by environment only."""

from __future__ import annotations

import os
import signal
import threading
import time

_ARMED: str = ""
_AFTER: int = 0
_LOCK = threading.Lock()


def arm(spec: str) -> None:
    """Arm `name:n`: the n-th time that place is reached, the process dies by SIGKILL. Empty disarms."""
    global _ARMED, _AFTER
    name, _, count = spec.partition(":")
    with _LOCK:
        _ARMED, _AFTER = name, int(count or "1") if name else 0


def armed(name: str) -> bool:
    """Whether a test waits for this place."""
    return name == _ARMED


def hit(name: str, *, within: float = 0.0) -> None:
    """Die here if armed for it and its turn has come; `within` so many seconds where the deed is to be cut short."""
    global _AFTER
    if name != _ARMED:
        return
    with _LOCK:
        _AFTER -= 1
        if _AFTER > 0:
            return
    if within:
        delay = within * (time.perf_counter_ns() % 1_000) / 1_000
        threading.Timer(delay, os.kill, (os.getpid(), signal.SIGKILL)).start()
        return
    os.kill(os.getpid(), signal.SIGKILL)


arm(os.environ.get("JUKINET_FAILPOINT", ""))
