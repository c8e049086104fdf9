"""Fills municipalities with fictional residents, over the same rpcs as anybody: first codes, then households."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Protocol

from jukinet.clock import START
from jukinet.law.numbering import pool_size
from jukinet.model.identification import Residency, Sex
from jukinet.pki.identity import Identity
from jukinet.stack.fault import Exit, StackFault
from jukinet.synthetic.people import Household, households
from jukinet.v1 import drill_pb2, drill_pb2_grpc
from jukinet.wire import convert
from jukinet.wire.client import Client

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is, and how much there is."""

A_PAGE = 2_000
FIRST_DAY = START.date()
CODE_SECONDS = 120.0
AT_ONCE = 3
_SEX = {"male": Sex.MALE, "female": Sex.FEMALE}


class Consoles(Protocol):
    """Whoever can reach the nodes' DrillService."""

    def console(self, path: str) -> Client:
        """A client of that node's DrillService."""


def quiet(what: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def populate(
    stack: Consoles,
    residents: Mapping[str, int],
    seed: int,
    progress: Progress = quiet,
    on: date = FIRST_DAY,
) -> int:
    """Enter fictional residents, so many by path of municipality; how many were entered.

    Every request has an id made of seed, municipality and page: called again after an interruption it continues where
    it ended, and enters nobody twice. What it wrote may still be on its way up when it returns.
    """
    wanted = {path: count for path, count in residents.items() if count}
    total, done = sum(wanted.values()), 0
    counting = threading.Lock()

    def entered(count: int) -> None:
        nonlocal done
        with counting:
            done += count
            progress("住民を登録 / entering residents", done, total)

    def fill(path: str) -> None:
        code = Identity.parse(path).area_code
        drill = stack.console(path)
        name = f"populate-{seed}-{code}-{wanted[path]}-{on.isoformat()}"
        await_codes(drill, f"{name}-codes", wanted[path] + pool_size(wanted[path]))
        for number, page in enumerate(_pages(households(code, wanted[path], seed, on))):
            request = drill_pb2.LoadHouseholdsRequest(
                request_id=f"{name}-{number}", households=[_message(household, on) for household in page]
            )
            answer = drill.call(drill_pb2_grpc.DrillServiceStub, "LoadHouseholds", request, 120.0)
            entered(answer.persons)

    progress("住民を登録 / entering residents", 0, total)
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="populate") as pool:
        for _ in pool.map(fill, wanted):
            pass
    return done


def await_codes(drill: Client, request_id: str, count: int) -> None:
    """Ask for codes and wait until J-LIS has designated them."""
    stub = drill_pb2_grpc.DrillServiceStub
    request = drill_pb2.RequestCodesRequest(request_id=request_id, count=count)
    drill.call(stub, "RequestCodes", request)
    deadline, pause, status = time.monotonic() + CODE_SECONDS, threading.Event(), drill_pb2.GetStatusRequest()
    while True:
        found = drill.call(stub, "GetStatus", status)
        # Codes already drawn by an earlier, interrupted run count too.
        if found.code_pool + found.live_records >= count:
            return
        if time.monotonic() > deadline:
            raise StackFault(
                f"J-LIS designated {found.code_pool} of {count} codes to {found.node} in time.",
                "機構から住民票コードの指定が届きません。",
                "See whether J-LIS runs: `jukinet status`, `jukinet doctor`.",
                Exit.NOT_RUNNING,
            )
        pause.wait(0.02)


def _pages(found: Iterator[Household]) -> Iterator[list[Household]]:
    page: list[Household] = []
    size = 0
    for household in found:
        if page and size + len(household.members) > A_PAGE:
            yield page
            page, size = [], 0
        page.append(household)
        size += len(household.members)
    if page:
        yield page


def _message(household: Household, on: date) -> drill_pb2.NewHousehold:
    message = drill_pb2.NewHousehold(
        area_code=household.area_code, address=household.address, resident_since=convert.day_message(on)
    )
    for person in household.members:
        message.persons.add(
            name=person.name,
            name_kana=person.name_kana,
            former_surname=person.former_surname,
            former_surname_kana=person.former_surname_kana,
            alias=person.alias,
            birth_date=convert.day_message(person.birth_date),
            sex=convert.enum(_SEX[person.sex]),
            relationship=person.relationship,
            residency=convert.enum(Residency.JAPANESE if person.japanese else Residency.FOREIGN),
            registered_domicile=household.address,
            registered_head=household.members[0].name,
        )
    return message
