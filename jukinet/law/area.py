"""指定都市の区と、行政区画の変更: through whom a ward's notices go, and who succeeds whom on which day."""

from __future__ import annotations

from jukinet.law.basis import state
from jukinet.v1 import relay_pb2

PASSED_ON = {
    int(relay_pb2.STREAM_KIND_IDENTIFICATION): "pass_on_by_mayor",
    int(relay_pb2.STREAM_KIND_MOVE_OUT_CONFIRMATION): "pass_on_confirmation_by_mayor",
}
"""Kinds of notice that a 区長 sends 市長を経由して, each with its rule; notices between municipalities are none."""

state("pass_on_by_mayor", "住基令第31条第2項", "区長から市長を経由した本人確認情報の通知")
state("pass_on_confirmation_by_mayor", "住基令第32条第2項", "区長から市長を経由した転出確定通知")
