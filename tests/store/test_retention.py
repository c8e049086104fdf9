"""Whose clock runs since when, and what is left of a batch, on bare files."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from relay.bench import record

from jukinet.clock import Clock
from jukinet.model.codes import resident_code_from
from jukinet.model.dates import JST
from jukinet.model.stream import Keys, Stream
from jukinet.pki import merkle
from jukinet.pki.authority import Authority
from jukinet.pki.signing import Signer
from jukinet.relay.sealer import Chain, seal
from jukinet.store import journal, redaction, register, retention
from jukinet.store.database import Database, Schema
from jukinet.store.projector import Projector, leaves, open_payload
from jukinet.v1 import relay_pb2

KUNITACHI, SUGINAMI = "132152", "131156"
IDENTIFICATION = int(relay_pb2.STREAM_KIND_IDENTIFICATION)
ENTRY = {"kind": 1, "reason": 1}
DELETION = {"kind": 2, "reason": 7}
CORRECTION = {"kind": 3, "reason": 13}
NUMBER = {"kind": 4, "reason": 18}
KEEP = ("keep_identification_at_governor", "keep_identification_at_center")


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    credential = Authority.open(tmp_path_factory.mktemp("authority")).issue("municipality/132152")
    return Signer(credential.key_pem, credential.certificate_der)


class Files:
    """A governor's journal and register, with a hand that brings batches on chosen days."""

    def __init__(self, folder: Path, signer: Signer) -> None:
        self.signer = signer
        self.clock = Clock(at=datetime(2021, 6, 1, 9, tzinfo=JST))
        self.journal = Database(folder / "journal.db", Schema("prefecture_node.schema", "migrations", 2))
        self.register = Database(folder / "register.db", Schema("prefecture_node.schema", "register", 2))
        self.chains: dict[Stream, Chain] = {}
        self.projector = Projector(self.journal, self.register, register.apply_identification, retention.follow)

    def hear(self, on: str, origin: str, *records: bytes, kind: int = IDENTIFICATION, said: bool = False) -> int:
        """One batch received on a day; its position."""
        instant = datetime.fromisoformat(on).replace(hour=10, tzinfo=JST)
        if instant > self.clock.now():
            self.clock.set(instant)
        stream = Stream(origin, kind)
        chain = self.chains.get(stream, Chain(1, 1, journal.NO_HASH))
        keys = [Keys(1000 + index, 2000 + index, 3000 + index) for index in range(len(records))]
        envelope = seal(stream, chain, records, keys, self.signer, self.clock)
        self.chains[stream] = Chain(1, envelope.header.last_number + 1, envelope.header_hash)
        position = self.journal.write(lambda db: journal.append(db, self.clock, envelope, said=said))
        while self.projector.step():
            pass
        return position

    def due(self) -> dict[tuple[int, int], str]:
        """Position and record of everything whose clock runs, with the day on which it goes."""
        with self.register.read() as db:
            return {(due.position, due.record): due.due_day for due in retention.expired(db, date(9999, 1, 1), 1_000)}

    def close(self) -> None:
        self.register.close()
        self.journal.close()


@pytest.fixture
def files(tmp_path: Path, signer: Signer) -> Iterator[Files]:
    made = Files(tmp_path, signer)
    yield made
    made.close()


def notice(origin: str, what: dict[str, Any], sequence: int, code: int = 1, former: int = 0) -> bytes:
    more = {"former_resident_code": resident_code_from(former)} if former else {}
    return record(origin, code, sequence=sequence, **what, **more).SerializeToString()


CODE = {"kind": 5, "reason": 19}
Told = tuple[str, str, dict[str, Any], int, int]


def told(on: str, origin: str, what: dict[str, Any], code: int = 1, former: int = 0) -> Told:
    return on, origin, what, code, former


