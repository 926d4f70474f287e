"""The starts of a quarter beside those of the area's quarters before."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.returns import report
from pipelines.returns.judging.levels import has_limits, judge_levels
from schemas.quarter import Quarter
from tests.pipelines.returns.small_world import NAME, judge, world

NOW = Quarter(2026, 2)
ZERO, LIMITS = "pack.area_is_not_at_zero", "pack.starts_are_within_control_limits"


def found(*counts: int) -> pl.DataFrame:
    """Judge one pack with so many starts in each quarter, the last of them now."""
    quarter, days = NOW, []
    for count in reversed(counts):
        days += [quarter.start] * count
        quarter = quarter.previous
    people = pl.DataFrame(
        {"submission_id": ["s"] * len(days), "start_date": days},
        schema={"submission_id": pl.String, "start_date": pl.Date},
    )
    packs = pl.DataFrame({"submission_id": ["s"], "pack": [7]})
    return judge_levels(people, packs, NOW)


@pytest.mark.parametrize(
    ("counts", "rule"),
    [
        ((12, 12, 12, 12, 0), ZERO),
        ((5, 0), ZERO),
        ((4, 0), None),
        ((30, 30, 30, 9), LIMITS),
        ((30, 30, 30, 10), None),  # a third
        ((30, 30, 30, 91), LIMITS),
        ((30, 30, 30, 90), None),  # three times
        ((3, 3, 3, 30), None),  # too few to judge by
        ((30, 30, 91), None),  # two quarters are no history
        ((10, 20, 40, 60), None),  # a programme that grows
        ((), None),
        ((40,), None),
    ],
)
def test_starts_out_of_line_are_asked_about_once_a_pack(counts, rule):
    judged = found(*counts)
    assert judged["rule_id"].to_list() == ([rule] if rule else [])
    assert set(judged["pack"]) <= {7}


def test_the_question_gives_both_figures():
    [words] = found(12, 12, 0)["found"]
    assert words == f"0 are dated in {NOW.label}; the mean of the 2 quarters before is 12.0."


@pytest.mark.parametrize(
    ("before", "has"), [([10, 10, 10], True), ([10, 10, 9], False), ([30, 30], False), ([], False)]
)
def test_limits_need_three_quarters_with_ten_starts_each(before: list[int], has: bool):
    quarter, days = NOW.previous, []
    for count in reversed(before):
        days += [quarter.start] * count
        quarter = quarter.previous
    assert has_limits([*days, NOW.start], NOW) is has


def test_a_report_lists_control_limits_that_could_not_be_judged():
    judged = judge(world() / NAME)
    made = report(judged, judged.submissions["submission_id"][0])
    assert any(check.startswith("Control limits of the starts") for check in made.not_run)
