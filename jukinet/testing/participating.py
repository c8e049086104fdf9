"""Who takes part in a test's network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jukinet.model.participation import Mode
from jukinet.v1 import participation_pb2 as pb
from jukinet.v1 import participation_pb2_grpc

if TYPE_CHECKING:
    from jukinet.stack.network import Network
    from jukinet.testing.counter import Counter
    from jukinet.wire.client import Client

STUB = participation_pb2_grpc.ParticipationDrillServiceStub


class Participating:
    """Mixed into Juki."""

    network: Network

    def participation(self, name: str, mode: str) -> int:
        """Let a municipality take part "full", "outside" or "selective"; how many records it tells anew."""
        code, records = self.find(name)[0].rpartition("/")[2], 0
        request = pb.SetParticipationRequest(area_code=code, mode=Mode[mode.upper()].value)  # type: ignore[arg-type]
        for path in self.network.nodes:
            records += self.console(path).call(STUB, "SetParticipation", request).records
        self.settle()
        return records

    def post(self) -> int:
        """Carry every 転入通知 on paper to where it is addressed, and let a clerk enter it; how many."""
        count = 0
        for path in [path for path in self.network.nodes if path.startswith("municipality/")]:
            for paper in self[path].list_paper_notices():
                self[paper.counterpart].enter_paper_move_in_notice(paper.notice)
                self[path].post_paper_notice(paper.paper_notice_id)
                count += 1
        self.settle()
        return count

    if TYPE_CHECKING:

        def __getitem__(self, name: str) -> Counter: ...

        def find(self, name: str) -> tuple[str, str]: ...

        def console(self, name: str) -> Client: ...

        def settle(self, seconds: float = 30.0) -> None: ...
