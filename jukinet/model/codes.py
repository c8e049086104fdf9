"""The three numbers that carry a check digit: 住民票コード, 個人番号 and 全国地方公共団体コード.

All three are strings of ASCII digits, because leading zeros count. The functions that end in `_from` take the part
before the check digit as an integer: they are for issuing in bulk.
"""

import re
from operator import mul

RESIDENT_CODE_LENGTH = 11
INDIVIDUAL_NUMBER_LENGTH = 12
AREA_CODE_LENGTH = 6

# Weights from the most significant digit, check digit left out.
_RESIDENT_CODE_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_INDIVIDUAL_NUMBER_WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_AREA_CODE_WEIGHTS = (6, 5, 4, 3, 2)


def resident_code(ten_digits: str) -> str:
    """Append the check digit to the ten random digits of a 住民票コード (住民基本台帳法施行規則第1条).

    The formula is corroborated, not confirmed: the text of 平成14年総務省告示第436号 was not at hand, three published
    specimen codes agree with it. Raises ValueError unless given ten ASCII digits.
    """
    _require_digits(ten_digits, RESIDENT_CODE_LENGTH - 1)
    return ten_digits + _check_digit(ten_digits, _RESIDENT_CODE_WEIGHTS)


def resident_code_from(number: int) -> str:
    """Make a 住民票コード of an integer below 10**10; as `resident_code`, for issuing in bulk."""
    digits = _padded(number, RESIDENT_CODE_LENGTH - 1)
    return digits + _check_digit(digits, _RESIDENT_CODE_WEIGHTS)


def resident_code_is_valid(code: str) -> bool:
    """Say whether this is eleven ASCII digits with the right check digit."""
    return _is_digits(code, RESIDENT_CODE_LENGTH) and code == resident_code(code[:-1])


def individual_number(eleven_digits: str) -> str:
    """Append the 検査用数字 to the eleven digits of a 個人番号 (番号法施行令第8条, 番号命令第5条).

    Raises ValueError unless given eleven ASCII digits.
    """
    from stdnum.jp import in_  # imported late: 50 ms that a node may never need

    _require_digits(eleven_digits, INDIVIDUAL_NUMBER_LENGTH - 1)
    return eleven_digits + str(in_.calc_check_digit(eleven_digits))


def individual_number_from(number: int) -> str:
    """Make a 個人番号 of an integer below 10**11; equals `individual_number`, for issuing in bulk."""
    digits = _padded(number, INDIVIDUAL_NUMBER_LENGTH - 1)
    return digits + _check_digit(digits, _INDIVIDUAL_NUMBER_WEIGHTS)


def individual_number_is_valid(number: str) -> bool:
    """Say whether this is twelve ASCII digits with the right 検査用数字; separators are not accepted."""
    from stdnum.jp import in_  # imported late, as above

    return _is_digits(number, INDIVIDUAL_NUMBER_LENGTH) and bool(in_.is_valid(number))


def area_code(five_digits: str) -> str:
    """Append the check digit to 2 digits of prefecture and 3 of municipality (全国地方公共団体コード).

    Raises ValueError unless given five ASCII digits.
    """
    _require_digits(five_digits, AREA_CODE_LENGTH - 1)
    return five_digits + str((11 - _weighted_sum(five_digits, _AREA_CODE_WEIGHTS) % 11) % 10)


def area_code_is_valid(code: str) -> bool:
    """Say whether this is six ASCII digits with the right check digit; whether such an area exists is `areas.find`."""
    return _is_digits(code, AREA_CODE_LENGTH) and code == area_code(code[:-1])


def _check_digit(digits: str, weights: tuple[int, ...]) -> str:
    """11 less the remainder, and 0 where the remainder is 0 or 1: one rule for 住民票コード and 個人番号."""
    return str(-_weighted_sum(digits, weights) % 11 % 10)


def _weighted_sum(digits: str, weights: tuple[int, ...]) -> int:
    # ASCII digits are 48 above their value; taking 48 off the sum once is cheaper than off every digit.
    weighted: int = sum(map(mul, weights, digits.encode()))
    return weighted - 48 * sum(weights)


def _padded(number: int, length: int) -> str:
    if not 0 <= number < 10**length:
        raise ValueError(f"expected an integer of at most {length} digits")
    return f"{number:0{length}d}"


def _is_digits(text: str, length: int) -> bool:
    # str.isdigit alone accepts full-width and superscript digits.
    return len(text) == length and text.isascii() and text.isdigit()


def _require_digits(text: str, length: int) -> None:
    # The text itself is left out of the message: it may be somebody's number.
    if not _is_digits(text, length):
        raise ValueError(f"expected {length} ASCII digits, got {len(text)} characters")


def names_somebody(words: str) -> bool:
    """Whether a 住民票コード or a 個人番号 stands in the words: neither may come into a log."""
    runs = re.findall(r"(?a:\d{11,})", words)
    return any(
        resident_code_is_valid(run[at : at + RESIDENT_CODE_LENGTH])
        or individual_number_is_valid(run[at : at + INDIVIDUAL_NUMBER_LENGTH])
        for run in runs
        for at in range(len(run) - RESIDENT_CODE_LENGTH + 1)
    )


NUMBERS = ("resident_code", "individual_number", "former_resident_code", "former_individual_number")
"""Fields of messages that hold a person's code or number."""
MASK = "●"


def masked(number: str) -> str:
    """A number of a person, hidden: only how long it is."""
    return MASK * len(number)
