"""What changed after the base day and no other rule tells: each provision as it read, and as it reads since its day.

A rule here says only which article and words were in force; whoever builds the act gives the rule a function.
"""

from __future__ import annotations

from datetime import date

from jukinet.law.basis import state

DIGITAL_AGENCY = date(2021, 9, 1)
SUPPLEMENTARY_ITEMS = date(2022, 1, 11)
SUPPLEMENTARY_NETWORK = date(2024, 5, 27)
READINGS = date(2025, 5, 26)
IMPRISONMENT = date(2025, 6, 1)


def _versions(name: str, *versions: tuple[date, str, str]) -> None:
    for since, article, caption in versions:
        state(name, article, caption, since=since, words_only=True)


# 2021-09-01: デジタル庁設置法
_versions(
    "provide_resident_code",
    (date.min, "住基法第30条の9の2第1項", "総務省への住民票コードの提供"),
    (DIGITAL_AGENCY, "住基法第30条の9の2第1項", "デジタル庁への住民票コードの提供"),
)
_versions(
    "tell_changed_resident_code",
    (date.min, "住基法第30条の9の2第2項", "総務省への修正前及び修正後の住民票コードの提供"),
    (DIGITAL_AGENCY, "住基法第30条の9の2第2項", "デジタル庁への修正前及び修正後の住民票コードの提供"),
)

# 2022-01-11 and after: what the 戸籍の附票 says
_FOUR = "戸籍の表示、氏名、住所、住所を定めた年月日"
_SIX = f"{_FOUR}、出生の年月日、男女の別"
_versions(
    "keep_supplementary_register",
    (date.min, "住基法第17条", f"戸籍の附票の記載事項（{_FOUR}）"),
    (SUPPLEMENTARY_ITEMS, "住基法第17条", f"戸籍の附票の記載事項（{_SIX}）"),
    (SUPPLEMENTARY_NETWORK, "住基法第17条", f"戸籍の附票の記載事項（{_SIX}、住民票コード；国外転出者を含む）"),
    (
        READINGS,
        "住基法第17条",
        f"戸籍の附票の記載事項（{_SIX}、住民票コード、氏名の振り仮名；国外転出者を含む）",
    ),
)
_versions(
    "provide_supplementary_register_items",
    (SUPPLEMENTARY_ITEMS, "住基法第19条の3", "機構への戸籍の附票の記載事項の提供"),
)

# 2024-05-27: 附票連携, and what came into force with it
_versions(
    "recover_governors_store",
    (SUPPLEMENTARY_NETWORK, "住基法第30条の6第4項", "都道府県知事保存本人確認情報の回復に必要な措置"),
)
_versions(
    "recover_centres_store",
    (SUPPLEMENTARY_NETWORK, "住基法第30条の7第4項", "機構保存本人確認情報の回復に必要な措置"),
)
_versions(
    "provide_for_quasi_statutory_affairs",
    (SUPPLEMENTARY_NETWORK, "住基法第30条の15の2第1項", "準法定事務処理者への本人確認情報の提供"),
)
_versions(
    "provide_for_emigrants_card",
    (SUPPLEMENTARY_NETWORK, "住基法第30条の10第1項第3号", "国外転出者に係る個人番号カードの交付のための提供"),
)
_versions(
    "provide_for_emigrants_card_elsewhere",
    (
        SUPPLEMENTARY_NETWORK,
        "住基法第30条の12第1項第3号",
        "国外転出者に係る個人番号カードの交付のための提供（他都道府県）",
    ),
)
_versions(
    "notify_municipality_by_line",
    (date.min, "住基法第9条第3項", "電気通信回線による通知（転入通知）"),
    (SUPPLEMENTARY_NETWORK, "住基法第9条第3項", "電気通信回線による通知（転入通知及び住民票記載事項通知）"),
)
_versions(
    "notify_domicile_by_line",
    (date.min, "住基法第19条第4項", "電気通信回線による通知（戸籍の附票記載事項通知）"),
    (
        SUPPLEMENTARY_NETWORK,
        "住基法第19条第4項",
        "電気通信回線による通知（戸籍の附票記載事項通知、不一致及び転籍の通知）",
    ),
)

# 2025-05-26: 振り仮名
_versions("record_name_reading", (READINGS, "住基法第7条第1号の2", "氏名の振り仮名の記載"))
_versions(
    "record_former_surname",
    (date.min, "住基令第30条の13", "旧氏の記載"),
    (READINGS, "住基令第30条の13", "旧氏及び旧氏の振り仮名の記載"),
)
_versions(
    "correct_slightly",
    (date.min, "住基法施行規則第11条第3項第2号", "氏名又は住所に係る軽微な修正"),
    (READINGS, "住基法施行規則第11条第3項第2号", "氏名、氏名の振り仮名又は住所に係る軽微な修正"),
)

# 2025-06-01: 懲役 → 拘禁刑
for _name, _article, _act, _years, _fine in (
    ("punish_leak", "住基法第42条", "本人確認情報に関する秘密の漏えい", "2年", "100万円"),
    ("punish_abuse", "住基法第43条", "命令違反及び不正な利益を図る目的の提供・盗用", "1年", "50万円"),
    ("punish_leak_by_investigator", "住基法第44条", "住民基本台帳に関する調査の秘密の漏えい", "1年", "30万円"),
    ("punish_disobedience", "住基法第45条", "閲覧に関する命令違反", "6月", "30万円"),
):
    _versions(
        _name,
        (date.min, _article, f"{_act}（{_years}以下の懲役又は{_fine}以下の罰金）"),
        (IMPRISONMENT, _article, f"{_act}（{_years}以下の拘禁刑又は{_fine}以下の罰金）"),
    )