@pytest.mark.law(*KEEP)
@pytest.mark.parametrize(
    ("chain", "due"),
    [
        pytest.param([told("2021-06-02", KUNITACHI, ENTRY)], {}, id="記載だけなら期間は始まらない"),
        pytest.param(
            [told("2021-06-02", KUNITACHI, ENTRY), told("2022-01-01", KUNITACHI, CORRECTION)],
            {1: "2172-01-01"},
            id="修正が記載の期間を始め自らは待つ",
        ),
        pytest.param(
            [told("2021-06-02", KUNITACHI, ENTRY), told("2022-01-01", KUNITACHI, DELETION)],
            {1: "2172-01-01", 2: "2172-01-01"},
            id="消除は記載の期間も自らの期間も始める",
        ),
        pytest.param(
            [
                told("2021-06-02", KUNITACHI, ENTRY),
                told("2021-06-03", KUNITACHI, NUMBER),
                told("2030-04-01", KUNITACHI, CORRECTION),
                told("2090-03-31", KUNITACHI, DELETION),
            ],
            {1: "2171-06-03", 2: "2180-04-01", 3: "2240-03-31", 4: "2240-03-31"},
            id="通知が続けば一つずつ期間が始まる",
        ),
        pytest.param(
            [told("2021-06-02", KUNITACHI, ENTRY), told("2022-01-01", SUGINAMI, ENTRY)],
            {1: "2172-01-01"},
            id="別の市町村の記載が前の市町村の記録の期間を始める",
        ),
        pytest.param(
            [
                told("2021-06-02", KUNITACHI, ENTRY),
                told("2022-01-01", KUNITACHI, DELETION),
                told("2022-01-05", SUGINAMI, ENTRY),
            ],
            {1: "2172-01-01", 2: "2172-01-01"},
            id="消除の後の転入は消除の期間を変えない",
        ),
        pytest.param(
            [
                told("2021-06-02", KUNITACHI, ENTRY),
                told("2022-01-05", SUGINAMI, ENTRY),
                told("2022-01-06", KUNITACHI, DELETION),
            ],
            {1: "2172-01-05", 3: "2172-01-06"},
            id="遅れた消除は転入先の記載の期間を始めない",
        ),
        pytest.param(
            [
                told("2021-06-02", KUNITACHI, ENTRY),
                told("2022-01-05", SUGINAMI, ENTRY),
                told("2022-01-06", KUNITACHI, DELETION),
                told("2050-01-06", SUGINAMI, DELETION),
            ],
            {1: "2172-01-05", 3: "2172-01-06", 2: "2200-01-06", 4: "2200-01-06"},
            id="転入先の消除は転入先の記載の期間を始める",
        ),
        pytest.param(
            [told("2021-06-02", KUNITACHI, ENTRY), told("2022-01-01", KUNITACHI, CODE, 2, 1)],
            {1: "2172-01-01"},
            id="コードの変更は旧コードの記録の次の通知である",
        ),
        pytest.param(
            [
                told("2021-06-02", KUNITACHI, ENTRY),
                told("2022-01-01", KUNITACHI, CODE, 2, 1),
                told("2023-01-01", KUNITACHI, CODE, 3, 2),
                told("2024-02-29", KUNITACHI, DELETION, 3),
            ],
            {1: "2172-01-01", 2: "2173-01-01", 3: "2174-03-01", 4: "2174-03-01"},
            id="コードを二度変えた人の鎖をたどる",
        ),
        pytest.param(
            [told("2021-06-02", KUNITACHI, ENTRY), told("2022-01-01", KUNITACHI, ENTRY, 2)],
            {},
            id="別人の通知は期間を始めない",
        ),
        pytest.param(
            [
                told("2021-06-02", KUNITACHI, ENTRY),
                told("2022-01-01", KUNITACHI, DELETION),
                told("2030-01-01", KUNITACHI, ENTRY),
                told("2040-01-01", KUNITACHI, DELETION),
            ],
            {1: "2172-01-01", 2: "2172-01-01", 3: "2190-01-01", 4: "2190-01-01"},
            id="戻って来た人の二度目の記録は二度目の消除から",
        ),
    ],
)
def test_the_clock_of_a_notice_starts_with_the_next_about_the_person(
    files: Files, chain: list[Told], due: dict[int, str]
) -> None:
    for sequence, (on, origin, what, code, former) in enumerate(chain, start=1):
        files.hear(on, origin, notice(origin, what, sequence, code, former))
    assert files.due() == {(position, 0): on for position, on in due.items()}


