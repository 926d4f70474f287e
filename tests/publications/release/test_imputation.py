"""Estimates in place of missing returns: of published figures alone, marked, and added up."""

from __future__ import annotations

from fractions import Fraction

import pytest

from publications.folder import render
from publications.gates.reread import reread
from publications.gates.screener import screen_folder
from publications.release import imputation
from publications.release.table import Figure
from schemas.dimension import GEOGRAPHY
from schemas.quarter import Quarter
from tests.publications.release_sample import sample, treated

pytestmark = pytest.mark.slow

MISSING = ("CTW-EN01", "CTW-EN20")
NOW = Quarter.parse("2026-27Q2")
EW = "K04000001"
BY_AREA = ("starts_by_delivery_area", "starts")


@pytest.fixture(scope="module")
def left_out():
    return sample(missing=MISSING)


@pytest.fixture(scope="module")
def carried(left_out):
    return treated(left_out, "carry_forward")


@pytest.fixture(scope="module")
def estimated(left_out):
    return treated(left_out, "estimate")


def starts(release, area, quarter=NOW.id):
    table, measure = BY_AREA
    return release.table(table).figure(measure, delivery_area=area, quarter=quarter)


def test_an_area_without_a_return_has_the_published_figure_of_the_quarter_before(carried):
    for area in MISSING:
        before = starts(carried, area, NOW.previous.id)
        assert before.marker == ""
        assert starts(carried, area) == Figure(before.value, "e")


def test_a_sum_is_the_published_sum_with_the_estimates(left_out, carried, estimated):
    for release in (carried, estimated):
        added = sum(starts(release, area).value for area in MISSING)
        for quarter in (NOW.id, "total"):
            received = starts(left_out, EW, quarter)
            assert received.marker == "i"
            assert starts(release, EW, quarter) == Figure(received.value + added, "e")


def test_an_estimate_grows_as_the_published_figures_of_the_areas_with_both_quarters(estimated):
    areas = [code for code in GEOGRAPHY.codes(NOW).leaves if code not in MISSING]
    pairs = [(starts(estimated, a, NOW.previous.id), starts(estimated, a)) for a in areas]
    both = [(then.value, now.value) for then, now in pairs if None not in (then.value, now.value)]
    growth = Fraction(sum(now for _, now in both), sum(then for then, _ in both))
    assert growth != 1
    base = estimated.rounding_base
    for area in MISSING:
        exact = starts(estimated, area, NOW.previous.id).value * growth
        assert starts(estimated, area).value % base == 0
        assert abs(starts(estimated, area).value - exact) <= Fraction(base, 2)


def test_a_table_by_anything_else_leaves_the_area_out(left_out, carried):
    for table in ("starts_by_model", "starts_by_sex_and_age", "health_settings", "funding"):
        assert carried.table(table).rows == left_out.table(table).rows, table
    figures = [f for row in carried.table("starts_by_model").rows for f in row.figures]
    assert any(figure.lacks for figure in figures)
    assert not any(figure.imputed for figure in figures)


@pytest.mark.slow
def test_an_area_that_never_reported_stays_without_a_figure():
    never = "CTW-EN07"
    drawn = sample(missing=(*MISSING, never), opening=(never,))
    release = treated(drawn, "estimate")
    assert starts(release, never) == Figure(None, "x")
    assert starts(release, MISSING[0]).marker == "e"
    whole = starts(release, EW)
    assert whole.marker == "i"
    assert {dict(part)["delivery_area"] for part in whole.lacks} == {never}
    assert {dict(part)["delivery_area"] for part in whole.imputed} == set(MISSING)
    assert whole.letters == {"e", "i"}
    assert screen_folder(render(release)) == []


def test_nothing_is_estimated_from_the_growth_of_few_people(left_out, monkeypatch):
    assert imputation.GROWTH_BASE == 100
    monkeypatch.setattr(imputation, "GROWTH_BASE", 10**6)
    assert starts(treated(left_out, "estimate"), MISSING[0]) == Figure(None, "x")
    assert starts(treated(left_out, "carry_forward"), MISSING[0]).marker == "e"


def test_nothing_is_estimated_where_areas_are_left_out(left_out):
    release = treated(left_out, "leave_out")
    assert starts(release, EW) == starts(left_out, EW)
    assert not any(gap.is_imputed for gap in release.quality.gaps)


@pytest.mark.slow
def test_a_release_with_estimates_passes_the_gates_and_is_read_back_as_it_is(estimated):
    files = render(estimated)
    assert screen_folder(files) == []
    back = reread(files)
    for table in back.tables:
        assert [row.figures for row in table.rows] == [
            row.figures for row in estimated.table(table.id).rows
        ]
        for (_, read), (_, made) in zip(table.cited, estimated.table(table.id).cited, strict=True):
            assert (read.lacks, read.imputed) == (made.lacks, made.imputed)


@pytest.mark.slow
def test_a_gate_finds_an_estimate_that_states_a_range(estimated):
    files = dict(render(estimated))
    path = next(p for p in files if "-table-06-" in p and p.endswith(".csv"))
    lines = files[path].decode().split("\r\n")
    line = next(n for n, text in enumerate(lines) if ",e,," in text)
    lines[line] = lines[line].replace(",e,,", ",e,1,9")
    files[path] = "\r\n".join(lines).encode()
    assert any("does not state the range" in found for found in screen_folder(files))
