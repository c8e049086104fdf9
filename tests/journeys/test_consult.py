"""Looking is written down too: who looked at whom, and why."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import relay_pb2

if TYPE_CHECKING:
    from jukinet.testing.counter import Counter
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family


pytestmark = pytest.mark.law("consult_resident_record", "consult_tasks")


@pytest.mark.parametrize(
    ("event", "look", "subjects"),
    [
        pytest.param("GetResident", lambda at, f: at.resident(f.wife), lambda f: [f.wife], id="一人"),
        pytest.param("ListResidents", lambda at, f: at.residents(), lambda f: f.all, id="一覧"),
        pytest.param("ListTasks", lambda at, f: at.tasks(), lambda f: [], id="待っていること"),
    ],
)
@pytest.mark.juki(nodes=["国立市"])
def test_who_looked_at_whom_and_why_stands_in_the_audit(
    juki: Juki, family: Family, event: str, look: Callable[[Counter, Family], Any], subjects: Callable[[Family], Any]
) -> None:
    before = juki["国立市"].audit()
    look(juki.clerk("国立市", "c09", reason="本人の請求"), family)
    rows = juki["国立市"].audit()[len(before) :]
    found = [(row["event"], row["accepted"], row["caller"], row["operator_id"], row["reason"]) for row in rows]
    assert found == [(event, 1, "operator/132152/c09", "o-c09", "本人の請求")], "looking leaves one row"
    assert [int(number) for number in re.findall(r"\d+", rows[0]["subjects"])] == subjects(family)
    with juki.refused("OPERATION_INCOMPLETE"):
        look(juki.clerk("国立市", "c09", reason=""), family)
    assert [row["accepted"] for row in juki["国立市"].audit()[len(before) :]] == [1, 0]


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda c, f, w: c.resident(f.head, without_numbers=w), id="住民票の確認"),
        pytest.param(lambda c, f, w: c.residents(f.household, without_numbers=w)[0], id="住民票の一覧"),
    ],
)
@pytest.mark.juki(nodes=["国立市"])
def test_a_look_that_wants_no_number_is_no_access_to_one(juki: Juki, family: Family, act: Any) -> None:
    found = act(juki["国立市"], family, True)
    assert (found.identification.individual_number, found.individual_number_withheld) == ("", True)
    assert len(found.identification.resident_code) == 11
    assert juki["国立市"].audit()[-1]["number_access"] == 0
    assert act(juki["国立市"], family, False).identification.individual_number
    assert juki["国立市"].audit()[-1]["number_access"] == 1


@pytest.mark.law("receive_move_in_notice")
def test_a_notice_that_could_not_be_used_is_among_the_tasks(juki: Juki, family: Family) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    assert kunitachi.tasks() == []
    left = kunitachi.report_move_out([family.child], "杉並区")
    left.certificate.members[0].identification.resident_code = family.codes[0]  # the head's, who stays
    suginami.report_move_in(left.certificate, "東京都杉並区みどり台1番1号")
    juki.settle()
    (task,) = [one for one in kunitachi.tasks() if one.kind == pb.TASK_KIND_NOTICE_SET_ASIDE]
    assert (task.counterpart, task.notice, task.count) == ("131156", relay_pb2.STREAM_KIND_MOVE_IN_NOTICE, 1)
    assert (task.last_fault, task.resident_id) == ("PERSON_DIFFERS", 0)
    assert task.virtual_time.ToJsonString().startswith("2021-06-01T00:00"), "when it came"
    assert "架空" not in str(task)
    assert not [one for one in suginami.tasks() if one.kind == pb.TASK_KIND_NOTICE_SET_ASIDE]
    assert kunitachi.status().tasks == 0, "it does not wait for J-LIS"