@pytest.mark.law(*KEEP)
def test_notices_about_one_person_in_one_batch_follow_one_another(files: Files) -> None:
    files.hear(
        "2021-06-02",
        KUNITACHI,
        notice(KUNITACHI, ENTRY, 1),
        notice(KUNITACHI, ENTRY, 1, 2),
        notice(KUNITACHI, NUMBER, 2),
    )
    assert files.due() == {(1, 0): "2171-06-02"}


@pytest.mark.law(*KEEP)
def test_what_was_set_aside_is_kept_as_long_as_a_deletion_of_that_day_and_starts_nobodys_clock(files: Files) -> None:
    files.hear("2021-06-02", KUNITACHI, notice(KUNITACHI, ENTRY, 1))
    wrong = notice(KUNITACHI, {"kind": 3, "reason": 1}, 2)
    files.hear("2022-01-01", KUNITACHI, wrong, b"\xff\xff")
    assert files.due() == {(2, 0): "2172-01-01", (2, 1): "2172-01-01"}


@pytest.mark.law(*KEEP)
def test_a_batch_whose_root_is_wrong_is_kept_whole_as_long(files: Files) -> None:
    envelope = seal(
        Stream(KUNITACHI, IDENTIFICATION), Chain(1, 1, journal.NO_HASH), [notice(KUNITACHI, ENTRY, 1)], [Keys()],
        files.signer, files.clock,
    )  # fmt: skip
    envelope.batch.payload = envelope.batch.payload[:-1] + b"\x00"
    files.journal.write(lambda db: journal.append(db, files.clock, envelope, said=False))
    files.projector.step()
    assert files.due() == {(1, -1): "2171-06-01"}


@pytest.mark.law("keep_paper")
@pytest.mark.parametrize(
    ("kind", "due"),
    [
        pytest.param("MOVE_OUT_CONFIRMATION", "2022-06-03", id="転出確定通知は1年"),
        pytest.param("MOVE_IN_NOTICE", "2022-06-03", id="転入通知は1年"),
        pytest.param("FAMILY_REGISTRATION_NOTICE", "2022-06-03", id="戸籍届書等による通知は1年"),
        pytest.param("SUPPLEMENTARY_REGISTER_NOTICE", "2022-06-03", id="戸籍の附票記載事項通知は1年"),
        pytest.param("MOVE_OUT_PRE_NOTICE", "2022-06-03", id="事前通知は1年"),
        pytest.param("REGISTER_ERROR_REPORT", "2022-06-03", id="誤りの通報は1年"),
        pytest.param("CODE_DESIGNATION", "2022-06-03", id="コードの指定の通知は1年"),
        pytest.param("NUMBER_DESIGNATION", "2022-06-03", id="個人番号とすべき番号の通知は1年"),
        pytest.param("MOVE_OUT_CERTIFICATE", "2022-06-03", id="転出証明書情報は1年"),
        pytest.param("WIDE_AREA_RECORD", "2022-06-03", id="広域交付の住民票情報は1年"),
        pytest.param("SEARCH_ANSWER", "2022-06-03", id="本人確認情報の提供の回答は1年"),
        pytest.param("SUPPLEMENTARY_IDENTIFICATION", "", id="附票本人確認情報はまだ送られないので消さない"),
    ],
)
@pytest.mark.parametrize("said", [True, False], ids=["発した側", "受けた側"])
def test_what_is_no_identification_is_a_paper_of_one_year(files: Files, kind: str, due: str, said: bool) -> None:
    files.hear("2021-06-02", KUNITACHI, b"x", b"y", kind=relay_pb2.StreamKind.Value(f"STREAM_KIND_{kind}"), said=said)
    assert files.due() == ({(1, -1): due} if due else {})


