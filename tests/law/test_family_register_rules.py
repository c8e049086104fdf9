"""What the 附票 says on which day, which change of a 住民票 is told to the 本籍地, and what goes by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from jukinet.law import family_register as law
from jukinet.law import index
from jukinet.law.basis import article
from jukinet.law.family_register import Item
from jukinet.model import areas
from jukinet.model.dates import PartialDate
from jukinet.model.family_register import SupplementaryNotice
from jukinet.model.identification import ChangeReason, Identification, Residency, Sex
from jukinet.model.reason import Reason

_ = index.ROOMS
IN_2021, IN_2022, IN_2024, IN_2025 = date(2021, 6, 1), date(2022, 1, 11), date(2024, 5, 27), date(2025, 5, 26)
DAY = timedelta(days=1)
BORN = PartialDate(1980, 5, 1)
HERE = Identification(
    resident_code="12345678901", individual_number="123456789018", name="架空　太郎", name_kana="かくう　たろう",
    birth_date=BORN, sex=Sex.MALE, address="東京都国立市みどり台一丁目1番1号", residency=Residency.JAPANESE,
    area_code="132152",
)  # fmt: skip
FOREIGN = replace(HERE, residency=Residency.FOREIGN)
SINCE_EVER = {Item.REGISTER, Item.NAME, Item.ADDRESS, Item.SETTLED_DATE}


@pytest.mark.law("supplementary_register_items")
@pytest.mark.parametrize(
    ("on", "added"),
    [
        pytest.param(IN_2021, set(), id="基準日は戸籍の表示・氏名・住所・住所を定めた年月日だけ"),
        pytest.param(IN_2022 - DAY, set(), id="令和4年1月10日までは生年月日も性別もない"),
        pytest.param(IN_2022, {Item.BIRTH_DATE, Item.SEX}, id="令和4年1月11日から生年月日と性別"),
        pytest.param(IN_2024 - DAY, {Item.BIRTH_DATE, Item.SEX}, id="令和6年5月26日までは住民票コードがない"),
        pytest.param(
            IN_2024, {Item.BIRTH_DATE, Item.SEX, Item.RESIDENT_CODE, Item.MOVED_ABROAD},
            id="令和6年5月27日から住民票コードと国外転出者の旨",
        ),
        pytest.param(
            IN_2025 - DAY, {Item.BIRTH_DATE, Item.SEX, Item.RESIDENT_CODE, Item.MOVED_ABROAD},
            id="令和7年5月25日までは振り仮名がない",
        ),
        pytest.param(
            IN_2025, {Item.BIRTH_DATE, Item.SEX, Item.RESIDENT_CODE, Item.MOVED_ABROAD, Item.NAME_KANA},
            id="令和7年5月26日から氏名の振り仮名",
        ),
    ],
)  # fmt: skip
def test_supplementary_register_items_by_date(on: date, added: set[Item]) -> None:
    assert law.supplementary_register_items(on) == SINCE_EVER | added


@pytest.mark.law("supplementary_register_items")
@pytest.mark.parametrize(
    ("on", "kept"),
    [
        pytest.param(IN_2021, ("", PartialDate(), Sex.UNSPECIFIED, ""), id="令和3年の通知に生年月日もコードも載せない"),
        pytest.param(IN_2022, ("", BORN, Sex.MALE, ""), id="令和4年の通知に住民票コードを載せない"),
        pytest.param(IN_2024, ("", BORN, Sex.MALE, "12345678901"), id="令和6年の通知に振り仮名を載せない"),
        pytest.param(IN_2025, ("かくう", BORN, Sex.MALE, "12345678901"), id="令和7年の通知には全部載せる"),
    ],
)
def test_only_items_of_the_day_are_told(on: date, kept: tuple[str, PartialDate, Sex, str]) -> None:
    told = SupplementaryNotice(
        "東京都国立市架空町一番地", "架空　太郎", "架空　太郎", HERE.address, on, ChangeReason.MOVE_IN, "131156",
        name_kana="かくう", birth_date=BORN, sex=Sex.MALE, resident_code="12345678901",
    )  # fmt: skip
    left = law.only_items(told, on)
    assert (left.name_kana, left.birth_date, left.sex, left.resident_code) == kept
    assert (left.name, left.address, left.registered_head) == (told.name, told.address, told.registered_head)


EVENTS = [
    pytest.param(None, HERE, ChangeReason.BIRTH, True, id="出生は通知する"),
    pytest.param(None, HERE, ChangeReason.MOVE_IN, True, id="国内転入は通知する"),
    pytest.param(None, HERE, ChangeReason.MOVE_IN_FROM_ABROAD, True, id="国外転入等は通知する"),
    pytest.param(None, HERE, ChangeReason.EX_OFFICIO_ENTRY, True, id="職権記載は通知する"),
    pytest.param(None, HERE, ChangeReason.EX_OFFICIO_ENTRY_NATURALIZATION, True, id="帰化による記載は通知する"),
    pytest.param(None, FOREIGN, ChangeReason.MOVE_IN, False, id="外国人住民の転入は通知しない"),
    pytest.param(
        None, FOREIGN, ChangeReason.EX_OFFICIO_ENTRY_NATIONALITY_LOSS, False, id="国籍喪失による記載は通知しない"
    ),
    pytest.param(
        HERE, replace(HERE, address="東京都国立市中一丁目1番1号"), ChangeReason.RELOCATION, True, id="転居は通知する"
    ),
    pytest.param(
        HERE, replace(HERE, address="東京都国立市中一丁目1番1号"), ChangeReason.MINOR_CORRECTION, True,
        id="住居表示（軽微な修正）は通知する",
    ),
    pytest.param(
        HERE, replace(HERE, name="架空　太朗"), ChangeReason.MINOR_CORRECTION, True, id="字体の修正は通知する"
    ),
    pytest.param(
        HERE, replace(HERE, name="試作　太郎"), ChangeReason.EX_OFFICIO_CORRECTION, True, id="氏の変更は通知する"
    ),
    pytest.param(
        HERE, replace(HERE, former_surname="試作"), ChangeReason.EX_OFFICIO_CORRECTION, False,
        id="旧氏の記載は附票に関わらない",
    ),
    pytest.param(
        HERE, replace(HERE, individual_number=""), ChangeReason.NUMBER_EX_OFFICIO_ENTRY, False,
        id="個人番号の記載は通知しない",
    ),
    pytest.param(HERE, None, ChangeReason.MOVE_OUT_ABROAD, True, id="国外転出は通知する"),
    pytest.param(FOREIGN, None, ChangeReason.MOVE_OUT_ABROAD, False, id="外国人住民の国外転出は通知しない"),
    pytest.param(HERE, None, ChangeReason.MOVE_OUT, False, id="国内転出は転入地が通知するので通知しない"),
    pytest.param(HERE, None, ChangeReason.DEATH, False, id="死亡は戸籍から消除するので通知しない"),
    pytest.param(HERE, None, ChangeReason.EX_OFFICIO_DELETION, False, id="職権消除は通知しない"),
    pytest.param(
        HERE, None, ChangeReason.EX_OFFICIO_DELETION_NATIONALITY_LOSS, False, id="国籍喪失は戸籍によるので通知しない"
    ),
    pytest.param(None, None, ChangeReason.MOVE_IN, False, id="住民票がなければ通知しない"),
]  # fmt: skip


@pytest.mark.law("notify_supplementary_register")
@pytest.mark.parametrize(("before", "after", "reason", "told"), EVENTS)
def test_notify_supplementary_register_by_event(
    before: Identification | None, after: Identification | None, reason: ChangeReason, told: bool
) -> None:
    for on in (IN_2021, IN_2022, IN_2024, IN_2025):
        assert law.notify_supplementary_register(before, after, reason, on).allowed == told, on


@pytest.mark.law("notify_supplementary_register", "supplementary_register_items")
@pytest.mark.parametrize(
    ("item", "value", "since"),
    [
        pytest.param("birth_date", PartialDate(1980, 5, 2), IN_2022, id="生年月日の修正は令和4年1月11日から通知する"),
        pytest.param("sex", Sex.FEMALE, IN_2022, id="性別の修正は令和4年1月11日から通知する"),
        pytest.param("resident_code", "10987654321", IN_2024, id="住民票コードの変更は令和6年5月27日から通知する"),
        pytest.param("name_kana", "かくう　じろう", IN_2025, id="振り仮名の修正は令和7年5月26日から通知する"),
    ],
)
def test_notify_supplementary_register_from_the_day_the_register_knows_the_item(
    item: str, value: object, since: date
) -> None:
    after = replace(HERE, **{item: value})  # type: ignore[arg-type]
    reason = ChangeReason.EX_OFFICIO_CORRECTION
    assert not law.notify_supplementary_register(HERE, after, reason, since - DAY).allowed
    assert law.notify_supplementary_register(HERE, after, reason, since).allowed


@pytest.mark.parametrize(
    ("before", "reason", "expected"),
    [
        pytest.param(None, ChangeReason.MOVE_IN, IN_2021, id="転入は転入の日"),
        pytest.param(None, ChangeReason.BIRTH, IN_2021, id="出生は出生の日"),
        pytest.param(HERE, ChangeReason.RELOCATION, IN_2021, id="転居は転居の日"),
        pytest.param(HERE, ChangeReason.MOVE_OUT_ABROAD, IN_2021, id="国外転出は転出予定の日"),
        pytest.param(HERE, ChangeReason.MINOR_CORRECTION, None, id="住居表示では住所を定めた日は変わらない"),
        pytest.param(HERE, ChangeReason.EX_OFFICIO_CORRECTION, None, id="氏の変更では住所を定めた日は変わらない"),
        pytest.param(None, ChangeReason.EX_OFFICIO_ENTRY_NATURALIZATION, None, id="帰化の日は住所を定めた日ではない"),
    ],
)
@pytest.mark.law("settled_date")
def test_settled_date(before: Identification | None, reason: ChangeReason, expected: date | None) -> None:
    assert law.settled_date(before, reason, IN_2021) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        pytest.param(IN_2021, ("国外", False), id="令和6年5月26日までは住所を国外と書く"),
        pytest.param(IN_2024 - DAY, ("国外", False), id="前日までは国外転出者の旨がない"),
        pytest.param(IN_2024, ("", True), id="令和6年5月27日からは国外転出者の旨を書く"),
    ],
)
@pytest.mark.law("address_abroad")
def test_address_abroad(on: date, expected: tuple[str, bool]) -> None:
    assert law.address_abroad(on) == expected


@pytest.mark.parametrize(
    ("rule", "on", "by_line"),
    [
        pytest.param("notify_supplementary_register", IN_2021, True, id="附票記載事項通知は令和3年も回線で送る"),
        pytest.param("notify_supplementary_mismatch", IN_2021, False, id="不一致の通知は令和3年は書面"),
        pytest.param("notify_supplementary_mismatch", IN_2024 - DAY, False, id="不一致の通知は前日まで書面"),
        pytest.param("notify_supplementary_mismatch", IN_2024, True, id="不一致の通知は令和6年5月27日から回線"),
        pytest.param("notify_supplementary_transfer", IN_2024 - DAY, False, id="転籍の通知は前日まで書面"),
        pytest.param("notify_supplementary_transfer", IN_2024, True, id="転籍の通知は令和6年5月27日から回線"),
        pytest.param("notify_family_registration", IN_2021, False, id="法9条2項の通知は令和3年は書面"),
        pytest.param("notify_family_registration", IN_2024 - DAY, False, id="法9条2項の通知は前日まで書面"),
        pytest.param("notify_family_registration", IN_2024, True, id="法9条2項の通知は令和6年5月27日から回線"),
    ],
)
def test_goes_by_line(rule: str, on: date, by_line: bool) -> None:
    assert law.goes_by_line(rule, on) == by_line


@pytest.mark.law("accept_family_registration", "report_domicile_transfer")
@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param(0, None, id="今日の届出は受ける"),
        pytest.param(-400, None, id="遅れた届出も受ける"),
        pytest.param(1, Reason.DATE_IN_FUTURE, id="明日の届出は受けない"),
    ],
)
def test_accept_family_registration_and_report_domicile_transfer(days: int, expected: Reason | None) -> None:
    day = IN_2021 + timedelta(days=days)
    assert law.accept_family_registration(day, IN_2021).reason == expected
    assert law.report_domicile_transfer(day, IN_2021).reason == expected


@pytest.mark.parametrize(
    ("text", "on", "code"),
    [
        pytest.param("東京都国立市架空町一番地", IN_2021, "132152", id="市の本籍"),
        pytest.param("福島県東白川郡矢祭町架空町一番地", IN_2021, "074829", id="郡のある町の本籍"),
        pytest.param("福島県矢祭町架空町一番地", IN_2021, "", id="郡を書かない本籍は分からない"),
        pytest.param("神奈川県横浜市鶴見区架空町", IN_2021, "141011", id="区の本籍は区"),
        pytest.param("神奈川県横浜市架空町", IN_2021, "", id="区を書かない指定都市の本籍は分からない"),
        pytest.param("東京都杉並区架空一丁目", IN_2021, "131156", id="特別区の本籍"),
        pytest.param("静岡県浜松市中区架空町", date(2023, 12, 31), "221317", id="再編前の区"),
        pytest.param("静岡県浜松市中区架空町", date(2024, 1, 1), "", id="再編後にない区"),
        pytest.param("静岡県浜松市中央区架空町", date(2024, 1, 1), "221384", id="再編後の区"),
        pytest.param("東京都", IN_2021, "", id="都道府県だけの本籍は分からない"),
        pytest.param("架空県架空市", IN_2021, "", id="ない市の本籍は分からない"),
        pytest.param("国立市架空町一番地", IN_2021, "", id="都道府県のない本籍は分からない"),
        pytest.param("", IN_2021, "", id="本籍がない"),
    ],
)
def test_registered_domicile_area(text: str, on: date, code: str) -> None:
    found = areas.registered_domicile_area(text, on)
    assert (found.code if found else "") == code


def test_the_article_of_each_duty_is_told_from_the_index() -> None:
    assert article("notify_supplementary_register", IN_2021) == "住基法第19条第1項"
    assert article("notify_supplementary_mismatch", IN_2021) == ""
    assert article("notify_supplementary_mismatch", IN_2024) == "住基法第19条第2項"
    assert article("notify_family_registration", IN_2024) == "住基法第9条第2項"
