"""回復: files were put back unnoticed; what was said twice under one number is kept, and a new epoch follows."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from jukinet.model.stream import Stream
from jukinet.store import journal
from jukinet.testing.door import person
from tests.journeys.test_recovery_municipality import at_the_centre, next_act_arrives, records, union

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family


def stopped(juki: Juki, name: str, peer: str) -> None:
    """Until the node's link to the other has stopped."""
    node, path = juki[name].node, juki.find(peer)[0]
    deadline = time.monotonic() + 20
    while path not in node.links or node.links[path].shown.state != "STOPPED":
        assert time.monotonic() < deadline
        threading.Event().wait(0.005)


def test_a_code_given_twice_stays_with_whom_the_governor_knows(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    juki.snapshot_node("国立市", "old")
    lost = kunitachi.report_birth(family.household, person("架空　春", "2021-06-01", "女", relationship="子"))
    juki.settle()
    code = kunitachi.resident(lost.receipt.resident_ids[0]).identification.resident_code
    number = kunitachi.resident(lost.receipt.resident_ids[0]).identification.individual_number
    juki.restore_node("国立市", "old", noticed=False)
    new = kunitachi.report_birth(family.household, person("架空　秋", "2021-06-01", "男", relationship="子"))
    autumn = new.receipt.resident_ids[0]
    assert kunitachi.resident(autumn).identification.resident_code == code
    stopped(juki, "国立市", "東京都")
    assert "jukinet recover" in kunitachi.node.links["prefecture/130001"].shown.remedy
    report = juki.recover("国立市")
    assert (report.recovering, report.fault, report.epochs_opened) == (False, "", 1)
    assert {(one.origin, one.number) for one in report.conflicts} == {("132152", 7)}
    assert list(report.resident_ids_given_other_codes) == [autumn]
    held = records(juki, "国立市")
    assert held[code][:3] == ("架空　春", held[family.codes[0]][1], number)
    other = kunitachi.resident(autumn).identification
    assert other.resident_code != code
    assert other.individual_number not in ("", number)
    assert [one.live for one in juki["機構"].held(code)] == [True]
    next_act_arrives(juki, "国立市")


def test_a_record_changed_before_the_loss_and_after_it_is_left_to_the_clerk(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    juki.snapshot_node("国立市", "old")
    kunitachi.correct_ex_officio(family.wife, name="架空　華子")
    kunitachi.report_death(family.child)
    juki.settle()
    juki.restore_node("国立市", "old", noticed=False)
    kunitachi.correct_ex_officio(family.wife, name="架空　英子")
    stopped(juki, "国立市", "東京都")
    report = juki.recover("国立市")
    assert list(report.resident_ids_changed_twice) == [family.wife]
    held = records(juki, "国立市")
    assert held[family.codes[1]][0] == "架空　英子"
    assert not held[family.codes[2]][3]  # what was not touched since is as it was before the loss
    next_act_arrives(juki, "国立市")


def test_a_notice_to_another_town_is_said_again_in_a_new_epoch(juki: Juki, family: Family) -> None:
    kunitachi, yokohama = juki["国立市"], juki["横浜市鶴見区"]
    papers = []
    for name in ("架空　一", "架空　二"):
        who = yokohama.enter_ex_officio(person(name, "1990-07-07", "女")).receipt.resident_ids
        papers.append(yokohama.report_move_out(who, "東京都国立市").certificate)
    juki.settle()
    juki.snapshot_node("国立市", "old")
    address = juki.full_name("132152") + "架空町9番"
    kunitachi.report_move_in(papers[0], address)
    juki.settle()
    juki.restore_node("国立市", "old", noticed=False)
    kunitachi.report_move_in(papers[1], address)
    stopped(juki, "国立市", "横浜市")
    stopped(juki, "国立市", "東京都")
    report = juki.recover("国立市")
    assert (report.recovering, report.fault, report.epochs_opened) == (False, "", 2)
    assert [r.confirmed_destination for r in yokohama.residents()] == [address, address]
    assert at_the_centre(juki) == union(juki)
    next_act_arrives(juki, "国立市")


def test_j_lis_put_back_unnoticed_gives_no_code_or_number_twice(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    juki.snapshot_node("機構", "old")
    kunitachi.enter_ex_officio(person("架空　夏", "1990-07-07", "女"))
    juki.settle()
    juki.restore_node("機構", "old", noticed=False)
    late = kunitachi.enter_ex_officio(person("架空　冬", "1991-07-07", "女")).receipt.resident_ids[0]
    deadline = time.monotonic() + 20
    while not any(task.last_fault for task in kunitachi.tasks()):
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)
    report = juki.recover("機構")
    assert (report.recovering, report.fault) == (False, "")
    juki.settle()
    assert kunitachi.resident(late).identification.individual_number
    numbers = [r.identification.individual_number for r in kunitachi.residents()]
    assert len(numbers) == len(set(numbers)) == 5
    next_act_arrives(juki, "国立市")


def test_a_stream_that_was_stopped_above_runs_again_after_its_origin_is_recovered(juki: Juki, family: Family) -> None:
    center, stream = juki.network.nodes["jlis/center"], Stream("132152", 1)
    center.journal.write(lambda db: journal.stop_stream(db, stream, "ROOT_MISMATCH"))
    juki["国立市"].report_death(family.wife)
    stopped(juki, "東京都", "機構")
    report = juki.recover("国立市")
    assert (report.recovering, report.epochs_opened, list(report.conflicts)) == (False, 1, [])
    assert [one.live for one in juki["機構"].held(family.codes[1])] == [False]
    next_act_arrives(juki, "国立市")
