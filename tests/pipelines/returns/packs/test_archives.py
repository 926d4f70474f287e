"""Zip files are unpacked within limits, and the files of a pack get the names of the template."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.returns.errors import PackFault
from pipelines.returns.packs.archives import is_litter, slashed, tidied, unzip, zipped
from pipelines.returns.packs.plain_files import LIMITS, UnpackLimits, read_file, read_folder
from tests.pipelines.returns.small_world import copied, judge

PARTS = st.text("abc_0", min_size=1, max_size=4)
NAMES = st.lists(PARTS, min_size=1, max_size=3).map("/".join)
PACKED = st.dictionaries(NAMES, st.binary(max_size=20), min_size=1, max_size=5)


def zip_file(*entries: tuple[str | zipfile.ZipInfo, bytes], method: int = 0) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return data.getvalue()


def refusal(data: bytes, limits: UnpackLimits = LIMITS) -> tuple[str, str]:
    with pytest.raises(PackFault) as refused:
        unzip(data, limits)
    return refused.value.fault.rule, refused.value.fault.found


@given(PACKED)
def test_what_is_kept_of_a_pack_is_unpacked_as_it_was(files: dict[str, bytes]):
    assert unzip(zipped(files), LIMITS) == files


@given(PACKED)
def test_the_same_files_are_kept_as_the_same_bytes_in_whatever_order(files: dict[str, bytes]):
    assert zipped(dict(reversed(files.items()))) == zipped(files)


@given(PACKED, PARTS)
def test_a_folder_around_a_pack_makes_no_difference(files: dict[str, bytes], folder: str):
    wrapped = {f"{folder}/{name}": data for name, data in files.items()}
    assert tidied(wrapped) == tidied(files)


@given(PACKED)
def test_backslashes_of_windows_make_no_difference(files: dict[str, bytes]):
    windows = {name.replace("/", "\\"): data for name, data in files.items()}
    assert tidied(windows) == tidied(files)


@given(PACKED)
def test_names_that_are_tidy_stay_as_they_are(files: dict[str, bytes]):
    tidy = tidied(files)
    assert tidied(tidy) == tidy
    assert sorted(tidy.values()) == sorted(files.values())


def test_folders_in_which_everything_lies_are_taken_off_and_others_kept():
    assert set(tidied({"a/b/events.csv": b"", "a/b/notes/x.csv": b""})) == {
        "events.csv",
        "notes/x.csv",
    }
    assert set(tidied({"a/events.csv": b"", "manifest.json": b""})) == {
        "a/events.csv",
        "manifest.json",
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("__MACOSX/._events.csv", True),
        ("pack\\__MACOSX\\events.csv", True),
        (".DS_Store", True),
        ("pack/.git/config", True),
        ("../events.csv", False),
        ("events.csv", False),
        ("macosx/events.v1.csv", False),
    ],
)
def test_what_operating_systems_leave_behind_is_known_by_its_name(name: str, expected: bool):
    assert is_litter(name) is expected


def test_what_operating_systems_leave_behind_is_left_out_of_a_pack():
    data = zip_file(("__MACOSX/._events.csv", b"x"), (".DS_Store", b"x"), ("p/events.csv", b"1"))
    assert unzip(data, LIMITS) == {"p/events.csv": b"1"}
    assert tidied({"__MACOSX/events.csv": b"x", "p/events.csv": b"1"}) == {"events.csv": b"1"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a\\b", "a/b"), ("./a//b/", "a/b"), ("a/./b", "a/b"), ("a/../b", "a/../b")],
)
def test_one_file_has_one_way_of_writing_its_path(name: str, expected: str):
    assert slashed(name) == expected


@pytest.mark.parametrize("name", ["../a.csv", "a\\..\\..\\b.csv", "/etc/a.csv", "C:a.csv"])
def test_a_file_of_a_folder_whose_name_leads_out_is_refused(name: str):
    with pytest.raises(PackFault, match="names_stay_in_the_pack"):
        tidied({name: b"", "manifest.json": b""})


def test_two_files_of_a_folder_that_would_get_one_name_refuse_the_pack_in_words(tmp_path: Path):
    pack = copied(tmp_path)
    (pack / "a").mkdir()
    (pack / "a" / "b.csv").write_text("1")
    (pack / "a\\b.csv").write_text("2")
    (finding,) = judge(pack).findings.filter(severity="reject_file").rows(named=True)
    assert finding["rule_id"] == "pack.names_are_distinct"
    assert finding["message"] == "Two files of the pack have one name."
    assert finding["fix"] == "Leave one of them out and send the pack again."


def test_litter_of_one_name_does_not_refuse_a_pack():
    assert tidied({"a\\.x": b"1", "a/.x": b"2", "b.csv": b"3"}) == {"b.csv": b"3"}


def test_a_zip_file_with_too_many_files_says_how_many_are_read():
    data = zip_file(*((f"{at}.csv", b"") for at in range(4)))
    assert refusal(data, UnpackLimits(entries=3)) == (
        "pack_is_within_limits",
        "It holds more than 3 files and folders.",
    )
    assert len(unzip(data, UnpackLimits(entries=4))) == 4


def test_a_zip_file_with_too_many_bytes_says_how_many_are_read():
    data = zip_file(("a.csv", b"1" * 1200), ("b.csv", b"2" * 1000))
    assert refusal(data, UnpackLimits(unpacked_bytes=2199)) == (
        "pack_is_within_limits",
        "Its files have 2,200 bytes or more; at most 2,199 are read.",
    )
    assert len(unzip(data, UnpackLimits(unpacked_bytes=2200))) == 2


def test_a_zip_bomb_says_how_far_it_would_unpack():
    data = zip_file(("a.csv", b"0" * 1_000_001), method=zipfile.ZIP_DEFLATED)
    rule, found = refusal(data)
    assert rule == "pack_is_within_limits"
    assert found.startswith("Its files are ")
    assert found.endswith(" times as large as the zip file; at most 200 times is unpacked.")
    small = zip_file(("a.csv", b"0" * 1_000_000), method=zipfile.ZIP_DEFLATED)
    assert len(unzip(small, LIMITS)["a.csv"]) == 1_000_000


def test_a_link_in_a_zip_file_is_refused_in_words():
    link = zipfile.ZipInfo("events.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert refusal(zip_file((link, b"/etc/passwd"))) == (
        "pack_holds_plain_files",
        "There is a link; only plain files are read.",
    )


def test_folders_in_a_zip_file_are_no_files():
    assert unzip(zip_file(("a/", b""), ("b\\", b""), ("a/c.csv", b"1")), LIMITS) == {
        "a/c.csv": b"1"
    }


def test_a_file_that_changes_while_it_is_read_is_refused_in_words():
    """Every file of /proc is one: its size is nothing, and there is something in it."""
    with pytest.raises(PackFault, match="A file changed while it was read") as refused:
        read_file(Path("/proc/self/status"), 100_000)
    assert refused.value.fault.rule == "pack_can_be_read"


def test_a_folder_within_its_limits_is_read_and_one_over_them_says_by_how_much(tmp_path: Path):
    for name in ("a.csv", "b.csv", ".hidden"):
        (tmp_path / name).write_bytes(b"12345")
    limits = UnpackLimits(entries=2, unpacked_bytes=10)
    assert set(read_folder(tmp_path, limits)) == {"a.csv", "b.csv"}
    with pytest.raises(PackFault, match="Its files have 10 bytes or more; at most 9 are read"):
        read_folder(tmp_path, UnpackLimits(unpacked_bytes=9))
    (tmp_path / "folder").mkdir()
    with pytest.raises(PackFault, match="It holds more than 2 files and folders"):
        read_folder(tmp_path, limits)
