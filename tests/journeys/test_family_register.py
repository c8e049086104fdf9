"""戸籍の附票: what the 住所地 tells the 本籍地, what the 本籍地 answers, and 転籍."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from jukinet.testing.door import person
from jukinet.testing.network import Juki
from jukinet.v1 import relay_pb2

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
