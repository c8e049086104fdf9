"""GovernorSearchService: a mayor's question goes on to J-LIS; the governor learns that it was taken, nothing more."""

from __future__ import annotations

from jukinet.model.reason import Reason
from jukinet.node.act import Done, perform
from jukinet.node.answering import look_up
from jukinet.node.node import Node
from jukinet.pki.signing import sha256
from jukinet.refusal import Refusal
from jukinet.store import answers
from jukinet.v1 import search_pb2, search_pb2_grpc
from jukinet.wire.call import current
from jukinet.wire.server import Context, Service

CENTER = "jlis/center"


class GovernorSearchServicer(search_pb2_grpc.GovernorSearchServiceServicer):
    """GovernorSearchService of a prefecture."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def SearchViaGovernor(
        self, request: search_pb2.SearchViaGovernorRequest, context: Context
    ) -> search_pb2.SearchViaGovernorResponse:
        """都道府県知事を経た求め."""
        call, node = current(), self._node
        assert call.caller is not None
        parent = node.directory.current.parent_of(call.path)
        if parent is None or parent.path != node.config.path:
            raise Refusal(Reason.NOT_YOUR_MUNICIPALITY, call.article)
        with node.journal.read() as db:
            answered = answers.find(db, call.path, call.request_id, call.method, call.digest) is not None
        if not answered:
            passed_on = search_pb2.PassOnSearchRequest(
                request_id=sha256(f"{call.path}\0{call.request_id}".encode()).hex(),
                municipality=call.caller.name,
                search=request.search,
            )
            look_up(node, CENTER, search_pb2_grpc.SearchServiceStub, "PassOnSearch", passed_on, call.article)
        return perform(
            node.journal, node.clock, call, search_pb2.SearchViaGovernorResponse,
            lambda _: Done(search_pb2.SearchViaGovernorResponse()),
        )  # fmt: skip


def governor_search_service(node: Node) -> Service:
    """GovernorSearchService, ready to be served."""
    servicer = GovernorSearchServicer(node)
    return Service(
        "jukinet.v1.GovernorSearchService",
        lambda server: search_pb2_grpc.add_GovernorSearchServiceServicer_to_server(servicer, server),
    )
