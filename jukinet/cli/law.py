"""`jukinet law show | coverage`: the index article → rule → rpc or stream → test, as of a day."""

from __future__ import annotations

import inspect
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated

import typer

from jukinet import data
from jukinet.cli.output import say, show_json, table, verb
from jukinet.cli.place import Json
from jukinet.law import index
from jukinet.law.basis import BASE, Rule, every_rule, find
from jukinet.law.uncovered import UNCOVERED
from jukinet.model import articles
from jukinet.model.dates import wareki
from jukinet.stack.fault import Exit
from jukinet.v1 import relay_pb2
from jukinet.wire import basis

_ = index.ROOMS
WHO = {"municipality": "市町村", "prefecture": "都道府県", "jlis": "機構"}
_KINDS = tuple((kind, int(value)) for kind, value in basis.CALLER_OF_KIND.items())


@dataclass(frozen=True, slots=True)
class Line:
    """One version of a rule, with what rests on it. `until` is empty while it is in force."""

    article: str
    rule: str
    caption: str
    since: str
    until: str
    text: str
    words_only: bool
    rests: tuple[str, ...]
    tests: tuple[str, ...]
    cases: int


def register(app: typer.Typer) -> None:
    """Add the commands."""
    noun = typer.Typer(help="条文と規則の索引 / Articles, and the rules that stand for them.", no_args_is_help=True)
    app.add_typer(noun, name="law")
    verb(
        noun, "show", "jukinet law show 30条の6 --on 2024-06-01", "jukinet law show 令13条③", "jukinet law show 30-10"
    )(show)
    verb(noun, "coverage", "jukinet law coverage", "jukinet law coverage --json")(coverage)


def show(
    article: Annotated[str, typer.Argument(help="条文。法律名がなければ住民基本台帳法 / the article, e.g. 30条の6.")],
    on: Annotated[str, typer.Option("--on", help="YYYY-MM-DD。その日の法 / the law of that day.")] = BASE.isoformat(),
    as_json: Json = False,
) -> None:
    """ある日の条文が何を定め、何がそれに基づくか / What an article is here on a day, and what rests on it."""
    wanted = articles.parse(article)
    if wanted is None:
        raise typer.BadParameter("30条の6、令13条③、30-6 のように書いてください / write e.g. 30条の6, 令13条③, 30-6")
    try:
        day = date.fromisoformat(on)
    except ValueError as error:
        raise typer.BadParameter("--on: YYYY-MM-DD と書いてください / write YYYY-MM-DD") from error
    found = [line for line in lines() if _covers(wanted, line)]
    now = [line for line in found if _in_force(line, day)]
    other = [line for line in found if not _in_force(line, day)]
    missing = [row for row in UNCOVERED if wanted.covers(articles.parse(row[0]) or wanted)]
    if as_json:
        show_json(
            {
                "article": str(wanted), "on": day.isoformat(), "in_force": [asdict(line) for line in now],
                "not_in_force": [asdict(line) for line in other], "uncovered": [list(row) for row in missing],
            }
        )  # fmt: skip
    else:
        say(f"{wanted}　{wareki(day)}（{day}）")
        for line in now:
            _tell(line)
        for line in other:
            say(f"　この日は施行されていない / not in force: {line.article}　{line.caption}　{_span(line)}")
        for _article, what, why in missing:
            say(f"　規則なし / no rule here: {what}（{why}）")
    if not found and not missing:
        say("　この条文に立つ規則はありません / no rule here stands for it; see `jukinet law coverage`")
        raise typer.Exit(Exit.REFUSED)


def coverage(as_json: Json = False) -> None:
    """規則ごとの電文・試験と、覆われていないもの / What rests on each rule, its tests, and what is not covered."""
    found = lines()
    untested = [line.rule for line in found if not line.tests]
    if as_json:
        show_json(
            {
                "rules": [asdict(line) for line in found], "without_test": untested,
                "uncovered": [list(row) for row in UNCOVERED], "cases": sum(count for _, count in _tests_of().values()),
            }
        )  # fmt: skip
    else:
        headings = ("条文 / article", "規則 / rule", "施行 / since", "電文 / rpc or stream", "試験 / cases")
        told = [line for line in found if not line.words_only]
        rows = [(line.article, line.rule, _span(line), _few(line.rests), str(line.cases)) for line in told]
        table(headings, rows, right={4})
        articles_named = {articles.parse(line.article) for line in found}
        say()
        say(
            f"{len(articles_named)} 条項、{len({line.rule for line in found})} 規則（{len(found)} 版）、"
            f"規則に印した試験 {sum(count for _, count in _tests_of().values())} 件 / articles, rules, versions, cases"
        )
        say(f"試験のない規則 / without a test: {'、'.join(untested) or 'なし / none'}")
        say("条文と日付だけを記すもの / only words and dates are kept, nothing acts on them:")
        for line in found:
            if line.words_only:
                say(f"　{line.article}　{line.caption}　{_span(line)}")
        say("覆われていないもの / not covered:")
        for name, what, why in UNCOVERED:
            say(f"　{name}　{what}（{why}）")
    if untested:
        raise typer.Exit(Exit.FAULT)


