"""Nodes as processes of their own: started, found again by a later command, and ended. Never anybody else's process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jukinet.pki.identity import Identity
from jukinet.stack.fault import Exit, StackFault
from jukinet.stack.tiers import PACKAGES

_Now = Callable[[], float]
NODE_FILE, PID_FILE, READY_FILE, LOG_FILE = "node.json", "pid", "ready.json", "log.jsonl"
POLL_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Address:
    """Where a node says that it listens."""

    pid: int
    address: str
    drill_address: str


class Process:
    """One node's process. The pid is kept in a file, and believed only while that process runs this node's file."""

    def __init__(self, path: str, folder: Path) -> None:
        self.path = path
        self.folder = folder
        self._child: subprocess.Popen[bytes] | None = None
        self._log_start = 0

    @property
    def log(self) -> Path:
        """What the node and the libraries under it say."""
        return self.folder / LOG_FILE

    def spawn(self) -> None:
        """Start it; `ready` tells when it listens."""
        (self.folder / READY_FILE).unlink(missing_ok=True)
        command = [sys.executable, "-m", PACKAGES[Identity.parse(self.path).kind], str(self.folder / NODE_FILE)]
        # The log is made readable by its owner alone; it names no one, but it is nobody else's either.
        with os.fdopen(os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
            self._log_start = log.tell()
            self._child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd=self.folder
            )
        (self.folder / PID_FILE).write_text(str(self._child.pid), encoding="ascii")

    @property
    def pid(self) -> int | None:
        """The running process's number; None if it does not run."""
        if self._child is not None:
            if self._child.poll() is None:
                return self._child.pid  # our own child needs no proof; just after the start it has no command line yet
            self._child = None
        try:
            pid = int((self.folder / PID_FILE).read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None
        # A number may have been given to somebody else since: the command line says whose it is.
        return pid if str(self.folder / NODE_FILE) in _command_line(pid) else None

    @property
    def ready(self) -> Address | None:
        """Where it listens; None while it does not."""
        pid = self.pid
        if pid is None:
            return None
        try:
            found = Address(**json.loads((self.folder / READY_FILE).read_bytes()))
        except (OSError, ValueError, TypeError):
            return None
        return found if found.pid == pid else None

    def await_ready(self, deadline: float, now: _Now, ended: threading.Event) -> Address:
        """Wait until it listens; StackFault, with the end of its log, if it ends instead."""
        while (found := self.ready) is None:
            if self.pid is None:
                raise StackFault(
                    f"{self.path} ended while starting: {self.last_words()}.",
                    f"{self.path} は起動中に終了しました。",
                    f"Read `jukinet logs {self.path}`; if a port is taken, set base_port = 0 in the topology.",
                    Exit.NOT_RUNNING,
                )
            if now() > deadline:
                raise StackFault(
                    f"{self.path} did not listen in time.",
                    f"{self.path} が時間内に起動しませんでした。",
                    f"Read `jukinet logs {self.path}`.",
                    Exit.NOT_RUNNING,
                )
            ended.wait(POLL_SECONDS)
        return found

    def last_words(self) -> str:
        """The last line that this run left in its log."""
        try:
            said = self.log.read_bytes()[self._log_start :]
            lines = said.decode("utf-8", errors="replace").strip().splitlines()
        except OSError:
            return "it left no log"
        return lines[-1][:200] if lines else "it left no log"

    def signal(self, number: signal.Signals) -> bool:
        """Send a signal; False if it does not run."""
        pid = self.pid
        if pid is None:
            return False
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return False
        return True

    def forget(self) -> None:
        """Remove what a process that is gone left behind."""
        if self._child is not None:
            self._child.wait()
            self._child = None
        for name in (PID_FILE, READY_FILE):
            (self.folder / name).unlink(missing_ok=True)


def stop_all(processes: list[Process], deadline: float, now: _Now, *, at_once: bool = False) -> None:
    """End them, gently until the deadline; `at_once` kills, for state that is to be thrown away."""
    first = signal.SIGKILL if at_once else signal.SIGTERM
    left = [process for process in processes if process.signal(first)]
    pause = threading.Event()
    while left := [process for process in left if process.pid is not None]:
        if now() > deadline:
            for process in left:
                process.signal(signal.SIGKILL)
        pause.wait(POLL_SECONDS)
    for process in processes:
        process.forget()


def _command_line(pid: int) -> list[str]:
    """The arguments of a process; empty for one that is gone or dead."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return []
    except OSError:
        return []
    # macOS has no /proc; its ps joins arguments by spaces, so that a path with spaces is found as the line's end.
    shown = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True)
    line = shown.stdout.strip()
    start = line.find(" -m ")
    return [line[start + 4 :].partition(" ")[2]] if start >= 0 else []
