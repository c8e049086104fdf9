"""An office of a test's network: asks for 本人確認情報 with a certificate of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from jukinet.testing.door import SEX, Day, day
from jukinet.v1 import counter_pb2, provision_pb2, provision_pb2_grpc, search_pb2

if TYPE_CHECKING:
    from jukinet.testing.network import Juki

STUB = provision_pb2_grpc.ProvisionServiceStub


def criteria(
    name: str = "", birth_date: Day = None, sex: str = "", *, number: str = "", code: str = "", address: str = ""
) -> search_pb2.SearchCriteria:
    """Whom: by name, birth date and sex, by number, or by code."""
    return search_pb2.SearchCriteria(
        name=name, birth_date=day(birth_date), sex=SEX[sex], individual_number=number, resident_code=code,
        address_prefix=address,
    )  # fmt: skip


def by_items(record: counter_pb2.ResidentRecord) -> search_pb2.SearchCriteria:
    """Name, birth date and sex, as recorded."""
    one = record.identification
    return search_pb2.SearchCriteria(name=one.name, birth_date=one.birth_date, sex=one.sex)


class OfficeDoor:
    """What an office may ask, at whatever node. A refusal is raised as `Refused`; see `Juki.refused`."""

    def __init__(self, juki: Juki, office_id: str, affair: str) -> None:
        self.juki = juki
        self.id = office_id
        self.affair = affair

    def provide_identification(
        self, whom: search_pb2.SearchCriteria, *, at: str = "機構", case: str = "case-1", **operation: str
    ) -> provision_pb2.ProvideIdentificationResponse:
        """即時提供."""
        found: provision_pb2.ProvideIdentificationResponse = self.call(
            at, "ProvideIdentification", self.question(whom, case, **operation)
        )
        return found

    def provide_bulk(
        self, whom: Sequence[search_pb2.SearchCriteria], *, at: str = "機構", case: str = "case-1", **operation: str
    ) -> provision_pb2.ProvideBulkResponse:
        """一括提供, one page."""
        found: provision_pb2.ProvideBulkResponse = self.call(
            at,
            "ProvideBulk",
            provision_pb2.ProvideBulkRequest(
                operation=self.operation(**operation),
                purpose=self.purpose(case),
                questions=[
                    provision_pb2.BulkQuestion(reference=str(number), criteria=one)
                    for number, one in enumerate(whom, start=1)
                ],
            ),
        )
        return found

    def provide_via_governor(
        self, governor: str, question: provision_pb2.ProvideIdentificationRequest, provider: str = ""
    ) -> None:
        """都道府県知事を経た求め."""
        request = provision_pb2.ProvideViaGovernorRequest(
            request_id=self.juki.new_id(), question=question, provider=provider
        )
        self.call(governor, "ProvideViaGovernor", request)

    def question(
        self, whom: search_pb2.SearchCriteria, case: str = "case-1", **operation: str
    ) -> provision_pb2.ProvideIdentificationRequest:
        """A question about one person."""
        return provision_pb2.ProvideIdentificationRequest(
            operation=self.operation(**operation), purpose=self.purpose(case), criteria=whom
        )

    def purpose(self, case: str) -> provision_pb2.ProvisionPurpose:
        """For which 事務."""
        return provision_pb2.ProvisionPurpose(affair=self.affair, case_number=case)

    def operation(self, **operation: str) -> counter_pb2.Operation:
        """Who asks, and why; what is left out is made up."""
        given = {
            "request_id": self.juki.new_id(), "verification_id": "v-1", "operator_id": "o-1", "reason": "審査",
            **operation,
        }  # fmt: skip
        return counter_pb2.Operation(**given)

    def call(self, at: str, method: str, request: Any, stub: Any = STUB) -> Any:
        """Call an rpc of a node with a message of one's own."""
        path, _ = self.juki.find(at)
        client = self.juki.client(f"office/{self.id}", path, self.juki.network.nodes[path].listener.address)
        return client.call(stub, method, request)


class Offices:
    """Mixed into Juki."""

    def office(self, office_id: str, affair: str) -> OfficeDoor:
        """An office that asks for 本人確認情報 for a 事務, e.g. ("japan-pension-service", "1-74")."""
        return OfficeDoor(cast("Juki", self), office_id, affair)
