"""Notices that could not be used: done with."""

from __future__ import annotations

from typing import Annotated

import typer

from jukinet.cli.counter import CLERK, Clerk, RequestId, counter, told
from jukinet.cli.counter import Reason as Why
from jukinet.cli.output import verb
from jukinet.cli.place import Json, Municipality, State
from jukinet.v1 import set_aside_pb2, set_aside_pb2_grpc


def register(noun: typer.Typer) -> None:
    """Add the verb."""
    verb(noun, "settle-set-aside", 'jukinet resident settle-set-aside 国立市 31 0 --reason "紙の通知で処理済み"')(
        settle_set_aside
    )


def settle_set_aside(
    municipality: Municipality,
    position: Annotated[int, typer.Argument(help="位置 / position, as `jukinet resident tasks` tells it.")],
    index: Annotated[int, typer.Argument(help="順。一括は -1 / index; -1 for a whole batch.")],
    reason: Why,
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """使えなかつた通知を処理済みとする / A notice that was set aside is done with; it leaves the lists."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = set_aside_pb2.SettleSetAsideRequest(operation=operation, position=position, index=index)
        answer = at.call("SettleSetAside", request, set_aside_pb2_grpc.SetAsideServiceStub)
    told(at, operation, answer, as_json)
