"""The live numbers of the page "Why", counted from what the nodes answer when somebody opens the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from threading import Lock
from typing import Any, TypeVar

from jukinet.console.texts import Text
from jukinet.console.why import NEEDS, TIERS, Evidence, Right, page
from jukinet.drill.trace import name_of
from jukinet.model.provision import Field
from jukinet.stack.fault import StackFault
from jukinet.stack.layout import parent_of
from jukinet.stack.reach import DRILL, Reach
from jukinet.v1 import audit_pb2 as audit
from jukinet.v1 import (
    audit_pb2_grpc,
    basis_pb2,
    drill_pb2,
    misuse_pb2,
    misuse_pb2_grpc,
    provision_pb2,
    statistics_pb2,
    statistics_pb2_grpc,
)
from jukinet.wire import basis, convert
from jukinet.wire.client import Refused

T = TypeVar("T")
SECONDS = 60.0
A_PAGE, A_MONTH = 1_000, timedelta(days=29)
MOST = 20_000
"""Entries of a journal, and rows of a log, that are read of each node: the last ones."""
LINES = 8
FISCAL_MONTH = 4
TIER_WORDS = {
    "municipality": Text("市区町村", "municipalities"),
    "prefecture": Text("都道府県", "prefectures"),
    "jlis": Text("機構", "J-LIS"),
}
SUSPICIONS = {
    misuse_pb2.SUSPICION_KIND_NO_CASE: Text("事案番号のない照会", "without a case number"),
    misuse_pb2.SUSPICION_KIND_ONE_PERSON: Text("同じ人の繰り返し", "one person again and again"),
    misuse_pb2.SUSPICION_KIND_OFF_HOURS: Text("執務時間外", "out of hours"),
    misuse_pb2.SUSPICION_KIND_BULK: Text("大量", "in bulk"),
    misuse_pb2.SUSPICION_KIND_REFUSED: Text("断られ続けた求め", "refused again and again"),
}
FORMS = {
    provision_pb2.PROVISION_FORM_IMMEDIATE: Text("即時提供", "at once"),
    provision_pb2.PROVISION_FORM_LINE: Text("一括提供", "over the line"),
    provision_pb2.PROVISION_FORM_MEDIUM: Text("磁気媒体", "by medium"),
}
DISCLOSURES = ("DiscloseIdentification", "DiscloseProvisions")
_reading = Lock()


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it was counted, of how many (None: of nothing), whether it is right (None: no value is wrong)."""

    count: int
    of: int | None = None
    right: bool | None = None
    lines: tuple[tuple[Text, int], ...] = ()
    cut: bool = False


@dataclass(slots=True)
class Answers:
    """What the nodes said; `silent` are those of ours that did not answer."""

    silent: set[str] = field(default_factory=set)
    status: dict[str, drill_pb2.GetStatusResponse] = field(default_factory=dict)
    verified: dict[str, audit.VerifyAuditResponse] = field(default_factory=dict)
    rows: dict[str, list[audit.AuditRow]] = field(default_factory=dict)
    provisions: dict[str, list[audit.ProvisionEntry]] = field(default_factory=dict)
    cut: bool = False


def read(reach: Reach) -> tuple[dict[Evidence, Figure], list[str]]:
    """Every figure, and the nodes that did not answer; one reader at a time, as the nodes read their whole logs."""
    with _reading:
        said = _ask(reach)
        figures = {kind: judged(kind, count(reach, said)) for kind, count in COUNTS.items()}
    return figures, sorted(said.silent)


def judged(kind: Evidence, figure: Figure) -> Figure:
    """The figure with what `right` of its kind says of it."""
    rule = NEEDS[kind].right
    right = None if rule is Right.ANY else figure.count == (0 if rule is Right.ZERO else figure.of)
    if kind is Evidence.AUDIT:  # its number is rows; right is that nothing was found wrong with them
        right = figure.right
    return Figure(figure.count, figure.of, right, figure.lines, figure.cut)


def _ask(reach: Reach) -> Answers:
    said = Answers()
    said.status = _each(reach, said, reach.paths, lambda path: _call(reach, path, DRILL, drill_pb2.GetStatusRequest()))
    paths = list(said.status)
    stub = audit_pb2_grpc.AuditDrillServiceStub
    said.verified = _each(reach, said, paths, lambda path: _call(reach, path, stub, audit.VerifyAuditRequest()))
    for path, (rows, told) in _each(reach, said, list(said.verified), lambda path: _rows(reach, said, path)).items():
        said.rows[path], said.provisions[path] = rows, told
    return said


