"""一括提供 by file: sent page by page, interrupted, gone on with, fetched, and counted once."""

from __future__ import annotations

from typing import Any

import pytest

from jukinet.node.provision import entry
from jukinet.testing.network import Juki
from jukinet.testing.office import OfficeDoor, by_items
from jukinet.v1 import bulk_file_pb2 as pb
from jukinet.v1 import bulk_file_pb2_grpc
from jukinet.v1 import provision_pb2 as ppb

PENSION = ("japan-pension-service", "1-77")


def ask(office: OfficeDoor, method: str, **fields: Any) -> Any:
    """Call an rpc of BulkFileService at J-LIS."""
    request = getattr(pb, f"{method}Request")(**fields)
    return office.call("機構", method, request, bulk_file_pb2_grpc.BulkFileServiceStub)


def begin(office: OfficeDoor, request_id: str = "file-1", pages: int = 2) -> str:
    operation, purpose = office.operation(request_id=request_id), office.purpose("case-9")
    return str(ask(office, "OpenBulkFile", operation=operation, purpose=purpose, pages=pages).file_id)


@pytest.mark.law(
    "open_bulk_file", "upload_bulk_page", "get_bulk_file", "download_bulk_page", "close_bulk_file"
)  # fmt: skip
@pytest.mark.juki(nodes=("国立市",))
def test_a_file_goes_on_after_an_interruption_and_counts_once(juki: Juki) -> None:
    people = [by_items(one) for one in juki.populate("国立市", 4)]
    pages = [
        [ppb.BulkQuestion(reference=f"{n}", criteria=one) for n, one in enumerate(half)]
        for half in (people[:2], people[2:])
    ]
    office, other = juki.office(*PENSION), juki.office("mhlw", "1-77")
    file_id = begin(office)
    assert ask(office, "UploadBulkPage", file_id=file_id, page=1, questions=pages[0]).pages_received == 1
    juki.kill("機構")
    juki.start("機構")
    assert begin(office) == file_id, "the same request_id finds the file"
    assert list(ask(office, "GetBulkFile", file_id=file_id).received) == [1]
    assert ask(office, "UploadBulkPage", file_id=file_id, page=1, questions=pages[0]).pages_received == 1
    with juki.refused("REQUEST_ID_REUSED"):
        ask(office, "UploadBulkPage", file_id=file_id, page=1, questions=pages[1])
    ask(office, "UploadBulkPage", file_id=file_id, page=2, questions=pages[1])
    first = ask(office, "DownloadBulkPage", file_id=file_id, page=1).page
    assert [one.result for one in first.answers] == [ppb.PROVISION_RESULT_FOUND] * 2
    assert ask(office, "DownloadBulkPage", file_id=file_id, page=1).page == first
    ask(office, "DownloadBulkPage", file_id=file_id, page=2)
    said = [(row, entry.read(bytes(row["provision"]))) for row in juki["機構"].audit() if row["provision"]]
    rows = [row for row, one in said if not one.repeats]
    assert [(row["event"], row["request_id"]) for row in rows] == [
        ("DownloadBulkPage", f"{file_id}/1"), ("DownloadBulkPage", f"{file_id}/2"),
    ]  # fmt: skip
    for method, fields in (("GetBulkFile", {}), ("DownloadBulkPage", {"page": 1}), ("CloseBulkFile", {})):
        with juki.refused("BULK_FILE_NOT_FOUND"):
            ask(other, method, file_id=file_id, **fields)
    ask(office, "CloseBulkFile", file_id=file_id)
    with juki["機構"].file() as db:
        assert db.execute("SELECT count(*) FROM bulk_page").fetchone() == (0,)
    state = ask(office, "GetBulkFile", file_id=file_id)
    assert (state.closed, list(state.answered)) == (True, [1, 2])
    with juki.refused("BULK_FILE_CLOSED"):
        ask(office, "DownloadBulkPage", file_id=file_id, page=1)


@pytest.mark.law("open_bulk_file")
@pytest.mark.juki(nodes=("国立市",))
def test_open_bulk_file_asks_the_law_first_and_forgets_what_is_left_lying(juki: Juki) -> None:
    with juki.refused("NOT_THE_RECIPIENT"):
        begin(juki.office("moj", "1-77"))
    office = juki.office(*PENSION)
    begin(office, "old")
    juki.clock.advance(days=8)
    begin(office, "new")
    with juki["機構"].file() as db:
        assert db.execute("SELECT count(*) FROM bulk_file").fetchone() == (1,)
