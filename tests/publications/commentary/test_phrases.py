"""Phrases about numbers agree with the numbers that readers see."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from publications.commentary.prose import (
    Change,
    Ledger,
    Number,
    Place,
    Ranked,
    Withheld,
    list_and,
    ranked,
    share,
    x_in_10,
)
from publications.words import words_in

WORDS = words_in()
COUNTS = st.integers(min_value=0, max_value=400_000).map(lambda n: n * 5)
BASES = st.integers(min_value=20, max_value=400_000).map(lambda n: n * 5)


def number(value, marker=""):
    return Number(
        Ledger("test", WORDS), value, (Place("data/t.csv", 2, 7),), marker=marker, reason="[c]"
    )


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


@given(st.lists(COUNTS, min_size=1, max_size=20), st.integers(1, 5))
def test_rankings_are_in_order_and_ties_keep_the_published_order(values, top):
    parts = [Ranked(str(i), number(value)) for i, value in enumerate(values)]
    first = ranked(parts, top)
    found = [(-part.number.value, int(part.label)) for part in first]
    assert found == sorted(found)
    assert found == sorted((-v, i) for i, v in enumerate(values))[:top]


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
    with pytest.raises(Withheld):
        phrase(number(None, "c"), number(500))


def test_a_number_says_its_value_and_where_it_is_published():
    ledger = Ledger("starts_now", WORDS)
    cited = Number(ledger, 8_800, (Place("data/t.csv", 4, 9),))
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
    with pytest.raises(Withheld):
        list_and([], WORDS)
