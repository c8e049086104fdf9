"""What must be true of the network, told without it: who is recorded where, under which code, and what was said of it.

Nothing of the project is imported. A person is a number; a stay is one 住民票 of one municipality. Days are dates.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

LIVE, LEAVING, GONE = "live", "leaving", "gone"


@dataclass
class Stay:
    """One 住民票: `said` is what its municipality must have told upward, numbers of people left out."""

    place: str
    code: str
    state: str = LIVE
    planned: date | None = None
    awaits_notice: bool = False
    confirmed: bool = False
    said: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)


@dataclass
class Person:
    """Somebody with every stay, oldest first."""

    stays: list[Stay]
    dead: bool = False
    abroad: bool = False

    @property
    def last(self) -> Stay:
        return self.stays[-1]


class Model:
    """The register of a nation of a few people."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.people: list[Person] = []

    # What happens at a counter

    def enter(self, place: str, code: str, why: str) -> Person:
        stay = Stay(place, code, said=[f"記載・{why}"], codes=[code])
        person = Person([stay])
        self.people.append(person)
        return person

    def die(self, person: Person) -> None:
        self._close(person.last, "死亡")
        person.dead = True

    def strike_off(self, person: Person) -> None:
        self._close(person.last, "職権消除等")

    def correct(self, person: Person, why: str) -> None:
        person.last.said.append(f"記載の修正・{why}")

    def change_code(self, person: Person, code: str) -> None:
        person.last.code = code
        person.last.codes.append(code)
        person.last.said.append("住民票コードの記載の修正・住民票コードの変更請求")

    def leave(self, person: Person, planned: date, *, abroad: bool = False) -> None:
        """転出届: closed today if the day has come, otherwise on the day."""
        stay = person.last
        stay.state, stay.planned = LEAVING, planned
        stay.awaits_notice = not abroad
        person.abroad = abroad
        self._close_who_left()

    def cancel(self, person: Person) -> None:
        """転出取消: before the day nothing was said; afterwards the record is entered again."""
        stay = person.last
        if stay.state == GONE:
            stay.said.append("記載・職権記載等")
        person.abroad = False
        stay.state, stay.planned, stay.awaits_notice = LIVE, None, False

    def arrive(self, person: Person, place: str, why: str = "国内転入") -> None:
        """転入届: a new stay under the code of the last; the place that was left is owed a notice."""
        before = person.last
        before.awaits_notice = not person.abroad
        person.abroad = False
        person.stays.append(Stay(place, before.code, said=[f"記載・{why}"], codes=[before.code]))

    def be_told(self, stay: Stay) -> None:
        """転入通知 reached the place that was left: it closes what is still open, and the governor is told."""
        if not stay.awaits_notice:
            return
        if stay.state == LEAVING:
            self._close(stay, "国内転出")
        elif stay.state == LIVE:
            self._close(stay, "職権消除等")
        stay.awaits_notice, stay.confirmed = False, True

    def days_pass(self, today: date) -> None:
        self.today = today
        self._close_who_left()

    def all_lines_work(self) -> None:
        """Every notice that is owed arrives."""
        for person in self.people:
            for stay in person.stays[:-1]:
                self.be_told(stay)

    def _close_who_left(self) -> None:
        for person in self.people:
            for stay in person.stays:
                if stay.state == LEAVING and stay.planned is not None and stay.planned <= self.today:
                    self._close(stay, "国外転出" if stay is person.last and person.abroad else "国内転出")

    def _close(self, stay: Stay, why: str) -> None:
        stay.state = GONE
        stay.said.append(f"消除・{why}")

    # What must be seen then

    def living(self, place: str) -> set[str]:
        """Codes of the live records of a place."""
        return {stay.code for stay in self._stays(place) if stay.state != GONE}

    def union(self) -> set[tuple[str, str]]:
        """(code, place) of every live record of the nation."""
        return {(stay.code, stay.place) for stay in self._stays() if stay.state != GONE}

    def missing(self, place: str, days: int = -1) -> set[str]:
        """Codes of those who left a place, more than so many days ago, and of whom no 転入通知 has come."""
        gone = [s for s in self._stays(place) if s.state == GONE and s.awaits_notice and not s.confirmed]
        return {s.code for s in gone if days < 0 or (s.planned and (self.today - s.planned).days > days)}

    def connected(self, person: Person, stay: Stay) -> list[Stay]:
        """Stays at the same place whose codes hang together: their words are counted on, 更新順番号 by 更新順番号."""
        found = [stay]
        for _ in person.stays:
            codes = {code for one in found for code in one.codes}
            found = [one for one in person.stays if one.place == stay.place and codes & {*one.codes}]
        return found

    def _stays(self, place: str = "") -> list[Stay]:
        return [stay for person in self.people for stay in person.stays if place in ("", stay.place)]
