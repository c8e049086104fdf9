from __future__ import annotations

import base64
import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from jukinet.pki import directory
from jukinet.pki.authority import Authority
from jukinet.pki.directory import Directory, DirectoryFault, DirectoryFile, Entry
from jukinet.pki.keyring import Keyring

JLIS = Entry("jlis/center", "127.0.0.1:1", "127.0.0.1:2", "")
TOKYO = Entry("prefecture/130001", "127.0.0.1:3", "127.0.0.1:4", "jlis/center")
TACHIKAWA = Entry("municipality/132021", "127.0.0.1:5", "", "prefecture/130001")
KOKUBUNJI = Entry("municipality/132141", "", "", "prefecture/130001", external=True)
ENTRIES = (JLIS, TOKYO, TACHIKAWA, KOKUBUNJI)
SERIAL = 2**159 + 1


@pytest.fixture
def file(folder: Path, authority: Authority) -> Path:
    path = folder / "directory.json"
    directory.write(path, authority, ENTRIES, {SERIAL}, 3)
    return path


@pytest.fixture
def opened(file: Path, authority: Authority) -> DirectoryFile:
    return DirectoryFile(file, authority.root_der, check_seconds=0)


def test_what_was_written_is_read(opened: DirectoryFile) -> None:
    assert opened.current == Directory(3, ENTRIES, frozenset({SERIAL}))
    assert opened.fault == ""


def test_nodes_are_found_by_path_name_and_place() -> None:
    listed = Directory(1, ENTRIES)
    assert listed.find("municipality/132021") is listed.by_name("132021") is TACHIKAWA
    assert listed.by_name("jlis") is JLIS
    assert listed.children("prefecture/130001") == (TACHIKAWA, KOKUBUNJI)
    assert listed.parent_of("municipality/132141") is TOKYO
    assert listed.parent_of("prefecture/130001") is JLIS


def test_what_is_not_listed_is_not_found() -> None:
    listed = Directory(1, (JLIS, TACHIKAWA))
    assert listed.find("municipality/132152") is None
    assert listed.by_name("132152") is None
    assert listed.children("municipality/132021") == ()
    assert listed.parent_of("jlis/center") is None
    assert listed.parent_of("municipality/132152") is None
    assert listed.parent_of("municipality/132021") is None, "its prefecture is not listed"


@pytest.mark.parametrize(
    ("path", "parent"),
    [
        ("office/nenkin", ""),
        ("municipality/13202", ""),
        ("", ""),
        ("jlis/center", "jlis/center"),
        ("municipality/132021", "operator/132021/c01"),
    ],
)
def test_malformed_entry_is_refused(path: str, parent: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Entry(path, "", "", parent)


@pytest.mark.parametrize("twin", [JLIS, Entry("prefecture/132021", "", "", "jlis/center")])
def test_path_or_name_twice_is_refused(twin: Entry) -> None:
    with pytest.raises(ValueError, match="twice"):
        Directory(1, (*ENTRIES, twin))


def test_new_version_is_seen(opened: DirectoryFile, file: Path, authority: Authority) -> None:
    directory.write(file, authority, (JLIS,), (), 4)
    assert opened.current == Directory(4, (JLIS,))
    assert opened.fault == ""
    assert [path.name for path in file.parent.iterdir()] == ["directory.json"]


def test_older_version_is_refused_and_the_last_good_one_stays(
    opened: DirectoryFile, file: Path, folder: Path, authority: Authority
) -> None:
    shutil.copy(file, folder / "kept.json")
    directory.write(file, authority, ENTRIES, {SERIAL}, 5)
    assert opened.current.version == 5
    os.replace(folder / "kept.json", file)
    assert opened.current.version == 5
    assert "went back from version 5 to 3" in opened.fault
    directory.write(file, authority, ENTRIES, {SERIAL}, 6)
    assert opened.current.version == 6
    assert opened.fault == ""


def test_same_version_with_other_content_is_refused(opened: DirectoryFile, file: Path, authority: Authority) -> None:
    directory.write(file, authority, ENTRIES, {SERIAL}, 3)
    assert opened.fault == ""
    directory.write(file, authority, ENTRIES, (), 3)
    assert "without a higher version" in opened.fault
    assert opened.current.revoked == {SERIAL}


def test_foreign_authority_is_refused(opened: DirectoryFile, file: Path, foreign: Authority) -> None:
    directory.write(file, foreign, (JLIS,), (), 9)
    assert opened.current.version == 3
    assert "not signed by this network's root" in opened.fault
    with pytest.raises(DirectoryFault, match="not signed"):
        DirectoryFile(file, Authority.open(file.parent).root_pem)


def test_no_changed_byte_goes_unnoticed(file: Path, authority: Authority) -> None:
    key, data = Keyring(authority.root_pem).root_public_key, file.read_bytes()
    good = directory.read(data, key)
    refused = 0
    for position in range(len(data)):
        changed = bytearray(data)
        changed[position] ^= 0x01
        try:
            # A blank between JSON tokens, or the unused bits at the end of base64: the content is the signed one.
            assert directory.read(bytes(changed), key) == good
        except DirectoryFault:
            refused += 1
    assert refused >= len(json.loads(data)["body"])


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"[]", b"null", b"{}", b'{"body": 1, "signature": ""}', b'{"body": "", "signature": "=a"}']
)
def test_rubbish_is_a_fault_and_the_last_good_one_stays(opened: DirectoryFile, file: Path, data: bytes) -> None:
    file.write_bytes(data)
    assert opened.current.version == 3
    assert opened.fault


