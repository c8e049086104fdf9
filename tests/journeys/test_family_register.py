"""戸籍の附票: what the 住所地 tells the 本籍地, what the 本籍地 answers, and 転籍."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from jukinet.testing.door import person
from jukinet.testing.family_register_desk import family_member
from jukinet.testing.network import Juki
from jukinet.v1 import drill_pb2, drill_pb2_grpc, family_register_pb2, relay_pb2

NOTICE = relay_pb2.STREAM_KIND_SUPPLEMENTARY_REGISTER_NOTICE
MISMATCH = relay_pb2.STREAM_KIND_SUPPLEMENTARY_REGISTER_MISMATCH
TRANSFER = relay_pb2.STREAM_KIND_SUPPLEMENTARY_REGISTER_TRANSFER
DOMICILE, HEAD = "福島県東白川郡矢祭町架空町一番地", "架空　太郎"


def enter(juki: Juki, name: str = "国立市", domicile: str = DOMICILE, **items: Any) -> int:
    """職権記載 of 架空太郎, whose 本籍 is 矢祭町."""
    who = person(registered_domicile=domicile, registered_head=HEAD, **items)
    receipt = juki[name].enter_ex_officio(who).receipt
    juki.settle()
    return receipt.resident_ids[0]


def addresses(juki: Juki, name: str = "矢祭町", domicile: str = DOMICILE) -> list[tuple[str, str]]:
    """住所 and 住所を定めた年月日 of the one person of the 附票, the latest first."""
    (entry,) = juki[name].supplementary_register(domicile)
    return [(one.address, str_day(one.settled_date)) for one in entry.addresses]


def str_day(message: Any) -> str:
    return f"{message.year:04d}-{message.month:02d}-{message.day:02d}" if message.year else ""


def streams(juki: Juki, kinds: Sequence[int] = (NOTICE, MISMATCH, TRANSFER)) -> list[str]:
    """Who heard of whom on these streams, in order."""
    names = {relay_pb2.StreamKind.Name(kind).removeprefix("STREAM_KIND_") for kind in kinds}  # type: ignore[arg-type]
    return [str(hop) for hop in juki.sequence() if hop.kind in names]


@pytest.mark.law("notify_supplementary_register", "receive_supplementary_notice", "supplementary_register_items")
def test_the_register_follows_three_moves_in_order(juki: Juki) -> None:
    """国立→杉並→横浜市鶴見区, 本籍は矢祭町: each 住所地 tells the 本籍地 once, and nobody else."""
    resident_id = enter(juki)
    out = juki["国立市"].report_move_out([resident_id], "東京都杉並区架空一丁目1番1号")
    into = juki["杉並区"].report_move_in(out.certificate, "東京都杉並区架空一丁目1番1号")
    juki.settle()
    juki.clock.advance(days=10)
    ids = into.receipt.resident_ids
    out = juki["杉並区"].report_move_out(ids, "神奈川県横浜市鶴見区架空2番")
    juki["横浜市鶴見区"].report_move_in(out.certificate, "神奈川県横浜市鶴見区架空2番")
    juki.settle()
    assert addresses(juki) == [
        ("神奈川県横浜市鶴見区架空2番", "2021-06-11"),
        ("東京都杉並区架空一丁目1番1号", "2021-06-01"),
        ("東京都国立市みどり台一丁目1番1号", "2021-06-01"),
    ]
    assert streams(juki) == ["国立市→矢祭町", "杉並区→矢祭町", "横浜市→矢祭町"]
    assert juki["国立市"].supplementary_register() == []
    assert juki.ledger_differences() == []


@pytest.mark.law("notify_supplementary_register", "report_birth")
def test_a_birth_is_told_to_where_the_family_is_registered(juki: Juki) -> None:
    """出生届: the child takes the 世帯主's 本籍, and 矢祭町 hears of it; the governor hears nothing of the 附票."""
    resident_id = enter(juki)
    home = juki["国立市"].resident(resident_id).household_id
    receipt = juki["国立市"].report_birth(home).receipt
    juki.settle()
    assert receipt.notices == 2
    family = {entry.name: entry for entry in juki["矢祭町"].supplementary_register(DOMICILE, HEAD)}
    assert family.keys() == {"架空　太郎", "架空　花子"}
    assert str_day(family["架空　花子"].addresses[0].settled_date) == "2021-06-01"
    assert streams(juki) == ["国立市→矢祭町"] * 2
    assert juki.ledger_differences() == []
    (hop, _) = [hop for hop in juki.sequence() if hop.kind == "SUPPLEMENTARY_REGISTER_NOTICE"]
    assert hop.article == "住基法第19条第1項"
    event = [row for row in juki["矢祭町"].audit() if row["event"] == "ReceiveSupplementaryNotice"]
    assert [row["article"] for row in event] == ["住基令第20条"] * 2


