"""Revisions by example: two versions of a small table, as their files show it.

Version 1 of 2026-27 Q1 and version 1 of 2026-27 Q2 show the starts of two areas, North and South:

| quarter     | North, then | North, now | South, then | South, now | both, then | both, now |
|-------------|-------------|------------|-------------|------------|------------|-----------|
| 2025-26 Q4  | 20          | 30         | 45          | 45         | 65         | 75        |
| 2026-27 Q1  | 10          | 10         | [x]         | 25         | 10         | 35        |
| to date     | 30          | 60         | 45          | 90         | 75         | 150       |

North sent its return again. South had none for 2026-27 Q1, and sent it with the next quarter's. The
programme to date was under way at both, so that it grew is no revision.
"""

from __future__ import annotations

import csv
import io
import json

from publications.data.published import Published
from publications.data.revised import revised, sizes
from schemas.quarter import Quarter

THEN, NOW = Quarter(2026, 1), Quarter(2026, 2)
NORTH, SOUTH, BOTH = "N", "S", "K04000001"
Q4, Q1, TO_DATE = "2025-26Q4", "2026-27Q1", "total"


def a_csv(*rows):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def version(quarter, figures, used, base=5, code="one", decisions=()):  # noqa: PLR0913
    """A version: figures by area and quarter, and the return that each area's figures rest on."""
    measure = {"id": "starts", "title": "Starts", "population": "starts", "statistic": "starts"}
    table = {
        "id": "starts",
        "number": 1,
        "dimensions": [{"id": "delivery_area"}, {"id": "quarter"}],
        "measures": [measure],
    }
    manifest = {
        "code_version": code,
        "policies": {"people": {"decisions": [*decisions], "minimum_denominator": 20}},
        "populations": {"starts": {"policy": "people", "methods": [{"base": base}]}},
        "tables": [table],
    }
    shown = [
        (area, period, "starts", *(("", "x") if value is None else (value, "")))
        for (area, period), value in figures.items()
    ]
    heading = ("delivery_area_code", "quarter_code", "measure", "value", "marker")
    parents = [("delivery_area", area, BOTH) for area in (NORTH, SOUTH)]
    files = {
        "manifest.json": json.dumps(manifest).encode(),
        "data/a-table-01-starts.csv": a_csv(heading, *shown),
        "data/codes.csv": a_csv(
            ("dimension", "code", "parent"), ("delivery_area", BOTH, ""), *parents
        ),
        f"data/connect-to-work-{quarter.financial_year}-q{quarter.number}-returns.csv": a_csv(
            ("delivery_area_code", "return_used"), *used.items()
        ),
    }
    return Published(quarter, 1, files)


OLD = {
    **{(NORTH, Q4): 20, (SOUTH, Q4): 45, (BOTH, Q4): 65},
    **{(NORTH, Q1): 10, (SOUTH, Q1): None, (BOTH, Q1): 10},
    **{(NORTH, TO_DATE): 30, (SOUTH, TO_DATE): 45, (BOTH, TO_DATE): 75},
}
NEW = {
    **{(NORTH, Q4): 30, (SOUTH, Q4): 45, (BOTH, Q4): 75},
    **{(NORTH, Q1): 10, (SOUTH, Q1): 25, (BOTH, Q1): 35},
    **{(NORTH, TO_DATE): 60, (SOUTH, TO_DATE): 90, (BOTH, TO_DATE): 150},
}
USED_THEN = {NORTH: "2026-27Q1 v1", SOUTH: "2025-26Q4 v1"}
USED_NOW = {NORTH: "2026-27Q1 v2", SOUTH: "2026-27Q2 v1"}
EARLIER, LATER = version(THEN, OLD, USED_THEN), version(NOW, NEW, USED_NOW)


def found(old=EARLIER, new=LATER):
    return {one.codes: one for one in revised(old, new)}


def test_figures_of_finished_quarters_that_differ_are_revisions_and_no_others():
    assert set(found()) == {(NORTH, Q4), (BOTH, Q4), (SOUTH, Q1), (BOTH, Q1)}


def test_each_has_the_old_figure_the_new_one_and_the_difference():
    shown = {codes: (one.old, one.new, one.difference) for codes, one in found().items()}
    assert shown[NORTH, Q4] == (("20", ""), ("30", ""), 10)
    assert shown[BOTH, Q1] == (("10", ""), ("35", ""), 25)
    assert shown[SOUTH, Q1] == (("", "x"), ("25", ""), None)


def test_an_area_that_sent_its_return_again_corrected_it_and_one_that_had_none_was_late():
    reasons = {codes: one.reasons for codes, one in found().items()}
    assert reasons[NORTH, Q4] == ("area_correction",)
    assert reasons[SOUTH, Q1] == ("late_return",)
    assert reasons[BOTH, Q4] == ("late_return", "area_correction"), "both areas are part of it"


def test_a_decision_that_is_told_in_other_words_is_no_changed_method():
    told = [{"name": "Groups are guarded along", "value": "ethnic group", "because": "Health."}]
    reworded = version(NOW, NEW, USED_NOW, decisions=told)
    assert found(new=reworded)[NORTH, Q4].reasons == ("area_correction",)


def test_a_changed_method_comes_before_what_the_areas_did():
    rounded = version(NOW, NEW, USED_NOW, base=10)
    assert found(new=rounded)[NORTH, Q4].reasons == ("method", "area_correction")


def test_without_any_record_the_reason_is_the_code_or_it_is_not_known():
    same = version(NOW, NEW, USED_THEN)
    assert found(new=same)[NORTH, Q4].reasons == ("not_known",)
    other = version(NOW, NEW, USED_THEN, code="two")
    assert found(new=other)[NORTH, Q4].reasons == ("system",)


def test_sizes_are_of_all_figures_that_both_versions_show_as_numbers():
    """Five pairs of numbers; differences 10, 0, 10, 0 and 25: mean 45 / 5 = 9."""
    (starts,) = sizes(EARLIER, LATER)
    assert (starts.since, starts.compared, starts.revised) == ("2026-27 Q1 v1", 5, 3)
    assert (str(starts.mean), str(starts.mean_absolute)) == ("9.00", "9.00")
    assert starts.share == 60
