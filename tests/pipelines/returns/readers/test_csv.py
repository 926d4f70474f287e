"""Files are read as text, and every line of them is accounted for."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.returns.errors import PackFault
from pipelines.returns.readers.csv import parse

COLUMNS = ("a", "b", "c")
HEAD = b"a,b,c\n"


def rows(data: bytes) -> tuple[list[tuple[object, ...]], tuple[int, ...]]:
    parsed = parse(data, "events.csv", COLUMNS)
    return parsed.rows.rows(), tuple(parsed.broken)


@pytest.mark.parametrize(
    ("body", "kept", "broken"),
    [
        (b"1,2,3\n4,5,6\n", [(2, "1", "2", "3"), (3, "4", "5", "6")], ()),
        (b"", [], ()),
        (b"1,,3\n", [(2, "1", None, "3")], ()),
        (b"1,2,3\n4,5\n7,8,9\n", [(2, "1", "2", "3"), (4, "7", "8", "9")], (3,)),
        (b"1,2,3\n4,5,6,7\n8,9,0\n", [(2, "1", "2", "3"), (4, "8", "9", "0")], (3,)),
        (b"1,2\n3,4,5,6\n7,8,9\n", [(4, "7", "8", "9")], (2, 3)),
        (b'1,"x,y",3\n', [(2, "1", "x,y", "3")], ()),
        (b'1,"say ""x""",3\n', [(2, "1", 'say "x"', "3")], ()),
        (b'4,"two\nlines",6\n1,2,3\n', [(2, "4", "two\nlines", "6"), (4, "1", "2", "3")], ()),
        (b'1,2,3\n4,"open,6\n7,8,9', [(2, "1", "2", "3"), (4, "7", "8", "9")], (3,)),
        (b'1,"open,3\n4,5,6\n7,"open,9\n1,2,3\n', [(3, "4", "5", "6"), (5, "1", "2", "3")], (2, 4)),
        (b"1,2,3\r\n\r\n4,5,6\r\n", [(2, "1", "2", "3"), (4, "4", "5", "6")], ()),
        (b"1,2,3\r4,5,6\r", [(2, "1", "2", "3"), (3, "4", "5", "6")], ()),
    ],
)  # fmt: skip
def test_good_rows_are_kept_and_bad_lines_listed(
    body: bytes, kept: list[tuple[object, ...]], broken: tuple[int, ...]
):
    assert rows(HEAD + body) == (kept, broken)


def test_the_order_and_case_of_the_header_do_not_matter():
    assert rows(b" C ,B,a\n1,2,3\n") == ([(2, "3", "2", "1")], ())


def test_a_byte_order_mark_is_no_part_of_the_header():
    assert rows(b"\xef\xbb\xbf" + HEAD + b"1,2,3\n") == ([(2, "1", "2", "3")], ())
    assert rows("a,b,c\n1,é,3\n".encode("utf-16")) == ([(2, "1", "é", "3")], ())


def test_windows_1252_is_read_and_noted():
    parsed = parse(HEAD + "1,Café,3\n".encode("cp1252"), "events.csv", COLUMNS)
    assert parsed.remarks == ("encoding_is_utf8",)
    assert parsed.rows["b"].to_list() == ["Café"]


@pytest.mark.parametrize(
    ("data", "rule", "found"),
    [
        (b"", "file_is_not_empty", ""),
        (b"  \n", "file_is_not_empty", ""),
        (HEAD + b"1,\x00,3\n", "file_is_text", "bytes that no text has"),
        (HEAD + b"1,\x81\xff,3\n", "file_is_text", "not UTF-8 or Windows-1252"),
        (b"\xff\xfea", "file_is_text", "begins as UTF-16"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, rule: str, found: str):
    with pytest.raises(PackFault) as refusal:
        parse(data, "events.csv", COLUMNS)
    assert refusal.value.fault[:2] == (rule, "events.csv")
    assert found in refusal.value.fault.found


NUMBERED = "The template does not have its columns number "


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"a,b\n", "It lacks c."),
        (b"a,b,c,d\n", NUMBERED + "4."),
        (b"a,b,b\n", "It lacks c. It has b more than once."),
        (b'a,b,"c\n', "A quotation mark in the header is not closed."),
        (b"1,b,3\n", "It lacks a, c. " + NUMBERED + "1, 3."),
        (b"x," * 12 + b"a,b,c\n", NUMBERED + "1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more."),
    ],
)
def test_another_header_is_refused_and_the_differences_are_named(head: bytes, found: str):
    with pytest.raises(PackFault) as refusal:
        parse(head + b"1,2,3\n", "events.csv", COLUMNS)
    assert refusal.value.fault == ("columns_are_those_of_the_template", "events.csv", found)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (b"1,2", "It has 2 fields; 3 were expected."),
        (b"1,2,3,4", "It has 4 fields; 3 were expected."),
        (b'1,"2,3', "A quotation mark is not closed, or stands within a field."),
    ],
)
def test_a_broken_line_says_what_is_wrong_with_it(line: bytes, found: str):
    assert parse(HEAD + line + b"\n1,2,3\n", "events.csv", COLUMNS).broken == {2: found}


def test_a_column_of_a_later_template_may_be_absent():
    parsed = parse(b"a,b\n1,2\n", "events.csv", COLUMNS, optional=("c",))
    assert parsed.rows.rows() == [(2, "1", "2", None)]


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=8)


@given(st.lists(st.tuples(CELL, CELL, CELL).filter(lambda row: any(c.strip() for c in row))))
def test_what_was_written_is_read(written: list[tuple[str, str, str]]):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(written)
    parsed = parse(HEAD + text.getvalue().encode(), "events.csv", COLUMNS)
    assert parsed.received == len(written) or parsed.broken
    if not parsed.broken:
        read = [tuple(cell or "" for cell in row[1:]) for row in parsed.rows.rows()]
        assert read == written


LINE = st.text(st.sampled_from('ab1,"; '), max_size=14)


@given(st.lists(LINE, max_size=12))
def test_no_line_is_lost_whatever_the_file(lines: list[str]):
    parsed = parse(HEAD + "\n".join(lines).encode(), "events.csv", COLUMNS)
    filled = [at + 2 for at, line in enumerate(lines) if line.strip()]
    starts = [*parsed.rows["row_number"].to_list(), *parsed.broken]
    within = sum(
        sum(str(cell).count("\n") for cell in row[1:] if cell) for row in parsed.rows.rows()
    )
    assert set(starts) <= set(filled)
    assert len(starts) == len(set(starts))
    assert len(starts) + within >= len(filled)