@pytest.mark.law("notify_supplementary_register")
def test_the_own_register_changes_in_the_same_act_and_nothing_is_sent(juki: Juki) -> None:
    juki.faults("国立市", "partition")
    resident_id = (
        juki["国立市"]
        .enter_ex_officio(person(registered_domicile="東京都国立市架空町一番地", registered_head=HEAD))
        .receipt.resident_ids[0]
    )
    receipt = juki["国立市"].report_relocation([resident_id], "東京都国立市中一丁目1番1号").receipt
    assert receipt.notices == 1
    assert [address for address, _ in addresses(juki, "国立市", "東京都国立市架空町一番地")] == [
        "東京都国立市中一丁目1番1号", "東京都国立市みどり台一丁目1番1号",
    ]  # fmt: skip
    juki.heal()
    juki.settle()
    assert streams(juki) == []
    assert juki.ledger_differences() == []


@pytest.mark.law("notify_supplementary_register")
@pytest.mark.parametrize(
    ("domicile", "residency"),
    [
        pytest.param("", 1, id="本籍のない者"),
        pytest.param("架空県架空市一番地", 1, id="本籍の分からない者"),
        pytest.param(DOMICILE, 2, id="外国人住民"),
    ],
)
def test_nobody_is_told_about(juki: Juki, domicile: str, residency: int) -> None:
    resident_id = enter(juki, domicile=domicile, residency=residency)
    receipt = juki["国立市"].report_relocation([resident_id], "東京都国立市中一丁目1番1号").receipt
    juki.settle()
    assert receipt.notices == 1
    assert juki["矢祭町"].supplementary_register() == []
    assert streams(juki) == []


@pytest.mark.law("notify_supplementary_register")
@pytest.mark.parametrize(
    ("change", "name", "address"),
    [
        pytest.param(
            {"address": "東京都国立市中一丁目1番1号"}, HEAD, "東京都国立市中一丁目1番1号", id="住所の職権修正"
        ),
        pytest.param({"name": "試作　太郎"}, "試作　太郎", "東京都国立市みどり台一丁目1番1号", id="氏の職権修正"),
    ],
)
def test_a_correction_is_told_and_the_day_settled_stays(
    juki: Juki, change: dict[str, str], name: str, address: str
) -> None:
    resident_id = enter(juki)
    juki.clock.advance(days=5)
    juki["国立市"].correct_ex_officio(resident_id, **change)  # type: ignore[arg-type]
    juki.settle()
    (entry,) = juki["矢祭町"].supplementary_register(DOMICILE)
    assert (entry.name, [one.address for one in entry.addresses]) == (name, [address])
    assert str_day(entry.addresses[0].settled_date) == "2021-06-01"
    assert len(streams(juki)) == 2


@pytest.mark.law("notify_supplementary_register")
def test_a_death_and_a_move_out_are_told_by_nobody_from_here(juki: Juki) -> None:
    first = enter(juki)
    second = enter(juki, name="国立市", domicile=DOMICILE, sex="女")
    before = len(streams(juki))
    juki["国立市"].report_death(first)
    juki["国立市"].report_move_out([second], "横浜市")
    juki.clock.advance(days=1)
    assert len(streams(juki)) == before
    assert [entry.removed_date.year for entry in juki["矢祭町"].supplementary_register(DOMICILE)] == [0]


