"""Measures and rates that cannot be right are refused when they are made."""

from dataclasses import replace

import pytest

from publications.populations import (
    ANNOUNCEMENTS,
    FUNDING,
    REFERRALS,
    STARTS,
)
from schemas.dimension import (
    DELIVERY_AREA,
    NATION,
)
from schemas.errors import DeclarationError
from schemas.measure import Measure, Rate
from schemas.table import StatisticalTable

FILE = "tests/schemas/test_measure.py: "
OF_STARTS = Measure(STARTS, "starts", "Starts")
CLAIMED = Measure(FUNDING, "funding_claimed", "Claimed")
PER_START = Rate(
    "claimed_per_start", "Claimed per start", "funding_claimed", "starts", 1, unit="pounds"
)


def table(*measures, by=(NATION,), number=99, table_id="drawn", title="Drawn", **more):
    return StatisticalTable(number, table_id, title, measures or (OF_STARTS,), by, **more)


def rate(**changed):
    return replace(PER_START, **changed)


def with_rate(**changed):
    return table(CLAIMED, OF_STARTS, rate(**changed))


REFUSED = {
    "an unknown statistic": (
        lambda: Measure(FUNDING, "spent", "Spent"),
        "The population funding has no statistic 'spent'; it has funding_allocated, "
        "funding_claimed",
    ),
    "a measure of a name": (
        lambda: Measure("starts", "starts", "Starts"),
        "A measure counts 'starts', which is no population.",
    ),
    "an empty measure title": (
        lambda: Measure(STARTS, "starts", ""),
        "The title of the measure starts is empty: ''.",
    ),
    "no measure": (
        lambda: StatisticalTable(99, "drawn", "Drawn", (), (NATION,)),
        "Table 99 (drawn) has no measure.",
    ),
    "a measure without a comma": (
        lambda: StatisticalTable(99, "drawn", "Drawn", OF_STARTS, (NATION,)),
        "Table 99 (drawn): measures must be a tuple of Measure or Rate, not Measure",
    ),
    "a measure twice": (
        lambda: table(OF_STARTS, OF_STARTS),
        "Table 99 (drawn) has two measures of the same id: starts.",
    ),
    "two measures of one title": (
        lambda: table(OF_STARTS, Measure(REFERRALS, "referrals", "starts")),
        "Table 99 (drawn) has two columns with the heading 'Starts'.",
    ),
    "a measure titled as a dimension": (
        lambda: table(Measure(STARTS, "starts", "Area code")),
        "Table 99 (drawn) has two columns with the heading 'Area code'.",
    ),
    "a rate of a rate": (
        lambda: table(CLAIMED, OF_STARTS, PER_START, rate(id="x_per_y", numerator=PER_START.id)),
        "Table 99 (drawn): the rate x_per_y needs the measures claimed_per_start and starts, but "
        "'claimed_per_start' is not counted in the table. Its counts and sums are: "
        "funding_claimed, starts.",
    ),
    "a figure by itself": (
        lambda: rate(numerator="starts"),
        "The rate claimed_per_start divides starts by itself.",
    ),
    "an unknown part": (
        lambda: with_rate(denominator="people"),
        "Table 99 (drawn): the rate claimed_per_start needs the measures funding_claimed and "
        "people, but 'people' is not counted",
    ),
    "a rate of a date": (
        lambda: table(
            Measure(ANNOUNCEMENTS, "opened_on", "Opened"),
            OF_STARTS,
            rate(numerator="opened_on"),
            by=(DELIVERY_AREA,),
        ),
        "Table 99 (drawn): the rate claimed_per_start divides a date, opened_on.",
    ),
    "per nothing": (
        lambda: with_rate(per=0),
        "The rate claimed_per_start is per 0. Give a whole number from 1 to 1,000,000.",
    ),
    "per less than nothing": (
        lambda: with_rate(per=-100),
        "The rate claimed_per_start is per -100.",
    ),
    "too few decimals": (
        lambda: with_rate(decimals=-1),
        "The rate claimed_per_start has -1 decimals. Give a whole number from 0 to 6.",
    ),
    "too many decimals": (
        lambda: with_rate(decimals=7),
        "The rate claimed_per_start has 7 decimals.",
    ),
    "a rate without a unit": (
        lambda: with_rate(unit=""),
        "The rate claimed_per_start: its unit is empty",
    ),
    "a rate that looks like an amount": (
        lambda: with_rate(id="price"),
        "Table 99 (drawn): the rate price is in pounds. Let its id say that it is a rate, with "
        "one of _per_, ",
    ),
    "a rate with an id that is no name": (
        lambda: with_rate(id="Per start"),
        "The id of a rate is 'Per start'. Use lower-case letters",
    ),
}


@pytest.mark.parametrize(("make", "message"), REFUSED.values(), ids=REFUSED)
def test_a_measure_that_cannot_be_right_is_refused_with_file_and_word(make, message):
    with pytest.raises(DeclarationError) as refused:
        make()
    assert str(refused.value).startswith(FILE + message)
