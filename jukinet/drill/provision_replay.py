"""令和2年度の提供を縮尺で再現: agencies with certificates of their own ask the real services, month by month.

The rules are those of the days played; the appended tables of 2021-04-01 stand for those of the year before.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from google.type.date_pb2 import Date

from jukinet.drill.agency import Agency
from jukinet.model.dates import JST
from jukinet.model.main_affairs import MonthlyFigures, monthly_figures
from jukinet.model.provision import Form
from jukinet.stack.blank import lay_out, set_clock
from jukinet.stack.layout import CONSOLE, Layout, parent_of
from jukinet.stack.network import Network
from jukinet.stack.population import Progress, populate
from jukinet.v1 import counter_pb2, counter_pb2_grpc, search_pb2, statistics_pb2, statistics_pb2_grpc
from jukinet.wire.client import Client
from jukinet.wire.convert import day_message

CENTER = "jlis/center"
TOWN = "132152"
RESIDENTS = 3_000
A_PAGE = 5_000
LIST_PAGE = 1_000
AT_ONCE = 4
DAY_OF_MONTH = 15
SEED = 20200401


Counts = Mapping[tuple[str, str, int, int, int], int]
"""提供件数 by office, 事務, form, year and month."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One month of one row of the ministry's table: what was published, what that is at this scale, what is logged."""

    agency: str
    affair: str
    form: Form
    month: date
    published: int | None
    expected: int
    logged: int

    @property
    def agrees(self) -> bool:
        """Whether the log has exactly the published figure at this scale."""
        return self.logged == self.expected


@dataclass(frozen=True, slots=True)
class Played:
    """What a replay came to."""

    cells: list[Cell]
    logged: Counts


def first_day(fiscal_year: int) -> date:
    """年度の初日."""
    return date(fiscal_year, 4, 1)


def fiscal_months(fiscal_year: int) -> list[date]:
    """The first days of its months, from April."""
    return [date(fiscal_year + (month < 4), month, 1) for month in (*range(4, 13), 1, 2, 3)]


def scaled(published: int | None, scale: int) -> int:
    """The figure divided by the scale, halves up; a blank cell is nothing."""
    return ((published or 0) * 2 + scale) // (2 * scale)


def replay_year(folder: Path, scale: int, progress: Progress, figures: Sequence[MonthlyFigures] = ()) -> Played:
    """Play 令和2年度 at 1/scale on a network of its own; every cell with what the log has of it."""
    rows, year = figures or monthly_figures(), 2020
    stage = _Stage(folder, first_day(year), progress)
    try:
        whole = sum(scaled(count, scale) for row in rows for count in row.months)
        total = 0

        def tell(count: int) -> None:
            nonlocal total
            total += count
            progress("提供 / providing", total, whole)

        for place, month in enumerate(fiscal_months(year)):
            stage.go_to(month.replace(day=DAY_OF_MONTH))
            for number, row in enumerate(rows):
                stage.ask(row, f"r{number}-{month:%Y%m}", scaled(row.months[place], scale), tell)
        logged = counted(stage.console(CENTER), year)
        return Played(cells(rows, scale, year, logged), logged)
    finally:
        stage.close()


def counted(console: Client, fiscal_year: int) -> Counts:
    """What a node's 操作記録 has of a fiscal year: by office, 事務, form, year and month."""
    request = statistics_pb2.PublishProvisionStateRequest(through=day_message(date(fiscal_year + 1, 3, 31)))
    getattr(request, "from").CopyFrom(day_message(first_day(fiscal_year)) or Date())
    stub = statistics_pb2_grpc.StatisticsDrillServiceStub
    answer = console.call(stub, "PublishProvisionState", request, 120.0)
    return {
        (one.office.removeprefix("office/"), one.affair, int(one.form), one.date.year, one.date.month): one.provided
        for one in answer.counts
    }


def cells(rows: Sequence[MonthlyFigures], scale: int, year: int, logged: Counts) -> list[Cell]:
    """Every month of every row, beside what a log has of it."""
    return [
        Cell(
            row.agency, row.affair, row.form, month, row.months[place], scaled(row.months[place], scale),
            logged.get((row.office_id, row.affair_id, int(row.form), month.year, month.month), 0),
        )
        for row in rows
        for place, month in enumerate(fiscal_months(year))
    ]  # fmt: skip


