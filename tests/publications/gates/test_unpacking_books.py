"""A spreadsheet of a release is unpacked within limits, and unpacks to what was packed."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publications.errors import IntegrityError
from publications.gates.screener import screen_files
from publications.gates.unpacking import MOST_PARTS, MOST_UNPACKED, packed_again, unpacked
from schemas.opendocument import packed

pytestmark = pytest.mark.slow

STORED, DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
TWICE = f"The spreadsheet holds a part twice, or over {MOST_PARTS} parts."
OTHERWISE = "A part of the spreadsheet is packed otherwise than spreadsheets are."
TOO_MUCH = f"The spreadsheet unpacks to more than {MOST_UNPACKED:,} bytes, which is the limit."
REPEATS = "The spreadsheet repeats rows or columns by number; write each cell."


def zipped(parts, method=DEFLATED):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return held.getvalue()


def many(count):
    return [(f"part-{number}.xml", b"<a/>") for number in range(count)]


def encrypted(book):
    """The same file with the mark of an encrypted part, in its own head and in the directory."""
    changed = bytearray(book)
    changed[book.index(b"PK\x03\x04") + 6] |= 1
    changed[book.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def with_twice():
    with pytest.warns(UserWarning, match="Duplicate name"):
        return zipped([("content.xml", b"<a/>"), ("content.xml", b"<b/>")])


REFUSED = {
    "a part twice": (with_twice, TWICE),
    "a part too many": (lambda: zipped(many(MOST_PARTS + 1)), TWICE),
    "packed by bzip2": (lambda: zipped(many(1), zipfile.ZIP_BZIP2), OTHERWISE),
    "packed by lzma": (lambda: zipped(many(1), zipfile.ZIP_LZMA), OTHERWISE),
    "encrypted": (lambda: encrypted(zipped(many(1), STORED)), OTHERWISE),
    "a byte too many": (lambda: zipped([("a.xml", bytes(MOST_UNPACKED + 1))]), TOO_MUCH),
    "a byte too many in two parts": (
        lambda: zipped([("a.xml", bytes(MOST_UNPACKED // 2)), *many(1), ("b.xml", bytes(2**25))]),
        TOO_MUCH,
    ),
    "repeated rows": (lambda: zipped([("a.xml", b'<r number-rows-repeated="9"/>')]), REPEATS),
    "repeated columns": (
        lambda: zipped([*many(2), ("a.xml", b'<t:c t:number-columns-repeated = "2"/>')]),
        REPEATS,
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_spreadsheet_beyond_a_limit_is_refused_in_words(what):
    make, words = REFUSED[what]
    with pytest.raises(IntegrityError) as fault:
        unpacked(make())
    assert str(fault.value) == words


@pytest.mark.parametrize(
    "parts",
    [
        many(MOST_PARTS),
        [("a.xml", bytes(MOST_UNPACKED))],
        [("a.xml", b"number-rows-repeated and number-columns-repeated are words here")],
        [("a.xml", b'<table:table-cell table:number-columns-spanned="2"/>')],
        [],
    ],
    ids=["as many parts", "as many bytes", "the words alone", "cells that span", "no part"],
)
def test_a_spreadsheet_at_a_limit_is_read(parts):
    assert unpacked(zipped(parts)) == dict(parts)


def test_a_size_that_a_part_states_of_itself_is_not_believed():
    """The size in the directory says ten bytes; the part holds far more than the limit."""
    content = bytes(MOST_UNPACKED * 2)
    book = zipped([("a.xml", content)])
    lie = book.replace(len(content).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lie != book
    with pytest.raises((IntegrityError, zipfile.BadZipFile)):
        unpacked(lie)


def test_the_screen_says_which_limit_a_spreadsheet_is_over(files):
    path = next(path for path in files if path.endswith(".ods"))
    problems = screen_files({**files, path: with_twice()})
    assert any("IntegrityError" in problem and TWICE in problem for problem in problems)


def test_a_spreadsheet_of_a_release_unpacks_to_the_same_parts_once_packed_again(files):
    path = next(path for path in files if path.endswith(".ods"))
    parts = unpacked(files[path])
    assert next(iter(parts)) == "mimetype"
    assert list(unpacked(packed_again(parts)).items()) == list(parts.items())


names = st.text("abcdefgh/.-", min_size=1, max_size=12).map(lambda name: f"{name}.xml")


@given(st.dictionaries(names, st.binary(max_size=200), max_size=6))
def test_what_is_packed_by_the_writer_or_again_unpacks_to_the_same(parts):
    for book in (packed(parts, stored=tuple(parts)[:1]), packed(parts, stored=()),
                 packed_again(parts)):  # fmt: skip
        assert list(unpacked(book).items()) == list(parts.items())
