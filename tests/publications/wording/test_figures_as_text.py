"""Numbers, dates and shorthand as readers see them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from publications.errors import WordingError
from publications.release.table import Column, Figure
from publications.wording import format as formats
from publications.words import words_in
from schemas.quarter import Quarter

WORDS = words_in()

COUNT = Column("starts", "Starts", "count", "people")
RATE = Column("rate", "Rate", "rate", "per cent", 1)


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (0, 0, "0"),
        (1_234_567, 0, "1,234,567"),
        (Decimal("0.5"), 0, "1"),
        (Decimal("2.5"), 0, "3"),
        (Decimal("0.25"), 1, "0.3"),
        (Decimal("12"), 1, "12.0"),
        (-1_500, 0, "\u22121,500"),
        (Decimal("-0.04"), 1, "0.0"),
    ],
)
def test_numbers_have_commas_half_up_and_a_true_minus(value, decimals, expected):
    assert formats.number(value, decimals) == expected


def test_dates_and_times_read_day_month_year():
    assert formats.day(date(2025, 10, 1), WORDS) == "1 October 2025"
    assert formats.moment(datetime(2026, 12, 17, 9, 30), WORDS) == "9:30am on 17 December 2026"
    assert formats.months(Quarter(2026, 4), WORDS) == "January to March 2027"
    assert formats.clock(datetime(2026, 1, 1, 0, 5), WORDS) == "12:05am"
    assert formats.clock(datetime(2026, 1, 1, 12, 5), WORDS) == "12:05pm"


def test_a_marker_replaces_a_value_and_an_estimate_keeps_both():
    assert formats.shown(Figure(None, "c"), COUNT, WORDS) == "[c]"
    assert formats.shown(Figure(8_800), COUNT, WORDS) == "8,800"
    assert formats.shown(Figure(date(2025, 7, 1), "e"), COUNT, WORDS) == "1 July 2025 [e]"
    assert formats.shown(Figure(Decimal("7.25")), RATE, WORDS) == "7.3"


def test_shorthand_without_an_explanation_is_refused():
    with pytest.raises(WordingError, match="'q' has no explanation"):
        formats.marked("q")


def test_machines_get_iso_dates_and_no_commas():
    assert formats.raw(date(2025, 7, 1)) == "2025-07-01"
    assert formats.raw(12_345) == "12345"
    assert formats.raw(Decimal("7.25"), 1) == "7.3"
    assert formats.raw(None) == ""


def test_small_numbers_are_words():
    assert [formats.number_in_words(n, WORDS) for n in (0, 1, 10, 25)] == ["no", "one", "ten", "25"]


@pytest.mark.parametrize(
    ("items", "expected"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_a_list_ends_with_and(items, expected):
    assert formats.series(items, WORDS) == expected


def test_a_unit_is_said_once():
    assert formats.heading(COUNT, WORDS) == "Starts (people)"
    assert formats.heading(Column("p", "People", "count", "people"), WORDS) == "People"


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Job starts", "job starts"),
        ("Secondary mental health services", "secondary mental health services"),
        ("GP or other primary care", "GP or other primary care"),
        ("NHS Talking Therapies service", "NHS Talking Therapies service"),
        ("Jobcentre Plus", "Jobcentre Plus"),
        ("DWP statistics", "DWP statistics"),
        ("", ""),
    ],
)
def test_a_label_keeps_its_capital_within_a_sentence_only_when_it_is_a_name(label, expected):
    assert formats.in_sentence(label, WORDS) == expected
