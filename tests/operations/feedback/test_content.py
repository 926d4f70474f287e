"""Feedback to an area holds its own figures and returns as they are, and nothing of another's."""

from decimal import Decimal

import polars as pl
import pytest

from operations.errors import FeedbackError
from operations.feedback import place
from operations.feedback.content import (
    ILLUSTRATIVE,
    MADE_UP,
    areas_of,
    feedback,
    public_quarter,
)
from operations.feedback.evidence import on_record
from operations.feedback.place import like_areas, names_of
from operations.home.settings import Settings
from operations.stores.returns import known_submissions
from pipelines.quality.assurance import CRITERIA
from schemas.quarter import PROGRAMME_START
from tests.operations.feedback.feedback_home import (
    NOT_OPEN,
    OTHER,
    figure,
    public_with,
)
from tests.pipelines.returns.small_world import AREA, NAME, QUARTER

BROKEN = "participants.ethnicity_code.is_valid"


def made(judged_home, record, code, *rows):
    return feedback(judged_home, public_with(record, rows), code)


def section(made, title):
    [found] = [one for one in made.sections if one.title == title]
    return found


def figures(judged_home, record, *rows):
    return section(made(judged_home, record, AREA, *rows), "Your published figures")


def test_the_sections_come_in_one_order_and_each_row_has_a_cell_under_each_heading(
    judged_home, record
):
    own = made(judged_home, record, AREA, figure(AREA, "25", ends=("23", "27")))
    assert [one.title for one in own.sections] == [
        "Your place among like areas",
        "Your data quality level",
        "Your returns",
        "Your errors so far",
        "Your published figures",
    ]
    for one in own.sections:
        assert {len(row) for row in one.rows} <= {len(one.headings)}


def test_the_facts_say_of_whom_it_is_when_it_was_published_and_when_it_was_written(
    judged_home, record
):
    facts = dict(made(judged_home, record, AREA).facts)
    assert facts["Delivery area"].endswith(f"({AREA})")
    assert facts["Figures from"] == f"{QUARTER.label} v1, published 17 February 2026 at 09:30"
    assert facts["Written"] == "1 March 2026 at 10:00"


def test_made_up_returns_are_labelled_and_an_area_without_any_is_not_said_to_hold_some(
    judged_home, record
):
    """The home is a rehearsal, which is said first."""
    rehearsal = "Rehearsal. Nothing here is published."
    assert made(judged_home, record, AREA).labels == (rehearsal, ILLUSTRATIVE, MADE_UP)
    assert made(judged_home, record, NOT_OPEN).labels == (rehearsal, ILLUSTRATIVE)


@pytest.mark.parametrize(
    ("value", "marker", "shown"),
    [
        ("25", "", "25"),
        ("25", "p", "25 [p]"),
        ("", "c", "[c]"),
        ("", "x", "[x]"),
        ("", "", ""),
    ],
)
def test_a_figure_is_shown_as_readers_see_it_withheld_or_blank_too(
    judged_home, record, value, marker, shown
):
    [row] = figures(judged_home, record, figure(AREA, value, marker, ("23", "27"))).rows
    assert row == (
        "06 starts by delivery area", "all", QUARTER.label, "Starts", shown, "23", "27",
    )  # fmt: skip


def test_the_range_of_a_withheld_figure_stays_blank(judged_home, record):
    [row] = figures(judged_home, record, figure(AREA, "", "c")).rows
    assert row[4:] == ("[c]", "", "")


def test_every_mark_that_stands_in_a_figure_is_explained_and_no_other(judged_home, record):
    notes = figures(
        judged_home, record, figure(AREA, "", "c"), figure(AREA, "5", "p", sex="F")
    ).notes
    explained = [note for note in notes if note.startswith("[")]
    assert [note[:3] for note in explained] == ["[c]", "[p]"]
    assert not [
        n for n in figures(judged_home, record, figure(AREA, "5")).notes if n.startswith("[")
    ]


def test_a_figure_of_a_category_says_of_whom_it_is(judged_home, record):
    [row] = figures(judged_home, record, figure(AREA, "5", sex_code="F", sex="Female")).rows
    assert row[1] == "Female"


def test_no_figure_of_another_area_a_country_or_an_earlier_quarter_is_shown(judged_home, record):
    others = [
        figure(OTHER, "11"),
        figure("K04000001", "999", delivery_area_level="Country group"),
        figure(AREA, "7", quarter_code=PROGRAMME_START.id),
    ]
    assert figures(judged_home, record, *others).rows == ()


def test_figures_to_date_are_shown_beside_those_of_the_quarter(judged_home, record):
    to_date = figure(AREA, "60", quarter_code="total", quarter="Programme to date")
    rows = figures(judged_home, record, figure(AREA, "25"), to_date).rows
    assert [(row[2], row[4]) for row in rows] == [
        (QUARTER.label, "25"),
        ("Programme to date", "60"),
    ]


