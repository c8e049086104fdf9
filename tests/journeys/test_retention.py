"""保存期間: what is kept for 150 years, what for one, and what is left of it afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family


def found_in_files(juki: Juki, *words: str) -> dict[str, list[str]]:
    """Where any of these words can still be read, in a file or its write-ahead log."""
    hits: dict[str, list[str]] = {}
    for path in juki.paths:
        for file in sorted(juki.network.layout.node(path).glob("*.db*")):
            content = file.read_bytes()
            hits |= (
                {f"{juki.name(path)} {file.name}": found}
                if (found := [w for w in words if w.encode() in content])
                else {}
            )
    return hits


def test_a_dead_persons_records_are_erased_at_every_tier_and_nothing_can_be_read_in_any_file(
    juki: Juki, family: Family
) -> None:
    kunitachi = juki["国立市"]
    person = kunitachi.resident(family.head).identification
    words = (person.name, person.resident_code, person.individual_number)
    juki.clock.set("2021-06-02")
    kunitachi.report_death(family.head)
    juki.settle()
    juki.clock.set("2171-06-01")
    assert juki["機構"].held(person.resident_code)
    assert {"国立市 journal.db", "東京都 journal.db", "機構 register.db"} <= set(found_in_files(juki, *words))
    juki.clock.set("2171-06-02")
    assert juki["機構"].held(person.resident_code) == []
    juki.clock.set("2171-06-03")
    assert found_in_files(juki, *words) == {}
    assert juki.ledger_differences() == []