def lines() -> list[Line]:
    """The index, by article: every version of every rule."""
    rules, resting, tests = every_rule(), _resting(), _by_rule()
    made = []
    for rule in rules:
        later = [one.since for one in rules if one.name == rule.name and one.since > rule.since]
        names, cases = tests.get(rule.name, ((), 0))
        made.append(
            Line(
                article=rule.article,
                rule=rule.name,
                caption=rule.caption,
                since=_since(rule),
                until=min(later).isoformat() if later else "",
                text=_text(rule),
                words_only=rule.words_only,
                rests=tuple(resting.get(rule.name, ())),
                tests=tuple(names),
                cases=cases,
            )
        )
    return sorted(made, key=lambda line: (_order(line.article), line.rule, line.since))


def _since(rule: Rule) -> str:
    return "" if rule.since == date.min else rule.since.isoformat()


def _order(article: str) -> tuple[str, list[int], int]:
    found = articles.parse(article)
    if found is None:
        return article, [], 0
    return found.law, [int(part) for part in found.number.split("の")], found.paragraph


def _text(rule: Rule) -> str:
    return "" if rule.function.__name__ == "stated" else inspect.getdoc(rule.function) or ""


def _resting() -> dict[str, list[str]]:
    """What rests on each rule: rpcs by name, streams with their way."""
    found: dict[str, list[str]] = defaultdict(list)
    for method, named in basis.rpcs().items():
        found[named.rule].append(method.rpartition(".")[2].replace("/", "."))
    for value in relay_pb2.StreamKind.DESCRIPTOR.values:
        for hop in basis.hops(value.number):
            carrier, receiver = (WHO.get(end, end) for end in _ends(hop))
            found[hop.rule].append(f"{value.name.removeprefix('STREAM_KIND_')} {carrier}→{receiver}")
    return found


def _ends(hop: basis.Hop) -> tuple[str, str]:
    carrier, receiver = (kind for end in (hop.carrier, hop.receiver) for kind, value in _KINDS if value == end)
    return carrier, receiver


def _tests_of() -> dict[str, tuple[tuple[str, ...], int]]:
    """Test → the rules it is marked with, and how many cases it has."""
    found: dict[str, tuple[tuple[str, ...], int]] = {}
    for row in data.rows("law_tests.csv"):
        rules, _ = found.get(row["test"], ((), 0))
        found[row["test"]] = ((*rules, row["rule"]), int(row["cases"]))
    return found


def _by_rule() -> dict[str, tuple[list[str], int]]:
    found: dict[str, tuple[list[str], int]] = {}
    for test, (rules, cases) in _tests_of().items():
        for rule in rules:
            names, count = found.get(rule, ([], 0))
            found[rule] = ([*names, test], count + cases)
    return found


def _covers(wanted: articles.Article, line: Line) -> bool:
    named = articles.parse(line.article)
    return named is not None and wanted.covers(named)


def _in_force(line: Line, day: date) -> bool:
    now = find(line.rule, day)
    return now is not None and line.since == _since(now)


def _span(line: Line) -> str:
    return f"{line.since or '（基準）'}～{line.until}" if line.until else line.since or "（基準 / base）"


def _tell(line: Line) -> None:
    say(f"■ {line.article}　{line.caption}　［{line.rule}］　{_span(line)}")
    for text in line.text.splitlines():
        say(f"　{text}" if text else "")
    nothing = (
        "条文と日付だけ / words and dates alone"
        if line.words_only
        else "due job、又は事務の中での判断 / a question within an act"
    )
    say(f"　電文 / rests on it: {'、'.join(line.rests) or f'（なし / none: {nothing}）'}")
    files = Counter(test.partition("::")[0] for test in line.tests)
    say(f"　試験 / tests: {line.cases} 件 / cases")
    for file, count in sorted(files.items()):
        say(f"　　{file}（{count}）")


def _few(names: tuple[str, ...]) -> str:
    more = f" ほか{len(names) - 2}" if len(names) > 2 else ""
    return "、".join(names[:2]) + more
