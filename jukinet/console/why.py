"""The page "Why": what the Supreme Court found of the network in 2008, and what in this network can be seen of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from jukinet.console.texts import Table, Text, TextError, read

FILE = "why.toml"
POINTS = 5


class Evidence(StrEnum):
    """What the page can show live; `NEEDS` says of each which number it wants, and from which calls."""

    HOLDINGS = "holdings"
    PLANES = "planes"
    GATE = "gate"
    WITHHELD = "withheld"
    MTLS = "mtls"
    SIGNED = "signed"
    AUDIT = "audit"
    MISUSE = "misuse"
    DISCLOSURE = "disclosure"
    STATISTICS = "stats"


class Right(StrEnum):
    """When a number is as it should be; a page marks whatever is not."""

    ZERO = "zero"
    ALL = "all"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Need:
    """What a kind of evidence wants: a number in words, the calls (`Service/Method`) that give it, when it is right."""

    number: Text
    calls: tuple[str, ...]
    right: Right


NEEDS: dict[Evidence, Need] = {
    Evidence.HOLDINGS: Need(
        Text("各層が持つ現存の記録の数と、項目の数", "live records, and kinds of items, that each tier holds"),
        ("DrillService/GetStatus",),
        Right.ANY,
    ),
    Evidence.PLANES: Need(
        Text(
            "知事と機構の記録にある市町村間の通知の数",
            "notices between municipalities that stand in the journals of governors and of J-LIS",
        ),
        ("DrillService/ListJournal",),
        Right.ZERO,
    ),
    Evidence.GATE: Need(
        Text("断られた求めの数と、その条項", "requests that were refused, by article"),
        ("AuditDrillService/ListAuditRows",),
        Right.ANY,
    ),
    Evidence.WITHHELD: Need(
        Text("提供のうち、項目を伏せた件数", "provisions of which fields were withheld, by field and article"),
        ("AuditDrillService/ListAuditRows",),
        Right.ANY,
    ),
    Evidence.MTLS: Need(
        Text("相互認証で結ばれたリンクの数（全リンク中）", "links that are mutually authenticated, of all links"),
        ("DrillService/GetStatus",),
        Right.ALL,
    ),
    Evidence.SIGNED: Need(
        Text(
            "両端の先頭ハッシュが一致する系列の数（全系列中）",
            "streams whose head hashes agree at both ends, of all streams",
        ),
        ("DrillService/ListLedger",),
        Right.ALL,
    ),
    Evidence.AUDIT: Need(
        Text(
            "操作記録の行数、署名つき要約の数、上の層が預かる要約の数、見つかった異常",
            "rows of the log, signed heads, heads that the tier above keeps, and faults that were found",
        ),
        ("AuditDrillService/VerifyAudit", "AuditDrillService/ListAnchors"),
        Right.ZERO,
    ),
    Evidence.MISUSE: Need(
        Text("監査人が尋ねる照会の数（型ごと）", "look-ups that an auditor would ask about, by pattern"),
        ("MisuseDrillService/ReportMisuse",),
        Right.ANY,
    ),
    Evidence.DISCLOSURE: Need(
        Text(
            "本人に開示された件数と、開示できる提供の件数",
            "disclosures to the person, and provisions that could be disclosed",
        ),
        ("AuditDrillService/ListAuditRows",),
        Right.ANY,
    ),
    Evidence.STATISTICS: Need(
        Text("公表される提供件数（提供先・月・方法ごと）", "published counts of provisions, by office, month and form"),
        ("StatisticsDrillService/PublishProvisionState",),
        Right.ANY,
    ),
}
"""AUDIT is right when no fault was found; of ANY no value is wrong, the number alone says something."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing that embodies a point: what it is, on which article, and which live number stands for it."""

    kind: Evidence
    claim: Text
    article: str


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the ruling: what the court found, what the number system made of it, what can be seen here."""

    number: int
    title: Text
    found: Text
    source: Text
    number_system: Text
    here: Text
    evidence: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """One step of the dispute, with its day as it is written in Japan."""

    day: str
    what: Text


@dataclass(frozen=True, slots=True)
class Holding:
    """An item, and which tiers hold it; `here` is false where the law has it and this simulator does not."""

    item: Text
    article: str
    held_by: tuple[str, ...]
    here: bool


TIERS = ("municipality", "prefecture", "jlis")


@dataclass(frozen=True, slots=True)
class Why:
    """The whole page."""

    lead: Text
    caution: Text
    points: tuple[Point, ...]
    holdings: tuple[Holding, ...]
    events: tuple[Event, ...]


@cache
def page() -> Why:
    """The page as it is shipped."""
    return parse(read(FILE))


def parse(file: Table) -> Why:
    """Make the page of a file; TextError names what is wrong with it."""
    points = tuple(_point(entry, number) for number, entry in enumerate(file.tables("point"), start=1))
    if len(points) != POINTS:
        raise TextError(f"{file.where}: has {len(points)} points, the ruling has {POINTS}")
    why = Why(
        lead=file.text("lead"),
        caution=file.text("caution"),
        points=points,
        holdings=tuple(_holding(entry) for entry in file.tables("holding")),
        events=tuple(Event(entry.word("day"), entry.both()) for entry in file.tables("event")),
    )
    file.end()
    return why


def _point(entry: Table, number: int) -> Point:
    evidence = tuple(_shown(shown) for shown in entry.tables("evidence"))
    if not evidence:
        raise TextError(f"{entry.where}: a point without evidence shows nothing")
    return Point(
        number=number,
        title=entry.text("title"),
        found=entry.text("found"),
        source=entry.text("source"),
        number_system=entry.text("number_system"),
        here=entry.text("here"),
        evidence=evidence,
    )


def _shown(entry: Table) -> Shown:
    word = entry.word("kind")
    if word not in {kind.value for kind in Evidence}:
        raise TextError(f"{entry.where}: no kind of evidence is called {word}; see Evidence")
    return Shown(Evidence(word), entry.both(), entry.word("article"))


def _holding(entry: Table) -> Holding:
    held_by = entry.words("held_by")
    if not held_by or not set(held_by) <= set(TIERS):
        raise TextError(f"{entry.where}: held_by must name some of {', '.join(TIERS)}")
    return Holding(entry.both(), entry.word("article"), held_by, entry.flag("here", True))
