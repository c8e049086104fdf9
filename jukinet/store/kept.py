"""What each table holds about people, how long, and what erases it: the register of the registers."""

from __future__ import annotations

from dataclasses import dataclass

ONE_YEAR, AS_REMOVED = "1 year", "150 years"


@dataclass(frozen=True, slots=True)
class Kept:
    """A table. One without `holds` says nothing about a person."""

    table: str
    holds: str = ""
    period: str = ""
    basis: str = ""
    erased_by: str = ""

    def line(self) -> str:
        """As a row of a table of a page."""
        return f"| `{self.table}` | {self.holds} | {self.period} | {self.basis} | {self.erased_by} |"


_BY_PERIOD = "with its batch's records (`jukinet/node/erasing.py`)"
_IDENTIFICATION = "as the notice it rests on"
_ARTICLES = "令30条の6, 30条の7"

JOURNAL = (
    Kept(
        "batch", "本人確認情報; papers that went over the line",
        "150 years from the next notice or the 消除; papers 1 year", "令30条の6, 30条の7, 34条2項・3項",
        "record by record (`jukinet/node/erasing.py`)",
    ),
    Kept("pending", "records that wait for their signature", "moments", "", "the sealer"),
    Kept(
        "answered", "answers, for whoever repeats a question",
        "7 real days; at a municipality at most 1 year; at J-LIS as the answer in the journal, or the erased person",
        "令34条3項", "the next answer; `jukinet/node/erasing.py`, `municipality_node/retention/`",
    ),
    Kept("conflict", "refused batches, which may tell of people", "for ever: evidence of a break", "ours", "nothing"),
    Kept("setting"), Kept("certificate"), Kept("stream"), Kept("cursor"),
    Kept("audit"),  # whose record it was is a number of the municipality's own
    Kept("audit_leaf"), Kept("tree_head"), Kept("anchored"),
    Kept("ordinance"), Kept("ordinance_trail"),
    Kept(
        "provided", "住民票コード of those whose 本人確認情報 was provided", "7 years from the provision", "ours",
        "`jukinet/node/anchoring.py`",
    ),
)  # fmt: skip
CALENDAR = (
    Kept("unsuperseded", "住民票コード", "as the notice it waits for", _ARTICLES, "the next notice about the person"),
    Kept("quarantine", "住民票コード", "as the record that was set aside", "as the record", _BY_PERIOD),
    Kept("retention"), Kept("applied"), Kept("applied_count"), Kept("tally"),
)  # fmt: skip
REGISTER = (
    Kept("identification", "本人確認情報", _IDENTIFICATION, _ARTICLES, _BY_PERIOD),
    Kept("code_chain", "住民票コード and the one before", _IDENTIFICATION, _ARTICLES, _BY_PERIOD),
    Kept("succeeded", "住民票コード", "as the row of the area that was taken over", _ARTICLES, _BY_PERIOD),
    Kept("double", "住民票コード", "until one live record is left", "ours", "the register; " + _BY_PERIOD),
    Kept("stale_entry", "住民票コード", "until the live record is closed", "ours", "the register; " + _BY_PERIOD),
    Kept("stream_epoch"),
)
FINDINGS = (
    Kept(
        "finding",
        "住民票コード that an error was found about",
        f"{ONE_YEAR} from when it was mended",
        "令34条3項",
        "`jukinet/node/reporting.py`",
    ),
)
DISCLOSURES = (
    Kept("bulk_page", "whom an office asks for in a file", "until the file is closed, or 7 days after its last page",
         "ours", "the office; the next file (`jukinet/node/provision/bulk_file.py`)"),
    Kept("bulk_file"),
    Kept("disclosure", "who asked for disclosure, until it is answered; 住民票コード", f"{ONE_YEAR} from the answer",
         "ours", "the next request (`jukinet/node/disclosure/acts.py`)"),
    Kept("disclosure_correction"),
)  # fmt: skip
PREFECTURE = (
    *JOURNAL, *CALENDAR, *REGISTER, *FINDINGS, *DISCLOSURES,
    Kept("name_index", "a hash of the name, 住民票コード", _IDENTIFICATION, _ARTICLES, _BY_PERIOD),
    Kept("move_out_confirmation", "転出確定通知", ONE_YEAR, "令34条3項", _BY_PERIOD),
)  # fmt: skip
CENTER = (
    *JOURNAL, *CALENDAR, *REGISTER, *FINDINGS, *DISCLOSURES,
    Kept("name_index", "a hash of the name, 住民票コード", _IDENTIFICATION, _ARTICLES, _BY_PERIOD),
    Kept("designation", "住民票コード as a bare number", "for ever: none given twice", "ours", "nothing"),
    Kept("individual_number", "個人番号, 住民票コード: bare numbers", "for ever: none given twice", "ours", "nothing"),
)  # fmt: skip
