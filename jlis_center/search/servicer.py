"""SearchService: answered to the mayor alone, as a signed batch that both keep."""

from __future__ import annotations

from jlis_center.search import acts
from jukinet.model.identification import Hit
from jukinet.model.provision import REGISTER_AFFAIR, Field, Result
from jukinet.model.reason import Reason
from jukinet.model.stream import Keys, Stream
from jukinet.node.act import MOST_ID, Done, accepted, perform
from jukinet.node.answering import say
from jukinet.node.node import Node
from jukinet.node.provision import entry
from jukinet.refusal import Refusal
from jukinet.store import answers, audit, journal
from jukinet.store.database import Connection
from jukinet.store.provided import Subjects
from jukinet.v1 import audit_pb2, provision_pb2, relay_pb2, search_pb2_grpc
from jukinet.v1 import search_pb2 as pb
from jukinet.wire import convert_abroad
from jukinet.wire.call import Call, current
from jukinet.wire.server import Context, Service

KIND = int(relay_pb2.STREAM_KIND_SEARCH_ANSWER)
SEARCH = "/jukinet.v1.SearchService/SearchIdentification"
A_PAGE = 20
MOST_NUMBER = (1 << 63) - 1


class SearchServicer(search_pb2_grpc.SearchServiceServicer):
    """SearchService of J-LIS."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def SearchIdentification(
        self, request: pb.SearchIdentificationRequest, context: Context
    ) -> pb.SearchIdentificationResponse:
        """A mayor's question: answered, or sent to the governor without a word of whom it is about."""
        call, asker = current(), _asker(current())
        _require_id(call)
        if not self._answered(call):
            hits, more = self._search(request)
            if acts.goes_via_governor(asker, hits):
                # Not kept: once the governor has passed the question on, the same request_id gets the answer.
                self._node.journal.write(lambda db: audit.append(db, self._node.clock, accepted(call, None, ())))
                return pb.SearchIdentificationResponse(outcome=pb.SEARCH_OUTCOME_VIA_GOVERNOR)
        else:
            hits, more = [], False
        return perform(
            self._node.journal, self._node.clock, call, pb.SearchIdentificationResponse,
            lambda db: Done(
                self._answer(db, asker, hits, more), number_access=_hold_number(hits),
                provision=self._told(call.path, "", hits, subjects := _subjects(hits)), provided=subjects,
            ),
        )  # fmt: skip

    def PassOnSearch(self, request: pb.PassOnSearchRequest, context: Context) -> pb.PassOnSearchResponse:
        """A governor brings a mayor's question: the answer is said to the mayor, and waits there for the repeat."""
        call, directory = current(), self._node.directory.current
        mayor = f"municipality/{request.municipality}"
        parent = directory.parent_of(mayor) if directory.find(mayor) else None
        if parent is None or parent.path != call.path:
            raise Refusal(Reason.NOT_YOUR_MUNICIPALITY, call.article)
        asked = Call(SEARCH, request.search)
        _require_id(asked)
        hits, more = self._search(request.search)

        def pass_on(db: Connection) -> Done:
            if answers.find(db, mayor, asked.request_id, SEARCH, asked.digest) is None:
                answer = self._answer(db, request.municipality, hits, more).SerializeToString()
                answers.keep(db, mayor, asked.request_id, SEARCH, asked.digest, answer, self._node.clock.today())
            subjects = _subjects(hits)
            return Done(
                pb.PassOnSearchResponse(), number_access=_hold_number(hits),
                provision=self._told(mayor, call.path, hits, subjects), provided=subjects,
            )  # fmt: skip

        return perform(self._node.journal, self._node.clock, call, pb.PassOnSearchResponse, pass_on)

    def CollectSearchAnswers(
        self, request: pb.CollectSearchAnswersRequest, context: Context
    ) -> pb.CollectSearchAnswersResponse:
        """The batches that were said to this mayor, from a number on."""
        call = current()
        stream, following = Stream(self._node.identity.name, KIND, _asker(call)), min(request.from_number, MOST_NUMBER)
        answer = pb.CollectSearchAnswersResponse()
        with self._node.journal.read() as db:
            standing = journal.standing(db, stream)
            while standing is not None and len(answer.batches) < A_PAGE:
                envelope = journal.batch_from(db, stream, standing.epoch, max(1, following))
                if envelope is None:
                    break
                answer.batches.append(envelope.batch)
                following = envelope.header.last_number + 1
        self._node.journal.write(lambda db: audit.append(db, self._node.clock, accepted(call, None, ())))
        return answer

    def _told(self, mayor: str, via: str, hits: list[Hit], subjects: Subjects) -> bytes:
        """What the log says of a search: a list of hits, or one record that was consulted."""
        fields = [pb_field(field) for field in Field]
        call = current()
        return entry.serialized(
            audit_pb2.ProvisionEntry(
                provider=self._node.config.path, office=mayor, via=via, affair=REGISTER_AFFAIR,
                form=provision_pb2.PROVISION_FORM_IMMEDIATE, given=fields if hits else (), asked=len(subjects),
                provided=len(hits), subjects_root=subjects.root(), question=call.digest,
            )
        )  # fmt: skip

    def _answered(self, call: Call) -> bool:
        with self._node.journal.read() as db:
            return answers.find(db, call.path, call.request_id, call.method, call.digest) is not None

    def _search(self, request: pb.SearchIdentificationRequest) -> tuple[list[Hit], bool]:
        criteria = convert_abroad.criteria(request.criteria)
        self._node.read_own_writes()
        with self._node.register.read() as db:
            return acts.search(db, criteria)

    def _answer(self, db: Connection, asker: str, hits: list[Hit], more: bool) -> pb.SearchIdentificationResponse:
        if not hits:
            return pb.SearchIdentificationResponse(outcome=pb.SEARCH_OUTCOME_NONE)
        today = self._node.clock.today()
        said = [
            (
                convert_abroad.hit_message(acts.with_article(asker, hit, today)).SerializeToString(),
                Keys(int(hit.person.resident_code)),
            )
            for hit in hits
        ]
        outcome = pb.SEARCH_OUTCOME_SEVERAL if len(hits) > 1 else pb.SEARCH_OUTCOME_FOUND
        batch = say(self._node, db, Stream(self._node.identity.name, KIND, asker), said)
        return pb.SearchIdentificationResponse(outcome=outcome, batch=batch, truncated=more)


def pb_field(field: Field) -> provision_pb2.IdentificationField.ValueType:
    """An item for the wire."""
    return provision_pb2.IdentificationField.ValueType(field)


def _subjects(hits: list[Hit]) -> Subjects:
    """Who was told of: of several each is a hit, one alone was consulted."""
    if not hits:
        return Subjects.pack([(0, Result.NONE)])
    alone = Result.FOUND if hits[0].live else Result.REMOVED
    return Subjects.pack([(int(hit.person.resident_code), alone if len(hits) == 1 else Result.HIT) for hit in hits])


def _hold_number(hits: list[Hit]) -> bool:
    return any(hit.person.individual_number for hit in hits)


def _require_id(call: Call) -> None:
    if not 1 <= len(call.request_id) <= MOST_ID:
        raise Refusal(Reason.REQUEST_ID_MISSING, call.article)


def _asker(call: Call) -> str:
    assert call.caller is not None
    return call.caller.name


def search_service(node: Node) -> Service:
    """SearchService, ready to be served."""
    servicer = SearchServicer(node)
    return Service(
        "jukinet.v1.SearchService",
        lambda server: search_pb2_grpc.add_SearchServiceServicer_to_server(servicer, server),
    )