def _rows(reach: Reach, said: Answers, path: str) -> tuple[list[audit.AuditRow], list[audit.ProvisionEntry]]:
    after = max(0, said.verified[path].rows - MOST)
    said.cut = said.cut or after > 0
    rows: list[audit.AuditRow] = []
    told: list[audit.ProvisionEntry] = []
    # What comes while we read is left to the next reading: the page must end.
    while len(rows) < MOST:
        request = audit.ListAuditRowsRequest(after=after, page_size=A_PAGE)
        answer = _call(reach, path, audit_pb2_grpc.AuditDrillServiceStub, request)
        rows += answer.rows
        told += [one for one in answer.provisions.values() if not one.repeats]
        if len(answer.rows) < A_PAGE:
            break
        after = answer.rows[-1].id
    return rows, told


def _call(reach: Reach, path: str, stub: Any, request: Any) -> Any:
    return reach.console(path).call(stub, type(request).__name__.removesuffix("Request"), request, SECONDS)


def _each(reach: Reach, said: Answers, paths: list[str], ask: Callable[[str], T]) -> dict[str, T]:
    def one(path: str) -> T | None:
        try:
            return ask(path)
        except (Refused, StackFault):
            said.silent.add(path)
            return None

    return {path: told for path, told in zip(paths, reach.each(paths, one), strict=True) if told is not None}


def _tier(path: str) -> str:
    return path.partition("/")[0]


def holdings(reach: Reach, said: Answers) -> Figure:
    """Live records at each tier, and how many kinds of items it holds."""
    lines = []
    for tier in TIERS:
        records = sum(status.live_records for path, status in said.status.items() if _tier(path) == tier)
        items = sum(1 for one in page().holdings if one.here and tier in one.held_by)
        name = TIER_WORDS[tier]
        lines.append(
            (Text(f"{name.ja}の記録（項目{items}種）", f"records of {name.en} ({items} kinds of items)"), records)
        )
    # The whole record stands with municipalities alone, so theirs is the number; the tiers stand side by side.
    return Figure(lines[0][1], lines=tuple(lines))


def planes(reach: Reach, said: Answers) -> Figure:
    """Notices between municipalities in the journals of governors and J-LIS."""
    upper = [path for path in said.status if _tier(path) != "municipality"]

    def strayed(path: str) -> tuple[int, int]:
        after, read, found = max(0, said.status[path].journal_position - MOST), 0, 0
        while read < MOST:
            request = drill_pb2.ListJournalRequest(after_position=after, page_size=A_PAGE)
            entries = _call(reach, path, DRILL, request).entries
            found += sum(_between_municipalities(entry) for entry in entries)
            read += len(entries)
            if len(entries) < A_PAGE:
                break
            after = entries[-1].position
        return found, read

    counted = _each(reach, said, upper, strayed)
    read = Text("読んだ記録", "entries of journals that were read")
    cut = any(said.status[path].journal_position > MOST for path in upper)
    lines = ((read, sum(number for _, number in counted.values())),)
    return Figure(sum(found for found, _ in counted.values()), lines=lines, cut=cut)


def _between_municipalities(entry: drill_pb2.JournalEntry) -> bool:
    hops = basis.hops(entry.header.kind)
    return bool(hops) and all(hop.carrier == hop.receiver == basis_pb2.CALLER_MUNICIPALITY for hop in hops)


def gate(reach: Reach, said: Answers) -> Figure:
    """Requests that were refused, by article."""
    refused = Counter(row.article or row.event for row in _all(said.rows) if not row.accepted)
    lines = tuple((Text(article, article), number) for article, number in refused.most_common(LINES))
    return Figure(refused.total(), lines=lines, cut=said.cut)


def withheld(reach: Reach, said: Answers) -> Figure:
    """Provisions of which fields were withheld, by field and article."""
    found = [one for one in _all(said.provisions) if one.withheld]
    counted = Counter((Field(w.field), w.article) for one in found for w in one.withheld).most_common(LINES)
    lines = tuple((_withheld(name, article), number) for (name, article), number in counted)
    return Figure(len(found), lines=lines, cut=said.cut)


def _withheld(name: Field, article: str) -> Text:
    return Text(f"{name.japanese} — {article}", f"{name.name.lower().replace('_', ' ')} — {article}")


def mtls(reach: Reach, said: Answers) -> Figure:
    """Links over which the neighbour was reached, of all; there is no link without certificates of both sides."""
    links = [link for status in said.status.values() for link in status.links if link.state != "OUTSIDE"]
    down = [path for path in reach.paths if path not in said.status and parent_of(path)]
    good = sum(1 for link in links if link.state != "RETRYING")
    lines = (
        (Text("再試行中", "trying again"), len(links) - good),
        (Text("答えないノードの線", "of silent nodes"), len(down)),
    )
    return Figure(good, len(links) + len(down), lines=tuple(line for line in lines if line[1]))


