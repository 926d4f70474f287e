"""The verifier reads the plain files of a folder within limits, and says what it did not read."""

from __future__ import annotations

import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verification.disk import LARGEST_FILE, LARGEST_FOLDER, MOST_FILES, plain_files
from verification.findings import INTEGRITY

ONLY_PLAIN = "A release folder holds plain files only."


def read(folder):
    """The files that were read, and the sentences on what was not."""
    files, findings = plain_files(folder)
    assert all(finding.check == INTEGRITY for finding in findings)
    return files, [finding.message for finding in findings]


def sparse(path, size):
    """A file of this many zeros that takes no room on the disk."""
    with path.open("wb") as file:
        file.truncate(size)


def test_every_plain_file_is_read_by_its_path_in_order(tmp_path):
    (tmp_path / "data" / "older").mkdir(parents=True)
    written = {"b.txt": b"b", "a.txt": b"", "data/c.csv": b"\x00\xff", "data/older/a.csv": b"a\r\n"}
    for path, content in written.items():
        (tmp_path / path).write_bytes(content)
    files, said = read(tmp_path)
    assert files == written
    assert list(files) == sorted(written)
    assert said == []


def test_an_empty_release_folder_is_read_as_no_files(tmp_path):
    assert read(tmp_path) == ({}, [])


def test_an_empty_folder_within_is_named_and_one_that_holds_a_folder_is_not(tmp_path):
    (tmp_path / "outer" / "inner").mkdir(parents=True)
    assert read(tmp_path) == ({}, [f"outer/inner is an empty folder. {ONLY_PLAIN}"])


def test_a_folder_that_is_not_there_cannot_be_listed(tmp_path):
    files, (problem,) = read(tmp_path / "none")
    assert files == {}
    assert problem == ". cannot be listed (No such file or directory)."


def test_a_file_in_place_of_the_folder_cannot_be_listed(tmp_path):
    (tmp_path / "v1").write_bytes(b"x")
    assert read(tmp_path / "v1") == ({}, [". cannot be listed (Not a directory)."])


LINK = f"is a link, which was not followed. {ONLY_PLAIN}"
ODD = {
    "a link to a file": (lambda path: path.symlink_to("a.txt"), LINK),
    "a link to nothing": (lambda path: path.symlink_to("nothing"), LINK),
    "a link to a folder": (lambda path: path.symlink_to("/"), LINK),
    "a link to itself": (lambda path: path.symlink_to(path.name), LINK),
    "a pipe": (os.mkfifo, f"is no plain file. {ONLY_PLAIN}"),
}


@pytest.mark.parametrize("what", ODD)
def test_what_is_no_plain_file_is_named_and_the_rest_is_read(tmp_path, what):
    make, words = ODD[what]
    (tmp_path / "a.txt").write_bytes(b"a")
    make(tmp_path / "odd")
    assert read(tmp_path) == ({"a.txt": b"a"}, [f"odd {words}"])


@pytest.mark.skipif(os.geteuid() == 0, reason="everything can be read by root")
@pytest.mark.parametrize(
    ("kind", "words"),
    [("file", "cannot be read (Permission denied)."),
     ("folder", "cannot be listed (Permission denied).")],
)  # fmt: skip
def test_what_may_not_be_read_is_named_and_the_rest_is_read(tmp_path, kind, words):
    (tmp_path / "a.txt").write_bytes(b"a")
    closed = tmp_path / "closed"
    closed.mkdir() if kind == "folder" else closed.write_bytes(b"x")
    mode = stat.S_IMODE(closed.stat().st_mode)
    closed.chmod(0)
    try:
        assert read(tmp_path) == ({"a.txt": b"a"}, [f"closed {words}"])
    finally:
        closed.chmod(mode)


def test_a_file_at_the_limit_is_read_and_one_byte_more_is_not(tmp_path):
    sparse(tmp_path / "at.bin", LARGEST_FILE)
    sparse(tmp_path / "over.bin", LARGEST_FILE + 1)
    files, said = read(tmp_path)
    assert list(files) == ["at.bin"]
    assert len(files["at.bin"]) == LARGEST_FILE
    sizes = f"it has {LARGEST_FILE + 1:,} bytes, and the limit is {LARGEST_FILE:,}."
    assert said == [f"over.bin was not read: {sizes}"]


def test_a_folder_is_read_up_to_its_limit_and_smaller_files_after_it_still_are(tmp_path):
    """Four files fill all but the last byte of the limit: then one byte is read and two are not."""
    for number in range(LARGEST_FOLDER // LARGEST_FILE):
        sparse(tmp_path / f"{number}.bin", LARGEST_FILE - (number == 0))
    (tmp_path / "5.txt").write_bytes(b"xx")
    (tmp_path / "6.txt").write_bytes(b"x")
    files, said = read(tmp_path)
    assert "6.txt" in files
    assert sum(map(len, files.values())) == LARGEST_FOLDER
    limit = f"with it the folder has over {LARGEST_FOLDER:,} bytes, the limit."
    assert said == [f"5.txt was not read: {limit}"]


@pytest.mark.slow
@pytest.mark.parametrize("links", [0, 3])
def test_no_more_files_are_read_than_a_release_can_have(tmp_path, links):
    """What is named instead of read counts too, so that no folder makes the report endless."""
    for number in range(MOST_FILES - links):
        (tmp_path / f"{number:05}").touch()
    for number in range(links):
        (tmp_path / f"a{number}").symlink_to("x")
    files, said = read(tmp_path)
    assert (len(files), len(said)) == (MOST_FILES - links, links)
    (tmp_path / "z").touch()
    files, said = read(tmp_path)
    assert (len(files), len(said)) == (MOST_FILES - links, links + 1)
    assert said[-1] == f"The folder holds more than {MOST_FILES:,} files: the rest was not read."


parts = st.text("ab.-_ é", min_size=1, max_size=4).filter(lambda part: part.strip("."))


@given(
    st.dictionaries(st.lists(parts, min_size=1, max_size=3).map("/".join), st.binary(max_size=9))
)
def test_what_was_written_is_what_is_read(tmp_path_factory, written):
    folder = tmp_path_factory.mktemp("release")
    kept = {}
    for path, content in written.items():
        if not any(other.startswith(f"{path}/") or path.startswith(f"{other}/") for other in kept):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
            kept[path] = content
    assert read(folder) == (kept, [])
