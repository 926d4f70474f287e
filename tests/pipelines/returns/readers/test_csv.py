"""Files are read as text, and every line of them is accounted for."""

# ruff: noqa: E501 - one example a line
from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.returns.errors import PackFault
from pipelines.returns.readers.csv import count_lines, parse
from pipelines.returns.readers.layout import MOST_COMPARED

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
    found = "It was read as Windows-1252."
    assert parsed.remarks == (("encoding_is_utf8", "events.csv", found),)
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


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_name_and_value_may_stand_in_quotation_marks(separator: str):
    lines = [separator.join(f'"{cell}"' for cell in line) for line in ("abc", "123")]
    parsed = parse("\n".join(lines).encode(), "events.csv", COLUMNS)
    assert parsed.rows.rows() == [(2, "1", "2", "3")]
    assert parsed.broken == {}


@pytest.mark.parametrize("lead", [b"", b"sep=;\n", b"sep=,\r\n"])
def test_the_line_that_names_the_separator_is_no_row(lead: bytes):
    assert count_lines(lead + b"a;b;c\n1;2;3\n;;\n4;5;6\n") == 2


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


@pytest.mark.parametrize(
    ("letters", "codec", "name"),
    [
        ("Siân Llŷr", "iso8859_14", "ISO-8859-14"),
        ("Ŵyn Tŷ", "iso8859_14", "ISO-8859-14"),
        ("Siân", "cp1252", "Windows-1252"),
        ("“Café” €5", "cp1252", "Windows-1252"),
        ("“ð”", "cp1252", "Windows-1252"),
    ],
)
def test_welsh_letters_are_told_from_those_of_windows(letters: str, codec: str, name: str):
    parsed = parse(HEAD + f"1,{letters},3\n".encode(codec), "events.csv", COLUMNS)
    assert parsed.rows["b"].to_list() == [letters]
    assert [fault.found for fault in parsed.remarks] == [f"It was read as {name}."]


@pytest.mark.parametrize(
    ("data", "kept", "found"),
    [
        (b"a;b;c\n1;2,5;3\n", [(2, "1", "2,5", "3")], "Its separator is a semicolon."),
        (b'a;b;c\n1;"2;5";3\n', [(2, "1", "2;5", "3")], "Its separator is a semicolon."),
        (b"a\tb\tc\n1\t\t3\n", [(2, "1", None, "3")], "Its separator is a tab."),
        (b"a|b|c\n1|2|3\n", [(2, "1", "2", "3")], "Its separator is a vertical bar."),
        (b"sep=,\na,b,c\n1,2,3\n", [(3, "1", "2", "3")], "Its first line gives the separator."),
        (b"sep=;\na;b;c\n1;2;3\n4;5\n", [(3, "1", "2", "3")], "Its first line gives the separator. Its separator is a semicolon."),
        (b"a,b,c\n1,2,3\n,,\n ,,\n4,5,6\n,,\n", [(2, "1", "2", "3"), (5, "4", "5", "6")], "It has 3 empty rows."),
        (b'a,b,c\n,,,,\n1,2\n"","",""\n4,5,6\n', [(5, "4", "5", "6")], "It has 2 empty rows."),
        (b"a,b,c,,\n1,2,3,,\n4,5,6,,\n", [(2, "1", "2", "3"), (3, "4", "5", "6")], "It has 2 empty columns at the right."),
    ],
)  # fmt: skip
def test_a_layout_with_one_meaning_is_read_and_noted(data: bytes, kept, found: str):
    parsed = parse(data, "events.csv", COLUMNS)
    assert parsed.rows.rows() == kept
    assert parsed.remarks == (("file_has_the_form_of_the_template", "events.csv", found),)


def test_empty_rows_are_counted_and_are_no_rows():
    parsed = parse(HEAD + b"1,2,3\n" + b",,\n" * 1000, "events.csv", COLUMNS)
    assert (parsed.received, parsed.blank, parsed.broken) == (1, 1000, {})


def test_a_cell_in_a_column_without_a_header_costs_its_row():
    parsed = parse(b"a,b,c,\n1,2,3,\n4,5,6,7\n", "events.csv", COLUMNS)
    assert parsed.rows["row_number"].to_list() == [2]
    assert parsed.broken == {3: "It holds something in a column that has no header."}


def test_a_header_or_line_that_is_far_too_long_is_refused_by_its_length():
    with pytest.raises(PackFault, match=r"Its header has 500,00\d bytes; at most 100,000"):
        parse(b"a" * 500_000 + HEAD + b"1,2,3\n", "events.csv", COLUMNS)
    parsed = parse(HEAD + b'1,"' + b"x" * 200_000 + b'",3\n4,5,6,7\n', "events.csv", COLUMNS)
    assert parsed.broken[2] == "It has 200,006 characters; at most 100,000 are read."


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"a,b,ni_number\n", "It lacks c. The template does not have ni_number."),
        (b"a,b,ann_other\n", "It lacks c. " + NUMBERED + "3."),
        (b"a;b;x\n", "Its separator is a semicolon. It lacks c. " + NUMBERED + "3."),
    ],
)
def test_a_name_of_a_column_is_shown_only_in_words_of_our_field(head: bytes, found: str):
    with pytest.raises(PackFault) as refusal:
        parse(head + b"1,2,3\n", "events.csv", COLUMNS)
    assert refusal.value.fault.found == found


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ("Start Date,sex", NUMBERED + "1. Column 1 may be start_date."),
        ("startdate,sex", NUMBERED + "1. Column 1 may be start_date."),
        ("Ann Other,sex", NUMBERED + "1."),
        ("start_dat,start_dte,sex", NUMBERED + "1, 2. Column 1 may be start_date."),
        ("x" * 90_000 + ",sex", NUMBERED + "1."),
        (
            "strt_date,date_start,sex",
            f"The template does not have date_start. {NUMBERED}1. Column 2 may be start_date.",
        ),
    ],
)
def test_a_column_that_is_spelled_like_one_that_is_lacking_is_said_to_be_it(sent, found):
    with pytest.raises(PackFault) as refusal:
        parse(f"{sent}\n1,2\n".encode(), "events.csv", ["start_date", "sex"])
    assert refusal.value.fault.found == "It lacks start_date. " + found


def test_only_the_first_unknown_columns_are_looked_at_for_one_that_is_meant():
    many = ",".join(f"zz{at}" for at in range(MOST_COMPARED))
    for header, said in ((f"start_dat,{many}", True), (f"{many},start_dat", False)):
        with pytest.raises(PackFault) as refusal:
            parse(f"{header},sex\n1,2\n".encode(), "events.csv", ["start_date", "sex"])
        assert ("may be start_date" in refusal.value.fault.found) == said


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
    assert len(starts) + within + parsed.blank >= len(filled)