def signed(reach: Reach, said: Answers) -> Figure:
    """Streams whose head hashes agree at both ends; what is under way is told apart."""
    pairs = [pair for pair in reach.ledger().pairs if pair.sender_seen and pair.receiver_seen]
    moving = sum(1 for pair in pairs if pair.in_flight and not pair.faults)
    still = [pair for pair in pairs if pair.faults or not pair.in_flight]
    agreed = sum(1 for pair in still if pair.sent and pair.got and pair.sent.head_hash == pair.got.head_hash)
    lines = ((Text("途中にある系列（数えない）", "streams under way, not counted"), moving),) if moving else ()
    return Figure(agreed, len(still), lines=lines)


def log(reach: Reach, said: Answers) -> Figure:
    """Rows of the log, signed heads, heads that the tier above keeps, and faults that were found."""
    stub = audit_pb2_grpc.AuditDrillServiceStub
    upper = [path for path in said.status if _tier(path) != "municipality"]
    kept = _each(reach, said, upper, lambda path: len(_call(reach, path, stub, audit.ListAnchorsRequest()).heads))
    faults = sum(len(one.faults) for one in said.verified.values())
    lines = (
        (Text("署名つき要約", "signed heads"), sum(one.heads for one in said.verified.values())),
        (Text("上の層が預かる要約", "heads that the tier above keeps"), sum(kept.values())),
        (Text("見つかった異常", "faults that were found"), faults),
    )
    return Figure(sum(one.rows for one in said.verified.values()), right=faults == 0, lines=lines)


def misuse(reach: Reach, said: Answers) -> Figure:
    """Look-ups of the last thirty virtual days that an auditor would ask about, by pattern."""
    stub = misuse_pb2_grpc.MisuseDrillServiceStub

    def ask(path: str) -> Any:
        today = _today(said, path)
        request = misuse_pb2.ReportMisuseRequest(through=convert.day_message(today))
        getattr(request, "from").CopyFrom(convert.day_message(today - A_MONTH))
        return _call(reach, path, stub, request).suspicions

    kinds = Counter(one.kind for found in _each(reach, said, _providers(said), ask).values() for one in found)
    lines = tuple((SUSPICIONS.get(kind, Text(str(kind), str(kind))), number) for kind, number in kinds.most_common())
    return Figure(kinds.total(), lines=lines)


def disclosure(reach: Reach, said: Answers) -> Figure:
    """Disclosures to the person, and provisions that could be disclosed."""
    told = Counter(row.event for row in _all(said.rows) if row.accepted and row.event in DISCLOSURES)
    could = sum(1 for one in _all(said.provisions) if one.provided)
    lines = ((Text("開示できる提供", "provisions that could be disclosed"), could),)
    return Figure(told.total(), lines=lines, cut=said.cut)


def statistics(reach: Reach, said: Answers) -> Figure:
    """Published counts of this virtual fiscal year, by office, month and form."""
    stub = statistics_pb2_grpc.StatisticsDrillServiceStub

    def ask(path: str) -> Any:
        today = _today(said, path)
        begins = date(today.year - (today.month < FISCAL_MONTH), FISCAL_MONTH, 1)
        request = statistics_pb2.PublishProvisionStateRequest(through=convert.day_message(today))
        getattr(request, "from").CopyFrom(convert.day_message(begins))
        return _call(reach, path, stub, request).counts

    counted: Counter[tuple[str, int, int, int]] = Counter()
    for counts in _each(reach, said, _providers(said), ask).values():
        for one in counts:
            counted[one.office, one.date.year, one.date.month, int(one.form)] += one.provided
    lines = []
    for (office, year, month, form), number in counted.most_common(LINES):
        how = FORMS.get(provision_pb2.ProvisionForm.ValueType(form), Text("—", "—"))
        begin = f"{name_of(office)} {year}-{month:02}"
        lines.append((Text(f"{begin} {how.ja}", f"{begin} {how.en}"), number))
    return Figure(counted.total(), lines=tuple(lines))


def _providers(said: Answers) -> list[str]:
    """Whoever holds 本人確認情報 to give: governors and J-LIS."""
    return [path for path in said.status if _tier(path) != "municipality"]


def _today(said: Answers, path: str) -> date:
    return convert.instant(said.status[path].virtual_time).date()


def _all(found: Mapping[str, Iterable[T]]) -> Iterable[T]:
    return (one for each in found.values() for one in each)


COUNTS: dict[Evidence, Callable[[Reach, Answers], Figure]] = {
    Evidence.HOLDINGS: holdings,
    Evidence.PLANES: planes,
    Evidence.GATE: gate,
    Evidence.WITHHELD: withheld,
    Evidence.MTLS: mtls,
    Evidence.SIGNED: signed,
    Evidence.AUDIT: log,
    Evidence.MISUSE: misuse,
    Evidence.DISCLOSURE: disclosure,
    Evidence.STATISTICS: statistics,
}
