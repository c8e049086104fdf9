"""AuditService, by which the tier below anchors its log here, and AuditDrillService, which shows and proves the log."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from jukinet.model.reason import Reason
from jukinet.node import anchoring
from jukinet.node.provision import entry
from jukinet.pki import merkle
from jukinet.refusal import Refusal
from jukinet.store import audit_log, provided
from jukinet.v1 import audit_pb2 as pb
from jukinet.v1 import audit_pb2_grpc
from jukinet.wire.call import current
from jukinet.wire.peers import CallFailed
from jukinet.wire.server import Context, Service

if TYPE_CHECKING:
    from jukinet.node.node import Node

PAGE = 1_000


class AuditServicer(audit_pb2_grpc.AuditServiceServicer):
    """AuditService of a node."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def AnchorTreeHead(self, request: pb.AnchorTreeHeadRequest, context: Context) -> pb.AnchorTreeHeadResponse:
        """A head of the tier below."""
        return pb.AnchorTreeHeadResponse(anchored_size=anchoring.take_anchor(self._node, current(), request))


class AuditDrillServicer(audit_pb2_grpc.AuditDrillServiceServicer):
    """AuditDrillService of a node."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def GetTreeHead(self, request: pb.GetTreeHeadRequest, context: Context) -> pb.GetTreeHeadResponse:
        """A signed head of now."""
        return pb.GetTreeHeadResponse(head=self._node.anchoring.head())

    def ListAuditRows(self, request: pb.ListAuditRowsRequest, context: Context) -> pb.ListAuditRowsResponse:
        """A page of rows."""
        limit = min(request.page_size, PAGE) if request.page_size > 0 else PAGE
        with self._node.journal.read() as db:
            found = audit_log.page(db, request.after, limit)
        told = {row.id: entry.read(said) for row, said in found if said}
        return pb.ListAuditRowsResponse(rows=[row for row, _ in found], provisions=told)

    def ProveAuditRow(self, request: pb.ProveAuditRowRequest, context: Context) -> pb.ProveAuditRowResponse:
        """One row with its proof."""
        head = self._node.anchoring.head()
        size = pb.TreeHead.FromString(head.head).size
        with self._node.journal.read() as db:
            found = audit_log.row(db, request.id) if 1 <= request.id <= size else None
            if found is None:
                raise Refusal(Reason.ROW_NOT_FOUND)
            leaves = audit_log.leaves(db, size)
            subjects = provided.subjects(db, request.id) if request.subject else None
        answer = pb.ProveAuditRowResponse(
            row=found[0], path=merkle.path(leaves, request.id - 1), head=head, provision=found[1],
            root_pem=self._node.credentials.root_pem,
        )  # fmt: skip
        if request.subject:
            if subjects is None or request.subject > len(subjects):
                raise Refusal(Reason.ROW_NOT_FOUND)
            place = request.subject - 1
            answer.subject_salt, answer.subject_record = subjects.salt(place), subjects.record(place)
            answer.subject_path.extend(merkle.path(subjects.leaves(), place))
            answer.subjects = len(subjects)
        return answer

    def ProveConsistency(self, request: pb.ProveConsistencyRequest, context: Context) -> pb.ProveConsistencyResponse:
        """Between two sizes."""
        with self._node.journal.read() as db:
            now = audit_log.size(db)
            later = request.to_size or now
            if not 1 <= request.from_size <= later <= now:
                raise Refusal(Reason.ROW_NOT_FOUND)
            leaves = audit_log.leaves(db, later)
        return pb.ProveConsistencyResponse(
            from_root=merkle.root(leaves[: request.from_size]), to_root=merkle.root(leaves), to_size=later,
            proof=merkle.consistency(leaves, request.from_size),
        )  # fmt: skip

    def VerifyAudit(self, request: pb.VerifyAuditRequest, context: Context) -> pb.VerifyAuditResponse:
        """Everything is read again."""
        node = self._node
        with node.journal.read() as db:
            found = audit_log.verify(db, node.config.path, node.keyring, node.anchoring.kept_from())
        faults = [pb.AuditFault(**asdict(fault)) for fault in found.faults]
        return pb.VerifyAuditResponse(rows=found.rows, heads=found.heads, faults=faults)

    def AnchorNow(self, request: pb.AnchorNowRequest, context: Context) -> pb.AnchorNowResponse:
        """Anchor the head of now in the tier above."""
        try:
            return pb.AnchorNowResponse(anchored_size=self._node.anchoring.anchor())
        except CallFailed as failure:
            known = failure.answer.definite and failure.answer.reason in Reason.__members__
            raise Refusal(Reason[failure.answer.reason] if known else Reason.PEER_UNREACHABLE) from failure

    def ListAnchors(self, request: pb.ListAnchorsRequest, context: Context) -> pb.ListAnchorsResponse:
        """Heads that are kept of the tier below."""
        with self._node.journal.read() as db:
            found = [audit_log.last_anchored(db, node) for node in audit_log.anchored_nodes(db)]
        return pb.ListAnchorsResponse(heads=[head for head in found if head is not None])


def audit_service(node: Node) -> Service:
    """AuditService, ready to be served."""
    servicer = AuditServicer(node)
    return Service(
        "jukinet.v1.AuditService", lambda server: audit_pb2_grpc.add_AuditServiceServicer_to_server(servicer, server)
    )


def audit_drill_service(node: Node) -> Service:
    """AuditDrillService, ready to be served."""
    servicer = AuditDrillServicer(node)
    return Service(
        "jukinet.v1.AuditDrillService",
        lambda server: audit_pb2_grpc.add_AuditDrillServiceServicer_to_server(servicer, server),
    )
