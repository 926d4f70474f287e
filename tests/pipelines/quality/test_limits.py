"""The areas that are named as outside an expectation are those for which it is not met."""

import polars as pl
import pytest

from pipelines.quality import judge
from pipelines.quality.limits import outside
from schemas.expectations import SUITES

OF_AREAS = tuple(suite for suite in SUITES if not suite.is_programme)
EXPECTED = {(suite.title, one.id): one for suite in OF_AREAS for one in suite.expectations}
[FRAME] = {suite.frame for suite in OF_AREAS}
COLUMNS = sorted({name for suite in OF_AREAS for name in suite.columns})
AREAS = [f"CTW-EN{number:02}" for number in range(1, 21)]


def frame(spread):
    """Figures of areas that lie further apart the larger the spread; some are not known."""
    values = [spread * step for step in range(-3, 17)]
    figures = {
        name: pl.Series(values[at:] + values[:at], dtype=pl.Float64).scatter(at % 20, None)
        for at, name in enumerate(COLUMNS)
    }
    return pl.DataFrame({"delivery_area": AREAS, **figures})


@pytest.mark.parametrize("spread", [0, 0.5, 7, 1e6])
def test_an_expectation_is_met_exactly_when_few_enough_areas_are_named(spread, tmp_path):
    rows = frame(spread)
    named = outside({FRAME: rows})
    judged = judge({FRAME: rows}, tmp_path, OF_AREAS)
    for suite, name, passed in judged.select("suite", "expectation", "passed").rows():
        one = EXPECTED[suite, name]
        known = rows.drop_nulls(one.columns).height
        broken = named.filter(suite=suite, expectation=name)
        assert passed is (broken.height <= (1 - one.arguments.get("mostly", 1.0)) * known), name
        assert broken["delivery_area"].is_unique().all()


def test_each_expectation_of_areas_is_broken_by_some_and_by_no_area_of_which_nothing_is_known():
    wide = outside({FRAME: pl.concat([frame(1e6), frame(-1e6)])})
    assert set(wide.select("suite", "expectation").rows()) == set(EXPECTED)
    blank = frame(1).with_columns(pl.lit(None, pl.Float64).alias(name) for name in COLUMNS)
    assert outside({FRAME: blank}).is_empty()


def test_what_was_observed_names_each_figure_that_is_compared():
    rows = frame(1).with_columns(referrals_to_date=pl.lit(9.0), starts_to_date=pl.lit(1234.5))
    seen = outside({FRAME: rows}).filter(expectation="referrals_to_date_starts_to_date")
    assert set(seen["observed"]) == {"referrals to date 9, starts to date 1,234.5"}