@pytest.mark.law("supplementary_register_items", "notify_supplementary_register")
@pytest.mark.parametrize(
    ("born", "sex", "code"),
    [
        pytest.param("", 0, False, id="令和3年6月1日", marks=pytest.mark.juki(clock="2021-06-01")),
        pytest.param("", 0, False, id="令和4年1月10日", marks=pytest.mark.juki(clock="2022-01-10")),
        pytest.param("1980-05-01", 1, False, id="令和4年1月11日", marks=pytest.mark.juki(clock="2022-01-11")),
        pytest.param("1980-05-01", 1, True, id="令和6年5月27日", marks=pytest.mark.juki(clock="2024-05-27")),
    ],
)
def test_the_notice_carries_what_the_register_knows_that_day(juki: Juki, born: str, sex: int, code: bool) -> None:
    resident_id = enter(juki)
    record = juki["国立市"].resident(resident_id).identification
    (notice,) = juki["矢祭町"].notices(kind=NOTICE)
    told = record.resident_code if code else ""
    assert (str_day(notice.birth_date), notice.sex, notice.resident_code, notice.name_kana) == (born, sex, told, "")
    # A key of the batch would tell the code as well: it goes along only with the item.
    assert ("国立市→矢祭町" in juki.hops(record.resident_code)) == code
    (entry,) = juki["矢祭町"].supplementary_register()
    assert (str_day(entry.birth_date), entry.sex, entry.resident_code) == (born, sex, told)


@pytest.mark.law("enter_paper_supplementary_notice")
def test_enter_paper_supplementary_notice_and_the_line_afterwards_are_one_fact(juki: Juki) -> None:
    """回線故障: the paper is entered, the line heals, the same notice arrives; the 附票 says it once."""
    juki.cut("国立市", "矢祭町")
    resident_id = enter(juki)
    assert juki["矢祭町"].supplementary_register() == []
    assert juki.ledger_differences() != []
    (paper,) = juki["国立市"].notices(kind=NOTICE)
    answer = juki["矢祭町"].enter_paper_supplementary_notice(paper)
    again = juki["矢祭町"].enter_paper_supplementary_notice(paper)
    assert answer.entry_id == again.entry_id != 0
    juki.heal()
    juki.settle()
    assert addresses(juki) == [("東京都国立市みどり台一丁目1番1号", "2021-06-01")]
    juki["国立市"].report_relocation([resident_id], "東京都国立市中一丁目1番1号")
    juki.settle()
    assert addresses(juki)[0] == ("東京都国立市中一丁目1番1号", "2021-06-01")
    assert juki.ledger_differences() == []


@pytest.mark.law("receive_supplementary_notice")
@pytest.mark.parametrize("fault", ["duplicate", "drop_answer"])
def test_a_notice_that_is_delivered_again_is_harmless(juki: Juki, fault: str) -> None:
    juki.faults("国立市", fault, "矢祭町", share=0.5)
    resident_id = enter(juki)
    for block in range(3):
        juki.clock.advance(days=1)
        juki["国立市"].report_relocation([resident_id], f"東京都国立市中{block + 1}丁目1番1号")
    juki.kill("矢祭町")
    juki.start("矢祭町")
    juki.heal()
    juki.settle()
    assert len(addresses(juki)) == 4
    assert addresses(juki)[0] == ("東京都国立市中3丁目1番1号", "2021-06-04")
    assert juki.ledger_differences() == []


KANAGAWA = "神奈川県横浜市神奈川区架空町一番地"


@pytest.mark.law("notify_supplementary_register", "receive_supplementary_notice")
def test_each_ward_keeps_its_own_register(juki: Juki) -> None:
    """鶴見区の住民, 本籍は神奈川区: the ward is told by a signed notice that stays on the mayor's computer (令31条)."""
    receipt = juki["横浜市鶴見区"].enter_ex_officio(person(registered_domicile=KANAGAWA, registered_head=HEAD)).receipt
    juki.settle()
    assert receipt.notices == 2
    (entry,) = juki["横浜市神奈川区"].supplementary_register(KANAGAWA)
    assert (entry.area_code, entry.addresses[0].told_by) == ("141020", "141011")
    said = [row for row in juki["横浜市"].journal() if row.header.kind == NOTICE]
    assert [(row.said, row.header.origin, row.header.counterpart) for row in said] == [(True, "141011", "141020")]
    own = (
        juki["横浜市鶴見区"]
        .enter_ex_officio(person(registered_domicile="神奈川県横浜市鶴見区架空町一番地", registered_head=HEAD))
        .receipt
    )
    assert own.notices == 1
    juki.settle()
    assert [one.area_code for one in juki["横浜市"].supplementary_register()] == ["141020", "141011"]
    assert juki.ledger_differences() == []


