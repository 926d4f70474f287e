"""Figures beside others of their file: those of days that no return can have are not looked at."""

from datetime import date, timedelta

import polars as pl
import pytest

from pipelines.returns.judging.earlier_figures import BREAKDOWNS, with_earlier_figures
from schemas.quarter import Quarter

DAYS = [Quarter(2025, 1).end, Quarter(2025, 2).end]
ROWS = 500


def claims(days):
    """A claim of one pound on each day, each of another financial year."""
    count = len(days)
    return pl.DataFrame(
        {
            "pack": [0] * count,
            "measure_code": ["FUNDING_CLAIMED"] * count,
            "breakdown_1_value": [f"{year:04}-00" for year in range(count)],
            "breakdown_2_value": ["STAFF"] * count,
            "breakdown_3_value": ["ORG-01"] * count,
            "as_at": days,
            "value": [1.0] * count,
            "occurrence": [1] * count,
        }
    )


def test_claims_to_date_are_those_of_all_years_up_to_the_day():
    made = with_earlier_figures(claims(DAYS), DAYS)
    assert made["claimed_to_date"].to_list() == [1.0, 2.0]
    assert made.select(BREAKDOWNS).height == 2


@pytest.mark.parametrize("begin", [date(1000, 1, 1), date(2030, 1, 1)])
def test_figures_of_other_days_are_beside_nothing(begin):
    """The rules on as_at refuse these rows; a file may hold very many of them."""
    others = [begin + timedelta(days=at) for at in range(ROWS)]
    made = with_earlier_figures(claims([*DAYS, *others]), DAYS)
    assert made["claimed_to_date"].to_list() == [1.0, 2.0, *([None] * ROWS)]
