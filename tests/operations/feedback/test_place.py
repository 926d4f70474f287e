"""The place of an area among like areas: a range as wide as the figures are uncertain."""

import csv
import io

import pytest

from operations.desk.release_files import ReleaseFiles
from operations.errors import StoreError
from operations.feedback.place import LEAST_LIKE, like_areas, places, planned_of
from schemas.quarter import Quarter

QUARTER = Quarter(2026, 2)
AREA = "CTW-EN20"
PATH = "data/connect-to-work-2026-27-q2-table-06-starts-by-delivery-area.csv"
HEAD = (
    "sex_code", "sex", "sex_level", "delivery_area_code", "delivery_area_level",
    "quarter_code", "quarter", "measure", "measure_label", "value", "marker", "lower", "upper",
)  # fmt: skip


def row(area, lower, upper, *, sex="total", period=QUARTER.id, measure="starts", marker=""):
    shown = ("", marker, lower, upper)
    ends = ("Delivery area", period, period, measure, measure.capitalize(), *shown)
    return (sex, sex, "Category", area, *ends)


def release(rows, path=PATH):
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEAD)
    writer.writerows(rows)
    return ReleaseFiles(QUARTER, 1, {path: text.getvalue().encode()})


LIKE = like_areas(AREA, QUARTER)


def equally(lower, upper, areas=None):
    """Give areas figures that are the same for each planned participant."""
    rows = {}
    for area in areas or LIKE:
        planned = planned_of(area, QUARTER)
        rows[area] = row(area, str(lower * planned), str(upper * planned))
    return rows


def test_like_areas_are_planned_for_between_half_and_twice_as_many():
    assert LIKE[0] == AREA
    assert len(LIKE) > LEAST_LIKE
    assert all(AREA in like_areas(other, QUARTER) for other in LIKE)


def test_areas_whose_ranges_overlap_are_not_told_apart():
    [place] = places(release(equally(1, 2).values()), AREA)
    assert (place.best, place.worst, place.like) == (1, len(LIKE), len(LIKE))
    assert place.words == f"between place 1 and place {len(LIKE)} of {len(LIKE)}"


def test_a_place_is_certain_when_no_other_can_have_it():
    rows = equally(1, 2) | equally(3, 4, [AREA])
    [place] = places(release(rows.values()), AREA)
    assert place.words == f"place 1 of {len(LIKE)}"
    rows = equally(1, 2) | equally(0, 0, [AREA])
    [place] = places(release(rows.values()), AREA)
    assert place.words == f"place {len(LIKE)} of {len(LIKE)}"


def test_an_area_whose_figure_is_withheld_has_no_place_and_stands_in_none():
    rows = equally(1, 2) | {AREA: row(AREA, "", "", marker="c")}
    [place] = places(release(rows.values()), AREA)
    assert place.words == "no place: your figure is confidential"
    other = LIKE[1]
    hidden = row(other, "", "", marker="c")
    [place] = places(release((equally(1, 2) | {other: hidden}).values()), AREA)
    assert place.like == len(LIKE) - 1


@pytest.mark.parametrize(("marker", "name"), [("e", "estimated"), ("i", "incomplete")])
def test_an_estimate_and_an_incomplete_sum_are_ranked_with_no_other(marker, name):
    """Each has ends, as a reader may want them, and says less than the figure of a full return."""
    own = row(AREA, "900", "900", marker=marker)
    [place] = places(release((equally(1, 2) | {AREA: own}).values()), AREA)
    assert place.words == f"no place: your figure is {name}"
    other = row(LIKE[1], "900", "900", marker=marker)
    [place] = places(release((equally(1, 2) | {LIKE[1]: other}).values()), AREA)
    assert (place.best, place.like) == (1, len(LIKE) - 1)


def test_a_provisional_figure_is_ranked():
    own = equally(3, 4, [AREA])[AREA]
    provisional = (*own[:-3], "p", *own[-2:])
    [place] = places(release((equally(1, 2) | {AREA: provisional}).values()), AREA)
    assert place.words == f"place 1 of {len(LIKE)}"


def test_an_area_that_the_release_does_not_show_has_no_place():
    others = equally(1, 2, LIKE[1:])
    [place] = places(release(others.values()), AREA)
    assert place.words == "no place: you have no figure"


def test_among_few_areas_no_place_is_given():
    few = LIKE[: LEAST_LIKE - 1]
    [place] = places(release(equally(1, 2, few).values()), AREA)
    assert place.words == (
        f"no place: too few like areas have a figure to compare with ({len(few)}, yours among them)"
    )


def test_only_whole_areas_of_the_quarter_and_to_date_are_compared():
    odd = [
        row(AREA, "900", "900", sex="F"),
        row(AREA, "900", "900", period="2026-27Q1"),
        row(AREA, "900", "900", measure="funding"),
        row("CTW-EN01", "900", "900"),
    ]
    sound = places(release(equally(1, 2).values()), AREA)
    assert places(release([*odd, *equally(1, 2).values()]), AREA) == sound


def test_an_area_of_which_no_plan_is_known_has_no_like_areas():
    assert like_areas("CTW-XX99", QUARTER) == []
    assert places(release(equally(1, 2).values()), "CTW-XX99") == []


def test_a_damaged_file_is_named():
    damaged = ReleaseFiles(QUARTER, 1, {PATH: b"delivery_area_level\nDelivery area\n"})
    with pytest.raises(StoreError, match="table-06"):
        places(damaged, AREA)
