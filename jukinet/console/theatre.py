"""What the console shows: the running network, or a scenario on a stage of its own. One act at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jukinet import log
from jukinet.console.feed import Feed
from jukinet.drill import scenario as scenarios
from jukinet.drill.player import Player
from jukinet.drill.scenario import Scenario
from jukinet.stack.fault import Exit, StackFault
from jukinet.stack.stage import Stage
from jukinet.wire.client import Refused

SECONDS_A_STEP = 4.0
SPEEDS = (0.5, 1.0, 2.0, 4.0)
LIVE = ""


class Theatre:
    """The live network and the scenario that is on, each with its feed; whoever acts holds the lock."""

    def __init__(self, live: Stage, scratch: Path, *, hosted: bool = False) -> None:
        self.live = live
        self.player: Player | None = None
        self.speed = 1.0
        self.playing = False
        self.ended = False
        self.doing = ""
        self.fault: dict[str, str] = {}
        self._scratch = scratch
        self._hosted = hosted
        self._acting = threading.Lock()
        self._changed = threading.Event()
        self._count = 0
        self.feed = self._new_feed(live)

    def _new_feed(self, stage: Stage) -> Feed:
        self._count += 1
        feed = Feed(stage, self._scratch / f"messages-{self._count}.db")
        # On the running network certificates are renewed as `jukinet status` does; in a story they are the story's.
        feed.renews = stage is self.live
        return feed

    @property
    def stage(self) -> Stage:
        """What is shown now."""
        return self.player.stage if self.player else self.live

    @property
    def scenario(self) -> Scenario | None:
        """The scenario that is on; None where the live network is shown."""
        return self.player.scenario if self.player else None

    def start(self) -> None:
        """Begin to follow the live network."""
        self.feed.start()

    def end_streams(self) -> None:
        """Whoever follows the news is let go."""
        self.ended = True
        self.feed.tell()

    def close(self) -> None:
        """End the scenario's nodes; the live network goes on."""
        self.playing = False
        self._changed.set()
        self.feed.stop()
        if self.player:
            self.player.close()
            self.player = None

    @contextmanager
    def acting(self, what: str) -> Iterator[None]:
        """Act alone; StackFault if somebody else acts."""
        if not self._acting.acquire(blocking=False):
            raise _busy()
        self.doing, self.fault = what, {}
        self.feed.tell()
        try:
            yield
        except StackFault as fault:
            self.fault = {"ja": fault.japanese, "en": fault.english, "remedy": fault.remedy}
            raise
        except Refused as refused:
            self.fault = {"ja": refused.answer.japanese, "en": refused.answer.message, "remedy": refused.reason}
            raise
        finally:
            self.doing = ""
            self._acting.release()
            self.feed.tell()

    # Scenarios

    def open(self, name: str) -> None:
        """Put a scenario on, begun; `LIVE` shows the live network again."""
        with self.acting("open"):
            self.playing = False
            if name == LIVE:
                self._show_live()
                return
            found = scenarios.find(name)
            if self.player is None or self.player.scenario.name != name:
                self._leave()
                self.player = Player(found, self._scratch / found.name, hosted=self._hosted)
            self.player.begin(self._tell)
            self._follow_anew(self.player.stage)

    def _show_live(self) -> None:
        if self.player is not None:
            self._leave()
            self._follow_anew(self.live)

    def _leave(self) -> None:
        if self.player is not None:
            self.player.close()
            self.player = None

    def _follow_anew(self, stage: Stage) -> None:
        old, self.feed = self.feed, self._new_feed(stage)
        self.feed.revision = old.revision + 1
        self.feed.take_over(old)
        self.feed.look()
        old.stop()

    def _tell(self, what: str, done: int, total: int) -> None:
        self.doing = f"{what} {done}/{total}"
        self.feed.tell()

    def step(self) -> None:
        """Play the next step."""
        with self.acting("step"):
            self._player().step()

    def back(self) -> None:
        """One step back, by playing anew from the seed."""
        self.go_to(max(0, len(self._player().played) - 1))

    def go_to(self, count: int) -> None:
        """So many steps played."""
        with self.acting("back"):
            player = self._player()
            if count < len(player.played):
                self.playing = False
                player.go_to(count, self._tell)
                self._follow_anew(player.stage)
            else:
                player.go_to(count, self._tell)

    def play(self) -> None:
        """Play step after step, at the present speed, until paused or over."""
        self._player()
        if self.playing:
            return
        self.playing = True
        self._changed.clear()
        threading.Thread(target=self._play, name="console player", daemon=True).start()
        self.feed.tell()

    def pause(self) -> None:
        """Stand still behind the step that is played now."""
        self.playing = False
        self._changed.set()
        self.feed.tell()

    def set_speed(self, speed: float) -> None:
        """How fast `play` goes on; one of SPEEDS."""
        self.speed = min(SPEEDS, key=lambda one: abs(one - speed))
        self.feed.tell()

    def _play(self) -> None:
        while self.playing and self.player is not None and self.player.next is not None:
            try:
                self.step()
            except (StackFault, Refused):
                break
            except Exception as error:
                log.incident("console player", error)
                break
            self._changed.wait(SECONDS_A_STEP / self.speed)
        self.playing = False
        self.feed.tell()

    def _player(self) -> Player:
        if self.player is None:
            raise StackFault(
                "No scenario is on.", "シナリオが選ばれていません。", "Choose one from the list first.", Exit.REFUSED
            )
        return self.player

    def shown(self) -> dict[str, Any]:
        """How it stands, for the page."""
        player = self.player
        return {
            "scenario": player.scenario.name if player else "",
            "played": len(player.played) if player else 0,
            "total": len(player.scenario.steps) if player else 0,
            "playing": self.playing, "speed": self.speed, "doing": self.doing, "fault": self.fault,
        }  # fmt: skip

    def at_once(self, work: Callable[[], None]) -> None:
        """Do something of length in the background; its fault shows in `shown`. StackFault if somebody acts now."""
        if self._acting.locked():
            raise _busy()

        def run() -> None:
            try:
                work()
            except (StackFault, Refused):
                pass
            except Exception as error:
                number = log.incident("console", error)
                self.fault = {"ja": f"内部の誤りです（{number}）。", "en": f"Internal fault {number}.", "remedy": ""}
                self.feed.tell()

        threading.Thread(target=run, name="console act", daemon=True).start()


def _busy() -> StackFault:
    return StackFault(
        "Another act is under way, perhaps in another window.",
        "別の操作が進行中です（別の画面かもしれません）。",
        "Wait until it has ended, then try again.",
        Exit.REFUSED,
    )
