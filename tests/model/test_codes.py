import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.jp import in_

from jukinet.model import codes


@pytest.mark.parametrize(
    ("ten_digits", "check_digit"), [("1234567890", "3"), ("0000000001", "9"), ("9999999999", "5"), ("0123456789", "2")]
)
def test_a_resident_code_ends_in_the_corroborated_check_digit(ten_digits: str, check_digit: str) -> None:
    assert codes.resident_code(ten_digits) == ten_digits + check_digit


@pytest.mark.parametrize("specimen", ["24727059608", "24846016224", "25208017643"])
def test_published_specimens_of_resident_codes_are_valid(specimen: str) -> None:
    assert codes.resident_code_is_valid(specimen)


@pytest.mark.parametrize(
    "code", ["24727059609", "2472705960", "247270596080", "", "2472705960X", "２４７２７０５９６０８"]
)
def test_a_resident_code_with_wrong_digit_length_or_script_is_not_valid(code: str) -> None:
    assert not codes.resident_code_is_valid(code)


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("123456789018", True),
        ("123456789019", False),
        ("111111111118", True),
        ("000111111111", True),
        ("621498320257", True),
        ("621498320258", False),
        ("983205673214", True),
        ("983205673210", False),
        ("379474484458", True),
        ("454972364860", True),
        ("507957100721", True),
        ("6214 9832 0257", False),
        ("6214-9832-0257", False),
        ("６２１４９８３２０２５７", False),
        ("²21498320257", False),
        ("62149832025", False),
        ("", False),
    ],
)
def test_published_individual_numbers_are_told_from_wrong_ones(number: str, valid: bool) -> None:
    assert codes.individual_number_is_valid(number) is valid


@pytest.mark.parametrize(
    "code",
    ["011002", "131016", "132152", "473821", "074829", "131130", "141003", "271004", "130001", "010006", "075477"],
)
def test_published_area_codes_are_valid(code: str) -> None:
    assert codes.area_code_is_valid(code)
    assert codes.area_code(code[:5]) == code


@pytest.mark.parametrize("code", ["132153", "13215", "1321520", "13215２", "", "13215-"])
def test_an_area_code_with_wrong_digit_length_or_script_is_not_valid(code: str) -> None:
    assert not codes.area_code_is_valid(code)


@given(st.integers(0, 10**11 - 1))
def test_issuing_in_bulk_gives_the_individual_number_that_stdnum_gives(number: int) -> None:
    issued = codes.individual_number_from(number)
    assert issued == codes.individual_number(f"{number:011d}")
    assert in_.is_valid(issued)
    assert codes.individual_number_is_valid(issued)


@given(st.integers(0, 10**10 - 1))
def test_issuing_in_bulk_gives_the_resident_code_of_its_digits(number: int) -> None:
    issued = codes.resident_code_from(number)
    assert issued == codes.resident_code(f"{number:010d}")
    assert codes.resident_code_is_valid(issued)


@given(st.integers(0, 10**10 - 1), st.integers(0, 9), st.integers(1, 9))
def test_a_single_wrong_digit_is_caught_in_a_resident_code_unless_its_check_digit_is_0(
    number: int, place: int, by: int
) -> None:
    right = codes.resident_code_from(number)
    wrong = right[:place] + str((int(right[place]) + by) % 10) + right[place + 1 :]
    # Remainders 0 and 1 share the check digit 0, so only there can a wrong digit slip through.
    assert right.endswith("0") or not codes.resident_code_is_valid(wrong)


@pytest.mark.parametrize("number", [-1, 10**10])
def test_an_integer_out_of_range_is_refused_for_a_resident_code(number: int) -> None:
    with pytest.raises(ValueError, match="at most 10 digits"):
        codes.resident_code_from(number)


@pytest.mark.parametrize("number", [-1, 10**11])
def test_an_integer_out_of_range_is_refused_for_an_individual_number(number: int) -> None:
    with pytest.raises(ValueError, match="at most 11 digits"):
        codes.individual_number_from(number)


@pytest.mark.parametrize("make", [codes.resident_code, codes.individual_number, codes.area_code])
@pytest.mark.parametrize("digits", ["", "123", "１２３４５", "12 45", "1234567890123"])
def test_other_than_the_right_count_of_ascii_digits_is_refused_without_being_repeated(
    make: object, digits: str
) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match="ASCII digits") as refusal:
        make(digits)
    assert not digits or digits not in str(refusal.value).split()