def test_the_return_that_counts_is_listed_and_not_the_one_that_it_replaced(judged_home, record):
    returns = section(made(judged_home, record, AREA), "Your returns")
    names = [row[returns.headings.index("Pack")] for row in returns.rows]
    assert names == [NAME.replace("_v1", "_v2")]


def test_errors_are_those_of_all_packs_also_of_a_replaced_one(judged_home, record):
    errors = section(made(judged_home, record, AREA), "Your errors so far")
    rows = [dict(zip(errors.headings, row, strict=True)) for row in errors.rows]
    [wrong] = [row for row in rows if row["Rule"] == BROKEN]
    assert wrong["Quarter"] == QUARTER.id
    assert wrong["How many"] == 1
    assert wrong["What it means"] == "The row was left out"
    assert "MARTIAN" not in str(errors)


def test_a_pack_that_only_claims_an_area_is_no_part_of_the_feedback_to_it(judged_home, record):
    own = made(judged_home, record, AREA)
    assert f"{OTHER}_{QUARTER.id}_v3" not in str(own)
    refused = [row for row in section(own, "Your errors so far").rows if "refused" in row[1]]
    assert refused == []
    assert record.packs["pack_name"].to_list().count(f"{OTHER}_{QUARTER.id}_v3") == 0


def test_the_pack_that_claims_it_was_judged_and_lies_in_the_store(judged_home):
    names = known_submissions(judged_home).filter(pl.col("submission_sequence") == 3)["pack_name"]
    assert names.to_list() == [f"{OTHER}_{QUARTER.id}_v3"]


def test_the_level_is_that_of_the_lowest_practice_and_each_criterion_is_listed_once(
    judged_home, record
):
    own = made(judged_home, record, AREA)
    rows = section(own, "Your data quality level").rows
    assert [row[3] for row in rows] == [one.words for one in CRITERIA]
    assert own.level == min(row[1] for row in rows)
    assert {row[4] for row in rows} == {"yes", "no"}
    assert dict(own.facts)["Data quality level"].startswith(f"{own.level} (")


def test_packs_without_a_report_cost_the_level_of_communication(judged_home, record):
    practice, level, wanted, _, met = next(
        row
        for row in section(made(judged_home, record, AREA), "Your data quality level").rows
        if "answered with a report" in row[3]
    )
    assert (practice, level, wanted, met) == ("Communication with the area", "A0", "A1", "no")


def test_an_area_that_was_not_open_has_no_level_no_returns_and_no_criteria(judged_home, record):
    own = made(judged_home, record, NOT_OPEN)
    assert own.level == ""
    assert dict(own.facts)["Data quality level"] == "none: the area was not open in the quarter"
    for title in ("Your data quality level", "Your returns", "Your errors so far"):
        assert section(own, title).rows == ()


def test_an_unknown_code_is_refused_with_where_codes_stand_and_is_not_repeated(judged_home, record):
    with pytest.raises(FeedbackError, match="There is no such delivery area.*CTW-EN01") as error:
        made(judged_home, record, "Jane Smith")
    assert "Jane" not in str(error.value)


def test_every_area_of_the_quarter_is_named_once_in_order():
    codes = areas_of(QUARTER)
    assert codes == sorted(set(codes))
    assert {AREA, OTHER, NOT_OPEN} <= set(codes)


def test_a_quarter_of_which_nothing_was_built_is_refused_with_how_to_build_it(tmp_path):
    with pytest.raises(FeedbackError, match=f"is not public.*ctw build {QUARTER.id}"):
        public_quarter(Settings(home=tmp_path, code_version="v"), QUARTER)


def test_like_areas_are_listed_by_name_without_the_area_itself(judged_home, record):
    own = made(judged_home, record, AREA)
    like = [area for area in like_areas(AREA, QUARTER) if area != AREA]
    [about, _] = section(own, "Your place among like areas").notes
    for name in names_of(like, QUARTER):
        assert name in about
    assert own.area not in about


def test_an_area_with_no_like_area_is_told_that_it_is_ranked_with_no_other(
    judged_home, record, monkeypatch
):
    """No area of today's register is alone, so the numbers planned are other ones here."""
    monkeypatch.setattr(place, "_planned", lambda _: {AREA: Decimal(100), OTHER: Decimal(201)})
    alone = made(judged_home, record, AREA)
    [about, _] = section(alone, "Your place among like areas").notes
    assert about.startswith("No other area is planned for between half and twice as many")
    assert about.endswith("so yours is ranked with no other.")


def test_a_home_without_any_return_has_none_on_record(tmp_path):
    settings = Settings(home=tmp_path, code_version="v")
    own = made(settings, on_record(settings, QUARTER), AREA)
    assert section(own, "Your returns").rows == ()
    assert own.level == "A0"
