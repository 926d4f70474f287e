"""Phrases about numbers agree with the numbers that readers see."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from disclosure import design
from disclosure.tables.cells import KEY_MODULUS
from publications.commentary.changes import (
    Change,
    DifferentAreas,
    Side,
    like_for_like,
    range_of_sum,
)
from publications.commentary.prose import (
    FigurePlace,
    Incomplete,
    Ledger,
    MissingFigure,
    Number,
    list_and,
    share,
    x_in_10,
)
from publications.commentary.ranking import Ranked, in_no_order, ranked
from publications.populations import STARTS
from publications.words import words_in

WORDS = words_in()
COUNTS = st.integers(min_value=0, max_value=400_000).map(lambda n: n * 5)
BASES = st.integers(min_value=20, max_value=400_000).map(lambda n: n * 5)


def number(value, marker="", ends=None):
    return Number(
        Ledger("test", WORDS),
        value,
        (FigurePlace("data/t.csv", 2, 7),),
        marker=marker,
        reason="[c]",
        areas=frozenset({"A"}),
        ends=ends,
        is_drawn=ends is not None,
    )


def person_count(value):
    """A figure of people as the policy makes it: up to nine away from the count."""
    return number(value, ends=STARTS.reading("starts").ends(value))


NONE = frozenset()
PART = frozenset({(("delivery_area", "0"),)})


def plain(text) -> str:
    return re.sub("<[^>]+>", "", str(Markup("{}").format(text)))


@given(COUNTS, COUNTS)
def test_the_direction_word_agrees_with_the_sign_of_the_shown_difference(now, before):
    change = Change(number(now), number(before))
    words = plain(change.words)
    if now > before:
        assert words.startswith(f"an increase of {now - before:,}")
    elif now < before:
        assert words.startswith(f"a decrease of {before - now:,}")
    else:
        assert words == "broadly unchanged"
    assert change.direction == ("unchanged" if now == before else words.split()[1])


@given(COUNTS, COUNTS)
def test_a_change_in_per_cent_can_be_redone_from_the_shown_figures(now, before):
    change = Change(number(now), number(before))
    if before < 100:
        assert not change.percent.there
        assert "%" not in plain(change.words)
    elif now != before:
        exact = Decimal(abs(now - before)) * 100 / before
        assert abs(change.percent.value - exact) <= Decimal("0.5")
        assert ("%" in plain(change.words)) == bool(change.percent.value)


@given(COUNTS, BASES)
def test_x_in_10_is_said_within_two_points_only(part, total):
    part = min(part, total)
    words = plain(x_in_10(number(part), number(total)))
    exact = Decimal(part) * 100 / total
    if words.startswith("around"):
        tenths = int(re.fullmatch(r"around (\d) in 10", words)[1])
        assert abs(exact - tenths * 10) <= 2
        assert 0 < tenths < 10
    else:
        assert abs(Decimal(words.removesuffix("%")) - exact) <= Decimal("0.5")


@given(COUNTS, COUNTS)
def test_a_change_of_counts_is_said_only_where_some_change_is_certain(now, before):
    change = Change(person_count(now), person_count(before))
    (low, high), (low_before, high_before) = (
        STARTS.reading("starts").ends(value) for value in (now, before)
    )
    possible = range(max(low, low_before), min(high, high_before) + 1)
    assert change.unchanged == bool(possible)
    assert (plain(change.words) == "broadly unchanged") == bool(possible)
    assert (change.direction == "increase") == (low > high_before)


@pytest.mark.parametrize(
    ("now", "direction"), [(1_000, "unchanged"), (1_015, "unchanged"), (1_020, "increase")]
)
def test_a_difference_of_twenty_is_the_first_that_two_figures_can_show(now, direction):
    assert Change(person_count(now), person_count(1_000)).direction == direction


@given(COUNTS, COUNTS)
def test_figures_of_other_areas_are_never_a_change(now, before):
    more = replace(number(now), areas=frozenset({"A", "B"}))
    unknown = replace(number(now), areas=frozenset())
    for first, second in ((more, number(before)), (number(now), unknown), (unknown, unknown)):
        with pytest.raises(DifferentAreas):
            Change(first, second)
    assert Change(more, replace(more, value=before)).difference == now - before


def test_a_figure_that_is_not_of_returns_alone_is_never_a_change():
    part = frozenset({(("delivery_area", "A"),)})
    for other in ({"lacks": part}, {"imputed": part}):
        with pytest.raises(Incomplete):
            Change(replace(number(500), **other), number(400))
        with pytest.raises(Incomplete):
            Change(number(500), replace(number(400), **other))


def alike(now, before, together=(None, None)):
    """Compare areas of which the figures of all together are not published, or are `together`."""
    unknown = number(None)
    sides = (Side(one or unknown, each) for one, each in zip(together, (now, before), strict=True))
    return like_for_like(*sides, Ledger("test", WORDS))


@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=60))
def test_the_range_of_a_sum_is_within_the_sum_of_the_ranges(pairs):
    now, before = ([person_count(pair[i]) for pair in pairs] for i in (0, 1))
    same = alike(now, before).change
    for total, parts in ((same.now, now), (same.before, before)):
        assert sum(p.low for p in parts) <= total.low <= total.known <= total.high
        assert total.high <= sum(p.high for p in parts)
        assert total.high - total.known <= max(9 * len(parts) ** 0.5 * 3 + 1, 9)
    assert same.unchanged == (same.now.low <= same.before.high and same.before.low <= same.now.high)


def test_sums_of_forty_areas_show_a_change_that_the_worst_case_would_hide():
    """Forty figures can be 360 off together, but not by chance: three times the root is 171."""
    before = [person_count(50)] * 40
    more = alike([person_count(60)] * 40, before)
    less = alike([person_count(55)] * 40, before)
    assert (more.change.size.value, more.change.direction) == (400, "increase")
    assert (less.change.size.value, less.change.direction) == (200, "unchanged")


def in_areas(make, values):
    """Figures of areas: None where the return is missing."""
    parts = [frozenset({(("delivery_area", str(at)),)}) for at in range(len(values))]
    return [
        replace(
            number(None, "x") if value is None else make(value),
            areas=frozenset({str(at)}),
            lacks=parts[at] if value is None else NONE,
        )
        for at, value in enumerate(values)
    ]


def all_of(make, figures):
    """The figure of all areas together, which lacks what each lacks."""
    value = sum(one.value or 0 for one in figures)
    areas = frozenset(area for one in figures for area in one.areas)
    return replace(make(value), areas=areas, lacks=frozenset().union(*(f.lacks for f in figures)))


@given(st.lists(st.tuples(COUNTS, COUNTS, st.booleans()), min_size=6, max_size=49))
def test_a_sum_of_most_areas_is_the_total_less_the_others_and_nearer(drawn):
    """It is the same in value here, for all figures are; and its range is never wider."""
    missing = [is_missing and at % 3 == 0 for at, (_, _, is_missing) in enumerate(drawn)]
    now = in_areas(
        person_count, [None if m else n for m, (n, _, _) in zip(missing, drawn, strict=True)]
    )
    before = in_areas(person_count, [b for _, b, _ in drawn])
    plain_sum = alike(now, before)
    nearer = alike(now, before, (all_of(person_count, now), all_of(person_count, before)))
    assert nearer.areas == plain_sum.areas
    for one, other in zip(
        *([c.change.now, c.change.before] for c in (plain_sum, nearer)), strict=True
    ):
        assert (one.value, one.areas) == (other.value, other.areas)
        assert other.high - other.low <= one.high - one.low
        assert len(other.places) <= max(len(one.places), 1 + sum(missing))


def test_a_rise_of_a_quarter_with_three_of_49_areas_missing_is_said():
    now = in_areas(person_count, [None] * 3 + [15] * 46)
    before = in_areas(person_count, [10] * 49)
    assert alike(now, before).change.direction == "unchanged"
    whole = alike(now, before, (all_of(person_count, now), all_of(person_count, before)))
    assert (whole.change.direction, whole.change.difference) == ("increase", 230)


@pytest.mark.parametrize("change", [{"value": None}, {"imputed": PART}, {"lacks": PART}])
def test_what_is_not_known_of_another_area_is_not_taken_off(change):
    now = in_areas(person_count, [None] + [15] * 20)
    before = in_areas(person_count, [10] * 21)
    together = (all_of(person_count, now), all_of(person_count, before))
    before[0] = replace(before[0], **change)
    assert alike(now, before, together).change.before == alike(now, before).change.before


def test_true_sums_lie_within_the_range_of_a_sum():
    """Two hundred draws of forty counts by the keys of the policy; one in nine may be outside."""
    chance, table = np.random.default_rng(5), design(5, 8.0, 9)
    outside = 0
    for _ in range(200):
        counts = chance.integers(0, 200, 40)
        shown = table.perturb(counts, chance.integers(0, KEY_MODULUS, 40))
        total = range_of_sum([person_count(int(value)) for value in shown])
        outside += not total[0] <= counts.sum() <= total[1]
    assert outside <= 200 / 9


def test_sums_of_exact_figures_are_exact():
    same = alike([number(7), number(9)], [number(7), number(8)])
    assert same.change.direction == "increase"


def ranking(values, top, make=person_count):
    """The ranking of some parts, by their place in the list; None where there is none."""
    parts = [Ranked(str(i), make(value)) for i, value in enumerate(values)]
    try:
        return ranked(parts, top), parts
    except MissingFigure:
        return None, parts


@given(st.lists(COUNTS, min_size=1, max_size=20), st.integers(2, 5), st.booleans())
def test_a_ranking_separates_no_figures_that_can_be_the_same(values, top, is_exact):
    listed, parts = ranking(values, top, number if is_exact else person_count)
    if listed is None:
        return
    others = [part for part in parts if part not in listed]
    assert all(one.number.low > other.number.high for one in listed for other in others)
    words = plain(in_no_order(listed, WORDS))
    for one, other in pairwise(listed):
        told_apart = one.number.low > other.number.high
        assert told_apart or {one.label, other.label} <= set(re.findall(r"\d+", words))


@pytest.mark.parametrize(
    ("values", "labels", "words"),
    [
        ((100, 200, 300, 50), "210", ""),
        ((100, 110, 300, 50), "201", "; 0 and 1 are in no order"),
        ((300, 290, 285, 280, 50), "0123", "; 0, 1, 2 and 3 are in no order"),
        ((300, 200, 50, 50, 50, 50, 50), "01", ""),
        ((300, 50), "01", ""),
    ],
)
def test_a_ranking_of_three_has_as_many_parts_as_can_be_told_from_the_rest(values, labels, words):
    listed, _ = ranking(values, 3)
    assert "".join(part.label for part in listed) == labels
    assert plain(in_no_order(listed, WORDS)).startswith(words)
    assert bool(in_no_order(listed, WORDS)) == bool(words)


def test_figures_that_are_all_close_are_not_ranked():
    assert ranking((50, 50, 50, 55, 60, 50, 50), 3)[0] is None


@pytest.mark.parametrize(
    "phrase",
    [
        lambda hidden, known: Change(hidden, known).words,
        lambda hidden, known: Change(known, hidden).words,
        share,
        lambda hidden, known: share(known, hidden),
        x_in_10,
        lambda hidden, known: ranked([Ranked("a", known), Ranked("b", hidden)], 1),
        lambda hidden, known: Markup("{}").format(hidden),
    ],
)
def test_nothing_is_said_of_a_withheld_figure(phrase):
    with pytest.raises(MissingFigure):
        phrase(number(None, "c"), number(500))


def test_a_number_says_its_value_and_where_it_is_published():
    ledger = Ledger("starts_now", WORDS)
    cited = Number(ledger, 8_800, (FigurePlace("data/t.csv", 4, 9),))
    assert str(Markup("{}").format(cited)) == (
        '<data value="8800" id="starts-now-1" data-source="data/t.csv#cell=4,9">8,800</data>'
    )
    assert ledger.numbers == [("starts-now-1", cited)]


def test_an_estimate_says_so():
    assert plain(number(64_000, "e")) == "64,000 [e]"


def test_lists_read_as_english_and_escape_their_items():
    assert list_and(["a"], WORDS) == "a"
    assert list_and(["a", "b"], WORDS) == "a and b"
    assert list_and(["a", "b", "<c>"], WORDS) == "a, b and &lt;c&gt;"
    with pytest.raises(MissingFigure):
        list_and([], WORDS)
