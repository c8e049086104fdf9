"""What is set aside in a test's network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jukinet.v1 import drill_pb2, drill_pb2_grpc, quarantine_pb2_grpc
from jukinet.v1 import quarantine_pb2 as pb

if TYPE_CHECKING:
    from jukinet.stack.network import Network
    from jukinet.wire.client import Client

STUB = quarantine_pb2_grpc.QuarantineDrillServiceStub
POLICIES = {"quarantine": pb.ANOMALY_POLICY_QUARANTINE, "stop_link": pb.ANOMALY_POLICY_STOP_LINK}


class SettingAside:
    """Mixed into Juki."""

    network: Network

    if TYPE_CHECKING:

        def console(self, name: str) -> Client:
            """The drill's line to a node."""

        def new_id(self) -> str:
            """A request_id not used in this test."""

        def settle(self) -> None:
            """Wait until nothing moves that could."""

    def quarantine(self, name: str, *, with_settled: bool = False, page_size: int = 0) -> list[pb.QuarantinedRecord]:
        """What a node has set aside and nothing stands for; with `with_settled` also the rest."""
        found: list[pb.QuarantinedRecord] = []
        token = ""
        while True:
            request = pb.ListQuarantineRequest(page_size=page_size, page_token=token, with_settled=with_settled)
            page = self.console(name).call(STUB, "ListQuarantine", request)
            found += page.records
            if not (token := page.next_page_token):
                return found

    def release(self, name: str, position: int, index: int = -1, request_id: str = "") -> pb.ReleaseQuarantinedResponse:
        """Let a node examine again what it set aside; a whole batch without `index`."""
        request = pb.ReleaseQuarantinedRequest(request_id=request_id or self.new_id(), position=position, index=index)
        answer: Any = self.console(name).call(STUB, "ReleaseQuarantined", request)
        assert isinstance(answer, pb.ReleaseQuarantinedResponse)
        return answer

    def resync(self, name: str) -> drill_pb2.ResyncResponse:
        """Let a municipality send everything again in a new epoch, and wait for it."""
        request = drill_pb2.ResyncRequest(request_id=self.new_id())
        answer: drill_pb2.ResyncResponse = self.console(name).call(drill_pb2_grpc.DrillServiceStub, "Resync", request)
        self.settle()
        return answer

    def anomaly_policy(self, name: str, policy: str) -> str:
        """Set what a governor does with a faulty record, `stop_link` or `quarantine`; what was done before."""
        request = pb.SetAnomalyPolicyRequest(request_id=self.new_id(), policy=POLICIES[policy])
        before = self.console(name).call(STUB, "SetAnomalyPolicy", request).before
        return next(word for word, value in POLICIES.items() if value == before)
