"""Looking at the register: what was consulted, by whom and why, stands in the audit before it is shown."""

from __future__ import annotations

from google.protobuf.message import Message

from jukinet.clock import from_micros
from jukinet.model.reason import Reason
from jukinet.node.act import accepted, require_complete, shows_number
from jukinet.node.node import Node
from jukinet.refusal import Refusal
from jukinet.store import audit, journal, ledger, links
from jukinet.store.database import Connection
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import relay_pb2
from jukinet.wire import convert
from jukinet.wire.call import Call
from municipality_node import store
from municipality_node.store import Resident
from municipality_node.tasks import store as task_store
from municipality_node.tasks.store import TaskKind

MOST = 1_000
_KINDS = {
    TaskKind.INDIVIDUAL_NUMBER: pb.TASK_KIND_INDIVIDUAL_NUMBER,
    TaskKind.CODE_REFILL: pb.TASK_KIND_CODE_REFILL,
    TaskKind.NUMBER_CHANGE: pb.TASK_KIND_NUMBER_CHANGE,
}


def get_resident(node: Node, call: Call, request: pb.GetResidentRequest) -> pb.GetResidentResponse:
    """One 住民票."""
    node.read_own_writes()
    with node.journal.read() as db:
        found = store.resident(db, request.resident_id)
        if found is None:
            raise Refusal(Reason.RESIDENT_NOT_FOUND, call.article)
        message = record(found, store.head_name(db, found.household_id))
    _withhold(message, call, request.without_numbers)
    answer = pb.GetResidentResponse(resident=message)
    note(node, call, request.operation, [found.id], answer)
    return answer


def list_residents(node: Node, call: Call, request: pb.ListResidentsRequest) -> pb.ListResidentsResponse:
    """A page of 住民票, in order of number."""
    node.read_own_writes()
    size, after = page(request.page_size, request.page_token, call)
    with node.journal.read() as db:
        found = store.page(db, after, size, min(request.household_id, store.MOST_ID), request.state)
        heads = {h: store.head_name(db, h) for h in {resident.household_id for resident in found}}
    following = str(found[-1].id) if len(found) == size else ""
    records = [record(resident, heads[resident.household_id]) for resident in found]
    for message in records:
        _withhold(message, call, request.without_numbers)
    answer = pb.ListResidentsResponse(residents=records, next_page_token=following)
    note(node, call, request.operation, [resident.id for resident in found], answer)
    return answer


def list_tasks(node: Node, call: Call, request: pb.ListTasksRequest) -> pb.ListTasksResponse:
    """未付番 and other things that wait, 転入通知 that were not delivered, and what came and could not be used."""
    size, after = page(request.page_size, request.page_token, call)
    with node.journal.read() as db:
        tasks = task_store.tasks(db, after, size)
        undelivered = [] if after else _undelivered(db)
        leaving = [] if after else store.all_leaving(db)
        aside = [] if after else _set_aside(db)
    note(node, call, request.operation, [])
    messages = [
        pb.Task(
            kind=_KINDS[task.kind],
            resident_id=task.resident_id,
            count=task.count,
            virtual_time=convert.timestamp(from_micros(task.virtual_time)),
            last_fault=task.last_fault,
        )
        for task in tasks
    ]
    planned = [pb.Task(kind=pb.TASK_KIND_PLANNED_MOVE_OUT, resident_id=resident.id) for resident in leaving]
    following = str(tasks[-1].id) if len(tasks) == size else ""
    return pb.ListTasksResponse(tasks=[*undelivered, *aside, *planned, *messages], next_page_token=following)


def _undelivered(db: Connection) -> list[pb.Task]:
    """転入通知 that the municipality that was left has not acknowledged."""
    found = []
    for peer in links.peers_owed(db):
        for cursor in links.owed(db, peer):
            if cursor.stream.kind != relay_pb2.STREAM_KIND_MOVE_IN_NOTICE:
                continue
            standing = journal.standing(db, cursor.stream)
            count = standing.next_number - cursor.next_number if standing else 0
            found.append(
                pb.Task(
                    kind=pb.TASK_KIND_MOVE_IN_NOTICE,
                    count=count,
                    counterpart=cursor.stream.counterpart,
                    last_fault=cursor.stopped,
                )
            )
    return found


def _set_aside(db: Connection) -> list[pb.Task]:
    """Notices that could not be used; nothing of what they say, for it may concern somebody else."""
    return [
        pb.Task(
            kind=pb.TASK_KIND_NOTICE_SET_ASIDE,
            count=one.records,
            counterpart=one.origin,
            virtual_time=convert.timestamp(from_micros(one.virtual_time)) if one.virtual_time else None,
            last_fault=one.reason,
            notice=relay_pb2.StreamKind.ValueType(one.kind),
            position=one.position,
            index=one.record,
        )
        for one in ledger.set_aside(db, MOST)
    ]


def record(resident: Resident, head_name: str) -> pb.ResidentRecord:
    """The 住民票 as the counter sees it."""
    return pb.ResidentRecord(
        resident_id=resident.id,
        household_id=resident.household_id,
        identification=convert.identification_message(resident.person),
        relationship=resident.relationship,
        head_name=head_name,
        resident_since=convert.day_message(resident.resident_since),
        birth_date_text=resident.birth_date_text,
        state=convert.enum(resident.state),
        removal_reason=convert.enum(resident.removal_reason),
        removal_date=convert.day_message(resident.removal_date),
        planned_destination=resident.planned_destination,
        confirmed_destination=resident.confirmed_destination,
        confirmed_move_out_date=convert.day_message(resident.confirmed_move_out_date),
        former_address=resident.former_address,
        person_sequence=resident.person_sequence,
    )


def _withhold(message: pb.ResidentRecord, call: Call, unwanted: bool) -> None:
    """Leave out a 個人番号 that is not wanted or may not be seen, and say that there is one."""
    if message.identification.individual_number and (unwanted or not call.sees_numbers):
        message.individual_number_withheld = True
        message.identification.individual_number = ""


def page(size: int, token: str, call: Call) -> tuple[int, int]:
    """Size of a page, and the number behind which it begins."""
    if token and not (token.isascii() and token.isdecimal() and len(token) < 19):
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, call.article, field="page_token")
    return min(size if size > 0 else MOST, MOST), int(token or "0")


def note(node: Node, call: Call, operation: pb.Operation, subjects: list[int], answer: Message | None = None) -> None:
    """Write down that somebody looked, at whose records, and whether `answer` shows a 個人番号."""
    who = convert.operation(operation)
    require_complete(who, call.article)
    shown = answer is not None and shows_number(call, answer)
    node.journal.write(lambda db: audit.append(db, node.clock, accepted(call, who, subjects, shown)))