class _Stage:
    """The network that it is played on: J-LIS, a governor and a town whose people are asked for."""

    def __init__(self, folder: Path, begin: date, progress: Progress) -> None:
        town = f"municipality/{TOWN}"
        paths = [CENTER, parent_of(town), town]
        layout = Layout(folder)
        for path in paths:
            layout.node(path).mkdir(parents=True)
        lay_out(layout, paths)
        for path in paths:
            set_clock(layout, path, _morning(begin))
        self._network = Network(folder, paths, seed=SEED)
        for node in self._network.nodes.values():
            node.directory.look()
        self._clients: dict[tuple[str, str], Client] = {}
        self._agencies: dict[tuple[str, str], Agency] = {}
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="agency")
        self._network.settle()
        populate(self, {town: RESIDENTS}, SEED, progress, begin)
        self._network.settle(120.0)
        self._people = list(self._residents())
        self._next = 0

    def close(self) -> None:
        """Stop everything."""
        self._pool.shutdown()
        for client in self._clients.values():
            client.close()
        self._network.close()

    def console(self, path: str) -> Client:
        """The console's line to a node."""
        return self._client(CONSOLE, path, self._network.nodes[path].drill_listener.address)

    def go_to(self, day: date) -> None:
        """Move all clocks to the morning of a day."""
        for node in self._network.nodes.values():
            node.set_clock(_morning(day))
        self._network.settle()

    def ask(self, row: MonthlyFigures, name: str, count: int, tell: Callable[[int], None]) -> None:
        """Let the row's agency ask for so many people, in the row's form."""
        agency = self._agency(row.office_id, row.affair_id)
        whom = self._whom(agency.by_number)
        if row.form is Form.IMMEDIATE:
            questions = [(f"{name}-{number}", next(whom)) for number in range(count)]
            for _ in self._pool.map(lambda one: agency.ask(*one), questions):
                tell(1)
            return
        send = agency.send_page if row.form is Form.LINE else self._send_medium(agency)
        for number, page in enumerate(_sizes(count)):
            send(f"{name}-{number}", [next(whom) for _ in range(page)])
            tell(page)

    def _send_medium(self, agency: Agency) -> Callable[[str, list[search_pb2.SearchCriteria]], None]:
        return lambda name, page: agency.send_medium(self.console(CENTER), name, page)

    def _agency(self, office_id: str, affair_id: str) -> Agency:
        if (office_id, affair_id) not in self._agencies:
            client = self._client(f"office/{office_id}", CENTER, self._network.nodes[CENTER].listener.address)
            folder = self._network.layout.clients / f"office-{office_id}"
            reader = self._network.nodes[CENTER].credentials.current.certificate_der
            self._agencies[office_id, affair_id] = Agency(office_id, affair_id, client, folder, reader)
        return self._agencies[office_id, affair_id]

    def _whom(self, by_number: bool) -> Iterator[search_pb2.SearchCriteria]:
        """The people of the town in turn."""
        while True:
            person = self._people[self._next % len(self._people)]
            self._next += 1
            if by_number and person.individual_number:
                yield search_pb2.SearchCriteria(individual_number=person.individual_number)
            else:
                yield search_pb2.SearchCriteria(
                    name=person.name, birth_date=person.birth_date, sex=person.sex, address_prefix=person.address
                )

    def _residents(self) -> Iterator[Any]:
        clerk = self._client(
            f"operator/{TOWN}/c01", f"municipality/{TOWN}", self._network.nodes[f"municipality/{TOWN}"].listener.address
        )
        token = ""
        for number in itertools.count():
            operation = counter_pb2.Operation(
                request_id=f"list-{number}", verification_id="v-1", operator_id="o-1", reason="再現"
            )
            request = counter_pb2.ListResidentsRequest(operation=operation, page_size=LIST_PAGE, page_token=token)
            answer = clerk.call(counter_pb2_grpc.CounterServiceStub, "ListResidents", request)
            yield from (record.identification for record in answer.residents)
            token = answer.next_page_token
            if not token:
                return

    def _client(self, caller: str, path: str, address: str) -> Client:
        if (caller, path) not in self._clients:
            folder = self._network.layout.client(self._network.authority, caller)
            self._clients[caller, path] = Client(folder, address, path)
        return self._clients[caller, path]


def _sizes(count: int) -> Iterator[int]:
    """Pages as large as they may be."""
    while count > 0:
        yield min(count, A_PAGE)
        count -= A_PAGE


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(10), JST)
