"""Releases drawn at random, attacked, and counted out: every table of whole numbers that fits.

A release is a handful of pages over four towns, two maps and two sexes. What the attacker says must
be true of every population with the same publication, and where the linear programs are
exact it must be the most that can be said.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from disclosure.attacker.linked import disagreements, link
from disclosure.attacker.what_is_shown import Reading, ShownRate, ShownTable
from disclosure.attacker.whole_release import ShownRelease, attack_release
from disclosure.errors import TableError
from disclosure.perturbation.ptable import design
from disclosure.perturbation.readings import Distribution, Range
from disclosure.tables.cells import KEY_MODULUS

quick = settings(max_examples=25)
TOWNS = "ABCD"
MAPS = {
    "County": "ABCD",
    "Board": "ABC",
    "Trust": "CD",
}
HIERARCHIES = {"area": [dict.fromkeys(towns, code) for code, towns in MAPS.items()]}
CODES = [*TOWNS, *MAPS]
MOST = 6
counts_of_towns = st.lists(st.integers(0, MOST), min_size=4, max_size=4)
EVERY = np.array(list(product(range(MOST + 1), repeat=4)))
"""All populations of four towns of at most six people each, a town a column."""


def of(populations: np.ndarray, code: str) -> np.ndarray:
    towns = [TOWNS.index(town) for town in MAPS.get(code, code)]
    return populations[..., towns].sum(axis=-1)


def page(name: str, shown: dict[str, int | None], statistic: str = "starts") -> ShownTable:
    frame = pl.DataFrame(
        {
            "area": list(shown),
            "statistic": statistic,
            "value": list(shown.values()),
            "status": ["c" if value is None else "" for value in shown.values()],
        },
        schema_overrides={"value": pl.Int64},
    )
    return ShownTable(name, ("area",), frame)


@st.composite
def releases(draw_from):
    """The true towns, and which codes are shown as they are, withheld, or on no page."""
    towns = np.array(draw_from(counts_of_towns))
    states = draw_from(
        st.lists(st.sampled_from(["shown", "withheld", "absent"]), min_size=7, max_size=7)
    )
    shown = {
        code: int(of(towns, code)) if state == "shown" else None
        for code, state in zip(CODES, states, strict=True)
        if state != "absent"
    }
    assume(len(shown) > 1)
    return towns, shown


def populations(shown: dict[str, int | None], reach: int = 0) -> np.ndarray:
    """All populations that would be published so."""
    fits = np.ones(len(EVERY), dtype=bool)
    for code, value in shown.items():
        if value is not None:
            fits &= np.abs(of(EVERY, code) - value) <= reach
    return EVERY[fits]


def rows_of(shown: dict[str, int | None], report_rows: int) -> dict[str, int]:
    """The rows of the codes that pages show, in the order of the page."""
    assert report_rows >= len(shown)
    return {code: row for row, code in enumerate(shown)}


KNOWING = {"starts": Reading(withheld=(0, MOST * 4))}


@quick
@given(releases())
def test_every_range_contains_every_population_with_the_same_publication(release):
    towns, shown = release
    report = attack_release(ShownRelease([page("Table 1", shown)], HIERARCHIES, KNOWING))
    fits = populations(shown)
    for code, row in rows_of(shown, len(report.low)).items():
        values = of(fits, code)
        assert report.low[row] <= values.min()
        assert report.high[row] >= values.max()
        assert report.low[row] <= of(towns, code) <= report.high[row]


@quick
@given(releases(), st.integers(1, 2))
def test_ranges_of_rounded_figures_contain_every_population_that_rounds_to_them(release, reach):
    towns, shown = release
    reading = {"starts": Reading(Range(reach, reach))}
    report = attack_release(ShownRelease([page("Table 1", shown)], HIERARCHIES, reading))
    fits = populations(shown, reach)
    for code, row in rows_of(shown, len(report.low)).items():
        values = of(fits, code)
        assert report.low[row] <= values.min()
        assert report.high[row] >= values.max()
        assert report.low[row] <= of(towns, code) <= report.high[row]


@quick
@given(releases())
def test_a_withheld_figure_is_called_certain_only_when_one_value_fits(release):
    _, shown = release
    report = attack_release(
        ShownRelease([page("Table 1", shown)], HIERARCHIES, {"starts": Reading()})
    )
    fits = populations(shown)
    codes = list(shown)
    for fact in report.facts:
        assert fact.kind == "exact"
        assert set(of(fits, codes[fact.cell]).tolist()) == {int(fact.low)}


@quick
@given(releases())
def test_no_figure_that_follows_from_the_towns_is_missed(release):
    """Where every town but one of a map is shown, that town follows, and the attacker says so."""
    _, shown = release
    exact = {"starts": Reading()}
    report = attack_release(ShownRelease([page("Table 1", shown)], HIERARCHIES, exact))
    codes = list(shown)
    reported = {codes[fact.cell] for fact in report.facts if fact.cell < len(codes)}
    for code, towns in MAPS.items():
        parts = [shown.get(town) for town in towns]
        if shown.get(code) is not None and parts.count(None) == 1:
            missing = towns[parts.index(None)]
            assert missing not in shown or missing in reported


@quick
@given(releases())
def test_small_counts_called_certain_are_small_in_every_population_that_fits(release):
    _, shown = release
    reading = {"starts": Reading(small=5)}
    report = attack_release(ShownRelease([page("Table 1", shown)], HIERARCHIES, reading))
    fits = populations(shown)
    codes = list(shown)
    for fact in report.facts:
        if fact.kind == "small" and fact.cell < len(codes):
            values = of(fits, codes[fact.cell])
            assert values.min() >= max(fact.low, 1)
            assert values.max() <= min(fact.high, 4)


@quick
@given(releases(), st.permutations(range(7)))
def test_the_number_of_pages_changes_no_fact(release, order):
    """One code per page, in any order: the same facts with the same ranges."""
    _, shown = release
    whole = attack_release(ShownRelease([page("Table 1", shown)], HIERARCHIES, KNOWING))
    codes = [CODES[i] for i in order if CODES[i] in shown]
    pages = [page(f"Table {code}", {code: shown[code]}) for code in codes]
    parts = attack_release(ShownRelease(pages, HIERARCHIES, KNOWING))
    first = {code: (whole.low[row], whole.high[row]) for row, code in enumerate(shown)}
    second = {code: (parts.low[row], parts.high[row]) for row, code in enumerate(codes)}
    assert first == second


@quick
@given(releases(), st.sampled_from(CODES))
def test_a_further_figure_never_reveals_less(release, code):
    towns, shown = release
    before = attack_release(ShownRelease([page("Table 1", shown)], HIERARCHIES, KNOWING))
    more = shown | {code: int(of(towns, code))}
    after = attack_release(ShownRelease([page("Table 1", more)], HIERARCHIES, KNOWING))
    for row, _ in enumerate(shown):
        assert after.low[row] >= before.low[row]
        assert after.high[row] <= before.high[row]


# ---- a page that lies ----


@quick
@given(counts_of_towns, st.integers(1, 5))
def test_pages_that_no_population_fits_are_an_error(towns, off):
    shown = dict(zip(TOWNS, towns, strict=True)) | {"County": sum(towns) + off}
    with pytest.raises(TableError, match="contradicts itself"):
        attack_release(ShownRelease([page("Table 1", shown)], HIERARCHIES, KNOWING))


@quick
@given(counts_of_towns, st.sampled_from(TOWNS), st.integers(1, 5))
def test_two_figures_of_one_cell_are_named_with_their_difference(towns, town, off):
    shown = dict(zip(TOWNS, towns, strict=True))
    linked = link(
        [page("Table 1", shown), page("Table 2", {town: shown[town] + off})],
        HIERARCHIES,
        KNOWING,
    )
    ((row, words),) = disagreements(linked)
    assert row == TOWNS.index(town)
    assert words.startswith(f"Table 2 row 1 ({shown[town] + off}) minus Table 1 row ")
    assert f" is {off}, but they are the same cell" in words


# ---- quarters ----

YEAR = {"quarter": [{"to-1": "to-2", "2": "to-2"}, {"to-2": "to-3", "3": "to-3"}]}


@quick
@given(st.lists(st.integers(0, 7), min_size=3, max_size=3))
def test_running_totals_give_each_quarter_and_small_ones_are_facts(new):
    running = np.cumsum(new)
    pages = []
    for number, value in enumerate(running, start=1):
        cells = pl.DataFrame(
            {"quarter": [f"to-{number}"], "statistic": "starts", "value": [int(value)],
             "status": ""},
        )  # fmt: skip
        pages.append(ShownTable(f"Quarter {number}", ("quarter",), cells))
    report = attack_release(ShownRelease(pages, YEAR, {"starts": Reading(small=5)}))
    reported = {}
    for fact in report.facts:
        words = fact.derivation.split(":")[0]
        reported[words.removeprefix("starts, quarter=").split(" is ")[0]] = fact.low
    expected = {str(q): new[q - 1] for q in (2, 3) if 1 <= new[q - 1] <= 4}
    expected |= {f"to-{q}": int(running[q - 1]) for q in (1, 2, 3) if 1 <= running[q - 1] <= 4}
    assert reported == expected


@quick
@given(counts_of_towns, counts_of_towns, st.sampled_from(TOWNS))
def test_what_was_shown_before_and_is_withheld_now_is_one_fact(now, before, town):
    current = dict(zip(TOWNS, now, strict=True)) | {town: None}
    earlier = dict(zip(TOWNS, before, strict=True))
    report = attack_release(
        ShownRelease(
            [page("Table 1", current)], HIERARCHIES, {"starts": Reading()},
            previous=[page("Table 1", earlier)],
        )
    )  # fmt: skip
    late = [fact for fact in report.facts if "now is withheld" in fact.derivation]
    assert [fact.cell for fact in late] == [TOWNS.index(town)]
    assert late[0].derivation.endswith(f"was {earlier[town]}")


# ---- rates ----


@quick
@given(counts_of_towns, st.sampled_from([0, 1]))
def test_a_rate_beside_a_map_leaves_the_populations_that_give_it(towns, decimals):
    """All towns withheld, the county shown, the share of one town as a percentage."""
    total = sum(towns)
    assume(total > 0)
    percent = round(100 * towns[0] / total, decimals)
    shown = {"County": total} | dict.fromkeys(TOWNS)
    share = ShownRate(
        "Table 2 row 1", percent, decimals,
        {"statistic": "starts", "area": "A"}, {"statistic": "starts", "area": "County"},
    )  # fmt: skip
    report = attack_release(
        ShownRelease([page("Table 1", shown)], HIERARCHIES, {"starts": Reading()}, [share])
    )
    fits = [n for n in range(total + 1) if share.fits(n, total)]
    assert (report.low[1], report.high[1]) == (fits[0], fits[-1])
    rest = total - fits[0]
    assert report.high[2] <= rest
    assert any(fact.cell == 1 for fact in report.facts) == (len(fits) == 1)


# ---- perturbed figures ----

TABLE = design(5, 8.0, 9)


@quick
@given(counts_of_towns, st.lists(st.integers(0, KEY_MODULUS - 1), min_size=5, max_size=5))
def test_perturbed_figures_never_exclude_the_people_that_they_were_made_of(towns, keys):
    true = [*towns, sum(towns)]
    figures = TABLE.perturb(np.array(true), np.array(keys)).tolist()
    shown = dict(zip([*TOWNS, "County"], figures, strict=True))
    reading = {"starts": Reading(Distribution(TABLE), small=5)}
    report = attack_release(ShownRelease([page("Table 1", shown)], HIERARCHIES, reading))
    for row, value in enumerate(true):
        assert report.low[row] <= value <= report.high[row]
    for fact in report.facts:
        assert fact.kind == "small"
        if fact.cell < 5:
            assert 1 <= true[fact.cell] <= 4


@quick
@given(counts_of_towns, st.lists(st.integers(0, KEY_MODULUS - 1), min_size=5, max_size=5))
def test_the_range_of_perturbed_figures_is_that_of_all_towns_that_could_give_them(towns, keys):
    """Count out all towns in their plausible ranges that add to a plausible county."""
    true = [*towns, sum(towns)]
    figures = TABLE.perturb(np.array(true), np.array(keys)).tolist()
    shown = dict(zip([*TOWNS, "County"], figures, strict=True))
    reading = {"starts": Reading(Distribution(TABLE), small=5)}
    report = attack_release(
        ShownRelease([page("Table 1", shown)], HIERARCHIES, reading), programs=1_000
    )
    ends = [TABLE.plausible(figure) for figure in figures]
    lows, highs = [e[0] for e in ends[:4]], [e[1] for e in ends[:4]]
    least, most = max(sum(lows), ends[4][0]), min(sum(highs), ends[4][1])
    for place in range(4):
        others_low, others_high = sum(lows) - lows[place], sum(highs) - highs[place]
        assert report.low[place] == max(lows[place], least - others_high)
        assert report.high[place] == min(highs[place], most - others_low)
    assert (report.low[4], report.high[4]) == (least, most)
