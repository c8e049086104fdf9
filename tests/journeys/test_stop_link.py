"""2013年3月26日: a patch garbles what two of three municipalities of 東京都 send, and the governor stops them.

Upward their streams stand still, 転入通知 between municipalities go on; a second patch and a full transmission bring
everything up to date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jukinet.model.finding import FindingKind
from jukinet.store import findings
from jukinet.v1 import counter_pb2 as pb

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

NODES = ["国立市", "国分寺市", "杉並区", "横浜市"]
PATCHED = ("国立市", "国分寺市")
SUGINAMI, KUNITACHI = "東京都杉並区みどり台1番1号", "東京都国立市みどり台二丁目3番4号"


def link(juki: Juki, name: str, to: str = "東京都") -> tuple[str, str, int]:
    """State, last fault and records owed of a link."""
    (found,) = [one for one in juki[name].status().links if one.peer == juki.find(to)[0]]
    return found.state, found.last_fault, found.backlog_records


def refused(juki: Juki) -> list[tuple[str, str, bool]]:
    """What the governor would not take, and whether it is mended."""
    with juki["東京都"].file() as db:
        rows = findings.page(db, 0, 100)
    refused = [row for row in rows if row.finding.kind == FindingKind.REFUSED]
    return [(row.finding.area_code, row.finding.reason, bool(row.mended)) for row in refused]


def evidence(juki: Juki) -> list[tuple[str, str, int]]:
    """Refused batches kept at the governor: origin, reason, bytes of records."""
    with juki["東京都"].file() as db:
        rows = db.execute("SELECT origin, reason, length(payload) FROM conflict ORDER BY id").fetchall()
    return [(row[0], row[1], row[2]) for row in rows]


def people(juki: Juki) -> dict[str, int]:
    """One household in each municipality."""
    return {name: juki.populate(name, 2)[0].resident_id for name in NODES}


@pytest.mark.juki(nodes=NODES)
@pytest.mark.law("set_anomaly_policy", "notify_identification", "notify_move_in")
def test_2013_upward_stops_sideways_goes_on_and_a_full_transmission_loses_nothing(juki: Juki, family: Family) -> None:
    who = people(juki)
    live = juki["機構"].status().live_records
    assert juki.anomaly_policy("東京都", "stop_link") == "quarantine"
    for name in PATCHED:
        juki.faults(name, "broken_characters")
        juki[name].correct_ex_officio(who[name], name="架空　改")
    juki["杉並区"].correct_ex_officio(who["杉並区"], name="架空　改")
    juki["横浜市"].correct_ex_officio(who["横浜市"], name="架空　改")
    juki.settle()

    # Upward red, where the patch went; their neighbours and the other prefecture notice nothing.
    assert [link(juki, name) for name in PATCHED] == [("STOPPED", "ANOMALY", 1)] * 2
    assert [link(juki, "杉並区")[0], link(juki, "横浜市", "神奈川県")[0]] == ["IDLE", "IDLE"]
    assert "resync" in juki["国立市"].status().links[0].remedy
    codes = {name: juki[name].resident(who[name]).identification.resident_code for name in NODES}
    heard = {name: juki["機構"].held(codes[name])[0].identification.name == "架空　改" for name in NODES}
    assert heard == {"国立市": False, "国分寺市": False, "杉並区": True, "横浜市": True}
    held = {name: juki["東京都"].notices(codes[name])[-1].identification.name for name in PATCHED}
    assert not any("\ufffd" in name for name in held.values()), "nothing of it is journaled"
    assert juki.quarantine("東京都") == juki.quarantine("機構") == []

    # Sideways green: whoever moves, moves, and 転出確定通知 reach the governor over the very link that is red.
    left = juki["国立市"].report_move_out([family.child], "杉並区")
    juki["杉並区"].report_move_in(left.certificate, SUGINAMI)
    juki.settle()
    assert juki["国立市"].resident(family.child).confirmed_destination == SUGINAMI
    assert len(juki["東京都"].confirmed(family.codes[2])) == 1
    assert link(juki, "国立市")[0] == "STOPPED"
    assert [(one.area_code, one.live) for one in juki["機構"].held(family.codes[2])] == [
        ("131156", True), ("132152", True),
    ]  # fmt: skip

    # The second patch: what is sealed from now on is right, but what was refused stays refused.
    for name in PATCHED:
        juki.faults(name)
    juki.settle()
    assert [link(juki, name)[0] for name in PATCHED] == ["STOPPED", "STOPPED"]
    assert sorted({row[:2] for row in evidence(juki)}) == [("132144", "ANOMALY"), ("132152", "ANOMALY")]
    assert len(evidence(juki)) == 2, "kept once, however often it is tried"
    assert {row[2] for row in evidence(juki)} == {0}, "the header alone"
    assert sorted(refused(juki)) == [("132144", "CHARACTERS_BROKEN", False), ("132152", "CHARACTERS_BROKEN", False)]

    for name in PATCHED:
        juki.resync(name)
    assert [link(juki, name) for name in PATCHED] == [("IDLE", "", 0)] * 2
    assert juki.ledger_differences() == []
    assert juki["機構"].status().live_records == live, "nobody is lost, nobody twice"
    for name in PATCHED:
        assert [one.identification.name for one in juki["機構"].held(codes[name])] == ["架空　改"]
    assert juki.quarantine("機構") == []
    assert [mended for *_, mended in refused(juki)] == [True, True]
    assert juki["国立市"].resident(family.head).state == pb.RESIDENT_STATE_LIVE


@pytest.mark.juki(nodes=["国立市", "杉並区"])
@pytest.mark.law("set_anomaly_policy")
def test_the_governor_may_go_back_to_setting_aside_and_the_link_runs_again(juki: Juki, family: Family) -> None:
    juki.anomaly_policy("東京都", "stop_link")
    juki.faults("国立市", "broken_characters")
    juki["国立市"].correct_ex_officio(family.wife, name="架空　華子")
    juki.settle()
    juki.faults("国立市")
    juki["国立市"].correct_ex_officio(family.child, name="架空　二郎")
    juki.settle()
    assert link(juki, "国立市") == ("STOPPED", "ANOMALY", 2)
    assert juki["機構"].held(family.codes[2])[0].identification.name == "架空　一郎"
    juki.kill("東京都")
    juki.start("東京都")
    juki.settle()
    assert link(juki, "国立市")[0] == "STOPPED", "the policy outlives the process"

    assert juki.anomaly_policy("東京都", "quarantine") == "stop_link"
    juki.heal()
    juki.settle()
    assert link(juki, "国立市") == ("IDLE", "", 0)
    assert [one.reason for one in juki.quarantine("東京都")] == ["CHARACTERS_BROKEN"]
    assert juki["機構"].held(family.codes[2])[0].identification.name == "架空　二郎", "the rest of it is applied"
    assert [mended for *_, mended in refused(juki)] == [True]
    assert juki.ledger_differences() == []


@pytest.mark.juki(nodes=NODES)
@pytest.mark.law("set_anomaly_policy", "list_quarantine")
def test_by_default_each_record_is_set_aside_alone_and_the_link_stays_green(juki: Juki, family: Family) -> None:
    juki.faults("国立市", "broken_characters")
    juki["国立市"].correct_ex_officio(family.wife, name="架空　華子")
    juki.settle()
    juki.faults("国立市")
    juki["国立市"].correct_ex_officio(family.child, name="架空　二郎")
    juki.settle()
    assert link(juki, "国立市") == ("IDLE", "", 0)
    assert [one.reason for one in juki.quarantine("機構")] == ["CHARACTERS_BROKEN"]
    juki["国立市"].correct_ex_officio(family.wife, name="架空　桜")
    juki.settle()
    assert juki.quarantine("機構") == juki.quarantine("東京都") == []
    assert refused(juki) == evidence(juki) == []
    assert juki.ledger_differences() == []


@pytest.mark.juki(nodes=["国立市"])
@pytest.mark.law("set_anomaly_policy")
def test_only_a_governor_stops_a_link_and_only_for_what_is_faulty(juki: Juki, family: Family) -> None:
    for other in ("機構", "国立市"):
        with juki.refused("NOT_HERE"):
            juki.anomaly_policy(other, "stop_link")
    juki.anomaly_policy("東京都", "stop_link")
    juki["国立市"].correct_ex_officio(family.wife, name="架空　〓子\U000e0100\U00020b9f")
    juki.settle()
    assert link(juki, "国立市") == ("IDLE", "", 0)
    assert juki["機構"].held(family.codes[1])[0].identification.name == "架空　〓子\U000e0100\U00020b9f"
    (row,) = [row for row in juki["東京都"].audit() if row["event"] == "SetAnomalyPolicy"]
    assert row["accepted"] == 1
