"""The law of a day: what each amendment after the base day said the day before, and says on the day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jukinet.law import index
from jukinet.law.basis import article, every_rule, find

_ = index.ROOMS
DIGITAL, ITEMS, PUSH, NETWORK = date(2021, 9, 1), date(2022, 1, 11), date(2023, 2, 6), date(2024, 5, 27)
READINGS, IMPRISONMENT, RECORDED = date(2025, 5, 26), date(2025, 6, 1), date(2026, 6, 14)
NONE: tuple[str, str] = ("", "")
FOUR = "戸籍の附票の記載事項（戸籍の表示、氏名、住所、住所を定めた年月日"
SIX = f"{FOUR}、出生の年月日、男女の別"

# day in force, rule, (article, words of the caption) the day before, the same on the day
AMENDMENTS = [
    pytest.param(
        DIGITAL,
        "provide_resident_code",
        ("住基法第30条の9の2第1項", "総務省への"),
        ("住基法第30条の9の2第1項", "デジタル庁への"),
        id="2021-09-01 住民票コードの提供先は総務省からデジタル庁へ",
    ),
    pytest.param(
        DIGITAL,
        "tell_changed_resident_code",
        ("住基法第30条の9の2第2項", "総務省への"),
        ("住基法第30条の9の2第2項", "デジタル庁への"),
        id="2021-09-01 修正前後のコードもデジタル庁へ",
    ),
    pytest.param(
        ITEMS,
        "keep_supplementary_register",
        ("住基法第17条", f"{FOUR}）"),
        ("住基法第17条", f"{SIX}）"),
        id="2022-01-11 附票に出生の年月日と男女の別",
    ),
    pytest.param(
        ITEMS,
        "provide_supplementary_register_items",
        NONE,
        ("住基法第19条の3", "機構への戸籍の附票の記載事項の提供"),
        id="2022-01-11 附票の記載事項を機構に提供",
    ),
    pytest.param(
        PUSH,
        "notify_move_out_beforehand",
        NONE,
        ("住基法第24条の2第3項", "転出届時の事前通知"),
        id="2023-02-06 転出届時の事前通知",
    ),
    pytest.param(
        NETWORK,
        "keep_supplementary_register",
        ("住基法第17条", f"{SIX}）"),
        ("住基法第17条", f"{SIX}、住民票コード；国外転出者を含む）"),
        id="2024-05-27 附票に住民票コードと国外転出者",
    ),
    pytest.param(
        NETWORK,
        "recover_governors_store",
        NONE,
        ("住基法第30条の6第4項", "都道府県知事保存本人確認情報の回復"),
        id="2024-05-27 知事の回復の措置",
    ),
    pytest.param(
        NETWORK,
        "recover_centres_store",
        NONE,
        ("住基法第30条の7第4項", "機構保存本人確認情報の回復"),
        id="2024-05-27 機構の回復の措置",
    ),
    pytest.param(
        NETWORK,
        "provide_for_quasi_statutory_affairs",
        NONE,
        ("住基法第30条の15の2第1項", "準法定事務処理者"),
        id="2024-05-27 準法定事務",
    ),
    pytest.param(
        NETWORK,
        "search_identification",
        ("住基法第30条の10第1項第3号", "住民基本台帳事務のための"),
        ("住基法第30条の10第1項第4号", "住民基本台帳事務のための"),
        id="2024-05-27 30条の10①三は四に",
    ),
    pytest.param(
        NETWORK,
        "search_via_governor",
        ("住基法第30条の12第1項第3号", "知事を経た"),
        ("住基法第30条の12第1項第4号", "知事を経た"),
        id="2024-05-27 30条の12①三は四に",
    ),
    pytest.param(
        NETWORK,
        "provide_for_emigrants_card",
        NONE,
        ("住基法第30条の10第1項第3号", "国外転出者"),
        id="2024-05-27 30条の10①三は国外転出者のカード",
    ),
    pytest.param(
        NETWORK,
        "provide_for_emigrants_card_elsewhere",
        NONE,
        ("住基法第30条の12第1項第3号", "国外転出者"),
        id="2024-05-27 30条の12①三は国外転出者のカード",
    ),
    pytest.param(
        NETWORK,
        "notify_supplementary_identification",
        NONE,
        ("住基法第30条の41第1項", "附票本人確認情報"),
        id="2024-05-27 附票本人確認情報を知事に",
    ),
    pytest.param(
        NETWORK,
        "forward_supplementary_identification",
        NONE,
        ("住基法第30条の42第1項", "附票本人確認情報"),
        id="2024-05-27 附票本人確認情報を機構に",
    ),
    pytest.param(
        NETWORK,
        "notify_municipality_by_line",
        ("住基法第9条第3項", "（転入通知）"),
        ("住基法第9条第3項", "（転入通知及び住民票記載事項通知）"),
        id="2024-05-27 9条③は9条②の通知も回線で",
    ),
    pytest.param(
        NETWORK,
        "notify_domicile_by_line",
        ("住基法第19条第4項", "（戸籍の附票記載事項通知）"),
        ("住基法第19条第4項", "不一致及び転籍の通知）"),
        id="2024-05-27 19条④は不一致と転籍も回線で",
    ),
    pytest.param(
        NETWORK,
        "foreign_record_items",
        ("住基法第30条の45", "第4章の3"),
        ("住基法第30条の45", "第4章の4"),
        id="2024-05-27 外国人住民の章は4の3から4の4に",
    ),
    pytest.param(
        NETWORK,
        "report_foreign_resident",
        ("住基法第30条の47", "第4章の3"),
        ("住基法第30条の47", "第4章の4"),
        id="2024-05-27 30条の47の届出も第4章の4に",
    ),
    pytest.param(
        NETWORK,
        "report_relationship_change",
        ("住基法第30条の48", "第4章の3"),
        ("住基法第30条の48", "第4章の4"),
        id="2024-05-27 続柄の届出も第4章の4に",
    ),
    pytest.param(
        NETWORK,
        "enter_immigration_notice",
        ("住基法第30条の50", "第4章の3"),
        ("住基法第30条の50", "第4章の4"),
        id="2024-05-27 長官の通知も第4章の4に",
    ),
    pytest.param(
        READINGS,
        "record_name_reading",
        NONE,
        ("住基法第7条第1号の2", "氏名の振り仮名"),
        id="2025-05-26 氏名の振り仮名",
    ),
    pytest.param(
        READINGS,
        "keep_supplementary_register",
        ("住基法第17条", "住民票コード；国外転出者を含む）"),
        ("住基法第17条", "住民票コード、氏名の振り仮名；国外転出者を含む）"),
        id="2025-05-26 附票にも振り仮名",
    ),
    pytest.param(
        READINGS,
        "record_former_surname",
        ("住基令第30条の13", "旧氏の記載"),
        ("住基令第30条の13", "旧氏の振り仮名"),
        id="2025-05-26 旧氏の振り仮名",
    ),
    pytest.param(
        READINGS,
        "correct_slightly",
        ("住基法施行規則第11条第3項第2号", "氏名又は住所"),
        ("住基法施行規則第11条第3項第2号", "氏名、氏名の振り仮名又は住所"),
        id="2025-05-26 軽微な修正に振り仮名",
    ),
    pytest.param(
        READINGS,
        "foreign_record_reading",
        ("住基法第30条の45", "外国人住民に係る住民票の振り仮名"),
        ("住基法第30条の45", "除かれる振り仮名"),
        id="2025-05-26 外国人住民に振り仮名の項目はない",
    ),
    pytest.param(
        IMPRISONMENT,
        "punish_leak",
        ("住基法第42条", "2年以下の懲役又は100万円"),
        ("住基法第42条", "2年以下の拘禁刑又は100万円"),
        id="2025-06-01 42条は拘禁刑",
    ),
    pytest.param(
        IMPRISONMENT,
        "punish_abuse",
        ("住基法第43条", "1年以下の懲役又は50万円"),
        ("住基法第43条", "1年以下の拘禁刑又は50万円"),
        id="2025-06-01 43条は拘禁刑",
    ),
    pytest.param(
        IMPRISONMENT,
        "punish_leak_by_investigator",
        ("住基法第44条", "1年以下の懲役又は30万円"),
        ("住基法第44条", "1年以下の拘禁刑又は30万円"),
        id="2025-06-01 44条は拘禁刑",
    ),
    pytest.param(
        IMPRISONMENT,
        "punish_disobedience",
        ("住基法第45条", "6月以下の懲役又は30万円"),
        ("住基法第45条", "6月以下の拘禁刑又は30万円"),
        id="2025-06-01 45条は拘禁刑",
    ),
    pytest.param(
        RECORDED,
        "foreign_record_items",
        ("住基法第30条の45", "第4章の4、在留カードに記載されている事項"),
        ("住基法第30条の45", "第4章の4、在留カードに記載され、又は記録されている事項"),
        id="2026-06-14 在留カードに記録されている事項",
    ),
]


def words(name: str, on: date) -> tuple[str, str]:
    rule = find(name, on)
    return (rule.article, rule.caption) if rule else NONE


@pytest.mark.parametrize(
    ("day", "name", "before", "after"),
    [pytest.param(*row.values, id=row.id, marks=pytest.mark.law(row.values[1])) for row in AMENDMENTS],
)
def test_each_amendment_reads_one_way_the_day_before_and_another_on_the_day(
    day: date, name: str, before: tuple[str, str], after: tuple[str, str]
) -> None:
    eve, then = words(name, day - timedelta(days=1)), words(name, day)
    assert eve[0] == before[0]
    assert then[0] == after[0]
    assert before[1] in eve[1]
    assert after[1] in then[1]
    assert eve != then


def test_no_version_of_a_rule_stands_beside_another_of_the_same_day() -> None:
    """Two of one day would leave it to the order of imports which is the law."""
    seen = [(rule.name, rule.since) for rule in every_rule()]
    assert sorted(seen) == sorted(set(seen))


def test_what_is_repealed_or_not_yet_law_has_no_article() -> None:
    assert article("provide_supplementary_register_items", date(2021, 6, 1)) == ""
    assert article("provide_for_quasi_statutory_affairs", date(2024, 5, 26)) == ""
    assert article("provide_for_quasi_statutory_affairs", date(2026, 12, 31)) == "住基法第30条の15の2第1項"
