"""付番: codes that nobody could foresee or get twice, numbers made from them one way."""

from __future__ import annotations

import hmac
import statistics
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from relay.bench import CENTER, KOKUBUNJI, KUNITACHI, TOKYO, Bench, bench

from jlis_center import conversion, store
from jlis_center.acts import KEY, generate_individual_numbers
from jlis_center.conversion import SHARE, designated_code, individual_number_candidate
from jukinet.model.codes import individual_number_is_valid, resident_code_is_valid
from jukinet.store import settings as kept
from jukinet.v1 import numbering_pb2, numbering_pb2_grpc, relay_pb2
from jukinet.wire.client import Client, Refused

pytestmark = pytest.mark.law("designate_codes", "generate_individual_numbers", "pool_size", "pool_needs_refill")

AREAS = st.sampled_from(["132152", "132144", "141003", "011002", "473821"])


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench(tmp_path_factory.mktemp("numbering"), [CENTER], [TOKYO, KUNITACHI, KOKUBUNJI]) as made:
        yield made


class Asker:
    """A mayor at J-LIS's door."""

    def __init__(self, net: Bench, path: str) -> None:
        folder = net.network.layout.client(net.authority, path)
        self._client = Client(folder, net.node(CENTER).listener.address, CENTER)

    def batch(self, method: str, request: Any) -> relay_pb2.Batch:
        answer = self._client.call(numbering_pb2_grpc.NumberingServiceStub, method, request)
        return answer.batch  # type: ignore[no-any-return]

    def codes(self, request_id: str, count: int) -> list[str]:
        request = numbering_pb2.DesignateCodesRequest(request_id=request_id, count=count)
        payload = relay_pb2.BatchPayload.FromString(self.batch("DesignateCodes", request).payload)
        return [numbering_pb2.CodeDesignation.FromString(raw).resident_code for raw in payload.records]

    def numbers(self, request_id: str, codes: list[str]) -> list[str]:
        request = numbering_pb2.GenerateIndividualNumbersRequest(request_id=request_id, resident_codes=codes)
        payload = relay_pb2.BatchPayload.FromString(self.batch("GenerateIndividualNumbers", request).payload)
        found = [numbering_pb2.NumberDesignation.FromString(raw) for raw in payload.records]
        assert [one.resident_code for one in found] == codes
        return [one.individual_number for one in found]

    def refused(self, method: str, request: Any) -> Refused:
        with pytest.raises(Refused) as caught:
            self.batch(method, request)
        return caught.value


@pytest.fixture(scope="module")
def mayor(net: Bench) -> Asker:
    return Asker(net, KUNITACHI)


@pytest.fixture(scope="module")
def neighbour(net: Bench) -> Asker:
    return Asker(net, KOKUBUNJI)


# Codes


@settings(max_examples=60, deadline=None)
@given(AREAS, st.integers(0, SHARE - 1), st.integers(0, 2**31))
def test_a_code_depends_on_municipality_and_ordinal_alone_and_bears_its_check_digit(
    area: str, ordinal: int, seed: int
) -> None:
    code = designated_code(seed, area, ordinal)
    assert code == designated_code(seed, area, ordinal)
    assert resident_code_is_valid(code)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(AREAS, st.integers(0, SHARE - 1)), min_size=2, max_size=40, unique=True))
def test_two_designations_never_give_the_same_code_in_whatever_order(pairs: list[tuple[str, int]]) -> None:
    there = {pair: designated_code(7, *pair) for pair in pairs}
    back = {pair: designated_code(7, *pair) for pair in reversed(pairs)}
    assert there == back
    assert len(set(there.values())) == len(pairs)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, conversion.SPACE - 1), st.integers(0, conversion.SPACE - 1))
def test_the_permutation_is_one_to_one(one: int, other: int) -> None:
    same = conversion._permuted(b"1", one) == conversion._permuted(b"1", other)
    assert same == (one == other)


