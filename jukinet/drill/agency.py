"""An agency of a replay: asks with a certificate of its own, in each of the three forms."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jukinet.clock import real_now
from jukinet.model import appended_table
from jukinet.model.appended_table import SNAPSHOTS
from jukinet.pki.authority import Credential
from jukinet.pki.keyring import Keyring
from jukinet.pki.signing import Signer
from jukinet.v1 import counter_pb2, medium_pb2, medium_pb2_grpc, provision_pb2, provision_pb2_grpc, search_pb2
from jukinet.wire import medium
from jukinet.wire.client import Client

STUB = provision_pb2_grpc.ProvisionServiceStub
BULK_SECONDS = 60.0
CENTER = "jlis/center"


class Agency:
    """One office with one 事務; `folder` holds its key, `reader` is the certificate of J-LIS, for media."""

    def __init__(self, office_id: str, affair_id: str, client: Client, folder: Path, reader: bytes) -> None:
        self._purpose = provision_pb2.ProvisionPurpose(affair=affair_id, case_number="")
        self._client = client
        self._folder = folder
        self._reader = reader
        self._office_id = office_id
        row = appended_table.find(affair_id, SNAPSHOTS[0])
        self.by_number = row is not None and row.number_item != "no"

    def ask(self, name: str, whom: search_pb2.SearchCriteria) -> None:
        """即時提供."""
        request = provision_pb2.ProvideIdentificationRequest(
            operation=_operation(name), purpose=self._for(name), criteria=whom
        )
        self._client.call(STUB, "ProvideIdentification", request)

    def send_page(self, name: str, whom: Sequence[search_pb2.SearchCriteria]) -> None:
        """電気通信回線による一括提供, one page."""
        self._client.call(STUB, "ProvideBulk", self._page(name, whom), BULK_SECONDS)

    def send_medium(self, center: Client, name: str, whom: Sequence[search_pb2.SearchCriteria]) -> None:
        """磁気媒体: written and signed here, loaded by J-LIS, read here."""
        own = Credential.load(self._folder, "node")
        keyring = Keyring((self._folder / "root.pem").read_bytes())
        part = medium_pb2.MediumPart(number=1, parts=1, reader=CENTER, request=self._page(name, whom))
        written = medium.write(part, Signer(own.key_pem, own.certificate_der), self._reader)
        request = medium_pb2.LoadMediumRequest(part=written)
        answer = center.call(medium_pb2_grpc.MediumDrillServiceStub, "LoadMedium", request, BULK_SECONDS)
        told, signer, _ = medium.read(answer.part, own, keyring, real_now())
        if signer.path != CENTER or len(told.response.answers) != len(whom):
            raise medium.MediumFault("not the answers of J-LIS to this medium")

    def _page(self, name: str, whom: Sequence[search_pb2.SearchCriteria]) -> provision_pb2.ProvideBulkRequest:
        return provision_pb2.ProvideBulkRequest(
            operation=_operation(name),
            purpose=self._for(name),
            questions=[provision_pb2.BulkQuestion(reference=str(n), criteria=one) for n, one in enumerate(whom)],
        )

    def _for(self, name: str) -> provision_pb2.ProvisionPurpose:
        return provision_pb2.ProvisionPurpose(affair=self._purpose.affair, case_number=name)


def _operation(name: str) -> counter_pb2.Operation:
    return counter_pb2.Operation(request_id=name, verification_id="v-replay", operator_id="o-replay", reason="再現")
