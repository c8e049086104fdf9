"""NumberingService: the answer is a signed batch, kept in J-LIS's journal and in the asker's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from google.protobuf.message import Message

from jlis_center import acts
from jukinet.model.reason import Reason
from jukinet.model.stream import Keys, Stream
from jukinet.node.act import Done, perform
from jukinet.node.answering import say
from jukinet.node.node import Node
from jukinet.refusal import Refusal
from jukinet.store import recovery
from jukinet.store.database import Connection
from jukinet.v1 import numbering_pb2, numbering_pb2_grpc, relay_pb2
from jukinet.wire.call import Call, current
from jukinet.wire.server import Context, Service

M = TypeVar("M", bound=Message)


class NumberingServicer(numbering_pb2_grpc.NumberingServiceServicer):
    """NumberingService of J-LIS."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def DesignateCodes(
        self, request: numbering_pb2.DesignateCodesRequest, context: Context
    ) -> numbering_pb2.DesignateCodesResponse:
        """住民票コードの指定."""
        call = current()
        self._check(call)

        def records(db: Connection) -> list[tuple[bytes, Keys]]:
            codes = acts.designate_codes(db, self._node.config.seed, _asker(call), request.count)
            return [
                (numbering_pb2.CodeDesignation(resident_code=code).SerializeToString(), Keys(int(code)))
                for code in codes
            ]

        kind = int(relay_pb2.STREAM_KIND_CODE_DESIGNATION)
        return perform(
            self._node.journal, self._node.clock, call, numbering_pb2.DesignateCodesResponse,
            lambda db: Done(numbering_pb2.DesignateCodesResponse(batch=self._say(db, call, kind, records(db)))),
        )  # fmt: skip

    def GenerateIndividualNumbers(
        self, request: numbering_pb2.GenerateIndividualNumbersRequest, context: Context
    ) -> numbering_pb2.GenerateIndividualNumbersResponse:
        """個人番号とすべき番号の生成."""
        kind = int(relay_pb2.STREAM_KIND_NUMBER_DESIGNATION)
        make = acts.generate_individual_numbers
        return self._numbers(numbering_pb2.GenerateIndividualNumbersResponse, kind, request.resident_codes, make)

    def ChangeIndividualNumbers(
        self, request: numbering_pb2.ChangeIndividualNumbersRequest, context: Context
    ) -> numbering_pb2.ChangeIndividualNumbersResponse:
        """従前の個人番号に代わる番号の生成."""
        kind = int(relay_pb2.STREAM_KIND_NUMBER_CHANGE)
        make = acts.change_individual_numbers
        return self._numbers(numbering_pb2.ChangeIndividualNumbersResponse, kind, request.resident_codes, make)

    def _numbers(
        self,
        response: Callable[..., M],
        kind: int,
        codes: Sequence[str],
        make: Callable[[Connection, Sequence[str]], list[str]],
    ) -> M:
        """Numbers with their codes, in the order asked."""
        call = current()
        self._check(call)

        def work(db: Connection) -> Done:
            said = [
                (
                    numbering_pb2.NumberDesignation(resident_code=code, individual_number=number).SerializeToString(),
                    Keys(int(code), int(number)),
                )
                for code, number in zip(codes, make(db, codes), strict=True)
            ]
            return Done(response(batch=self._say(db, call, kind, said)), number_access=True)

        return perform(self._node.journal, self._node.clock, call, response, work)

    def _check(self, call: Call) -> None:
        """Whoever did not answer in a recovery may have been given what J-LIS no longer knows of."""
        with self._node.journal.read() as db:
            if call.path in recovery.missing(db):
                raise Refusal(Reason.NODE_RECOVERING, call.article)

    def _say(self, db: Connection, call: Call, kind: int, said: Sequence[tuple[bytes, Keys]]) -> relay_pb2.Batch:
        """The answer, as the next batch of the asker's stream."""
        return say(self._node, db, Stream(self._node.identity.name, kind, _asker(call)), said)


def _asker(call: Call) -> str:
    assert call.caller is not None
    return call.caller.name


def numbering_service(node: Node) -> Service:
    """NumberingService, ready to be served."""
    servicer = NumberingServicer(node)
    return Service(
        "jukinet.v1.NumberingService",
        lambda server: numbering_pb2_grpc.add_NumberingServiceServicer_to_server(servicer, server),
    )