@pytest.mark.law("notify_supplementary_register")
def test_a_full_transmission_tells_the_register_nothing(juki: Juki) -> None:
    enter(juki)
    juki.clock.advance(days=1)
    request = drill_pb2.ResyncRequest(request_id="resync-1")
    answer = juki.console("国立市").call(drill_pb2_grpc.DrillServiceStub, "Resync", request)
    juki.settle()
    assert answer.records == 1
    assert len(streams(juki)) == 1
    assert addresses(juki) == [("東京都国立市みどり台一丁目1番1号", "2021-06-01")]


# 法19条2項


@pytest.mark.law("print_supplementary_mismatch", "consult_supplementary_mismatches", "enter_supplementary_register")
def test_print_supplementary_mismatch_is_how_the_residence_was_told_in_2021(juki: Juki) -> None:
    juki["矢祭町"].enter_supplementary_register(DOMICILE, HEAD, [family_member("架空　花子")])
    enter(juki)
    (found,) = juki["矢祭町"].supplementary_mismatches()
    assert (found.found_here, found.by_line, found.mismatch.area_code) == (True, False, "074829")
    paper = juki["矢祭町"].print_supplementary_mismatch(found.mismatch_id)
    assert "東京都国立市長　様" in paper.text
    assert "戸籍に記載がない" in paper.text
    assert juki["国立市"].supplementary_mismatches() == []
    with juki.refused("SUPPLEMENTARY_MISMATCH_NOT_FOUND"):
        juki["矢祭町"].print_supplementary_mismatch(found.mismatch_id + 1)
    assert streams(juki, [MISMATCH]) == []
    assert juki["矢祭町"].quarantined() == []
    assert juki.ledger_differences() == []


@pytest.mark.law("notify_supplementary_mismatch", "receive_supplementary_mismatch")
@pytest.mark.juki(clock="2024-05-27")
def test_a_mismatch_goes_back_by_line_and_a_correction_mends_it(juki: Juki) -> None:
    """矢祭町の戸籍では生年月日が違う: 国立市 is told, corrects the record, and the next notice fits."""
    juki["矢祭町"].enter_supplementary_register(DOMICILE, HEAD, [family_member(HEAD, "1980-05-02", "男")])
    resident_id = enter(juki)
    (told,) = juki["国立市"].supplementary_mismatches()
    (found,) = juki["矢祭町"].supplementary_mismatches()
    assert told.mismatch == found.mismatch
    assert (told.found_here, told.mismatch.reason) == (False, 4)
    with juki.refused("SUPPLEMENTARY_MISMATCH_NOT_FOUND"):
        juki["国立市"].print_supplementary_mismatch(told.mismatch_id)
    (entry,) = juki["矢祭町"].supplementary_register()
    assert list(entry.addresses) == []
    juki["国立市"].correct_ex_officio(resident_id, birth_date="1980-05-02")
    juki.settle()
    assert [address for address, _ in addresses(juki)] == ["東京都国立市みどり台一丁目1番1号"]
    assert streams(juki) == ["国立市→矢祭町", "矢祭町→国立市", "国立市→矢祭町"]
    assert juki.ledger_differences() == []


@pytest.mark.law("clear_supplementary_register", "consult_supplementary_register")
def test_clear_supplementary_register_keeps_what_was_there(juki: Juki) -> None:
    enter(juki)
    (entry,) = juki["矢祭町"].supplementary_register()
    juki["矢祭町"].clear_supplementary_register([entry.entry_id])
    assert juki["矢祭町"].supplementary_register() == []
    (gone,) = juki["矢祭町"].supplementary_register(with_removed=True)
    assert gone == juki["矢祭町"].supplementary_entry(entry.entry_id)
    assert (gone.name, str_day(gone.removed_date)) == (HEAD, "2021-06-01")
    with juki.refused("SUPPLEMENTARY_REGISTER_NOT_FOUND"):
        juki["矢祭町"].supplementary_entry(entry.entry_id + 1)


# 転籍 (法19条3項)

NEW_DOMICILE = "東京都中野区架空町二番地"


