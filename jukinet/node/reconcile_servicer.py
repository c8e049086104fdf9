"""ReconcileService: what an upper tier has stored, compared with the digests of whoever told it so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from google.protobuf.message import DecodeError

from jukinet.model.reason import Reason
from jukinet.model.stream import Stream
from jukinet.node.act import accepted
from jukinet.refusal import Refusal
from jukinet.store import audit, digests, journal, register
from jukinet.store.database import Connection
from jukinet.v1 import identification_pb2, reconcile_pb2, reconcile_pb2_grpc, relay_pb2
from jukinet.wire import gate
from jukinet.wire.call import Call, current
from jukinet.wire.server import Context, Service

if TYPE_CHECKING:
    from jukinet.node.node import Node

KIND = int(relay_pb2.STREAM_KIND_IDENTIFICATION)


class ReconcileServicer(reconcile_pb2_grpc.ReconcileServiceServicer):
    """ReconcileService of an upper tier."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def CompareBuckets(
        self, request: reconcile_pb2.CompareBucketsRequest, context: Context
    ) -> reconcile_pb2.CompareBucketsResponse:
        """整合: which ranges differ."""
        call, point = current(), request.point
        given = digests.split(request.digests)
        if not 1 <= len(given) <= digests.MOST_BUCKETS or len(given[-1]) != digests.SIZE:
            raise Refusal(Reason.FIELD_OUT_OF_RANGE, call.article, field="digests")
        with self._at(call, point) as db:
            leaves = digests.read(digests.live_rows(db, point.area_code))
        own = digests.split(digests.digests(leaves, len(given)))
        differing = [number for number, (a, b) in enumerate(zip(given, own, strict=True)) if a != b]
        sizes = [end - begin for begin, end in (leaves.bucket(number, len(given)) for number in differing)]
        self._note(call)
        return reconcile_pb2.CompareBucketsResponse(differing=differing, sizes=sizes, records=len(leaves))

    def CompareRecords(
        self, request: reconcile_pb2.CompareRecordsRequest, context: Context
    ) -> reconcile_pb2.CompareRecordsResponse:
        """整合: which records differ."""
        call, point, count = current(), request.point, request.bucket_count
        if not 1 <= count <= digests.MOST_BUCKETS or any(one.bucket >= count for one in request.buckets):
            raise Refusal(Reason.FIELD_OUT_OF_RANGE, call.article, field="buckets")
        given = {leaf for one in request.buckets for leaf in digests.split(one.leaves)}
        with self._at(call, point) as db:
            rows = [
                row
                for one in request.buckets
                for row in digests.live_rows(db, point.area_code, *digests.bounds(one.bucket, count))
            ]
        stored = {digests.leaf(row): row for row in rows}
        extra = [row for leaf, row in stored.items() if leaf not in given]
        unfounded = self._unfounded(point.area_code, [row[0] for row in extra])
        if request.mend:
            self._drop(point.area_code, [row for row in extra if row[0] in unfounded])
        self._note(call)
        return reconcile_pb2.CompareRecordsResponse(
            lacking=b"".join(sorted(given - stored.keys())),
            held=[
                reconcile_pb2.HeldRecord(
                    identification=_read(point.area_code, code, body),
                    person_sequence=sequence,
                    unfounded=code in unfounded,
                )
                for code, sequence, body in extra
            ],
        )

    @contextmanager
    def _at(self, call: Call, point: reconcile_pb2.StreamPoint) -> Iterator[Connection]:
        """The register, as of exactly this point of the area's stream; refused if it stands elsewhere."""
        self._require_own(call, point.area_code)
        self._require_point(call, point)
        self._node.read_own_writes()
        with self._node.register.read() as db:
            db.execute("BEGIN")
            try:
                yield db
            finally:
                db.execute("ROLLBACK")
        self._require_point(call, point)

    def _require_own(self, call: Call, area_code: str) -> None:
        """Only whoever tells this node about an area may compare it."""
        assert call.caller is not None
        directory = self._node.directory.current
        parent = directory.parent_of(call.path)
        carried = gate.speaks_for(call.caller, area_code)
        if call.caller.kind == "prefecture":
            child = gate.node_of(area_code, directory)
            above = directory.parent_of(child) if child else None
            carried = above is not None and above.path == call.path
        if not carried or parent is None or parent.path != self._node.config.path:
            raise Refusal(Reason.ORIGIN_NOT_CARRIED, call.article)

    def _require_point(self, call: Call, point: reconcile_pb2.StreamPoint) -> None:
        with self._node.journal.read() as db:
            standing = journal.standing(db, Stream(point.area_code, KIND))
        here = (standing.epoch, standing.next_number - 1) if standing else (point.epoch, 0)
        if here != (point.epoch, point.through_number):
            raise Refusal(Reason.RECONCILE_MOVED, call.article)

    def _unfounded(self, area_code: str, codes: Sequence[int]) -> set[int]:
        """Codes that no notice of the area ever mentioned."""
        if not codes:
            return set()
        with self._node.journal.read() as db:
            return set(codes) - digests.mentioned(db, Stream(area_code, KIND))

    def _drop(self, area_code: str, rows: Sequence[digests.Row]) -> None:
        """What rests on no notice is an error of the file; the count of the area is made anew with it."""
        today = self._node.clock.today()
        self._node.register.write(lambda db: register.drop_unfounded(db, area_code, rows, today))

    def _note(self, call: Call) -> None:
        self._node.journal.write(lambda db: audit.append(db, self._node.clock, accepted(call, None, ())))


def _read(area_code: str, code: int, body: bytes) -> identification_pb2.Identification:
    """The stored record; of one that can be read no more, whose it is."""
    try:
        return identification_pb2.Identification.FromString(body)
    except DecodeError:
        return identification_pb2.Identification(resident_code=f"{code:011d}", area_code=area_code)


def reconcile_service(node: Node) -> Service:
    """ReconcileService, ready to be served."""
    servicer = ReconcileServicer(node)
    return Service(
        "jukinet.v1.ReconcileService",
        lambda server: reconcile_pb2_grpc.add_ReconcileServiceServicer_to_server(servicer, server),
    )
