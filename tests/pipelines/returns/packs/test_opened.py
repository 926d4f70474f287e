"""A landed pack is opened again to be judged: what is wrong is said with its place."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.returns import quarter_in_manifest
from pipelines.returns.packs.opened import declared_rows, file_entries, open_pack
from pipelines.returns.packs.receive import receive
from schemas.returns import PACK
from tests.pipelines.returns.small_world import NAME, copied, draft, landed, world

RECEIVED = datetime(2025, 10, 20, 9, tzinfo=UTC)
FILES = ("participants.csv", "events.csv", "aggregate.csv")


def opened(path: Path):
    (pack,) = landed([path])
    return open_pack(0, pack, PACK)


def found(path: Path) -> dict[tuple[str, str], str]:
    """Open a pack: what was found for each rule it breaks, by rule and file."""
    return {(fault.rule, fault.file): fault.found for fault in opened(path).faults}


def with_manifest(tmp_path: Path, content: bytes) -> Path:
    pack = copied(tmp_path)
    (pack / "manifest.json").write_bytes(content)
    return pack


def test_a_right_pack_is_opened_with_its_manifest_and_without_a_fault(tmp_path: Path):
    pack = opened(copied(tmp_path))
    assert (pack.faults, pack.notes) == ((), ())
    assert pack.manifest["delivery_area_code"] == "CTW-EN01"
    assert set(FILES) <= set(pack.hashes)
    for file in FILES:
        assert declared_rows(pack, file) == draft().files[file].count(b"\n") - 1


def test_a_pack_that_was_taken_out_of_landing_is_refused_as_unreadable(tmp_path: Path):
    (pack,) = landed([copied(tmp_path)])
    shutil.rmtree(pack.path)
    (fault,) = open_pack(0, pack, PACK).faults
    assert fault.rule == "pack_can_be_read"
    assert fault.found == "A file or folder of it could not be read from the disk."


def test_a_zip_file_that_was_damaged_in_landing_is_refused_as_damaged(tmp_path: Path):
    path = tmp_path / f"{draft().name}.zip"
    path.write_bytes(draft().zipped())
    (pack,) = landed([path])
    path.write_bytes(draft().zipped()[:400])
    (fault,) = open_pack(0, pack, PACK).faults
    assert (fault.rule, fault.found) == ("pack_can_be_read", "The zip file is damaged.")


def test_a_pack_that_was_changed_after_its_receipt_is_not_as_received(tmp_path: Path):
    (pack,) = landed([copied(tmp_path)])
    with (pack.path / "events.csv").open("ab") as file:
        file.write(b"\n")
    assert [fault.rule for fault in open_pack(0, pack, PACK).faults] == ["pack_is_as_received"]


def test_a_pack_that_was_refused_on_receipt_is_not_opened_again(tmp_path: Path):
    path = copied(tmp_path)
    (path / "x.csv").symlink_to("nowhere")
    receipt = receive(path)
    (path / "x.csv").unlink()
    assert open_pack(0, receipt.landed(path, RECEIVED), PACK).faults == (receipt.fault,)


@pytest.mark.parametrize("file", [*FILES, "manifest.json"])
def test_a_file_in_other_letters_is_read_with_a_note(tmp_path: Path, file: str):
    pack = copied(tmp_path)
    (pack / file).rename(pack / file.upper())
    made = opened(pack)
    assert made.faults == ()
    assert [note.rule for note in made.notes] == ["file_names_are_those_of_the_template"]
    assert made.notes[0].found == f"They are {file}."


def test_two_files_with_one_name_in_other_letters_are_refused(tmp_path: Path):
    pack = copied(tmp_path)
    (pack / "Events.csv").write_bytes((pack / "events.csv").read_bytes())
    assert [fault.rule for fault in opened(pack).faults] == ["names_are_distinct"]


@pytest.mark.parametrize("file", [*FILES, "manifest.json"])
def test_a_missing_file_that_is_in_a_folder_is_pointed_out(tmp_path: Path, file: str):
    pack = copied(tmp_path)
    (pack / "Returns").mkdir()
    (pack / file).rename(pack / "Returns" / file)
    rule = "manifest_is_there" if file == "manifest.json" else "files_are_there"
    assert found(pack)[rule, file] == (
        "There is one in a folder inside the pack; put it beside manifest.json."
    )


def test_a_file_that_is_nowhere_is_missing_and_no_place_is_made_up(tmp_path: Path):
    pack = copied(tmp_path)
    (pack / "events.csv").unlink()
    assert found(pack) == {("files_are_there", "events.csv"): ""}


def test_every_fault_of_a_pack_is_found_at_once(tmp_path: Path):
    pack = copied(tmp_path)
    for file in ("events.csv", "aggregate.csv", "manifest.json"):
        (pack / file).unlink()
    assert set(found(pack)) == {
        ("files_are_there", "events.csv"),
        ("files_are_there", "aggregate.csv"),
        ("manifest_is_there", "manifest.json"),
    }


def test_files_that_no_return_has_are_counted_and_not_named(tmp_path: Path):
    pack = copied(tmp_path)
    (pack / "Jane Example.docx").write_bytes(b"x")
    (pack / "notes").mkdir()
    (pack / "notes" / "readme.txt").write_bytes(b"x")
    made = opened(pack)
    note, asked = made.notes
    assert asked.rule == "pack_holds_no_personal_data", "one has the name of a person"
    total = sum(path.is_file() for path in pack.rglob("*"))
    assert note.found == f"Not read: 2 of its {total} files."
    assert made.faults == ()


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b'{\n "a": 1,\n "b" 2\n}', "It cannot be read from line 3, column 6."),
        (b"", "It cannot be read from line 1, column 1."),
        (b'{"a": "\xff"}', "It is not text in UTF-8."),
        (b"[1, 2]", "It holds a list or a single value, and no fields between { and }."),
        (b"null", "It holds a list or a single value, and no fields between { and }."),
        (b"[" * 100_000, ""),
        (
            b'{"notes": ' + b'{"a": ' * 450 + b"[" * 450 + b"]" * 450 + b"}" * 451,
            "Its fields hold lists or fields within each other, more than 20 deep.",
        ),
    ],
    ids=["no colon", "empty", "Windows encoding", "a list", "a value", "too deep", "900 deep"],
)
def test_a_manifest_that_is_no_json_says_where_and_not_what(
    tmp_path: Path, content: bytes, where: str
):
    pack = with_manifest(tmp_path, content)
    assert found(pack) == {("manifest_is_json", "manifest.json"): where}
    assert opened(pack).manifest is None


def test_a_manifest_that_an_editor_of_windows_saved_is_read(tmp_path: Path):
    content = (world() / NAME / "manifest.json").read_bytes()
    pack = opened(with_manifest(tmp_path, b"\xef\xbb\xbf" + content))
    assert pack.manifest == draft().manifest


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (b'{"files": "none"}', []),
        (b'{"files": null}', []),
        (b"{}", []),
        (b'{"files": [1, null, {"rows": 3}, {"name": 7}]}', []),
        (b'{"files": [{"name": "events.csv", "rows": 3}, "x"]}', ["events.csv"]),
    ],
)
def test_entries_without_the_name_of_a_file_are_left_out(
    tmp_path: Path, files: bytes, expected: list[str]
):
    pack = opened(with_manifest(tmp_path, files))
    assert [entry["name"] for entry in file_entries(pack)] == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (b"12", 12),
        (b'"12"', 12),
        (b"0", 0),
        (b"-1", None),
        (b"1.5", None),
        (b'"many"', None),
        (b"null", None),
        (b"true", None),
        (b"1234567890", None),
        ('"\u0661\u0662"'.encode(), None),
    ],
)
def test_a_number_of_rows_is_plain_digits_or_none(
    tmp_path: Path, rows: bytes, expected: int | None
):
    content = b'{"files": [{"name": "events.csv", "rows": ' + rows + b"}]}"
    pack = opened(with_manifest(tmp_path, content))
    assert declared_rows(pack, "events.csv") == expected
    assert declared_rows(pack, "participants.csv") is None


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"period_id": "2025-26Q2"}', "2025-26Q2"),
        (b'{"period_id": 20252}', None),
        (b"{}", None),
        (b"[]", None),
        (b"{", None),
        (b'{"period_id": "\xff"}', None),
    ],
)
def test_the_quarter_of_a_manifest_is_text_or_unknown(content: bytes, expected: str | None):
    assert quarter_in_manifest({"manifest.json": content}) == expected


def test_without_a_manifest_no_quarter_is_known():
    assert quarter_in_manifest({"events.csv": b'{"period_id": "2025-26Q2"}'}) is None
