"""What the desk for nationality, foreign residents and investigation says no for."""

from __future__ import annotations

from jukinet.model.reason import Reason
from jukinet.refusal.spec import Spec

SPECS: dict[Reason, Spec] = {
    Reason.NATIONALITY_UNCHANGED: Spec(
        "FAILED_PRECONDITION",
        True,
        "The record is already of the kind that this act would make (令8条の2). Look it up; a mistake is corrected.",
        "既にその区分（日本人住民・外国人住民）の住民票です（令8条の2）。住民票を確認してください。",
    ),
    Reason.NOT_FOREIGN_RESIDENT: Spec(
        "FAILED_PRECONDITION",
        True,
        "This is the record of a Japanese; the provision is about foreign residents. Use the acts of the counter.",
        "日本人住民の住民票です。この規定は外国人住民についてのものです。一般の届出・職権の事務で扱ってください。",
    ),
    Reason.HEAD_NOT_FOREIGN: Spec(
        "FAILED_PRECONDITION",
        True,
        "法30条の48 is about a head who is a foreign resident. Where the head is Japanese use report-household-change.",
        "世帯主が外国人住民の場合の届出です（法30条の48）。世帯主が日本人のときは世帯変更届で扱ってください。",
    ),
    Reason.STAY_IS_TRANSITIONAL: Spec(
        "FAILED_PRECONDITION",
        True,
        "Who stays for 60 days without status of residence makes no such report. Enter the birth or the loss.",
        "経過滞在者は法30条の46・47の届出をしません。出生又は国籍喪失による記載として扱ってください。",
    ),
    Reason.STAY_LAPSED: Spec(
        "FAILED_PRECONDITION",
        True,
        "The last day of the stay is over, so no foreign resident is entered. Ask for the card in force, or delete.",
        "在留できる最後の日が過ぎています。有効な在留カード等を確認するか、職権で消除してください。",
    ),
    Reason.EVIDENCE_REQUIRED: Spec(
        "FAILED_PRECONDITION",
        True,
        "A paper that the law asks for was not shown; `field` names it. Ask for it and repeat.",
        "法の求める書類の提示がありません（field を参照）。提示を求めて再度届け出てください。",
    ),
    Reason.INVESTIGATION_CONTRADICTS: Spec(
        "FAILED_PRECONDITION",
        True,
        "The investigation found the contrary of what this act says. Investigate again or leave the record as it is.",
        "調査の結果がこの処理と矛盾しています。再度調査するか、記録をそのままにしてください。",
    ),
    Reason.NOT_REMOVED_EX_OFFICIO: Spec(
        "FAILED_PRECONDITION",
        True,
        "Only a record deleted ex officio is restored. Who left reports 転入; who died stays removed.",
        "職権で消除した住民票だけを回復できます。転出した者は転入届によります。死亡した者は回復できません。",
    ),
    Reason.LIVES_ELSEWHERE: Spec(
        "FAILED_PRECONDITION",
        True,
        "A 転入通知 said that the person is a resident elsewhere. Whoever comes back reports 転入.",
        "転入通知により他の市区町村の住民となっています。戻った場合は転入届によってください。",
    ),
    Reason.NOT_INVESTIGATED: Spec(
        "FAILED_PRECONDITION",
        True,
        "This record was not deleted after an investigation, so there is no such paper. Look up how it was removed.",
        "実態調査により消除した住民票ではないため、通知書・公示はありません。消除の事由を確認してください。",
    ),
    Reason.DELETION_NOTICE_OTHERWISE: Spec(
        "FAILED_PRECONDITION",
        True,
        "公示 takes the place of the letter only where nobody knows where the person is (令12条4項). Print the other.",
        "公示は住所・居所が明らかでないときに限ります（令12条4項）。もう一方の様式を印刷してください。",
    ),
}