def test_codes_look_drawn_at_random() -> None:
    codes = [int(designated_code(3, "132152", n)) // 10 for n in range(4_000)]
    assert codes != sorted(codes)
    rising = sum(a < b for a, b in pairwise(codes))
    assert 0.46 < rising / len(codes) < 0.54
    assert 0.47e10 < statistics.mean(codes) < 0.53e10
    assert len({code // 10**8 for code in codes}) == 100, "every hundredth of the space is met"
    assert len({b - a for a, b in pairwise(codes)}) == len(codes) - 1, "no step repeats"


def test_another_seed_gives_other_codes_and_an_unknown_municipality_none() -> None:
    assert designated_code(1, "132152", 0) != designated_code(2, "132152", 0)
    for area, ordinal in (("999999", 0), ("132152", SHARE)):
        with pytest.raises(LookupError):
            designated_code(1, area, ordinal)


def test_no_code_is_given_twice_to_anyone_over_the_wire(mayor: Asker, neighbour: Asker) -> None:
    given_out = [
        *mayor.codes("c1", 1_000), *neighbour.codes("c1", 1_000), *mayor.codes("c2", 500), *neighbour.codes("c2", 1)
    ]  # fmt: skip
    assert len(set(given_out)) == 2_501
    assert all(map(resident_code_is_valid, given_out))


def test_a_code_given_before_cannot_be_given_again_even_if_the_conversion_fails(net: Bench, mayor: Asker) -> None:
    (code,) = mayor.codes("twice", 1)
    import sqlite3

    with pytest.raises(sqlite3.IntegrityError):
        net.node(CENTER).journal.write(lambda db: store.designate(db, "132144", 10**6, [int(code)]))


def test_the_same_request_gets_the_same_bytes_and_gives_out_nothing_more(net: Bench, mayor: Asker) -> None:
    request = numbering_pb2.DesignateCodesRequest(request_id="same", count=3)
    first = mayor.batch("DesignateCodes", request)
    with net.node(CENTER).journal.read() as db:
        before = store.designated(db, "132152")
    assert mayor.batch("DesignateCodes", request).SerializeToString() == first.SerializeToString()
    with net.node(CENTER).journal.read() as db:
        assert store.designated(db, "132152") == before


def test_the_same_request_id_with_other_content_is_refused(mayor: Asker, neighbour: Asker) -> None:
    mayor.codes("other", 3)
    refused = mayor.refused("DesignateCodes", numbering_pb2.DesignateCodesRequest(request_id="other", count=4))
    assert (refused.reason, refused.answer.definite) == ("REQUEST_ID_REUSED", True)
    assert len(neighbour.codes("other", 4)) == 4, "ids are each caller's own"


@pytest.mark.parametrize(("count", "reason"), [(0, "FIELD_OUT_OF_RANGE"), (5_001, "FIELD_OUT_OF_RANGE"), (5_000, "")])
def test_at_most_five_thousand_codes_at_a_time(mayor: Asker, count: int, reason: str) -> None:
    request = numbering_pb2.DesignateCodesRequest(request_id=f"count{count}", count=count)
    if reason:
        assert mayor.refused("DesignateCodes", request).reason == reason
    else:
        assert len(set(mayor.codes(f"count{count}", count))) == count


def test_a_request_without_an_id_is_refused(mayor: Asker) -> None:
    assert mayor.refused("DesignateCodes", numbering_pb2.DesignateCodesRequest(count=1)).reason == "REQUEST_ID_MISSING"


# Numbers


def test_numbers_bear_their_check_digit_and_no_two_codes_share_one(mayor: Asker) -> None:
    codes = mayor.codes("n0", 2_000)
    numbers = mayor.numbers("n1", codes)
    assert all(map(individual_number_is_valid, numbers))
    assert len(set(numbers)) == 2_000
    assert not any(code[:10] in number or number[:11] == code for code, number in zip(codes, numbers, strict=True))


def test_the_same_code_gets_the_same_number_whoever_asks_and_however_often(mayor: Asker, neighbour: Asker) -> None:
    codes = mayor.codes("s0", 3)
    numbers = mayor.numbers("s1", codes)
    assert mayor.numbers("s2", list(reversed(codes))) == list(reversed(numbers))
    assert neighbour.numbers("s3", codes) == numbers


def test_a_number_once_given_is_never_given_again_not_even_a_former_one(net: Bench, mayor: Asker) -> None:
    old, new = mayor.codes("f0", 2)
    file = net.node(CENTER).journal
    with file.read() as db:
        key = bytes.fromhex(kept.find(db, KEY)) if kept.find(db, KEY) else b""
    if not key:
        mayor.numbers("f1", mayor.codes("f2", 1))
        with file.read() as db:
            key = bytes.fromhex(kept.find(db, KEY))
    collides = int(individual_number_candidate(key, new, 0))
    # Somebody had that number, and has another one now.
    file.write(lambda db: db.execute("INSERT INTO individual_number VALUES (?,?,0)", (collides, int(old))))
    (number,) = mayor.numbers("f3", [new])
    assert int(number) != collides
    assert number == individual_number_candidate(key, new, 1)
    assert individual_number_is_valid(number)


def test_a_number_cannot_be_computed_from_the_code_without_the_key(mayor: Asker) -> None:
    (code,) = mayor.codes("k0", 1)
    (number,) = mayor.numbers("k1", [code])
    for guess in (b"", b"0", b"1", bytes(32), KEY.encode(), code.encode()):
        assert individual_number_candidate(guess, code, 0) != number


def test_two_networks_give_the_same_code_different_numbers(tmp_path: Path) -> None:
    found = []
    for name in ("a", "b"):
        with bench(tmp_path / name, [CENTER], [TOKYO, KUNITACHI]) as net:
            asker = Asker(net, KUNITACHI)
            codes = asker.codes("1", 1)
            found.append((codes, asker.numbers("2", codes)))
    assert found[0][0] == found[1][0], "codes replay with the seed"
    assert found[0][1] != found[1][1], "numbers do not: the key is the network's own"


def test_the_key_outlives_a_restart_and_stands_in_no_answer_and_no_audit_row(net: Bench, mayor: Asker) -> None:
    codes = mayor.codes("r0", 1)
    batch = mayor.batch(
        "GenerateIndividualNumbers",
        numbering_pb2.GenerateIndividualNumbersRequest(request_id="r1", resident_codes=codes),
    )
    file = net.node(CENTER).journal
    with file.read() as db:
        key = kept.find(db, KEY)
        rows = str(db.execute("SELECT * FROM audit").fetchall())
    assert len(key) == 64
    assert bytes.fromhex(key) not in batch.SerializeToString()
    assert key not in rows
    assert file.write(lambda db: generate_individual_numbers(db, codes))
    with file.read() as db:
        assert kept.find(db, KEY) == key


@pytest.mark.parametrize(
    ("codes", "reason"),
    [
        ([], "FIELD_OUT_OF_RANGE"),
        (["1"] * 5_001, "FIELD_OUT_OF_RANGE"),
        (["12345678901"], "CHECK_DIGIT_WRONG"),
        (["abc"], "CHECK_DIGIT_WRONG"),
        ([designated_code(12345, "132152", 4_999_999)], "CODE_NOT_DESIGNATED"),
    ],
    ids=["none", "too many", "check digit", "no code", "not designated"],
)
def test_what_no_number_can_be_made_from_is_refused_and_nothing_is_given_out(
    net: Bench, mayor: Asker, codes: list[str], reason: str
) -> None:
    with net.node(CENTER).journal.read() as db:
        before = db.execute("SELECT count(*) FROM individual_number").fetchone()
    good = mayor.codes(f"g-{reason}-{len(codes)}", 1) if reason != "FIELD_OUT_OF_RANGE" else []
    request = numbering_pb2.GenerateIndividualNumbersRequest(
        request_id=f"bad-{reason}-{len(codes)}", resident_codes=[*good, *codes]
    )
    assert mayor.refused("GenerateIndividualNumbers", request).reason == reason
    with net.node(CENTER).journal.read() as db:
        assert db.execute("SELECT count(*) FROM individual_number").fetchone() == before


@pytest.mark.parametrize("path", [TOKYO, "operator/132152/c01", "console/drill", "office/pension"])
@pytest.mark.parametrize("method", ["DesignateCodes", "GenerateIndividualNumbers"])
def test_only_a_mayor_may_ask(net: Bench, path: str, method: str) -> None:
    request = (
        numbering_pb2.DesignateCodesRequest(request_id="x", count=1)
        if method == "DesignateCodes"
        else numbering_pb2.GenerateIndividualNumbersRequest(request_id="x", resident_codes=["1"])
    )
    assert Asker(net, path).refused(method, request).reason == "CALLER_NOT_NAMED"


def test_the_answer_is_signed_by_j_lis_and_journaled_before_it_goes_out(net: Bench, mayor: Asker) -> None:
    batch = mayor.batch("DesignateCodes", numbering_pb2.DesignateCodesRequest(request_id="signed", count=2))
    header = relay_pb2.StreamHeader.FromString(batch.header)
    assert (header.origin, header.kind, header.counterpart) == ("jlis", 9, "132152")
    with net.node(CENTER).journal.read() as db:
        found = db.execute("SELECT said FROM batch WHERE header = ?", (batch.header,)).fetchall()
    assert found == [(1,)]
    assert hmac.compare_digest(batch.certificate, net.node(CENTER).credentials.current.certificate_der)


# Numbers in place of others


def changed(mayor: Asker, request_id: str, codes: list[str]) -> list[str]:
    request = numbering_pb2.ChangeIndividualNumbersRequest(request_id=request_id, resident_codes=codes)
    payload = relay_pb2.BatchPayload.FromString(mayor.batch("ChangeIndividualNumbers", request).payload)
    found = [numbering_pb2.NumberDesignation.FromString(raw) for raw in payload.records]
    assert [one.resident_code for one in found] == codes
    return [one.individual_number for one in found]


@pytest.mark.law("change_individual_numbers")
def test_change_individual_numbers_gives_another_each_time_and_an_old_one_to_nobody(net: Bench, mayor: Asker) -> None:
    codes = mayor.codes("for changes", 3)
    given_out = [*mayor.numbers("former", codes), *changed(mayor, "second", codes), *changed(mayor, "third", codes)]
    assert len(set(given_out)) == 9
    assert all(map(individual_number_is_valid, given_out))
    assert mayor.numbers("who asks", codes) == given_out[6:], "whoever asks for the number is told the last one"
    with net.node(CENTER).journal.read() as db:
        kept_rows = db.execute(
            "SELECT count(*), sum(current) FROM individual_number WHERE code IN (?,?,?)", [int(code) for code in codes]
        ).fetchone()
    assert tuple(kept_rows) == (9, 3), "a former number stays in the table (番号令8条三号)"


@pytest.mark.law("change_individual_numbers")
def test_change_individual_numbers_asked_twice_with_one_id_gives_one_number(mayor: Asker, neighbour: Asker) -> None:
    codes = mayor.codes("for a repeat", 1)
    first = changed(mayor, "again", codes)
    assert changed(mayor, "again", codes) == first
    assert changed(neighbour, "again", codes) != first, "the id is the caller's own"


@pytest.mark.law("change_individual_numbers")
@pytest.mark.parametrize(
    ("codes", "reason"),
    [
        pytest.param(["12345678900"], "CHECK_DIGIT_WRONG", id="検査数字の合わないコード"),
        pytest.param(["99999999995"], "CODE_NOT_DESIGNATED", id="指定されたことのないコード"),
        pytest.param([], "FIELD_OUT_OF_RANGE", id="コードのない求め"),
        pytest.param(["99999999995", "99999999995"], "FIELD_OUT_OF_RANGE", id="同じコードの二重の求め"),
    ],
)
def test_change_individual_numbers_that_cannot_be_gives_nothing(
    net: Bench, mayor: Asker, codes: list[str], reason: str
) -> None:
    (known,) = mayor.codes(f"beside {len(codes)} {reason}", 1)
    number = mayor.numbers(f"first {len(codes)} {reason}", [known])
    request = numbering_pb2.ChangeIndividualNumbersRequest(
        request_id=f"wrong {len(codes)} {reason}", resident_codes=[known, *codes] if codes else []
    )
    assert mayor.refused("ChangeIndividualNumbers", request).reason == reason
    assert mayor.numbers(f"after {len(codes)} {reason}", [known]) == number
