"""本人確認情報の照会: a clerk asks, J-LIS answers, directly or after the governor has passed the question on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from jukinet.law import abroad
from jukinet.law.basis import article
from jukinet.model.confirmation import Inquiry, Searched
from jukinet.model.identification import Criteria, Hit
from jukinet.model.reason import Reason
from jukinet.model.stream import Stream, name_key
from jukinet.node.act import MOST_ID, Done, perform, require_complete
from jukinet.node.answering import look_up
from jukinet.node.node import Node
from jukinet.pki.signing import sha256
from jukinet.refusal import Refusal
from jukinet.store import answers, journal
from jukinet.store.database import Connection
from jukinet.store.projector import open_payload
from jukinet.v1 import abroad_pb2 as pb
from jukinet.v1 import relay_pb2, search_pb2, search_pb2_grpc
from jukinet.wire import convert, convert_abroad
from jukinet.wire.call import Call
from municipality_node.abroad import store
from municipality_node.desk import Desk, ask

CENTER = "jlis/center"
KIND = int(relay_pb2.STREAM_KIND_SEARCH_ANSWER)
KEPT_DAYS = 1
"""A hit is used on the day of the inquiry or the day after."""


def inquire_identification(
    node: Node, call: Call, request: pb.InquireIdentificationRequest
) -> pb.InquireIdentificationResponse:
    """照会. The same request_id gives the same answer and asks nobody again."""
    operation = convert.operation(request.operation)
    require_complete(operation, call.article)
    try:
        if not 1 <= len(call.request_id) <= MOST_ID:
            raise Refusal(Reason.REQUEST_ID_MISSING)
        wanted = convert_abroad.criteria(request.criteria)
        ask(
            abroad.search_keys(
                wanted.resident_code, wanted.individual_number, wanted.name, wanted.birth_date, wanted.sex
            )
        )
        told = search_pb2.SearchIdentificationResponse()
        hits: list[Hit] = []
        via_governor = False
        if not _answered(node, call):
            told, hits, via_governor = _inquire(node, call, request.criteria)
    except Refusal as refusal:
        refusal.article = refusal.article or call.article
        raise

    def work(db: Connection) -> Done:
        today = node.clock.today()
        store.forget_inquiries(db, _since(today))
        store.finish_search(db, _request_id(call))
        shown = [convert_abroad.hit_message(hit) for hit in hits]
        return Done(
            pb.InquireIdentificationResponse(
                inquiry_id=store.keep_inquiry(
                    db, today, hits, operator_id=operation.operator_id, searched=searched_by(wanted),
                    about=name_key(wanted.name, wanted.birth_date, wanted.sex) if wanted.name else 0,
                    truncated=told.truncated,
                ),
                outcome=told.outcome, hits=shown, truncated=told.truncated, via_governor=via_governor,
            )
        )  # fmt: skip

    return perform(node.journal, node.clock, call, pb.InquireIdentificationResponse, work, operation)


def searched_by(wanted: Criteria) -> list[Searched]:
    """By what it searches."""
    given = (
        (Searched.RESIDENT_CODE, wanted.resident_code),
        (Searched.INDIVIDUAL_NUMBER, wanted.individual_number),
        (Searched.NAME_BIRTH_DATE_SEX, wanted.name),
        (Searched.ADDRESS, wanted.address_prefix),
    )
    return [kind for kind, value in given if value]


def find_inquiry(desk: Desk, inquiry_id: int) -> Inquiry:
    """An inquiry made today or yesterday."""
    found = store.inquiry(desk.db, inquiry_id, _since(desk.today))
    if found is None:
        raise Refusal(Reason.INQUIRY_NOT_FOUND)
    return found


def find_hit(desk: Desk, inquiry_id: int, number: int) -> Hit:
    """A hit of an inquiry made today or yesterday."""
    found = store.hit(desk.db, inquiry_id, number, _since(desk.today))
    if found is None:
        raise Refusal(Reason.INQUIRY_NOT_FOUND)
    return found


def _since(today: date) -> date:
    return today - timedelta(days=KEPT_DAYS)


def _answered(node: Node, call: Call) -> bool:
    with node.journal.read() as db:
        return answers.find(db, call.path, call.request_id, call.method, call.digest) is not None


def _request_id(call: Call) -> str:
    """J-LIS knows the mayor alone, so clerks must not share their ids."""
    return sha256(f"{call.path}\0{call.request_id}".encode()).hex()


def _inquire(
    node: Node, call: Call, criteria: search_pb2.SearchCriteria
) -> tuple[search_pb2.SearchIdentificationResponse, list[Hit], bool]:
    """Ask, and take the answer; one that does not arrive is fetched later, whether or not the clerk asks again."""
    asked = search_pb2.SearchIdentificationRequest(request_id=_request_id(call), criteria=criteria)
    node.journal.write(lambda db: store.note_search(db, asked.request_id))
    try:
        told, via_governor = _search(node, call, asked)
        return told, _taken(node, call, told.batch) if told.HasField("batch") else [], via_governor
    except Exception:
        node.journal.write(lambda db: store.lose_search(db, asked.request_id))
        raise


def _search(
    node: Node, call: Call, asked: search_pb2.SearchIdentificationRequest
) -> tuple[search_pb2.SearchIdentificationResponse, bool]:
    """J-LIS's answer, and whether it took the governor. The mayor cannot know beforehand whether it will."""
    told = _ask_center(node, call, asked)
    if told.outcome != search_pb2.SEARCH_OUTCOME_VIA_GOVERNOR:
        return told, False
    call.rule = "search_via_governor"
    call.article = article(call.rule, node.clock.today())
    governor = node.directory.current.parent_of(node.config.path)
    if governor is None:
        raise Refusal(Reason.PEER_UNREACHABLE)
    passed = search_pb2.SearchViaGovernorRequest(request_id=asked.request_id, search=asked)
    stub = search_pb2_grpc.GovernorSearchServiceStub
    look_up(node, governor.path, stub, "SearchViaGovernor", passed, call.article)
    told = _ask_center(node, call, asked)
    if told.outcome == search_pb2.SEARCH_OUTCOME_VIA_GOVERNOR:
        raise Refusal(Reason.PEER_UNREACHABLE)
    return told, True


