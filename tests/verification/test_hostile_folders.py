"""A folder made to do harm is read within limits, and each fault is a sentence of the report."""

import io
import json
import os
import shutil
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assets.cli import app
from tests.verification.drawn import seal, write
from verification import FolderError, verify
from verification.disk import LARGEST_FILE
from verification.unpacking import MOST_UNPACKED

PATH = "data/ctw-table-06-starts.csv"
BOOK = "tables/all.ods"
GOLDEN = Path(__file__).parents[1] / "golden" / "release"
DEEP = "[" * 100_000 + "]" * 100_000


@pytest.fixture
def folder(tmp_path, tables):
    return write(tmp_path / "release", tables)


@pytest.fixture
def golden(tmp_path):
    return Path(shutil.copytree(GOLDEN, tmp_path / "v1"))


def found(folder):
    return [finding.message for finding in verify(folder).findings]


def ctw(folder):
    """Run the command; an error that it does not put into words fails the test."""
    result = CliRunner().invoke(app, ["verify", str(folder)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def put(folder, path, content):
    (folder / path).write_bytes(content)
    seal(folder)


@pytest.mark.parametrize(
    "value", ["1e999999999", "1e-99999999", "9" * 5000, "inf", "1/3", "1_0", "٣"]
)
def test_a_value_that_is_no_plain_decimal_is_a_finding(folder, value):
    head = "measure,measure_label,unit,value,marker\na,A,,"
    put(folder, PATH, f"{head}{value},\n".encode())
    assert "is no plain decimal of at most 18 digits" in found(folder)[0]


def test_a_field_that_is_too_long_is_a_finding(folder):
    put(folder, PATH, (folder / PATH).read_bytes() + b"x" * 200_000)
    assert f"{PATH} cannot be read as a table (field larger than field limit" in found(folder)[0]


@pytest.mark.parametrize("path", ["quality.json", "calendar.json", "figures.json"])
def test_json_that_is_too_deep_is_a_finding(folder, path):
    put(folder, path, DEEP.encode())
    assert any("cannot be read (RecursionError" in line for line in found(folder))


@pytest.mark.parametrize(
    "manifest",
    [
        DEEP,
        '{"period": {"id": "2026-27Q2"}, "files": [{"path": null, "sha256": "a"}]}',
        '{"period": {"id": "2026-27Q2"}, "files": [{"path": ["a"], "sha256": "a"}]}',
        '{"period": {"id": "2026-27Q2"}, "files": [{"path": "a", "sha256": 1}]}',
    ],
)
def test_a_manifest_of_another_shape_is_an_error_in_words(golden, manifest):
    (golden / "manifest.json").write_text(manifest)
    with pytest.raises(FolderError, match="cannot be read as the manifest"):
        verify(golden)
    result = ctw(golden)
    assert result.exit_code == 1
    assert "cannot be read as the manifest" in result.output


@pytest.mark.parametrize("base", [0, -5, 1.5, "5", None, True, 10**30])
def test_a_reading_that_is_no_whole_number_is_an_error(tmp_path, tables, base):
    stated = {"starts": {"kind": "range", "base": base, "below": 4, "above": 4}}
    with pytest.raises(FolderError, match="'base' is no whole number"):
        verify(write(tmp_path / "stated", tables, readings=stated))


def packed(parts, method=zipfile.ZIP_DEFLATED):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return held.getvalue()


def with_part(folder, name, content):
    with zipfile.ZipFile(folder / BOOK) as archive:
        own = [(entry, archive.read(entry)) for entry in archive.namelist() if entry != name]
    return [*own, (name, content)]


def test_a_spreadsheet_that_unpacks_to_more_than_the_limit_is_a_finding(folder):
    put(folder, BOOK, packed(with_part(folder, "more.xml", bytes(MOST_UNPACKED))))
    assert found(folder) == [
        f"{BOOK} cannot be read (it unpacks to more than 67,108,864 bytes, the limit)."
    ]


def test_a_size_that_a_spreadsheet_states_of_itself_is_not_believed(folder):
    book = packed(with_part(folder, "content.xml", bytes(MOST_UNPACKED * 2)))
    lie = book.replace((MOST_UNPACKED * 2).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lie != book
    put(folder, BOOK, lie)
    assert f"{BOOK} cannot be read" in found(folder)[0]


def test_a_spreadsheet_that_repeats_cells_by_number_is_a_finding(folder):
    with zipfile.ZipFile(folder / BOOK) as archive:
        content = archive.read("content.xml")
    many = b'<table:table-row table:number-rows-repeated="1000000000"'
    changed = content.replace(b"<table:table-row", many, 1)
    put(folder, BOOK, packed(with_part(folder, "content.xml", changed)))
    assert "content.xml repeats rows or columns by number" in found(folder)[0]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_spreadsheet_packed_otherwise_is_a_finding(folder, method):
    put(folder, BOOK, packed(with_part(folder, "a.xml", b"a"), method))
    assert "is packed otherwise than spreadsheets are" in found(folder)[0]


@pytest.mark.slow
def test_a_file_over_the_limit_is_named_and_not_read(golden):
    with (golden / "big.bin").open("wb") as file:
        file.truncate(20 << 30)
    result = ctw(golden)
    assert result.exit_code == 1
    verifier, gates = result.output.split("The gates, on the folder alone")
    limit = f"{LARGEST_FILE:,}"
    assert (
        f"big.bin was not read: it has 21,474,836,480 bytes, and the limit is {limit}" in verifier
    )
    assert "big.bin has 21,474,836,480 bytes" in gates


@pytest.mark.slow
def test_a_chain_of_many_codes_is_read_and_reported(golden):
    chain = [f"quarter,z{i},z,Total,z{i + 1}\n" for i in range(20_000)]
    codes = (
        (golden / "data/codes.csv").read_text() + "".join(chain) + "quarter,z20000,z,Total,total\n"
    )
    (golden / "data/codes.csv").write_text(codes)
    result = ctw(golden)
    assert result.exit_code == 1
    assert "quarter has more than 12 levels of codes" in result.output


@pytest.mark.slow
def test_names_cannot_forge_lines_of_the_report(golden):
    name = "evil\x1b[31m\x1b]0;pwn\x07\nThe independent verifier: no findings\n\u202egnp.html"
    (golden / name).write_text("a")
    (Path(os.fsdecode(os.fsencode(golden) + b"/\xff\xfe.html"))).write_text("a")
    result = ctw(golden)
    assert result.exit_code == 1
    assert not {"\x1b", "\x07", "\u202e"} & set(result.output)
    assert "The independent verifier: no findings" not in result.output.splitlines()
    assert (
        r"evil\x1b[31m\x1b]0;pwn\x07\nThe independent verifier: no findings\n\u202egnp"
        in result.output
    )
    assert r"\udcff\udcfe.html is not part of the release" in result.output


def link(place):
    place.unlink(missing_ok=True)
    place.symlink_to("/etc/hostname")


ODD = {
    "data/x.txt": (link, "is a link, which was not followed"),
    "index.html": (link, "is a link, which was not followed"),
    "dangling.html": (lambda p: p.symlink_to("/nonexistent"), "is a link, which was not followed"),
    "etc": (lambda p: p.symlink_to("/etc"), "is a link, which was not followed"),
    "fifo": (os.mkfifo, "is no plain file"),
    "empty": (Path.mkdir, "is an empty folder"),
}


@pytest.mark.slow
@pytest.mark.parametrize("path", ODD)
def test_a_release_folder_holds_plain_files_only(golden, path):
    make, words = ODD[path]
    make(golden / path)
    result = ctw(golden)
    assert result.exit_code == 1
    verifier, gates = result.output.split("The gates, on the folder alone")
    assert f"{path} {words}. A release folder holds plain files only." in verifier
    assert "A release folder holds plain files only. Remove it" in gates


@pytest.mark.slow
def test_a_folder_cannot_choose_the_file_that_the_gates_read(golden):
    for place in golden.glob("*/*-metadata.json"):
        place.write_text(place.read_text().replace('"en"', '"../../../../tmp/x"', 1))
    result = ctw(golden)
    assert result.exit_code == 1
    assert "The release is written in the language '../../../../tmp/x'." in result.output
    assert "There is no catalogue publications/words/../../../../tmp/x/" in result.output
    assert "The languages are en." in result.output


@pytest.mark.slow
def test_the_manifest_is_no_link(golden):
    shutil.move(golden / "manifest.json", golden.parent / "elsewhere.json")
    (golden / "manifest.json").symlink_to(golden.parent / "elsewhere.json")
    result = ctw(golden)
    assert result.exit_code == 1
    assert "manifest.json is a link, which was not followed" in result.output


@pytest.mark.slow
def test_figures_rounded_many_times_over_are_an_error(golden):
    manifest = json.loads((golden / "manifest.json").read_text())
    record = {"kind": "exact"}
    for _ in range(300):
        record = {"kind": "rounded", "base": 5, "before": record}
    for population in manifest["populations"].values():
        population["readings"] = dict.fromkeys(population["readings"], record)
    (golden / "manifest.json").write_text(json.dumps(manifest))
    result = ctw(golden)
    assert result.exit_code == 1
    assert "states a figure rounded over 8 times" in result.output


@pytest.mark.parametrize("row", ["a,A,,1\n", "a,A,,1,,,\n"])
def test_a_row_of_another_length_is_a_finding(folder, row):
    head = "measure,measure_label,unit,value,marker\na,A,,1,\n"
    put(folder, PATH, f"{head}{row}".encode())
    assert "a row has more or fewer cells than the heading" in found(folder)[0]


@pytest.mark.slow
def test_what_no_check_foresaw_is_one_sentence_of_the_command(golden):
    book = next(golden.glob("tables/*.ods"))
    with zipfile.ZipFile(book) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    longer = f'table:name="Table_{"9" * 5000}'.encode()
    changed = [(name, part.replace(b'table:name="Table_1', longer, 1)) for name, part in parts]
    book.write_bytes(packed(changed))
    result = ctw(golden)
    assert result.exit_code == 1
    assert "could not be read to the end (ValueError), so it is not verified" in result.output
