"""What only a municipality can be told in a drill: ask for codes ahead, enter fictional households, send all again."""

from __future__ import annotations

from jukinet.clock import to_micros
from jukinet.law.area import keep_register
from jukinet.model.reason import Reason
from jukinet.node.act import Done, perform
from jukinet.node.node import Node
from jukinet.refusal import Refusal
from jukinet.store.database import Connection
from jukinet.v1 import drill_pb2
from jukinet.wire import convert
from jukinet.wire.call import Call
from municipality_node import store
from municipality_node.acts.area import absorb_residents, hand_over_residents
from municipality_node.acts.ex_officio import NewHousehold, load_households
from municipality_node.acts.full_transmission import send_all_again
from municipality_node.area import convert as convert_area
from municipality_node.desk import Desk, ask
from municipality_node.tasks import store as task_store
from municipality_node.tasks.store import TaskKind

A_PAGE, MOST_HANDED_OVER = 5_000, 500


class Drill:
    """The drill of one municipality."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def request_codes(self, call: Call, request: drill_pb2.RequestCodesRequest) -> drill_pb2.RequestCodesResponse:
        """Ask J-LIS until the pool holds as many codes; answers what it holds now."""
        if not 1 <= request.count <= 10_000_000:
            raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="count")
        node = self._node

        def work(db: Connection) -> Done:
            left = store.tally(db).get(store.POOL, 0)
            now = to_micros(node.clock.now())
            for start in range(left, request.count, A_PAGE):
                task_store.add_task(db, TaskKind.CODE_REFILL, now, count=min(A_PAGE, request.count - start))
            return Done(drill_pb2.RequestCodesResponse(code_pool=left))

        return perform(node.journal, node.clock, call, drill_pb2.RequestCodesResponse, work)

    def load_households(self, call: Call, request: drill_pb2.LoadHouseholdsRequest) -> drill_pb2.LoadHouseholdsResponse:
        """Enter a page of households."""
        node = self._node
        households = [
            NewHousehold(
                household.area_code,
                household.address,
                tuple(convert.new_person(person) for person in household.persons),
                convert.day(household.resident_since, "resident_since"),
            )
            for household in request.households
        ]
        if not 1 <= sum(len(household.persons) for household in households) <= A_PAGE:
            raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="households")

        def work(db: Connection) -> Done:
            count = load_households(Desk(db, node.clock, node.identity), households)
            return Done(drill_pb2.LoadHouseholdsResponse(persons=count))

        return perform(node.journal, node.clock, call, drill_pb2.LoadHouseholdsResponse, work)

    def resync(self, call: Call, request: drill_pb2.ResyncRequest) -> drill_pb2.ResyncResponse:
        """Open a new epoch of every identification stream of this node by full transmission."""
        node = self._node

        def work(db: Connection) -> Done:
            desk = Desk(db, node.clock, node.identity)
            ask(keep_register(node.identity.area_code, desk.today))
            return Done(drill_pb2.ResyncResponse(epoch=send_all_again(desk), records=desk.notices))

        return perform(node.journal, node.clock, call, drill_pb2.ResyncResponse, work)

    def hand_over_residents(
        self, call: Call, request: drill_pb2.HandOverResidentsRequest
    ) -> drill_pb2.HandOverResidentsResponse:
        """A page of the records for the municipality that this one has become."""
        node, after = self._node, convert_area.position(request.page_token)
        size = min(request.page_size or MOST_HANDED_OVER, MOST_HANDED_OVER)

        def work(db: Connection) -> Done:
            desk = Desk(db, node.clock, node.identity)
            found = hand_over_residents(desk, request.successor_area_code, after, size)
            following = str(found[-1].resident.id) if len(found) == size else ""
            answer = drill_pb2.HandOverResidentsResponse(
                residents=[convert_area.message(r, store.head_name(db, r.resident.household_id)) for r in found],
                next_page_token=following,
            )
            return Done(answer, [record.resident.id for record in found])

        return perform(node.journal, node.clock, call, drill_pb2.HandOverResidentsResponse, work)

    def absorb_residents(
        self, call: Call, request: drill_pb2.AbsorbResidentsRequest
    ) -> drill_pb2.AbsorbResidentsResponse:
        """Take over a page of the records of a municipality that has become this one."""
        node = self._node
        if not 1 <= len(request.residents) <= MOST_HANDED_OVER:
            raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="residents")
        records = [convert_area.handed_over(resident) for resident in request.residents]

        def work(db: Connection) -> Done:
            entered = absorb_residents(Desk(db, node.clock, node.identity), request.former_area_code, records)
            return Done(drill_pb2.AbsorbResidentsResponse(records=len(entered)), entered)

        return perform(node.journal, node.clock, call, drill_pb2.AbsorbResidentsResponse, work)
