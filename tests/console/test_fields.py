"""The message panel says what the contract sends, all of it, and on which article something stays."""

from datetime import date

import pytest
from google.protobuf.descriptor import Descriptor

from jukinet.console import fields
from jukinet.console.texts import TextError, read
from jukinet.law import index  # noqa: F401  enters the rules
from jukinet.law.basis import every_rule
from jukinet.model import articles
from jukinet.v1 import relay_pb2
from jukinet.wire import basis

KINDS = [value for value in relay_pb2.StreamKind.DESCRIPTOR.values if value.number]
VALUES = {"google.type.Date", "google.protobuf.Timestamp"}

STREAM = """
[[stream]]
kind = "CODE_DESIGNATION"
message = "CodeDesignation"
name = { ja = "指定", en = "designation" }
sent = [{ field = "resident_code", ja = "コード", en = "code", article = "住基法第30条の2" }]
[[stream.hop]]
rule = "designate_codes"
sender = { ja = "機構", en = "J-LIS" }
withheld = [{ ja = "鍵", en = "key", article = "住基法施行規則第9条", why = { ja = "秘密", en = "secret" } }]
"""


def leaves(message: Descriptor, before: str = "") -> list[str]:
    found = []
    for field in message.fields:
        path = before + field.name
        inner = field.message_type
        if inner is None or inner.full_name in VALUES:
            found.append(path)
        else:
            found += leaves(inner, path + ".")
    return found


@pytest.mark.parametrize("value", KINDS, ids=lambda value: str(value.name))
def test_every_stream_has_a_panel_for_each_of_its_hops(value: relay_pb2.StreamKind.ValueType) -> None:
    panels = fields.of_kind(value.number)
    assert [panel.rule for panel in panels] == [hop.rule for hop in basis.hops(value.number)]
    assert all(panel.sent and panel.withheld for panel in panels)


@pytest.mark.parametrize(
    "panel", [panel for panel in fields.panels() if panel.built], ids=lambda panel: str(panel.rule)
)
def test_every_field_of_the_message_is_said_once_and_no_other(panel: fields.Panel) -> None:
    message = fields.message_of(panel.message)
    assert message is not None
    paths = [sent.path for sent in panel.sent]
    for leaf in leaves(message):
        covering = [path for path in paths if leaf == path or leaf.startswith(path + ".")]
        assert len(covering) == 1, f"{panel.message}.{leaf} is said {len(covering)} times"
    assert all(fields.has_path(message, path) for path in paths)


def test_streams_carry_the_messages_that_the_rules_say() -> None:
    carried = {panel.rule: panel.message for panel in fields.panels()}
    assert carried["notify_identification"] == carried["forward_identification"] == "IdentificationRecord"
    assert carried["notify_move_in"] == "MoveInNotice"
    assert carried["generate_individual_numbers"] == carried["change_individual_numbers"] == "NumberDesignation"
    assert [panel.rule for panel in fields.panels() if not panel.built] == [
        "notify_supplementary_identification",
        "forward_supplementary_identification",
    ]


def test_every_article_can_be_read_and_every_rule_is_one_of_the_law() -> None:
    named = {rule.name for rule in every_rule()}
    for panel in fields.panels():
        assert panel.rule in named
        for item in (*panel.sent, *panel.withheld):
            assert articles.parse(item.article), item.article


def test_the_household_and_the_register_never_go_up() -> None:
    panel = fields.of_rule("notify_identification")
    assert panel is not None
    assert {"世帯主・続柄", "本籍・筆頭者"} <= {item.name.ja for item in panel.withheld}
    message = fields.message_of(panel.message)
    assert message is not None
    for path in ("identification.relationship", "identification.head_name", "identification.registered_domicile"):
        assert not fields.has_path(message, path)


def test_the_law_of_the_day_decides_what_the_supplementary_register_is_told() -> None:
    panel = fields.of_rule("notify_supplementary_register")
    assert panel is not None
    assert "resident_code" not in {field.path for field in panel.sent_on(date(2024, 5, 26))}
    assert "resident_code" in {field.path for field in panel.sent_on(date(2024, 5, 27))}


def test_what_is_not_there_is_not_found() -> None:
    assert fields.of_rule("report_birth") is None
    assert fields.of_rule("notify_move_in", relay_pb2.STREAM_KIND_IDENTIFICATION) is None
    assert fields.of_kind(0) == ()


def test_a_file_that_is_right_is_read() -> None:
    (panel,) = fields.parse(read("x.toml", STREAM))
    assert (panel.sent[0].path, panel.withheld[0].why.en) == ("resident_code", "secret")


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('"CODE_DESIGNATION"', '"CODES"', r"stream\[1\]: the contract has no stream kind CODES"),
        ('"resident_code"', '"code"', r"sent\[1\]: CodeDesignation has no field code"),
        ('"CodeDesignation"', '"Designation"', "Designation has no field"),
        ('message = "CodeDesignation"', "", "names its message"),
        ('why = { ja = "秘密", en = "secret" }', 'why = { ja = "秘密" }', r"why: en is missing"),
        ('en = "key"', 'en = "key", colour = "red"', r"withheld\[1\]: nobody knows colour"),
        ('rule = "designate_codes"', "rule = 1", "rule is no str"),
        ("[[stream.hop]]", "[[stream.hop]", r"x\.toml: "),
    ],
)
def test_a_file_that_is_wrong_says_where(right: str, wrong: str, said: str) -> None:
    assert STREAM.count(right) == 1
    with pytest.raises(TextError, match=said):
        fields.parse(read("x.toml", STREAM.replace(right, wrong)))
