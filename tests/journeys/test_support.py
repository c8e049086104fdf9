"""支援措置: copies are held back, notices go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jukinet.testing.door import day, person
from jukinet.v1 import counter_pb2, relay_pb2
from jukinet.v1 import support_pb2 as pb

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

KUNITACHI = "132152"
IN_FORCE, PROVISIONAL = pb.SUPPORT_STANDING_IN_FORCE, pb.SUPPORT_STANDING_PROVISIONAL
EXPIRED, ENDED = pb.SUPPORT_STANDING_EXPIRED, pb.SUPPORT_STANDING_ENDED


def issue(juki: Juki, family: Family, **request: Any) -> str:
    """The head of the family asks for a copy in 杉並区."""
    asked = {"area_code": KUNITACHI, "requester_name": "架空　太郎", "resident_code": family.codes[0], **request}
    return juki["杉並区"].issue_wide_area_copy(**asked).text


@pytest.mark.law("start_support", "hold_for_support", "send_wide_area_record")
@pytest.mark.parametrize(
    ("supported", "request_", "held"),
    [
        pytest.param(["wife"], {}, False, id="世帯の他の者の支援措置は本人の写しを止めない"),
        pytest.param(["head"], {}, True, id="請求者が支援措置中"),
        pytest.param(["wife"], {"whole_household": True}, True, id="世帯全員の写しに支援措置中の者がいる"),
        pytest.param(["child"], {"member_names": ["架空　一郎"]}, True, id="支援措置中の者を記載する写し"),
        pytest.param(["child"], {"member_names": ["架空　花子"]}, False, id="支援措置中の者を記載しない写し"),
        pytest.param(["head"], {"member_names": ["架空　花子"]}, True, id="請求者が支援措置中なら他の者の写しも"),
    ],
)
def test_start_support_holds_wide_area_copies_back(
    juki: Juki, family: Family, supported: list[str], request_: dict[str, Any], held: bool
) -> None:
    ids = [getattr(family, who) for who in supported]
    answer = juki["国立市"].start_support(ids)
    assert (answer.last_date, answer.receipt.notices) == (day("2022-05-31"), 0)
    if not held:
        assert issue(juki, family, **request_)
        return
    with juki.refused("RECORD_NOT_SENT") as refusal:
        issue(juki, family, **request_)
    with juki.refused("RECORD_NOT_SENT") as unknown:
        issue(juki, family, **request_, **({} if "resident_code" in request_ else {"requester_name": "架空　次郎"}))
    assert refusal[0].answer == unknown[0].answer, "the words tell 交付地 that there is a 支援措置"
    (row,) = [row for row in juki["国立市"].audit() if row["event"] == "HoldWideAreaRecord"]
    assert (row["subjects"], row["caller"]) == (",".join(map(str, ids)), "municipality/131156")
    assert (row["accepted"], row["article"]) == (0, "住民基本台帳事務処理要領")
    assert "HoldWideAreaRecord" not in {row["event"] for row in juki["杉並区"].audit()}
    assert "HELD" not in {row["refusal"] for row in juki["杉並区"].audit()}


def test_support_expires_with_the_day_and_nothing_has_to_happen(juki: Juki, family: Family) -> None:
    juki["国立市"].start_support([family.head])
    juki.clock.set("2022-05-31T23:59:59")
    with juki.refused("RECORD_NOT_SENT"):
        issue(juki, family)
    juki.clock.set("2022-06-01")
    assert issue(juki, family)
    assert juki["国立市"].supports() == []
    assert [one.standing for one in juki["国立市"].supports(with_past=True)] == [EXPIRED]
    juki["国立市"].start_support([family.head])
    assert [one.standing for one in juki["国立市"].supports(with_past=True)] == [EXPIRED, IN_FORCE]


@pytest.mark.law("extend_support")
def test_extend_support_from_one_month_before_the_end(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    kunitachi.start_support([family.head])
    juki.clock.set("2022-04-30")
    with juki.refused("SUPPORT_EXTENSION_EARLY") as refusal:
        kunitachi.extend_support([family.head])
    assert dict(refusal[0].answer.facts)["since"] == "2022-05-01"
    juki.clock.set("2022-05-01")
    assert kunitachi.extend_support([family.head]).last_date == day("2023-05-31")
    with juki.refused("SUPPORT_EXTENSION_EARLY"):
        kunitachi.extend_support([family.head])
    juki.clock.set("2023-05-31")
    with juki.refused("RECORD_NOT_SENT"):
        issue(juki, family)
    juki.clock.set("2023-06-01")
    with juki.refused("SUPPORT_NOT_IN_FORCE"):
        kunitachi.extend_support([family.head])


@pytest.mark.law("end_support")
def test_end_support_gives_copies_again(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    kunitachi.start_support([family.head, family.wife])
    kunitachi.end_support([family.head])
    assert issue(juki, family)
    with juki.refused("RECORD_NOT_SENT"):
        issue(juki, family, whole_household=True)
    assert [(one.resident_id, one.standing) for one in kunitachi.supports(with_past=True)] == [
        (family.head, ENDED),
        (family.wife, IN_FORCE),
    ]
    with juki.refused("SUPPORT_NOT_IN_FORCE"):
        kunitachi.end_support([family.head])


@pytest.mark.parametrize(
    ("named", "reason"),
    [
        pytest.param(["head", "wife"], "SUPPORT_IN_FORCE", id="一人が既に支援措置中なら誰も始めない"),
        pytest.param([], "FIELD_MISSING", id="誰も指していない"),
        pytest.param(["wife", "wife"], "FIELD_MISSING", id="同じ者を二度指す"),
        pytest.param(["nobody"], "RESIDENT_NOT_FOUND", id="記録のない者"),
    ],
)
@pytest.mark.juki(nodes=["国立市"])
def test_start_support_is_refused_whole(juki: Juki, family: Family, named: list[str], reason: str) -> None:
    kunitachi = juki["国立市"]
    kunitachi.start_support([family.head])
    with juki.refused(reason):
        kunitachi.start_support([999 if who == "nobody" else getattr(family, who) for who in named])
    assert [one.resident_id for one in kunitachi.supports()] == [family.head]


@pytest.mark.law("hold_for_support", "notify_move_in", "notify_identification")
def test_notices_go_although_a_person_is_under_support(juki: Juki, family: Family) -> None:
    """法9条, 30条の6 exempt nobody: 転入通知, 本人確認情報 and 転出確定通知 are what they are without 支援措置."""
    kunitachi, suginami, code = juki["国立市"], juki["杉並区"], family.codes[1]
    kunitachi.start_support([family.wife])
    left = kunitachi.report_move_out([family.wife], "杉並区")
    assert left.certificate.members[0].identification.resident_code == code
    suginami.report_move_in(left.certificate, "東京都杉並区みどり台1番1号")
    juki.settle()
    (notice,) = kunitachi.notices(code, relay_pb2.STREAM_KIND_MOVE_IN_NOTICE)
    assert notice.new_address == "東京都杉並区みどり台1番1号"
    assert kunitachi.resident(family.wife).confirmed_destination == "東京都杉並区みどり台1番1号"
    assert len(juki["東京都"].confirmed(code)) == 1
    assert {held.area_code: held.live for held in juki["機構"].held(code)} == {"132152": False, "131156": True}
    assert juki.ledger_differences() == []


@pytest.mark.law("hold_for_support", "send_move_out_certificate")
def test_the_certificate_s_items_go_although_a_person_is_under_support(juki: Juki, family: Family) -> None:
    """法24条の2第4項 exempts nobody: the new municipality is told all of those who leave."""
    kunitachi = juki["国立市"]
    kunitachi.start_support([family.wife])
    kunitachi.report_move_out(family.all, "杉並区", "2021-06-01", with_card=True)
    came = juki["杉並区"].report_special_move_in(family.codes[0], "国立市", "東京都杉並区みどり台1番1号")
    juki.settle()
    assert len(came.receipt.resident_ids) == 3
    assert kunitachi.resident(family.wife).confirmed_destination == "東京都杉並区みどり台1番1号"
    assert "HoldWideAreaRecord" not in {row["event"] for row in kunitachi.audit()}


@pytest.mark.law("hold_for_support", "notify_supplementary_register")
def test_the_notice_for_the_supplementary_register_goes_although_a_person_is_under_support(juki: Juki) -> None:
    """法19条第1項 exempts nobody: the 附票 of the 本籍地 follows, and only its copies are held there."""
    domicile = "福島県東白川郡矢祭町架空町一番地"
    who = person(registered_domicile=domicile, registered_head="架空　太郎")
    mine = juki["国立市"].enter_ex_officio(who).receipt.resident_ids[0]
    juki["国立市"].start_support([mine])
    juki["国立市"].report_relocation([mine], "東京都国立市架空町9番9号")
    juki.settle()
    notices = juki["矢祭町"].notices(kind=relay_pb2.STREAM_KIND_SUPPLEMENTARY_REGISTER_NOTICE)
    assert len(notices) == 2
    (entry,) = juki["矢祭町"].supplementary_register(domicile)
    assert entry.addresses[0].address == "東京都国立市架空町9番9号"


def test_after_a_move_the_former_municipality_keeps_it_provisionally_and_the_new_one_must_be_asked(
    juki: Juki, family: Family
) -> None:
    kunitachi, suginami, code = juki["国立市"], juki["杉並区"], family.codes[1]
    kunitachi.start_support([family.wife])
    left = kunitachi.report_move_out([family.wife], "杉並区")
    came = suginami.report_move_in(left.certificate, "東京都杉並区みどり台1番1号").receipt.resident_ids[0]
    juki.settle()
    assert [(one.resident_id, one.standing) for one in kunitachi.supports()] == [(family.wife, PROVISIONAL)]
    assert suginami.supports() == []
    asked = ("131156", "架空　花子", code)
    assert juki["中野区"].issue_wide_area_copy(*asked).text
    suginami.start_support([came])
    with juki.refused("RECORD_NOT_SENT"):
        juki["中野区"].issue_wide_area_copy(*asked)


def test_a_person_who_comes_back_is_still_protected_by_the_former_term(juki: Juki, family: Family) -> None:
    """支援措置 follows the 住民票コード: a second record of the same person is no way around it."""
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    kunitachi.start_support([family.wife])
    left = kunitachi.report_move_out([family.wife], "杉並区")
    came = suginami.report_move_in(left.certificate, "東京都杉並区みどり台1番1号").receipt.resident_ids
    juki.clock.advance(days=10)
    back = suginami.report_move_out(list(came), "国立市")
    kunitachi.report_move_in(back.certificate, "東京都国立市みどり台9番9号")
    juki.settle()
    asked = {"requester_name": "架空　花子", "resident_code": family.codes[1]}
    with juki.refused("RECORD_NOT_SENT"):
        issue(juki, family, **asked)
    kunitachi.end_support([family.wife])
    assert "東京都国立市みどり台9番9号" in issue(juki, family, **asked)


def test_start_support_for_a_removed_record(juki: Juki, family: Family) -> None:
    """Who has fled asks where they lived before as well."""
    juki["国立市"].report_move_out([family.wife], "中野区")
    juki["国立市"].start_support([family.wife])
    assert [(one.resident_id, one.start_date) for one in juki["国立市"].supports()] == [
        (family.wife, day("2021-06-01"))
    ]


def test_papers_to_the_person_are_printed_although_under_support(juki: Juki, family: Family) -> None:
    juki["国立市"].start_support([family.wife])
    text = juki["国立市"].print_notice(family.wife, counter_pb2.NOTICE_KIND_RESIDENT_CODE).text
    assert "架空　花子" in text


@pytest.mark.law("list_supports")
def test_list_supports_in_pages_and_in_the_audit(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    kunitachi.start_support(family.all)
    found = kunitachi.supports(page_size=2)
    assert [one.resident_id for one in found] == family.all
    assert {(one.start_date.year, one.last_date.year) for one in found} == {(2021, 2022)}
    rows = [row for row in kunitachi.audit() if row["event"] == "ListSupports"]
    assert [row["subjects"] for row in rows] == [f"{family.head},{family.wife}", str(family.child)]
    (row,) = [row for row in kunitachi.audit() if row["event"] == "StartSupport"]
    assert (row["subjects"], row["article"]) == (",".join(map(str, family.all)), "住民基本台帳事務処理要領")
