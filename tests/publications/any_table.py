"""Declarations of tables drawn at random: right ones, and wrong ones of many kinds."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from publications.populations import POPULATIONS
from schemas.dimension import (
    AGE_BAND,
    BY_FINANCIAL_YEAR,
    BY_QUARTER,
    CONDITION,
    DELIVERY_AREA,
    DISABILITY,
    JOURNEY_TYPE,
    MODEL,
    NATION,
    REFERRAL_ROUTE,
    REGION,
    SETTING_TYPE,
    SEX,
    Breakdown,
    coded,
)
from schemas.measure import Measure, Rate
from schemas.table import StatisticalTable
from schemas.units import UNITS

CODED = (
    *(AGE_BAND, CONDITION, DISABILITY, JOURNEY_TYPE, MODEL, REFERRAL_ROUTE, SETTING_TYPE, SEX),
    coded("ethnicity_code", "Ethnic group", "All ethnic groups", "ethnicity"),
    coded("benefit_start", "Benefit at start", "All", "benefit"),
    coded("highest_qual", "Highest qualification", "All", "qualification"),
    coded("end_reason", "Reason for ending", "All"),
)
USUAL = (NATION, REGION, DELIVERY_AREA, BY_QUARTER, BY_FINANCIAL_YEAR, *CODED)
SIGNS = "abcdefgh ABCDEFGH 0123456789 £%&<>'\"’–,.:;()/+-=#{}$éŵ@\\"
STATISTICS = [(p, s) for p in POPULATIONS for s in p.statistics]
words = st.text(SIGNS, min_size=1, max_size=30).map(lambda text: " ".join(f"{text}.".split()))
titles = st.one_of(words.map(lambda text: f"Drawn {text}".strip()), words, st.just(""))


def slips(draw, one_in: int) -> bool:
    """Whether a slip is made here: about once in so many times."""
    return draw(st.integers(1, one_in)) == (one_in + 1) // 2


@st.composite
def breakdowns(draw, one_in: int) -> Breakdown:
    """A breakdown of the product, seldom with another name, title, code list or other levels."""
    usual = draw(st.sampled_from(USUAL))
    dimension = usual.dimension
    if slips(draw, one_in):
        name = draw(st.sampled_from(["sex", "model", "place", "recorded_sex", "unit", "A b"]))
        dimension = replace(dimension, name=name)
    if slips(draw, 4):
        good = words.map(lambda text: f"Drawn {text}")
        any_title = titles if slips(draw, one_in) else good
        dimension = replace(dimension, title=draw(any_title), total=draw(any_title))
    if slips(draw, one_in):
        dimension = replace(dimension, code_list=draw(st.sampled_from(["sex", "shoe_size", ""])))
    if slips(draw, 4):
        known = [*dimension.levels_held, *(["ward"] if slips(draw, one_in) else [])]
        levels = st.lists(st.sampled_from(known), max_size=4, unique=not slips(draw, one_in))
        return Breakdown(dimension, tuple(draw(levels)))
    return Breakdown(dimension, usual.levels)


@st.composite
def measures(draw, one_in: int) -> Measure:
    """A measure of any population, seldom with another's statistic or another title."""
    population, statistic = draw(st.sampled_from(STATISTICS))
    name, title = statistic.name, statistic.title
    if slips(draw, one_in):
        name = draw(st.sampled_from(STATISTICS))[1].name
    if slips(draw, 4):
        title = draw(titles if slips(draw, one_in) else words.map(lambda text: f"Drawn {text}"))
    return Measure(population, name, title)


@st.composite
def rates(draw, one_in: int, ids) -> Rate:
    """A rate of two of the measures, seldom of an unknown one."""
    part = st.sampled_from([*ids, *(["made_percent"] if slips(draw, one_in) else [])])
    wrong = slips(draw, one_in)
    more = {"minimum_denominator": draw(st.integers(-1, 90))} if slips(draw, one_in) else {}
    return Rate(
        draw(st.sampled_from(["made", "Made"] if wrong else ["made_percent", "made_per_start"])),
        "Made of two figures" if not slips(draw, one_in) else draw(titles),
        draw(part),
        draw(part),
        per=draw(st.sampled_from([0, -1, 10**7] if slips(draw, one_in) else [1, 100, 1000])),
        decimals=draw(st.sampled_from([7, -1] if slips(draw, one_in) else [0, 1, 2])),
        unit=draw(st.sampled_from(["bananas", ""] if slips(draw, one_in) else UNITS)),
        **more,
    )


def with_minimum(table: StatisticalTable, least: object) -> StatisticalTable:
    """The table of populations whose rates need so large a figure to divide by."""

    def judged(measure: Measure | Rate) -> Measure | Rate:
        if isinstance(measure, Rate):
            return measure
        policy = replace(measure.population.policy, minimum_denominator=least)
        return replace(measure, population=replace(measure.population, policy=policy))

    return replace(table, measures=tuple(map(judged, table.measures)))


@st.composite
def tables(draw, one_in: int) -> StatisticalTable:
    """Any table, with about one slip in so many places where one can be made."""
    least = 0 if slips(draw, one_in) else 1
    counted = draw(st.lists(measures(one_in), min_size=least, max_size=3))
    has_rate = counted and slips(draw, 3)
    made = [draw(rates(one_in, [m.id for m in counted]))] if has_rate else []
    good = ["drawn", "late_returns", "codes", "starts_by_age_at_start_and_sex"]
    bad = ["", "a b", "Starts", "a/b", "x" * 30, "1a", "é"]
    wrong = st.sampled_from(["", " .", "See [z].", "[note 1]", "x" * 1_001])
    notes = st.lists(wrong if slips(draw, one_in) else words, max_size=2)
    return StatisticalTable(
        number=draw(st.integers(-9, 0) if slips(draw, one_in) else st.integers(1, 999)),
        id=draw(st.sampled_from(bad if slips(draw, one_in) else good)),
        title=draw(titles if slips(draw, one_in) else words.map(lambda text: f"Drawn {text}")),
        measures=(*counted, *made),
        by=tuple(draw(st.lists(breakdowns(one_in), min_size=least, max_size=3))),
        notes=tuple(draw(notes)),
        latest=slips(draw, 7),
    )