@pytest.mark.law(*KEEP)
def test_the_row_of_a_changed_code_goes_with_its_last_notice_and_that_of_the_new_code_stays(files: Files) -> None:
    files.hear("2021-06-02", KUNITACHI, notice(KUNITACHI, ENTRY, 1))
    files.hear("2022-01-01", KUNITACHI, notice(KUNITACHI, CODE, 2, 2, 1))
    old, new = (int(resident_code_from(number)) for number in (1, 2))
    with files.register.read() as db:
        assert not register.is_live(db, old, KUNITACHI, 1), "nobody bears it any more"
        assert register.is_live(db, new, KUNITACHI, 2)
    files.register.write(lambda db: register.forget(db, old, KUNITACHI, 1, 1))
    files.register.write(lambda db: register.forget(db, new, KUNITACHI, 2, 2))
    with files.register.read() as db:
        assert db.execute("SELECT code, live FROM identification").fetchall() == [(new, 1)], (
            "who lives is not forgotten"
        )


# What is left of a batch


def redacted(files: Files, *indexes: int, of: int = 5) -> journal.Envelope:
    records = [f"架空　{n}郎".encode() for n in range(of)]
    keys = [Keys(1000 + n, 2000 + n, 3000 + n) for n in range(of)]
    chain = Chain(1, 1, journal.NO_HASH)
    whole = seal(Stream(KUNITACHI, IDENTIFICATION), chain, records, keys, files.signer, files.clock)
    payload = redaction.redact(relay_pb2.BatchPayload.FromString(whole.batch.payload), indexes)
    whole.batch.payload = payload.SerializeToString()
    return whole


@pytest.mark.parametrize(
    "indexes",
    [
        pytest.param((0,), id="最初の記録だけ"),
        pytest.param((4,), id="最後の記録だけ"),
        pytest.param((1, 3), id="間の二つ"),
        pytest.param((0, 1, 2, 3, 4), id="すべて"),
    ],
)
def test_a_redacted_batch_still_has_its_signed_root_and_nothing_else_of_what_is_gone(
    files: Files, indexes: tuple[int, ...]
) -> None:
    envelope = redacted(files, *indexes)
    opened = open_payload(envelope)
    assert (opened.fault, opened.erased) == (None, frozenset(indexes))
    payload = relay_pb2.BatchPayload.FromString(envelope.batch.payload)
    for index in range(5):
        gone = index in indexes
        assert (f"架空　{index}郎".encode() in envelope.batch.payload) is not gone
        assert (payload.salts[index * 16 : index * 16 + 16] == bytes(16)) is gone, "the salt would prove a guess"
        for keys, base in ((payload.code_keys, 1000), (payload.number_keys, 2000), (payload.name_keys, 3000)):
            assert (base + index in [key >> 20 for key in keys]) is not gone, "a key names whom the record was about"


def test_erasing_more_of_a_batch_keeps_what_was_erased_before(files: Files) -> None:
    envelope = redacted(files, 1)
    once = relay_pb2.BatchPayload.FromString(envelope.batch.payload)
    twice = redaction.redact(once, [3])
    assert [one.index for one in twice.redacted] == [1, 3]
    assert merkle.root(leaves(twice)) == envelope.header.records_root
    assert redaction.redact(twice, [3]) == twice


def spoiled(payload: relay_pb2.BatchPayload, how: str) -> relay_pb2.BatchPayload:
    one = payload.redacted[0]
    if how == "hash":
        one.leaf_hash = bytes([one.leaf_hash[0] ^ 1]) + one.leaf_hash[1:]
    elif how == "short":
        one.leaf_hash = one.leaf_hash[:-1]
    elif how == "record":
        payload.records[one.index] = b"left"
    elif how == "salt":
        salts = bytearray(payload.salts)
        salts[one.index * 16] = 1
        payload.salts = bytes(salts)
    elif how == "twice":
        payload.redacted.append(one)
    elif how == "beyond":
        payload.redacted.append(relay_pb2.RedactedRecord(index=5, leaf_hash=one.leaf_hash))
    elif how == "place":
        payload.records[one.index + 1], one.index = b"", one.index + 1
    return payload


