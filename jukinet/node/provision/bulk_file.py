"""BulkFileService: a list of people comes in pages, each on disk before it is acknowledged, and is answered so."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from jukinet.model.provision import Form
from jukinet.model.reason import Reason
from jukinet.node.act import MOST_ID, accepted, require_complete
from jukinet.node.provision.acts import MOST_QUESTIONS
from jukinet.pki.signing import sha256
from jukinet.refusal import Refusal
from jukinet.store import audit, bulk_files
from jukinet.store.bulk_files import BulkFile
from jukinet.store.database import Connection
from jukinet.v1 import bulk_file_pb2 as pb
from jukinet.v1 import bulk_file_pb2_grpc, provision_pb2
from jukinet.wire import convert
from jukinet.wire.call import Call, current, set_current
from jukinet.wire.server import Context, Service

if TYPE_CHECKING:
    from jukinet.node.provision.servicer import ProvisionServicer

MOST_PAGES = 1_000
KEPT = timedelta(days=7)
ID = 32


class BulkFileServicer(bulk_file_pb2_grpc.BulkFileServiceServicer):
    """BulkFileService of one node."""

    def __init__(self, provision: ProvisionServicer) -> None:
        self._provision = provision
        self._node = provision.node

    def OpenBulkFile(self, request: pb.OpenBulkFileRequest, context: Context) -> pb.OpenBulkFileResponse:
        """Begin a file, once the law lets the office ask for the 事務 at all."""
        call, node = current(), self._node
        operation = convert.operation(request.operation)
        if not 1 <= len(operation.request_id) <= MOST_ID:
            raise Refusal(Reason.REQUEST_ID_MISSING, call.article)
        require_complete(operation, call.article)
        if not 1 <= request.pages <= MOST_PAGES:
            raise Refusal(Reason.FIELD_OUT_OF_RANGE, call.article, field="pages")
        self._provision.require(call, request.purpose, Form.LINE)
        file_id = sha256(f"{call.path}\0{operation.request_id}".encode()).hex()[:ID]
        header = request.SerializeToString(deterministic=True)

        def begin(db: Connection) -> None:
            bulk_files.forget(db, node.clock.today() - KEPT)
            kept = bulk_files.find(db, file_id)
            if kept is None:
                bulk_files.add(db, file_id, call.path, header, request.pages, node.clock.today())
                audit.append(db, node.clock, accepted(call, operation, ()))
            elif kept.header not in (header, b""):
                raise Refusal(Reason.REQUEST_ID_REUSED, call.article)

        node.journal.write(begin)
        return pb.OpenBulkFileResponse(file_id=file_id)

    def UploadBulkPage(self, request: pb.UploadBulkPageRequest, context: Context) -> pb.UploadBulkPageResponse:
        """Take a page."""
        call, today = current(), self._node.clock.today()
        if not 1 <= len(request.questions) <= MOST_QUESTIONS:
            raise Refusal(Reason.FIELD_OUT_OF_RANGE, call.article, field="questions")
        page = provision_pb2.ProvideBulkRequest(questions=request.questions).SerializeToString(deterministic=True)

        def take(db: Connection) -> int:
            file = self._open(db, call, request.file_id)
            if not 1 <= request.page <= file.pages:
                raise Refusal(Reason.FIELD_OUT_OF_RANGE, call.article, field="page")
            if not bulk_files.put(db, file.id, request.page, page, today):
                raise Refusal(Reason.REQUEST_ID_REUSED, call.article)
            return len(bulk_files.received(db, file.id))

        return pb.UploadBulkPageResponse(pages_received=self._node.journal.write(take))

    def GetBulkFile(self, request: pb.GetBulkFileRequest, context: Context) -> pb.GetBulkFileResponse:
        """How far it has come."""
        call = current()
        with self._node.journal.read() as db:
            file = self._own(db, call, request.file_id)
            return pb.GetBulkFileResponse(
                pages=file.pages, received=bulk_files.received(db, file.id),
                answered=bulk_files.answered(db, call.path, file.id), closed=file.closed,
            )  # fmt: skip

    def DownloadBulkPage(self, request: pb.DownloadBulkPageRequest, context: Context) -> pb.DownloadBulkPageResponse:
        """Answer a page."""
        call = current()
        with self._node.journal.read() as db:
            file = self._open(db, call, request.file_id)
            page = bulk_files.questions_of(db, file.id, request.page)
        if page is None:
            raise Refusal(Reason.BULK_FILE_NOT_FOUND, call.article)
        asked = provision_pb2.ProvideBulkRequest.FromString(page)
        header = pb.OpenBulkFileRequest.FromString(file.header)
        asked.operation.CopyFrom(header.operation)
        asked.operation.request_id = f"{file.id}/{request.page}"
        asked.purpose.CopyFrom(header.purpose)
        answered = Call(call.method, asked, call.caller, call.rule, call.article)
        set_current(answered)  # what is refused stands in the log as what was asked
        return pb.DownloadBulkPageResponse(page=self._provision.bulk(answered, asked, Form.LINE))

    def CloseBulkFile(self, request: pb.CloseBulkFileRequest, context: Context) -> pb.CloseBulkFileResponse:
        """Forget the questions."""
        call = current()

        def close(db: Connection) -> None:
            bulk_files.close(db, self._own(db, call, request.file_id).id)
            audit.append(db, self._node.clock, accepted(call, None, ()))

        self._node.journal.write(close)
        return pb.CloseBulkFileResponse()

    def _own(self, db: Connection, call: Call, file_id: str) -> BulkFile:
        file = bulk_files.find(db, file_id)
        if file is None or file.office != call.path:
            raise Refusal(Reason.BULK_FILE_NOT_FOUND, call.article)
        return file

    def _open(self, db: Connection, call: Call, file_id: str) -> BulkFile:
        file = self._own(db, call, file_id)
        if file.closed:
            raise Refusal(Reason.BULK_FILE_CLOSED, call.article)
        return file


def bulk_file_service(provision: ProvisionServicer) -> Service:
    """BulkFileService, ready to be served."""
    servicer = BulkFileServicer(provision)
    return Service(
        "jukinet.v1.BulkFileService",
        lambda server: bulk_file_pb2_grpc.add_BulkFileServiceServicer_to_server(servicer, server),
    )
