"""MediumDrillService: a medium that came by post is answered to whoever signed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jukinet.clock import real_now
from jukinet.law.basis import article
from jukinet.model.provision import Form
from jukinet.model.reason import Reason
from jukinet.pki.identity import Identity
from jukinet.refusal import Refusal
from jukinet.v1 import medium_pb2, medium_pb2_grpc
from jukinet.wire import medium
from jukinet.wire.call import Call, current, set_current
from jukinet.wire.server import Context, Service

if TYPE_CHECKING:
    from jukinet.node.node import Node

LOAD = "/jukinet.v1.MediumDrillService/LoadMedium"


class MediumDrillServicer(medium_pb2_grpc.MediumDrillServiceServicer):
    """MediumDrillService of a node that keeps 本人確認情報."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def LoadMedium(self, request: medium_pb2.LoadMediumRequest, context: Context) -> medium_pb2.LoadMediumResponse:
        """One part."""
        node = self._node
        provision = node.local.provision
        if provision is None:
            raise Refusal(Reason.NOT_HERE, current().article)
        try:
            part, signer, certificate = medium.read(request.part, node.credentials.current, node.keyring, real_now())
        except medium.MediumFault as fault:
            raise Refusal(Reason.MEDIUM_UNREADABLE, current().article) from fault
        asker = Identity.parse(signer.path)
        if signer.serial in node.directory.current.revoked:
            raise Refusal(Reason.CERTIFICATE_REVOKED, current().article)
        if asker.kind != "office" or not part.HasField("request"):
            raise Refusal(Reason.MEDIUM_UNREADABLE, current().article)
        rule = "load_medium"
        # From here on the call is the office's: the law is asked about it, and it stands in the log.
        call = Call(LOAD, part.request, asker, rule, article(rule, node.clock.today()))
        set_current(call)
        answer = provision.bulk(call, part.request, Form.MEDIUM)
        told = medium_pb2.MediumPart(number=part.number, parts=part.parts, reader=signer.path, response=answer)
        return medium_pb2.LoadMediumResponse(
            part=medium.write(told, node.credentials.signer, certificate),
            asked=len(answer.answers),
            provided=sum(one.HasField("record") for one in answer.answers),
        )


def medium_drill_service(node: Node) -> Service:
    """MediumDrillService, ready to be served."""
    servicer = MediumDrillServicer(node)
    return Service(
        "jukinet.v1.MediumDrillService",
        lambda server: medium_pb2_grpc.add_MediumDrillServiceServicer_to_server(servicer, server),
    )