@pytest.mark.parametrize(
    ("how", "fault"),
    [
        pytest.param("hash", "ROOT_MISMATCH", id="葉のハッシュを1ビット変える"),
        pytest.param("short", "RECORD_MALFORMED", id="葉のハッシュが短い"),
        pytest.param("record", "RECORD_MALFORMED", id="記録が残っている"),
        pytest.param("salt", "RECORD_MALFORMED", id="ソルトが残っている"),
        pytest.param("twice", "RECORD_MALFORMED", id="同じ記録を二度挙げる"),
        pytest.param("beyond", "RECORD_MALFORMED", id="電文にない記録を挙げる"),
        pytest.param("place", "RECORD_MALFORMED", id="別の記録の位置に置く"),
    ],
)
def test_a_redaction_that_does_not_add_up_is_noticed(files: Files, how: str, fault: str) -> None:
    envelope = redacted(files, 1)
    payload = spoiled(relay_pb2.BatchPayload.FromString(envelope.batch.payload), how)
    envelope.batch.payload = payload.SerializeToString()
    found = open_payload(envelope).fault
    assert found is not None
    assert found.value == fault


@pytest.mark.parametrize(
    ("today", "believed"),
    [
        pytest.param(date(2171, 5, 31), False, id="150年を経過していなければ欠けた電文は受けない"),
        pytest.param(date(2171, 6, 1), True, id="150年を経過した翌日から受ける"),
    ],
)
def test_a_redacted_batch_is_believed_only_when_the_period_can_be_over(
    files: Files, today: date, believed: bool
) -> None:
    assert retention.proven_redacted(redacted(files, 1), today) is believed


def test_a_payload_that_was_changed_without_redaction_is_not_believed_after_the_period(files: Files) -> None:
    envelope = redacted(files)
    assert not retention.proven_redacted(envelope, date(2200, 1, 1))


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        pytest.param("payload = x'00', redacted = 1", False, id="消去した記録が増えるなら中身を替えてよい"),
        pytest.param("payload = x'00'", True, id="消去のない書換えは拒む"),
        pytest.param("payload = x'00', redacted = 0", True, id="消去の数が増えなければ拒む"),
        pytest.param("payload = x'00', redacted = 3", True, id="電文の記録より多くは消せない"),
        pytest.param("redacted = 1, header = x'00'", True, id="ヘッダーは変えられない"),
        pytest.param("redacted = 1, signature = x'00'", True, id="署名は変えられない"),
        pytest.param("redacted = 1, last_number = 1", True, id="番号は変えられない"),
        pytest.param("redacted = 1, receive_virtual_time = 0", True, id="受領の時刻は変えられない"),
    ],
)
def test_the_journal_lets_records_be_erased_and_nothing_else_change(files: Files, change: str, refused: bool) -> None:
    files.hear("2021-06-02", KUNITACHI, notice(KUNITACHI, ENTRY, 1), notice(KUNITACHI, ENTRY, 1, 2))

    def update(db: sqlite3.Connection) -> None:
        db.execute(f"UPDATE batch SET {change}")

    if refused:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            files.journal.write(update)
    else:
        files.journal.write(update)


def test_a_register_built_anew_shows_no_erased_person_and_counts_as_before(files: Files, tmp_path: Path) -> None:
    files.hear("2021-06-02", KUNITACHI, notice(KUNITACHI, ENTRY, 1), notice(KUNITACHI, ENTRY, 1, 2))
    with files.journal.read() as db:
        entry = journal.entry(db, 1)
    assert entry is not None
    payload = redaction.redact(relay_pb2.BatchPayload.FromString(entry.envelope.batch.payload), [0])
    files.journal.write(lambda db: journal.redact(db, 1, payload.SerializeToString(), 1))
    anew = Database(tmp_path / "anew.db", Schema("prefecture_node.schema", "register", 2))
    while Projector(files.journal, anew, register.apply_identification, retention.follow).step():
        pass
    with anew.read() as db:
        assert db.execute("SELECT code FROM identification").fetchall() == [(int(resident_code_from(2)),)]
        assert db.execute("SELECT sum(records) FROM applied_count").fetchone() == (2,)
        assert db.execute("SELECT count(*) FROM quarantine").fetchone() == (0,)
    anew.close()