@pytest.mark.law("report_domicile_transfer", "enter_paper_domicile_transfer")
def test_enter_paper_domicile_transfer_after_report_domicile_transfer_in_2021(juki: Juki) -> None:
    """原籍地で紙を印刷し, 新本籍地と住所地の職員が入力する; later changes go to the 新本籍地."""
    resident_id = enter(juki)
    moved = juki["矢祭町"].report_domicile_transfer(DOMICILE, HEAD, NEW_DOMICILE)
    assert moved.receipt.notices == 0
    assert "東京都中野区長　様" in moved.text
    assert "東京都国立市長　様" in moved.text
    assert juki["矢祭町"].supplementary_register() == []
    entered = juki["中野区"].enter_paper_domicile_transfer(moved.transfer)
    assert juki["中野区"].enter_paper_domicile_transfer(moved.transfer).entry_ids == entered.entry_ids
    paper = paper_of_transfer(moved.transfer, residence="132152")
    juki["国立市"].enter_paper_family_registration_notice(paper)
    juki["国立市"].report_relocation([resident_id], "東京都国立市中一丁目1番1号")
    juki.settle()
    assert [address for address, _ in addresses(juki, "中野区", NEW_DOMICILE)] == [
        "東京都国立市中一丁目1番1号", "東京都国立市みどり台一丁目1番1号",
    ]  # fmt: skip
    assert streams(juki) == ["国立市→矢祭町", "国立市→中野区"]
    assert juki.ledger_differences() == []


@pytest.mark.law("report_domicile_transfer", "notify_supplementary_transfer", "receive_supplementary_transfer")
@pytest.mark.juki(clock="2024-05-27")
def test_report_domicile_transfer_goes_by_line_from_2024(juki: Juki) -> None:
    resident_id = enter(juki)
    moved = juki["矢祭町"].report_domicile_transfer(DOMICILE, HEAD, NEW_DOMICILE)
    juki.settle()
    assert (moved.receipt.notices, moved.text) == (2, "")
    (entry,) = juki["中野区"].supplementary_register(NEW_DOMICILE)
    assert entry.resident_code == juki["国立市"].resident(resident_id).identification.resident_code
    (gone,) = juki["矢祭町"].supplementary_register(with_removed=True)
    assert gone.transferred_to == NEW_DOMICILE
    juki["国立市"].report_relocation([resident_id], "東京都国立市中一丁目1番1号")
    juki.settle()
    assert len(addresses(juki, "中野区", NEW_DOMICILE)) == 2
    assert streams(juki) == ["国立市→矢祭町", "矢祭町→中野区", "国立市→中野区"]
    assert juki["東京都"].changes(entry.resident_code) == [
        "国立市 記載・職権記載等 2024-05-27 #1", "国立市 個人番号の記載の修正・個人番号の職権記載等 2024-05-27 #2",
        "国立市 修正・転居 2024-05-27 #3".replace("修正", "記載の修正"),
    ]  # fmt: skip
    assert juki.ledger_differences() == []


@pytest.mark.law("notify_supplementary_mismatch")
@pytest.mark.juki(clock="2024-05-27")
def test_a_notice_that_crosses_a_transfer_is_told_back(juki: Juki) -> None:
    """転籍と行き違いの通知: 原籍地 does not open a 附票 anew but says that the 戸籍 has left."""
    resident_id = enter(juki)
    juki.cut("国立市", "矢祭町")
    juki["国立市"].report_relocation([resident_id], "東京都国立市中一丁目1番1号")
    juki["矢祭町"].report_domicile_transfer(DOMICILE, HEAD, NEW_DOMICILE)
    juki.heal()
    juki.settle()
    (told,) = juki["国立市"].supplementary_mismatches()
    assert told.mismatch.reason == 6
    assert juki["矢祭町"].supplementary_register() == []
    assert juki.ledger_differences() == []


def paper_of_transfer(transfer: Any, residence: str) -> Any:
    """What the paper to the 住所地 says of a 転籍."""
    (entry,) = transfer.entries
    return family_register_pb2.FamilyRegistrationNotice(
        event=family_register_pb2.REGISTRATION_EVENT_DOMICILE_TRANSFER, event_date=transfer.transfer_date,
        name=entry.name, address=entry.addresses[0].address, registered_domicile=transfer.new_registered_domicile,
        registered_head=transfer.registered_head, residence_area_code=residence,
        accepting_area_code=transfer.area_code, accept_date=transfer.transfer_date,
    )  # fmt: skip
