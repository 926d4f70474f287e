"""The attack on all that is published: the past, the rates, and what it makes of each."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from disclosure import (
    CellKey,
    ComplementarySuppression,
    MinimumContributors,
    Phrase,
    Round,
    WithholdCertain,
    protect,
)
from disclosure.errors import TableError
from disclosure.tables.drawn import draw
from publications.populations import STARTS
from publications.release.table import Gap
from publications.risk.attack import attack
from publications.risk.earlier import Earlier, spans, time_adds_up
from publications.risk.what_readers_have import (
    LAST_DAY,
    PublishedSoFar,
    of_the_same_returns,
    other_returns,
    rates,
    readings,
    shown_table,
)
from schemas.dimension import BY_QUARTER, NATION
from schemas.policy import Policy
from schemas.population import Population, Statistic
from schemas.quarter import Quarter
from schemas.table import Measure, Rate, StatisticalTable

FIRST, SECOND = Quarter(2025, 1), Quarter(2025, 2)
METHODS = (MinimumContributors(minimum=3), ComplementarySuppression())
DRAWN = Policy("drawn", METHODS, Phrase("drawn.because"), Phrase("drawn.users_lose"), 30)
BEDS = Population("beds", "Beds", "settings", (Statistic("beds", "Beds"),), DRAWN)
COST = Population("cost", "Cost", "pounds", (Statistic("cost", "Cost"),), DRAWN)
TABLE = StatisticalTable(1, "t", "T", (Measure(BEDS, "beds", "Beds"),), (NATION, BY_QUARTER))
CODES = {"EW": "K04000001", "E": "E92000001", "W": "W92000004", "Q1": FIRST.id, "Q2": SECOND.id}
AREA = "K04000001: E92000001 W92000004"
THEN, SINCE = "total: 2025-26Q1", "total: 2025-26Q1 2025-26Q2"


def beds(text, time, statistic="beds"):
    """Cells by nation and quarter, with the staff behind them, drawn with short codes."""
    lines = [" ".join(CODES.get(word, word) for word in line.split()) for line in text.split(";")]
    drawn = "\n".join(["delivery_area quarter value contributors", *lines])
    return draw(drawn, statistic, statistic, delivery_area=AREA, quarter=time)


BEFORE = beds("EW total 14 9;EW Q1 14 9;E total 10 9;E Q1 10 9;W total 4 9;W Q1 4 9", THEN)
TO_DATE = beds("EW total 14 9;E total 10 9;W total 4 9", "")
NOW = beds(
    "EW total 35 9;EW Q1 14 9;EW Q2 21 9;E total 22 9;E Q1 10 9;E Q2 12 9;"
    "W total 13 9;W Q1 4 2;W Q2 9 9",
    SINCE,
)


def everything(*earlier, now=NOW, table=TABLE):
    """The second quarter, beside versions of the first, the newest first."""
    past = [Earlier(FIRST, (protect(one, METHODS),), 9 - n) for n, one in enumerate(earlier)]
    return PublishedSoFar(SECOND, (table,), (protect(now, METHODS),), tuple(past))


def test_a_release_without_a_past_gives_nothing_away():
    found = attack(everything())
    assert found.facts == ()
    assert found.outcome.complete
    assert (found.outcome.figures, found.outcome.earlier, found.outcome.exposed) == (9, (), {})


@pytest.mark.parametrize("earlier", [BEFORE, TO_DATE], ids=["the same cell", "to date"])
def test_a_cell_that_the_release_before_gives_away_is_found_with_its_derivation(earlier):
    found = attack(everything(earlier))
    assert found.outcome.earlier == ("2025-26 Q1 v9",)
    newest_figures = next(fact for fact in found.facts if "quarter=2025-26Q1 is 4" in fact)
    assert newest_figures.startswith("Beds: exact: beds, delivery_area=W92000004")
    assert any("(release of 2025-26 Q1 v9)" in fact for fact in found.facts)
    assert sum(found.outcome.exposed.values()) == len(found.facts)


def test_what_is_to_date_then_and_now_gives_the_quarter_between():
    facts = " ".join(attack(everything(TO_DATE)).facts)
    then = "Beds (release of 2025-26 Q1 v9) row 3 (4)"
    assert f"W92000004, quarter=2025-26Q2 is 9: Beds row 9 (13) minus {then} is 9" in facts


def test_figures_that_were_visibly_revised_reveal_nothing():
    revised = beds("EW total 99 9;E total 50 9;W total 49 9", "")
    outcome = attack(everything(revised)).outcome
    assert (outcome.earlier_figures, outcome.revised, outcome.exposed) == (0, (), {})


def test_a_past_that_contradicts_the_present_is_named_and_left_out():
    revised = beds("EW total 15 9;EW Q1 15 9;E total 9 9;E Q1 9 9;W total 6 9;W Q1 6 9", THEN)
    outcome = attack(everything(revised)).outcome
    assert (outcome.earlier_figures, outcome.revised, outcome.exposed) == (
        0,
        ("Beds (2025-26 Q1 v9)",),
        {},
    )


def test_a_cell_that_only_the_release_before_last_gives_away_is_found():
    silent = beds("EW total 14 9;EW Q1 14 9;E total 10 2;E Q1 10 2;W total 4 2;W Q1 4 2", THEN)
    assert attack(everything(silent)).facts == ()
    found = attack(everything(silent, BEFORE))
    assert found.outcome.earlier == ("2025-26 Q1 v9", "2025-26 Q1 v8")
    assert any("(release of 2025-26 Q1 v8)" in fact for fact in found.facts)
    assert any("quarter=2025-26Q1 is 4" in fact for fact in found.facts)


def test_what_was_to_date_twice_gives_the_quarter_between():
    """The present withholds both quarters; two releases before it show what there was to date."""
    now = beds(
        "EW total 60 9;EW Q1 14 9;EW Q2 21 9;E total 40 9;E Q1 10 2;E Q2 12 2;"
        "W total 20 9;W Q1 4 2;W Q2 9 2",
        "",
    )
    then = beds("EW total 35 9;E total 22 9;W total 13 9", "")
    first, second = (
        Earlier(quarter, (protect(one, METHODS),))
        for quarter, one in ((FIRST, TO_DATE), (SECOND, then))
    )
    known = PublishedSoFar(Quarter(2025, 3), (TABLE,), (protect(now, METHODS),), (second,))
    assert not any("quarter=2025-26Q2 is 9" in fact for fact in attack(known).facts)
    facts = attack(replace(known, earlier=(second, first))).facts
    assert any("W92000004, quarter=2025-26Q2 is 9" in fact for fact in facts)


def test_of_a_cell_that_was_revised_twice_the_newest_figure_is_read():
    older = beds("EW total 14 9;EW Q1 14 9;E total 9 9;E Q1 9 9;W total 5 9;W Q1 5 9", THEN)
    newer, both = attack(everything(BEFORE)), attack(everything(BEFORE, older))
    assert both.facts == newer.facts
    assert both.outcome.earlier_figures == newer.outcome.earlier_figures


def test_a_contradicting_release_does_not_keep_an_older_one_out():
    revised = beds("EW total 15 9;EW Q1 15 9;E total 9 9;E Q1 9 9;W total 6 9;W Q1 6 9", THEN)
    silent = beds("EW total 14 9;EW Q1 14 9", THEN)
    outcome = attack(everything(revised, silent)).outcome
    assert outcome.revised == ("Beds (2025-26 Q1 v9)",)


def test_what_is_no_longer_held_is_said():
    gone = Earlier(FIRST, (), 1, ("beds", "retired"))
    outcome = attack(replace(everything(), earlier=(gone,))).outcome
    assert outcome.lost == ("Beds (2025-26 Q1 v1)", "retired (2025-26 Q1 v1)")


def test_figures_that_are_not_what_the_declared_methods_make_are_an_error():
    rounded = PublishedSoFar(SECOND, (TABLE,), (protect(NOW, [Round(base=3)]),))
    with pytest.raises(TableError, match="contradicts itself"):
        attack(rounded)


def test_withheld_zeros_that_are_cover_are_counted_and_are_no_exposure():
    empty = beds(
        "EW total 35 9;EW Q1 14 9;EW Q2 21 9;E total 35 9;E Q1 14 9;E Q2 21 9;"
        "W total 0 2;W Q1 0 2;W Q2 0 2",
        SINCE,
    )
    outcome = attack(everything(now=empty)).outcome
    assert (outcome.cover > 0, outcome.exposed) == (True, {})


def test_time_adds_as_years_and_as_what_there_was_then_and_since():
    year, whole, part = time_adds_up(SECOND, FIRST)
    assert year[SECOND.id] == "2025-26"
    assert (whole[FIRST.id], whole[SECOND.id]) == ("total to 2025-26Q1", "total")
    assert (part[FIRST.id], part[SECOND.id]) == ("2025-26 to 2025-26Q1", "2025-26")
    assert set(spans(Quarter(2026, 2), Quarter(2025, 4))) == {"total"}
    assert spans(SECOND, SECOND) == {}
    assert len(time_adds_up(Quarter(2025, 3), SECOND, SECOND, FIRST)) == 5


@pytest.mark.parametrize("value", [0, 5, 10])
def test_counts_of_people_are_read_by_their_perturbation_table(value):
    ptable = STARTS.protection[0].ptable
    assert readings(STARTS)["starts"].ends(value, "") == ptable.plausible(value)
    rounded = replace(BEDS, policy=replace(DRAWN, methods=(Round(base=5),)))
    assert readings(rounded)["beds"].ends(10, "") == (8, 12)
    assert readings(BEDS)["beds"].ends(10, "") == (10, 10)


def test_a_rate_is_read_as_a_percentage_of_the_figure_that_it_was_divided_by():
    per_bed = Rate("cost_per_bed", "Cost per bed", "cost", "beds", per=1, decimals=1, unit="pounds")
    measures = (Measure(COST, "cost", "Cost"), Measure(BEDS, "beds", "Beds"), per_bed)
    table = replace(TABLE, measures=measures)
    cost = beds("EW total 70 9;E total 44 9;W total 26 9", "", "cost")
    bed = beds("EW total 71 9;E total 40 9;W total 31 9", "")
    known, divisors = rates(
        PublishedSoFar(SECOND, (table,), (protect(cost, METHODS), protect(bed, METHODS))), COST
    )
    assert {(r.percent, r.decimals) for r in known} == {
        (float(100 * Decimal(value)), -1) for value in ("1.0", "1.1", "0.8")
    }
    assert divisors[0].cells["value"].to_list() == [71, 40, 31]
    pairs = [(70, 71), (44, 40), (26, 31)]
    assert all(rate.fits(*pair) for rate, pair in zip(known, pairs, strict=True))


def test_the_quarters_of_a_stock_have_no_total():
    stock = replace(BEDS, stock=True)
    table = replace(TABLE, measures=(Measure(stock, "beds", "Beds"),))
    shown = shown_table(stock, protect(NOW, METHODS))
    assert shown.dimensions == ("delivery_area", LAST_DAY)
    assert LAST_DAY not in everything(table=table).hierarchies


def test_counts_of_people_are_attacked_as_ranges_to_the_end():
    counted = replace(BEDS, policy=replace(DRAWN, methods=(CellKey(base=5), Round(base=5))))
    table = replace(TABLE, measures=(Measure(counted, "beds", "Beds"),))
    keyed = replace(NOW, cells=NOW.cells.with_columns(cell_key=NOW.cells["value"] * 90_000_001))
    known = PublishedSoFar(SECOND, (table,), (protect(keyed, counted.protection),))
    outcome = attack(known).outcome
    assert outcome.exposed == {}
    assert outcome.complete


PEOPLE = (CellKey(base=5), Round(base=5))
LIMITED = replace(BEDS, policy=replace(DRAWN, methods=(*PEOPLE, WithholdCertain(percent=94))))
OF_PEOPLE = replace(TABLE, measures=(Measure(LIMITED, "beds", "Beds"),))
PTABLE = PEOPLE[0].ptable


def shown_as(*cells, time):
    """Protect cells (quarter, count, figure) of England and Wales whose keys give these figures."""
    lines = []
    for quarter, counted, figure in cells:
        keys = PTABLE.lookup[1][PTABLE.row(np.array([counted]))[0]]
        shown = PTABLE.perturb(np.full(len(keys), counted), keys)
        lines.append(f"K04000001 {quarter} {counted} {keys[shown == figure][0]}")
    text = "\n".join(["delivery_area quarter value cell_key", *lines])
    return protect(draw(text, "beds", "beds", delivery_area=AREA, quarter=time), PEOPLE)


def of_three_quarters(*earlier):
    """What is published of the third quarter: 14 people to date, 5, 5 and 4 in the quarters."""
    quarters = [("2025-26Q1", 5, 5), ("2025-26Q2", 5, 5), ("2025-26Q3", 4, 5)]
    now = shown_as(("total", 14, 5), *quarters, time="total: 2025-26Q1 2025-26Q2 2025-26Q3")
    past = tuple(Earlier(SECOND, (one,)) for one in earlier)
    return PublishedSoFar(Quarter(2025, 3), (OF_PEOPLE,), (now,), past)


def test_a_count_that_an_earlier_figure_to_date_makes_too_likely_is_found():
    """Ten people to date then are shown as 15, and 14 now as 5: the 5 between are 1 to 4."""
    assert attack(of_three_quarters()).facts == ()
    then = shown_as(("total", 10, 15), time="")
    found = attack(of_three_quarters(then))
    assert found.outcome.exposed == {"likely": 1}
    assert found.facts == (
        "Beds: likely: beds, delivery_area=K04000001, quarter=2025-26Q3 is 1 to 4 with a chance of "
        "95 in 100 by the figures of one sum",
    )


def test_a_limit_is_that_of_the_methods_and_without_one_no_chance_is_asked():
    assert {reading.likely_percent for reading in readings(LIMITED).values()} == {94}
    assert {reading.likely_percent for reading in readings(BEDS).values()} == {0}
    assert {reading.likely_percent for reading in readings(STARTS).values()} == {95}


def test_an_earlier_figure_that_counted_other_returns_is_left_apart():
    wales = (("delivery_area", CODES["W"]), ("quarter", FIRST.id))
    lacking = Gap("beds", "beds", wales)
    then = beds("EW total 10 9;E total 10 9;W total 0 9", "")
    table = protect(then, METHODS)
    now = protect(NOW, METHODS)

    def past(gaps, since=()):
        before = Earlier(FIRST, (table,), gaps=gaps)
        published = PublishedSoFar(SECOND, (TABLE,), (now,), (before,), since)
        return other_returns(published, before, BEDS)

    places = {CODES["W"], CODES["EW"]}
    times = {FIRST.id, FIRST.financial_year, "total"}
    assert past((lacking,)) == {("beds", place, time) for place in places for time in times}
    assert past((lacking,), (lacking,)) == frozenset()
    assert past((), (lacking,)) == past((lacking,))
    assert past(None, (lacking,)) == frozenset()
    later = Gap("beds", "beds", (("delivery_area", CODES["W"]), ("quarter", SECOND.id)))
    assert past((), (later,)) == frozenset()
    shown = of_the_same_returns(shown_table(BEDS, table), past((lacking,)))
    assert shown.cells["delivery_area"].to_list() == [CODES["E"]]
    to_date = shown_table(BEDS, protect(TO_DATE, METHODS))
    assert of_the_same_returns(to_date, past((lacking,))).cells.columns == to_date.cells.columns
    assert of_the_same_returns(to_date, past((lacking,))).cells.height == 1
