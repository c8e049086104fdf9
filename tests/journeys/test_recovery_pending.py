"""回復: what waited for its signature in the copy that was put back is said once, whatever became of it since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jukinet.testing.door import person
from tests.journeys.test_recovery_municipality import at_the_centre, next_act_arrives, union

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family


def stop_sealing(juki: Juki, name: str) -> None:
    """Nothing more is signed until the node is started again."""
    node = juki[name].node
    (sealer,) = [work for work in node._works if work.name.endswith(" sealer")]
    node.engine.remove(sealer)


def test_a_notice_that_waited_in_the_copy_and_was_said_since_is_said_once(juki: Juki, family: Family) -> None:
    stop_sealing(juki, "国立市")
    juki["国立市"].report_death(family.wife)
    juki.snapshot_node("国立市", "copy")
    juki.kill("国立市")
    juki.start("国立市")
    juki["国立市"].enter_ex_officio(person("架空　夏", "1990-07-07", "女"))
    juki.settle()
    told = juki["機構"].changes(family.codes[1])
    juki.restore_node("国立市", "copy")
    report = juki.recover("国立市")
    assert (report.recovering, report.fault) == (False, "")
    assert juki["機構"].changes(family.codes[1]) == told
    assert at_the_centre(juki) == union(juki)
    next_act_arrives(juki, "国立市")


def test_a_notice_that_waited_and_was_never_said_is_said_behind_what_came_back(juki: Juki, family: Family) -> None:
    juki.snapshot_node("国立市", "copy")
    juki["国立市"].report_death(family.wife)
    juki.settle()
    juki.restore_node("国立市", "copy", noticed=False)
    stop_sealing(juki, "国立市")
    late = juki["国立市"].enter_ex_officio(person("架空　冬", "1991-07-07", "女")).receipt.resident_ids[0]
    code = juki["国立市"].resident(late).identification.resident_code
    node = juki["国立市"].node
    node.recovery.start(accept_missing=False)
    juki.kill("国立市")
    juki.start("国立市")
    juki.recover("国立市")
    assert [held.live for held in juki["機構"].held(code)] == [True]
    assert [held.live for held in juki["機構"].held(family.codes[1])] == [False]
    next_act_arrives(juki, "国立市")
