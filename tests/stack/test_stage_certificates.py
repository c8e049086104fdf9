"""Certificates of nodes on a stage: each stands in the books, whoever gave it out, so that it can be revoked."""

from __future__ import annotations

from pathlib import Path

import pytest

from jukinet.stack.fault import StackFault
from jukinet.stack.stage import HostedStage
from jukinet.stack.topology import parse

CITY, GOVERNOR = "municipality/132152", "prefecture/130001"


def test_a_nodes_certificate_can_be_revoked_and_so_can_the_one_that_replaced_it(tmp_path: Path) -> None:
    stage = HostedStage(tmp_path, parse('name = "stage"\nclock = "virtual"\nnodes = ["J-LIS", "東京都", "国立市"]'))
    try:
        stage.begin()
        [first] = stage.registry.revoke(CITY)
        with pytest.raises(StackFault, match="no certificate"):
            stage.registry.revoke(CITY)
        stage.give_certificate(CITY)
        [second] = stage.registry.revoke(CITY)
        assert set(stage.registry.revoked()) == {first.serial, second.serial}
        assert [entry.good for entry in stage.registry.issued(GOVERNOR)] == [True], "nobody else's was touched"
    finally:
        stage.close()


def test_a_stage_that_begins_anew_has_new_books(tmp_path: Path) -> None:
    stage = HostedStage(tmp_path, parse('name = "stage"\nclock = "virtual"\nnodes = ["J-LIS", "東京都", "国立市"]'))
    try:
        for _ in range(2):
            stage.begin()
            assert stage.registry.revoked() == {}
            stage.clerk(CITY, "c01")
            assert len(stage.registry.revoke("operator/132152/c01")) == 1
            assert len(stage.registry.revoke(CITY)) == 1
    finally:
        stage.close()
