"""Whose code it is: how an inquiry's hit is confirmed, and what comes before a new code."""

from __future__ import annotations

from collections.abc import Collection

from jukinet.law.basis import Decision, basis, state
from jukinet.model.confirmation import UNCONFIRMED, Compared, Confirmation, Searched
from jukinet.model.reason import Reason

MOST_WORDS = 200

state("trace_record", "住基法第36条の2", "住民票の記載の経緯の確認")


@basis("住基令第11条", "照会結果による本人の確認")
def confirm_identity(hits: int, truncated: bool, searched: Collection[Searched], given: Confirmation) -> Decision:
    """届出の内容が事実であるかどうかを審査する。照会結果が複数のときは、検索した項目のほかに何を照合したかを要する。

    Of one hit nothing more is demanded, as the prescribed check demanded nothing (西東京市 2018): it may be wrong.
    A list that was cut off does not show everybody who may be meant.
    """
    if truncated:
        return Decision.deny(Reason.INQUIRY_TRUNCATED)
    compared = set(given.compared) - {Compared.UNSPECIFIED}
    if Searched.ADDRESS in searched:
        compared -= {Compared.FORMER_ADDRESS}
    words = given.words.strip()
    if len(words) > MOST_WORDS:
        return Decision.deny(Reason.FIELD_OUT_OF_RANGE, field="confirmation.words")
    if given == UNCONFIRMED and hits <= 1:
        return Decision.allow()
    return Decision.allow() if compared and words else Decision.deny(Reason.IDENTITY_NOT_CONFIRMED)


@basis("住基令第30条の2第1項", "新たな住民票コードの前の照会")
def inquire_before_new_code(
    inquired: bool, about_the_person: bool, hits: int, truncated: bool, given: Confirmation, not_inquired: str
) -> Decision:
    """直近に記載された住民票コードが判明しないとき、新たなコードを記載する: whoever has not looked cannot say so.

    The inquiry looked for this very name, birth date and sex and no narrower; whoever it told of is compared and found
    to be somebody else. Where none was possible (回線の故障, 生年月日不詳), the clerk says why, for the trace.
    """
    if not inquired:
        if len(not_inquired) > MOST_WORDS:
            return Decision.deny(Reason.FIELD_OUT_OF_RANGE, field="not_inquired")
        return Decision.allow() if not_inquired.strip() else Decision.deny(Reason.INQUIRY_REQUIRED)
    if not about_the_person:
        return Decision.deny(Reason.INQUIRY_REQUIRED)
    # One hit is enough to need a comparison: it is to be somebody else.
    searched = [Searched.NAME_BIRTH_DATE_SEX]
    return confirm_identity(max(hits, 2) if hits else 0, truncated, searched, given)