@pytest.mark.parametrize(
    "body",
    [
        "[]",
        '{"format":"something else"}',
        '{"format":"jukinet directory 1","version":1,"entries":[{"path":"jlis/center"}],"revoked":[]}',
        '{"format":"jukinet directory 1","version":1,"entries":[],"revoked":["x"]}',
    ],
)
def test_other_things_the_root_signed_are_no_directory(file: Path, authority: Authority, body: str) -> None:
    signature = base64.b64encode(authority.sign(body.encode())).decode()
    file.write_text(json.dumps({"body": body, "signature": signature}))
    with pytest.raises(DirectoryFault, match="not understood"):
        DirectoryFile(file, authority.root_pem)


def test_missing_file_is_a_fault_until_it_is_back(opened: DirectoryFile, file: Path, folder: Path) -> None:
    os.replace(file, folder / "away")
    assert opened.current.version == 3
    assert "cannot be read" in opened.fault
    os.replace(folder / "away", file)
    assert opened.fault == ""


def test_first_load_needs_a_good_file(folder: Path, authority: Authority) -> None:
    with pytest.raises(DirectoryFault, match="cannot be read"):
        DirectoryFile(folder / "nothing.json", authority.root_pem)


def test_file_is_not_looked_at_before_the_interval_is_over(file: Path, authority: Authority) -> None:
    opened = DirectoryFile(file, authority.root_pem, check_seconds=3600)
    file.unlink()
    assert opened.current.version == 3
    assert opened.fault == ""


def test_version_written_in_the_same_tick_of_the_clock_is_seen(
    opened: DirectoryFile, file: Path, folder: Path, authority: Authority
) -> None:
    directory.write(file, authority, ENTRIES, {SERIAL}, 4)
    stamp = file.stat().st_mtime_ns
    assert opened.current.version == 4
    directory.write(folder / "next.json", authority, ENTRIES, {SERIAL}, 5)
    file.write_bytes((folder / "next.json").read_bytes())  # same inode, same size
    os.utime(file, ns=(stamp, stamp))
    assert opened.current.version == 5


def test_readers_beside_a_writer_see_whole_versions_in_order(
    opened: DirectoryFile, file: Path, authority: Authority
) -> None:
    def watch(_: int) -> list[int]:
        seen: list[int] = []
        while not seen or seen[-1] < 30:
            seen.append(opened.current.version)
            assert opened.fault == ""
        return seen

    with ThreadPoolExecutor(4) as pool:
        watchers = [pool.submit(watch, number) for number in range(4)]
        for version in range(4, 31):
            directory.write(file, authority, ENTRIES, (), version)
        for watcher in watchers:
            seen = watcher.result(timeout=30)
            assert seen == sorted(seen)


def test_who_looks_sees_a_new_version_at_once_and_who_does_not_keeps_the_old_one(
    tmp_path: Path, authority: Authority
) -> None:
    file = tmp_path / "directory.json"
    directory.write(file, authority, [], [], 1)
    held = directory.DirectoryFile(file, authority.root_der, check_seconds=3600)
    directory.write(file, authority, [], [], 2)
    assert held.current.version == 1
    assert held.look().version == 2
