"""Rules of the financial quarter."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import PeriodError
from schemas.quarter import PROGRAMME_START, Quarter, quarters

quarter_values = st.builds(Quarter, st.integers(2001, 2090), st.integers(1, 4))


def test_q1_runs_from_april_to_june():
    assert Quarter(2026, 1).start == date(2026, 4, 1)
    assert Quarter(2026, 1).end == date(2026, 6, 30)


def test_q4_lies_in_the_second_calendar_year():
    assert (Quarter(2025, 4).start, Quarter(2025, 4).end) == (date(2026, 1, 1), date(2026, 3, 31))


@given(quarter_values)
def test_the_id_and_the_label_are_read_back(quarter):
    assert Quarter.parse(quarter.id) == Quarter.parse(quarter.label) == quarter


@given(quarter_values)
def test_quarters_follow_each_other_without_gap(quarter):
    assert quarter.next.previous == quarter
    assert (quarter.next.start - quarter.end).days == 1


@given(st.dates(date(2001, 1, 1), date(2090, 1, 1)))
def test_every_day_is_in_the_quarter_that_contains_it(day):
    quarter = Quarter.containing(day)
    assert quarter.start <= day <= quarter.end


@pytest.mark.parametrize("text", ["2026-28Q2", "2026-27Q5", "2026Q2", "", "2026-27 Q0", "26-27Q1"])
def test_a_text_that_is_no_quarter_says_how_to_write_one(text):
    with pytest.raises(PeriodError, match="Write it as 2026-27Q2"):
        Quarter.parse(text)


def test_a_quarter_outside_the_century_is_refused():
    with pytest.raises(PeriodError):
        Quarter(1999, 1)


def test_the_list_of_quarters_has_both_ends():
    listed = quarters(PROGRAMME_START, Quarter(2025, 3))
    assert [quarter.id for quarter in listed] == ["2025-26Q1", "2025-26Q2", "2025-26Q3"]
    assert quarters(Quarter(2025, 3), PROGRAMME_START) == ()


def test_the_last_quarter_that_there_is_has_an_end():
    assert Quarter(2098, 4).end == date(2099, 3, 31)
