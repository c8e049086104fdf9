"""`jukinet provide bulk`: a list of people over the line, page by page; what is interrupted goes on where it ended."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from jukinet.cli import place
from jukinet.cli.counter import CLERK, TERMINAL
from jukinet.cli.output import progress, say, show_json, verb
from jukinet.cli.place import Json, State
from jukinet.model import offices
from jukinet.model.dates import PartialDate
from jukinet.model.provision import Result
from jukinet.stack.fault import Exit, StackFault
from jukinet.v1 import counter_pb2, provision_pb2_grpc, search_pb2
from jukinet.v1 import identification_pb2 as ipb
from jukinet.v1 import provision_pb2 as pb
from jukinet.wire import convert

STUB = provision_pb2_grpc.ProvisionServiceStub
A_PAGE = 5_000
PAGE_END = "#"
"""A line of the unfinished file that begins so ends a page."""
SECONDS = 120.0
ASKED = ("reference", "number", "code", "name", "birth_date", "sex", "address")
TOLD = ("reference", "result", "name", "birth_date", "sex", "address", "number", "awaits_move_in")
SEX = {
    "male": ipb.SEX_MALE, "男": ipb.SEX_MALE, "female": ipb.SEX_FEMALE, "女": ipb.SEX_FEMALE,
    "": ipb.SEX_UNSPECIFIED,
}  # fmt: skip


def register(noun: typer.Typer) -> None:
    """Add the command to `jukinet provide`."""
    base = "jukinet provide bulk japan-pension-service 1-77 people.csv --out told.csv"
    verb(noun, "bulk", base, f"{base} --case 2021-06-A")(bulk)


def bulk(
    office: Annotated[str, typer.Argument(help="機関のID / office.")],
    affair: Annotated[str, typer.Argument(help="事務 / 項 of an appended table, e.g. 1-77.")],
    people: Annotated[Path, typer.Argument(help=f"CSV: {', '.join(ASKED)}.", exists=True, dir_okay=False)],
    out: Annotated[Path, typer.Option("--out", help="結果の CSV / the answers.")],
    at: Annotated[str, typer.Option("--at", help="提供元 / who is asked.")] = "機構",
    case: Annotated[str, typer.Option("--case", help="事案番号 / the office's case number.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="事由 / why, in words that name no one.")] = "一括照会",
    state: State = None,
    as_json: Json = False,
) -> None:
    """電気通信回線による一括提供 / A list of people, each with a result. Called again, it goes on."""
    require_office(office)
    questions = read(people)
    partial = out.with_name(out.name + ".partial")
    name = sha256(f"{office}\0{affair}\0{at}\0{case}\0{people.read_bytes().hex()}".encode()).hexdigest()[:32]
    done = _done(partial, name)
    counts: dict[str, int] = dict.fromkeys(("asked", *(one.name.lower() for one in Result)), 0)
    with place.stack(state) as stack, progress() as told:
        stack.require_running()
        client = stack.office(stack.topology.find(at).path, office)
        for number, page in enumerate(pages(questions)):
            if number >= done:
                request = pb.ProvideBulkRequest(
                    operation=counter_pb2.Operation(
                        request_id=f"{name}-{number}", verification_id=TERMINAL, operator_id=CLERK, reason=reason
                    ),
                    purpose=pb.ProvisionPurpose(affair=affair, case_number=case),
                    questions=page,
                )
                answer = client.call(STUB, "ProvideBulk", request, SECONDS)
                _append(partial, name, number, answer)
            told("提供 / providing", min((number + 1) * A_PAGE, len(questions)), len(questions))
    for row in _finish(partial, out):
        counts["asked"] += 1
        counts[row["result"].lower()] += 1
    if as_json:
        show_json({"out": str(out), "counts": counts})
    else:
        say(f"{out}: " + "、".join(f"{what} {count}" for what, count in counts.items() if count))


def require_office(office: str) -> None:
    """No certificate for a name that is none."""
    try:
        offices.parse(office)
    except ValueError as error:
        raise typer.BadParameter(f"{office}: `jukinet provide offices`") from error


def read(people: Path) -> list[pb.BulkQuestion]:
    """The questions of a file; StackFault names the line that is none."""
    try:
        with people.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if unknown := set(rows.fieldnames or ()) - set(ASKED):
                raise _fault(people, 1, f"columns {', '.join(sorted(unknown))}")
            return [_question(people, number, row) for number, row in enumerate(rows, start=2)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise _fault(people, 1, "it is no CSV file in UTF-8") from error


def _question(people: Path, line: int, row: dict[str, str]) -> pb.BulkQuestion:
    try:
        born = PartialDate.parse(row.get("birth_date") or "")
        sex = SEX[row.get("sex") or ""]
    except (ValueError, KeyError) as error:
        raise _fault(people, line, "birth_date or sex") from error
    if (row.get("reference") or "").startswith(PAGE_END):
        raise _fault(people, line, f"a reference begins with {PAGE_END}")
    return pb.BulkQuestion(
        reference=row.get("reference") or str(line - 1),
        criteria=search_pb2.SearchCriteria(
            individual_number=row.get("number") or "", resident_code=row.get("code") or "", name=row.get("name") or "",
            birth_date=convert.partial_message(born), sex=sex, address_prefix=row.get("address") or "",
        ),
    )  # fmt: skip


def _fault(people: Path, line: int, what: str) -> StackFault:
    return StackFault(
        f"Line {line} of {people.name} cannot be read: {what}.",
        f"{people.name} の {line} 行目を読めません。",
        f"The columns are {', '.join(ASKED)}; a date is YYYY-MM-DD, the sex male or female.",
        Exit.USAGE,
    )


def pages(questions: Sequence[pb.BulkQuestion]) -> Iterator[Sequence[pb.BulkQuestion]]:
    """As many at a time as one call takes."""
    for start in range(0, len(questions), A_PAGE):
        yield questions[start : start + A_PAGE]


def _done(partial: Path, name: str) -> int:
    """Pages of this very question that an interrupted call has written whole; anything else is begun anew."""
    if not partial.exists():
        return 0
    lines = partial.read_text(encoding="utf-8").splitlines(keepends=True)
    ends = [place for place, line in enumerate(lines) if line.startswith(f"{PAGE_END}{name}-") and line.endswith("\n")]
    keep = lines[: ends[-1] + 1] if ends else []
    partial.write_text("".join(keep), encoding="utf-8")
    return len(ends)


def _append(partial: Path, name: str, number: int, answer: pb.ProvideBulkResponse) -> None:
    """A page is whole once the line that ends it is there."""
    partial.touch(mode=0o600)
    with partial.open("a", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerows(map(told_row, answer.answers))
        file.write(f"{PAGE_END}{name}-{number}\n")


def told_row(one: pb.BulkAnswer) -> tuple[str, ...]:
    """One answer as a row of a file, its columns those of TOLD."""
    person, born = one.record.identification, one.record.identification.birth_date
    day = f"{born.year:04d}-{born.month:02d}-{born.day:02d}" if born.year else ""
    sex = {1: "male", 2: "female"}.get(person.sex, "")
    awaits, result = "yes" if one.record.awaits_move_in else "", Result(one.result).name
    return one.reference, result, person.name, day, sex, person.address, person.individual_number, awaits


def write_answers(out: Path, rows: Sequence[tuple[str, ...]]) -> None:
    """A file of answers, readable by its owner only, in place when it is whole."""
    scratch = out.with_name(out.name + ".partial")
    scratch.touch(mode=0o600)
    with scratch.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(TOLD)
        table.writerows(rows)
    scratch.replace(out)


def _finish(partial: Path, out: Path) -> list[dict[str, str]]:
    """All pages as one file, in place only when it is whole."""
    lines = partial.read_text(encoding="utf-8").splitlines(keepends=True) if partial.exists() else []
    body = [line for line in lines if not line.startswith(PAGE_END)]
    partial.write_text(",".join(TOLD) + "\n" + "".join(body), encoding="utf-8")
    partial.replace(out)
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
