"""参加・不参加: a municipality stands outside, lives there, joins; or withholds who asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jukinet.law import participation as law
from jukinet.model.participation import Mode
from jukinet.testing.door import person
from jukinet.v1 import relay_pb2, relay_pb2_grpc
from jukinet.wire.peers import CallFailed

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from jukinet.testing.template import Templates

KOKUBUNJI = "東京都国分寺市みどり台1番"
TSURUMI = "横浜市鶴見区"
STEPS = st.tuples(st.sampled_from(["leave", "join", "select", "birth", "move", "days"]), st.integers(0, 5))


def living(juki: Juki, *names: str) -> set[tuple[str, str]]:
    """(code, area) of everybody who lives in these municipalities, as they say themselves."""
    records = [record for name in names for record in juki[name].residents()]
    return {(r.identification.resident_code, r.identification.area_code) for r in records if r.state != 3}


def held(juki: Juki, name: str = "機構") -> set[tuple[str, str]]:
    with juki[name].node.register.read() as db:
        rows = db.execute("SELECT code, area_code FROM identification WHERE live = 1").fetchall()
    return {(f"{code:011d}", area) for code, area in rows}


def test_who_stands_outside_sends_nothing_and_tells_of_everybody_when_it_joins(juki: Juki) -> None:
    juki.populate("国立市", 6)
    juki.participation("国立市", "outside")
    assert juki["国立市"].status().participation == "OUTSIDE"
    kunitachi, before, stale = juki["国立市"], juki.mark(), held(juki)
    first = kunitachi.residents()[0]
    assert kunitachi.report_birth(first.household_id).receipt.notices == 0
    kunitachi.report_death(kunitachi.residents()[1].resident_id)
    kunitachi.correct_ex_officio(first.resident_id, name="架空　改")
    juki.settle()
    assert juki.mark() == before
    assert held(juki) == stale
    assert juki.participation("国立市", "full") == 7
    assert held(juki) == held(juki, "東京都") == living(juki, "国立市")
    assert juki.ledger_differences() == []
    assert [area.different + area.only_here + area.only_there for area in juki.reconcile("国立市").areas] == [0]


def test_papers_go_both_ways_between_one_outside_and_the_others(juki: Juki) -> None:
    leaver, other = juki.populate("国立市", 4)[0], juki.populate("国分寺市", 4)[0]
    juki.participation("国立市", "outside")
    out = juki["国立市"].report_move_out([leaver.resident_id], "国分寺市").certificate
    juki["国分寺市"].report_move_in(out, KOKUBUNJI)
    back = juki["国分寺市"].report_move_out([other.resident_id], "国立市").certificate
    juki["国立市"].report_move_in(back, "東京都国立市みどり台9番")
    juki.settle()
    (paper,) = juki["国分寺市"].list_paper_notices()
    assert (paper.counterpart, paper.notice.resident_code) == ("132152", leaver.identification.resident_code)
    (paper,) = juki["国立市"].list_paper_notices()
    assert paper.counterpart == "132144"
    assert juki.post() == 2
    assert juki["国立市"].resident(leaver.resident_id).confirmed_destination
    assert juki["国分寺市"].resident(other.resident_id).confirmed_destination
    assert juki["国分寺市"].list_paper_notices() == []
    assert len(juki["国分寺市"].list_paper_notices(with_posted=True)) == 1
    juki.participation("国立市", "full")
    assert held(juki) == living(juki, "国立市", "国分寺市")
    assert juki.ledger_differences() == []


def test_questions_to_and_from_one_outside_are_refused(juki: Juki) -> None:
    leaver = juki.populate("国立市", 4)[0]
    juki["国立市"].report_move_out([leaver.resident_id], "国分寺市", with_card=True)
    juki.participation("国立市", "outside")
    with juki.refused("STANDS_OUTSIDE"):
        juki["国分寺市"].report_special_move_in(leaver.identification.resident_code, "国立市", KOKUBUNJI)
    with juki.refused("STANDS_OUTSIDE"):
        juki["国立市"].inquire_identification(code=leaver.identification.resident_code)
    for asked in ("機構", "国立市"):
        told = [row["caller"] for row in juki[asked].audit() if row["refusal"] == "STANDS_OUTSIDE"]
        assert not [who for who in told if not who.startswith("operator/")], "asked over a line that is cut"


def test_a_node_that_was_told_takes_nothing_from_one_outside(juki: Juki) -> None:
    juki.populate("国立市", 4)
    kunitachi, tokyo = juki["国立市"], juki["東京都"]
    juki.participation("国立市", "outside")
    kunitachi.node.participation.others = {}  # an own software that goes on sending
    before = juki.mark()
    request = relay_pb2.DeliverBatchRequest()
    with pytest.raises(CallFailed) as failed:
        kunitachi.node.peers.call(tokyo.path, relay_pb2_grpc.RelayServiceStub, "DeliverBatch", request, 5)
    assert failed.value.answer.reason == "STANDS_OUTSIDE"
    assert juki.mark() == before


def test_who_is_connected_talks_on_as_before(juki: Juki) -> None:
    juki.participation("国立市", "outside")
    mover = juki.populate("国分寺市", 4)[0]
    paper = juki["国分寺市"].report_move_out([mover.resident_id], "横浜市").certificate
    juki[TSURUMI].report_move_in(paper, "神奈川県横浜市鶴見区架空町1番")
    juki.settle()
    assert juki["国分寺市"].list_paper_notices() == []
    assert juki["国分寺市"].resident(mover.resident_id).confirmed_destination
    assert held(juki) == living(juki, "国分寺市", TSURUMI)


def test_what_j_lis_still_holds_of_one_outside_is_no_double(juki: Juki) -> None:
    leaver = juki.populate("国立市", 4)[0]
    juki.participation("国立市", "outside")
    out = juki["国立市"].report_move_out([leaver.resident_id], "国分寺市").certificate
    juki["国分寺市"].report_move_in(out, KOKUBUNJI)
    juki.clock.advance(days=30)
    assert [one.live for one in juki["機構"].held(leaver.identification.resident_code)] == [True, True]
    assert juki["機構"].flagged() == []
    assert juki["機構"].errors() == (0, 0, 0)


def test_tasks_for_j_lis_wait_while_outside(juki: Juki) -> None:
    juki.participation("国立市", "outside")
    entered = juki["国立市"].enter_ex_officio(person("架空　外子"), "東京都国立市みどり台1番").receipt.resident_ids[0]
    juki.settle()
    assert not juki["国立市"].resident(entered).identification.individual_number
    juki.participation("国立市", "full")
    assert juki["国立市"].resident(entered).identification.individual_number
    assert held(juki) == living(juki, "国立市")


@pytest.mark.law("file_opt_out", "withdraw_opt_out", "list_opt_outs")
def test_who_filed_an_opt_out_is_withheld_until_it_is_withdrawn(juki: Juki) -> None:
    hidden, other = (record.resident_id for record in juki.populate(TSURUMI, 6)[:2])
    tsurumi = juki[TSURUMI]
    with juki.refused("OPT_OUT_NOT_OFFERED"):
        tsurumi.file_opt_out([hidden])
    juki.participation("横浜市", "selective")
    code = tsurumi.resident(hidden).identification.resident_code
    tsurumi.file_opt_out([hidden])
    juki.settle()
    assert juki["機構"].changes(code)[-1].startswith("鶴見区 消除・職権消除等")
    with juki.refused("OPT_OUT_ALREADY"):
        tsurumi.file_opt_out([hidden])
    with juki.refused("OPT_OUT_NOT_FILED"):
        tsurumi.withdraw_opt_out([other])
    since = len(juki["機構"].changes(code))
    tsurumi.correct_ex_officio(hidden, name="架空　隠")
    tsurumi.resend_identification(hidden)
    juki.settle()
    assert len(juki["機構"].changes(code)) == since
    assert held(juki) == living(juki, TSURUMI) - {(code, tsurumi.code)}
    assert all(not area.only_here + area.only_there + area.different for area in juki.reconcile("横浜市").areas)
    assert [one.resident_id for one in tsurumi.list_opt_outs()] == [hidden]
    tsurumi.withdraw_opt_out([hidden])
    juki.settle()
    assert juki["機構"].changes(code)[-1].startswith("鶴見区 記載・職権記載等")
    assert held(juki) == living(juki, TSURUMI)


def test_full_participation_ends_every_opt_out(juki: Juki) -> None:
    hidden = juki.populate(TSURUMI, 6)[0].resident_id
    juki.participation("横浜市", "selective")
    juki[TSURUMI].file_opt_out([hidden])
    juki.participation("横浜市", "full")
    assert juki[TSURUMI].list_opt_outs() == []
    assert held(juki) == living(juki, TSURUMI)
    assert juki.ledger_differences() == []


@pytest.mark.law("list_paper_notices", "post_paper_notice")
def test_only_what_lies_in_the_tray_is_posted(juki: Juki) -> None:
    assert juki["国立市"].list_paper_notices() == []
    with juki.refused("PAPER_NOTICE_NOT_FOUND"):
        juki["国立市"].post_paper_notice(1)


@pytest.mark.law("file_opt_out")
@pytest.mark.parametrize(
    ("mode", "filed", "reason"),
    [
        pytest.param(Mode.SELECTIVE, False, "", id="選択的参加の市は申出を受ける"),
        pytest.param(Mode.SELECTIVE, True, "OPT_OUT_ALREADY", id="二度の申出"),
        pytest.param(Mode.FULL, False, "OPT_OUT_NOT_OFFERED", id="全員を通知する市は受けない"),
        pytest.param(Mode.OUTSIDE, False, "OPT_OUT_NOT_OFFERED", id="不参加の市は受けない"),
    ],
)
def test_file_opt_out(mode: Mode, filed: bool, reason: str) -> None:
    decision = law.file_opt_out(mode, filed)
    assert (decision.allowed, decision.reason.value if decision.reason else "") == (not reason, reason)


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(steps=st.lists(STEPS, min_size=6, max_size=12))
def test_whatever_modes_there_were_j_lis_holds_whoever_lives_where_all_take_part(
    juki_templates: Templates, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    from jukinet.testing.network import Juki

    names, cities = ("国立市", "国分寺市", TSURUMI), ("国立市", "国分寺市", "横浜市")
    with Juki(tmp_path_factory.mktemp("modes") / "net", juki_templates, nodes=cities) as juki:
        for name in names:
            juki.populate(name, 3)
        for step, number in steps:
            name, other = names[number % 3], names[(number + 1) % 3]
            alive = [record for record in juki[name].residents() if record.state == 1]
            modes = {"leave": "outside", "join": "full", "select": "selective"}
            if step in modes:
                juki.participation(cities[number % 3], modes[step])
            elif step == "days":
                juki.clock.advance(days=number)
            elif alive and step == "birth":
                juki[name].report_birth(alive[number % len(alive)].household_id)
            elif alive:
                paper = juki[name].report_move_out([alive[number % len(alive)].resident_id], other).certificate
                juki[other].report_move_in(paper, f"{juki.full_name(juki[other].code)}架空台{number}番")
        juki.post()
        for city in cities:
            juki.participation(city, "full")
        juki.post()
        assert held(juki) == living(juki, *names)
        assert juki.ledger_differences() == []
