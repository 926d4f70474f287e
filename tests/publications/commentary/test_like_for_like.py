"""A change is said of the same areas, with their number, or not at all."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from publications.commentary.compose import compose
from publications.folder import render
from publications.gates.screener import screen
from publications.pages.charts import drawn
from publications.release.table import Figure
from tests.publications.release_sample import sample, treated, with_figure

pytestmark = pytest.mark.slow

EW, WEST_LONDON, DEVON = "K04000001", "CTW-EN01", "CTW-EN23"
NOW, BEFORE = "2026-27Q2", "2026-27Q1"
CHANGED = re.compile(
    r"increase|decrease|unchanged|the same as a quarter|(above|below|about) the number"
)


@pytest.fixture(scope="module")
def opened():
    """Two areas opened in the quarter, and every return was received."""
    return sample(opening=(WEST_LONDON, DEVON))


@pytest.fixture(scope="module")
def mixed():
    """Of two areas without a return, an estimate stands in for one and the other is left out."""
    return treated(sample(missing=(WEST_LONDON, DEVON), opening=(WEST_LONDON,)), "estimate")


def texts(release):
    return {s.id: re.sub("<[^>]+>", "", str(s.text)) for s in compose(release).sentences}


def numbers(release, sentence):
    [found] = [s for s in compose(release).sentences if s.id == sentence]
    return [number for _, number in found.numbers]


def by_area(release, quarter):
    """Settings of each area in a quarter; None where there is no figure."""
    table, of = release.table("health_settings"), {"quarter": quarter, "setting_type": "total"}
    areas = {row.codes[1] for row in table.rows if row.codes[1].startswith("CTW-")}
    return {a: table.figure("settings_embedded", delivery_area=a, **of).value for a in areas}


def test_where_areas_opened_every_change_is_of_the_areas_of_both_quarters(opened):
    text = texts(opened)
    for name in ("starts_in_quarter", "starts_trend", "gp_surgeries_change", "settings_all"):
        assert re.search(r"[Ll]ike for like, in the 4[67] areas ", text[name]), name
    for name, one in text.items():
        if not name.startswith("uncertainty"):
            before = re.split(r"[Ll]ike for like, in the \d+ areas ", one)[0]
            assert not CHANGED.search(before), name


def test_the_change_said_is_the_one_of_these_areas(opened):
    now, before = by_area(opened, NOW), by_area(opened, BEFORE)
    both = {area for area in now if now[area] is not None and before[area] is not None}
    assert now.keys() - both >= {WEST_LONDON, DEVON}
    change = sum(now[area] for area in both) - sum(before[area] for area in both)
    cited = {n.operation: n for n in numbers(opened, "settings_all")}
    assert cited["difference"].value == abs(change)
    assert cited["cells"].value == len(both)
    codes = {place.codes["delivery_area"] for place in cited["difference"].places}
    assert codes == both


def test_referrals_have_no_figures_by_area_so_no_change_is_said_where_areas_opened(opened):
    assert not CHANGED.search(texts(opened)["routes_change"])
    same = texts(sample())["routes_change"]
    assert "; like for like, in the 49 areas with a figure from returns for both quarters" in same


def test_totals_are_compared_where_they_are_of_the_same_areas(release):
    cited = {n.operation: n for n in numbers(release, "starts_in_quarter")}
    codes = [place.codes["delivery_area"] for place in cited["difference"].places]
    assert codes == [EW, EW]


def test_a_chart_of_quarters_between_which_areas_opened_compares_no_bars(opened):
    [chart] = [c for c in drawn(opened) if c.key == "starts"]
    assert "opened between these quarters" in chart.description
    assert "The largest is" not in chart.description
    [chart] = [c for c in drawn(sample("2025-26Q1")) if c.key == "starts"]
    assert "The largest is" in chart.description


def test_every_gate_passes_a_release_in_whose_quarter_areas_opened(opened):
    assert not any(screen(opened, render(opened)).values())


def test_a_plan_that_is_not_compared_is_not_counted_as_an_estimate(release):
    """Every plan of a quarter is an estimate; those of areas that are left out are not counted."""
    plans = {
        area: release.table("rollout").figure("planned_starts", delivery_area=area).marker
        for area in by_area(release, NOW)
    }
    assert set(plans.values()) == {"e"}
    missing = sample(missing=(WEST_LONDON, DEVON))
    for made, compared in ((release, len(plans)), (missing, len(plans) - 2)):
        text = texts(made)["rollout_plan"]
        assert f"{compared} of the {compared} plans compared are estimates." in text


@pytest.mark.parametrize(
    ("now", "words"),
    [(1_000, "broadly unchanged"), (1_015, "broadly unchanged"), (1_020, "increase of 20 (2%)")],
)
def test_a_change_within_the_ranges_of_the_figures_is_broadly_unchanged(release, now, words):
    made = release
    for quarter, value in ((NOW, now), (BEFORE, 1_000)):
        place = {"delivery_area": EW, "quarter": quarter}
        made = with_figure(made, "starts_by_quarter", "starts", Figure(value), **place)
    for name in ("starts_in_quarter", "starts_trend"):
        assert words in texts(made)[name]
    said = "no change is said" if "unchanged" in words else "the change is said"
    assert said in texts(made)["uncertainty_change_example"]


@pytest.mark.parametrize(
    ("now", "words"),
    [(1_000, "broadly unchanged"), (1_015, "broadly unchanged"), (980, "decrease of 20 (2%)")],
)
def test_a_change_of_referrals_within_the_ranges_is_broadly_unchanged(release, now, words):
    made = release
    for quarter, value in ((NOW, now), (BEFORE, 1_000)):
        place = {"delivery_area": EW, "quarter": quarter}
        made = with_figure(made, "referral_routes", "referrals", Figure(value), **place)
    assert words in texts(made)["routes_change"]


def test_one_setting_more_is_a_change_since_settings_are_exact(release):
    made = release
    place = {"delivery_area": EW, "setting_type": "GP_PRACTICE"}
    for quarter, value in ((NOW, 501), (BEFORE, 500)):
        figure = Figure(value)
        made = with_figure(
            made, "health_settings", "settings_embedded", figure, quarter=quarter, **place
        )
    assert "shows an increase of 1." in texts(made)["gp_surgeries_change"]
    same = with_figure(
        made, "health_settings", "settings_embedded", Figure(501), quarter=BEFORE, **place
    )
    assert "was the same as a quarter earlier" in texts(same)["gp_surgeries_change"]


def test_with_an_estimate_and_an_area_left_out_the_bulletin_says_both(mixed):
    text, one = texts(mixed), texts(sample(missing=(WEST_LONDON, DEVON)))
    assert text.keys() == one.keys()
    assert (
        "in the 43 of the 45 delivery areas that were open and sent a return that could be used "
        "and, by an estimate, in 1 of the others; like for like, in the 47 areas "
    ) in text["starts_in_quarter"]
    assert "an estimate stands in for 1 of those returns" in text["starts_to_date"]
    by_sex = text["people_sex"]
    assert by_sex.endswith("with no usable latest return from 2 of the 45 areas that were open.")
    assert "an estimate stands in for 1 of those returns" in text["quality_missing"]
    assert not any("an estimate" in one[name] for name in ("starts_in_quarter", "starts_to_date"))


def test_with_estimates_alone_the_change_is_of_the_other_areas():
    text = texts(treated(sample(missing=(DEVON,)), "estimate"))
    assert re.search(
        "with estimates in place of the latest return of 1 of the 45 areas that were open; "
        "like for like, in the 4[678] areas ",
        text["starts_in_quarter"],
    )
    assert "in the 44 of the 45 delivery areas that were open" in text["settings_all"]
    assert "estimate" not in text["settings_all"]


def test_every_gate_passes_a_release_with_an_estimate_and_an_area_left_out(mixed):
    assert not any(screen(mixed, render(mixed)).values())


def test_the_number_of_estimates_is_bound_to_the_marks_of_the_open_data(mixed):
    [number] = [n for n in numbers(mixed, "starts_to_date") if n.operation == "estimated"]
    assert number.value == 1
    assert [place.codes["delivery_area"] for place in number.places] == [DEVON]


def test_without_the_table_by_area_no_change_is_said(release):
    few = tuple(t for t in release.declarations if t.id != "starts_by_delivery_area")
    text = texts(replace(release, declarations=few))
    assert text["starts_in_quarter"].endswith("people started.")
    assert not CHANGED.search(text["routes_change"])
