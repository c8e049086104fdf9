from __future__ import annotations

from pathlib import Path

import pytest

from jukinet.pki.authority import Authority


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.open(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Another network's authority: same name on the certificate, other key."""
    return Authority.open(tmp_path_factory.mktemp("foreign"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
