"""指定都市の区と行政区画の変更, clause by clause."""

from __future__ import annotations

from datetime import date

import pytest

from jukinet.law import area
from jukinet.law.basis import article
from jukinet.model.reason import Reason
from jukinet.v1 import relay_pb2
from jukinet.wire import basis

NAKA, KITA, CHUO, HAMANA, TENRYU = "221317", "221350", "221384", "221392", "221406"
FUTAMI, ISE, TSU, KUNITACHI = "244627", "242039", "242012", "132152"
STILL_EXISTS, NOT_SUCCEEDED = Reason.AREA_STILL_EXISTS, Reason.AREA_NOT_SUCCEEDED
REORGANIZED, MERGED = date(2024, 1, 1), date(2005, 11, 1)


@pytest.mark.law("change_administrative_area")
@pytest.mark.parametrize(
    ("to", "former", "change_date", "today", "reason"),
    [
        pytest.param(CHUO, NAKA, REORGANIZED, REORGANIZED, None, id="変更の当日に新区が言う"),
        pytest.param(CHUO, NAKA, REORGANIZED, date(2024, 3, 1), None, id="遅れて処理しても異動年月日は変更の日"),
        pytest.param(CHUO, KITA, REORGANIZED, REORGANIZED, None, id="分割された区の一部を承継した区が言う"),
        pytest.param(HAMANA, KITA, REORGANIZED, REORGANIZED, None, id="分割された区の残りを承継した区が言う"),
        pytest.param(TENRYU, "221376", REORGANIZED, REORGANIZED, None, id="符号だけが変わった区が言う"),
        pytest.param(ISE, FUTAMI, MERGED, MERGED, None, id="合併の日に承継した市が言う"),
        pytest.param(CHUO, NAKA, REORGANIZED, date(2023, 12, 31), STILL_EXISTS, id="変更の前日には言えない"),
        pytest.param(ISE, FUTAMI, MERGED, date(2005, 10, 31), STILL_EXISTS, id="合併の前日には言えない"),
        pytest.param(HAMANA, NAKA, REORGANIZED, REORGANIZED, NOT_SUCCEEDED, id="承継しない区は言えない"),
        pytest.param(NAKA, CHUO, REORGANIZED, REORGANIZED, NOT_SUCCEEDED, id="旧区は言えない"),
        pytest.param(TSU, FUTAMI, MERGED, MERGED, NOT_SUCCEEDED, id="承継しない市は言えない"),
        pytest.param(ISE, KUNITACHI, MERGED, MERGED, NOT_SUCCEEDED, id="存続する市を承継したとは言えない"),
        pytest.param(ISE, FUTAMI, date(2005, 11, 2), date(2006, 1, 1), NOT_SUCCEEDED, id="別の日付では言えない"),
        pytest.param(ISE, "", MERGED, MERGED, NOT_SUCCEEDED, id="前の団体を言わずには言えない"),
    ],
)  # fmt: skip
def test_change_administrative_area(
    to: str, former: str, change_date: date, today: date, reason: Reason | None
) -> None:
    decision = area.change_administrative_area(to, former, change_date, today)
    assert (decision.allowed, decision.reason) == (reason is None, reason)


@pytest.mark.law("keep_register")
@pytest.mark.parametrize(
    ("code", "today", "reason"),
    [
        pytest.param(FUTAMI, date(2005, 10, 31), None, id="合併の前日まで町は台帳を備える"),
        pytest.param(FUTAMI, MERGED, Reason.AREA_ABOLISHED, id="合併の日から町は台帳を備えない"),
        pytest.param(FUTAMI, date(2021, 6, 1), Reason.AREA_ABOLISHED, id="廃止された町はその後も備えない"),
        pytest.param(ISE, date(2005, 10, 31), None, id="承継する市は合併の前から備えている"),
        pytest.param(ISE, MERGED, None, id="承継した市は備える"),
        pytest.param(KUNITACHI, date(2002, 8, 5), None, id="存続する市は備える"),
        pytest.param(NAKA, REORGANIZED, Reason.AREA_ABOLISHED, id="廃止された区は備えない"),
        pytest.param(CHUO, date(2023, 12, 31), Reason.AREA_UNKNOWN, id="まだない区は備えない"),
        pytest.param("999999", MERGED, Reason.AREA_UNKNOWN, id="知られていない符号は備えない"),
    ],
)
def test_keep_register(code: str, today: date, reason: Reason | None) -> None:
    decision = area.keep_register(code, today)
    assert (decision.allowed, decision.reason) == (reason is None, reason)


@pytest.mark.law("pass_on_by_mayor", "pass_on_confirmation_by_mayor")
@pytest.mark.parametrize(
    ("kind", "on"),
    [
        pytest.param("IDENTIFICATION", "住基令第31条第2項", id="本人確認情報の通知は市長を経由する"),
        pytest.param("MOVE_OUT_CONFIRMATION", "住基令第32条第2項", id="転出確定通知は市長を経由する"),
        pytest.param("MOVE_IN_NOTICE", None, id="転入通知は市長を経由しない"),
        pytest.param("FAMILY_REGISTRATION_NOTICE", None, id="戸籍届書等の通知は市長を経由しない"),
        pytest.param("SUPPLEMENTARY_REGISTER_NOTICE", None, id="附票の通知は市長を経由しない"),
        pytest.param("MOVE_OUT_PRE_NOTICE", None, id="転出届時の事前通知は市長を経由しない"),
    ],
)
def test_pass_on_by_mayor_what_goes_by_way_of_the_mayor(kind: str, on: str | None) -> None:
    rule = area.PASSED_ON.get(relay_pb2.StreamKind.Value(f"STREAM_KIND_{kind}"))
    assert (article(rule) if rule else None) == on


@pytest.mark.law("pass_on_by_mayor")
def test_what_goes_by_way_of_the_mayor_goes_to_the_governor_next() -> None:
    for kind in area.PASSED_ON:
        assert basis.hop(kind, "municipality", "prefecture") is not None
