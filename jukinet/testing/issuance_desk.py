"""The issuance desk in a test."""

from __future__ import annotations

from collections.abc import Iterable

from jukinet.testing.door import SEX, Clerk, Day, day
from jukinet.v1 import issuance_pb2 as pb
from jukinet.v1 import issuance_pb2_grpc


class IssuanceDesk(Clerk):
    """IssuanceService."""

    def issue_wide_area_copy(
        self,
        area_code: str,
        requester_name: str,
        resident_code: str,
        *,
        proof: pb.IdentityProof.ValueType = pb.IDENTITY_PROOF_INDIVIDUAL_NUMBER_CARD,
        birth_date: Day = None,
        sex: str = "",
        member_names: Iterable[str] = (),
        whole_household: bool = False,
        with_relationship: bool = False,
        with_individual_number: bool = False,
        with_resident_code: bool = False,
        improper_purpose: bool = False,
        **operation: str,
    ) -> pb.IssueWideAreaCopyResponse:
        """広域交付: a copy of the 住民票 of a resident of another municipality."""
        request = pb.IssueWideAreaCopyRequest(
            operation=self._op(operation), area_code=area_code, requester_name=requester_name,
            resident_code=resident_code, proof=proof, birth_date=day(birth_date), sex=SEX[sex],
            member_names=member_names, whole_household=whole_household, with_relationship=with_relationship,
            with_individual_number=with_individual_number, with_resident_code=with_resident_code,
            improper_purpose=improper_purpose,
        )  # fmt: skip
        return self._ask(pb.IssueWideAreaCopyResponse, request, issuance_pb2_grpc.IssuanceServiceStub)
