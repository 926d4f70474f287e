"""A release folder that is signed, published or compared holds plain files within limits."""

import os
from pathlib import Path

import pytest

from operations.errors import StoreError
from operations.releases.plain_files import LARGEST_FILE
from operations.releases.release_store import files_in, manifest_hash


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "v1"
    (place / "data").mkdir(parents=True)
    (place / "manifest.json").write_text("{}")
    (place / "data" / "a.csv").write_text("a")
    return place


def test_plain_files_are_read_by_their_path(folder):
    assert files_in(folder) == {"data/a.csv": b"a", "manifest.json": b"{}"}
    assert files_in(folder / "nowhere") == {}


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda place: place.symlink_to("/etc/hostname"), "is a link"),
        (lambda place: place.symlink_to("/etc"), "is a link"),
        (lambda place: place.symlink_to("/nonexistent"), "is a link"),
        (os.mkfifo, "is no plain file"),
        (Path.mkdir, "is an empty folder"),
    ],
)
def test_anything_else_is_refused(folder, make, reason):
    make(folder / "data" / "odd\x1b[31m")
    with pytest.raises(StoreError, match=rf"data/odd\\x1b\[31m {reason}.*holds plain files only"):
        files_in(folder)


def test_a_file_over_the_limit_is_refused_unread(folder):
    with (folder / "big.bin").open("wb") as file:
        file.truncate(20 << 30)
    with pytest.raises(StoreError, match=rf"big.bin has 21,474,836,480.*{LARGEST_FILE:,}"):
        files_in(folder)


def test_a_manifest_that_is_a_link_is_no_manifest(folder):
    (folder / "manifest.json").rename(folder.parent / "elsewhere.json")
    (folder / "manifest.json").symlink_to(folder.parent / "elsewhere.json")
    with pytest.raises(StoreError, match="holds no manifest.json"):
        manifest_hash(folder)