def _ask_center(
    node: Node, call: Call, asked: search_pb2.SearchIdentificationRequest
) -> search_pb2.SearchIdentificationResponse:
    stub = search_pb2_grpc.SearchServiceStub
    answer: search_pb2.SearchIdentificationResponse = look_up(
        node, CENTER, stub, "SearchIdentification", asked, call.article
    )
    return answer


def _taken(node: Node, call: Call, batch: relay_pb2.Batch) -> list[Hit]:
    """The hits of an answer that is in the journal. Answers before it that were lost on the way are fetched first."""
    try:
        node.receiver.take_answer(CENTER, KIND, batch)
    except Refusal as refusal:
        if refusal.reason is not Reason.CHAIN_BROKEN:
            raise
        stub = search_pb2_grpc.SearchServiceStub
        collect(node, lambda missing: look_up(node, CENTER, stub, "CollectSearchAnswers", missing, call.article))
        node.receiver.take_answer(CENTER, KIND, batch)
    opened = open_payload(journal.Envelope.of(batch))
    if opened.fault is not None:
        raise Refusal(opened.fault)
    return [convert_abroad.hit(search_pb2.SearchHit.FromString(raw)) for raw in opened.records]


def collect(
    node: Node,
    ask_center: Callable[[search_pb2.CollectSearchAnswersRequest], search_pb2.CollectSearchAnswersResponse],
) -> None:
    """Fetch and journal what J-LIS said to this mayor and is not here."""
    stream = Stream("jlis", KIND, node.identity.name)
    while True:
        with node.journal.read() as db:
            standing = journal.standing(db, stream)
        request = search_pb2.CollectSearchAnswersRequest(from_number=standing.next_number if standing else 1)
        batches = ask_center(request).batches
        for batch in batches:
            node.receiver.take_answer(CENTER, KIND, batch)
        if not batches:
            return
