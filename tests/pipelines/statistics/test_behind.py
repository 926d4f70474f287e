"""Who stands behind a change: counted in drawn examples, by hand, and in any world."""

from __future__ import annotations

from itertools import product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure import protect
from pipelines.statistics.behind import compared, moved, people_behind, people_counted
from pipelines.statistics.count import count
from publications.gates.shown import dimensions_of, shown_cells
from publications.policies import PEOPLE
from publications.populations import STARTS
from schemas.dimension import BY_QUARTER, DELIVERY_AREA, MODEL, NATION, SEX
from schemas.quarter import Quarter
from schemas.table import Measure, StatisticalTable

QUARTER = Quarter(2025, 2)
SECRET = b"a secret of at least 16 bytes"
LEAST = PEOPLE.minimum_behind_change
NAMES = ("delivery_area", "quarter", "model", "sex")
OF_STARTS = (Measure(STARTS, "starts", "Starts"),)
TABLES = (
    StatisticalTable(1, "areas", "Areas", OF_STARTS, (DELIVERY_AREA, BY_QUARTER)),
    StatisticalTable(2, "models", "Models", OF_STARTS, (NATION, MODEL, SEX)),
)
DIMENSIONS = dimensions_of(TABLES, STARTS)
NOBODY = pl.DataFrame(schema={"episode_id": pl.String, "person_id": pl.String})
OPEN = pl.DataFrame(schema={"delivery_area": pl.String, "quarter": pl.String, "mark": pl.String})


def starts(people):
    """One row per episode; `people` gives the codes of each by its id."""
    rows = [(name, *codes) for name, codes in people.items()]
    schema = dict.fromkeys(("episode_id", *NAMES), pl.String)
    return pl.DataFrame(rows, schema=schema, orient="row")


def version(people):
    """What a version shows, and who was counted, made as the product makes them."""
    rows = starts(people)
    cells = count(STARTS, TABLES, rows, OPEN, QUARTER, SECRET)
    protected = protect(cells, PEOPLE.methods)
    who = people_counted(rows, NOBODY, cells.dimensions, SECRET)
    return shown_cells(TABLES, STARTS, protected, QUARTER), who


def beside(now, then):
    shown, who = zip(now, then, strict=True)
    return compared(*shown, [who], tuple(DIMENSIONS.values()), QUARTER)


def contains(dimension, code, leaf):
    return code in dimension.codes(QUARTER).ancestors(leaf)


def by_hand(cell, now, then):
    """Count the people whom only one of the versions has in the cell, one by one."""

    def inside(people):
        return {
            name
            for name, codes in people.items()
            if all(
                contains(DIMENSIONS[dimension], cell[dimension], code)
                for dimension, code in zip(NAMES, codes, strict=True)
            )
        }

    return len(inside(now) ^ inside(then))


someone = st.tuples(
    st.sampled_from(["CTW-EN18", "CTW-EN35", "CTW-WA01"]),
    st.sampled_from(["2025-26Q1", "2025-26Q2"]),
    st.sampled_from(["IPS", "SEQF"]),
    st.sampled_from(["F", "M"]),
)
worlds = st.lists(someone, min_size=5, max_size=60).map(
    lambda drawn: {f"e{number}": codes for number, codes in enumerate(drawn)}
)


@st.composite
def corrections(draw, least=1, most=4):
    """A world, and the same after a few people were added, removed or altered."""
    before = draw(worlds)
    after = dict(before)
    names = st.sampled_from(sorted(before))
    for name in draw(st.lists(names, unique=True, max_size=most)):
        if draw(st.booleans()):
            del after[name]
        else:
            after[name] = draw(someone)
    touched = sum(before[name] != after.get(name) for name in before)
    added = draw(st.integers(max(0, least - touched), max(0, most - touched)))
    for number in range(added):
        after[f"new{number}"] = draw(someone)
    return before, after


@settings(max_examples=40, deadline=None)
@given(corrections())
def test_what_one_to_four_people_change_is_never_allowed(drawn):
    """Whatever of the published figures changes, fewer than ten people are found behind it."""
    before, after = drawn
    cells = beside(version(after), version(before))
    differing = cells.filter("is_changed")
    assert (differing["people"] < LEAST).all()
    assert differing.height == cells.filter(pl.col("people").is_not_null()).height


@settings(max_examples=25, deadline=None)
@given(corrections(most=20))
def test_the_people_behind_a_change_are_those_that_a_count_by_hand_finds(drawn):
    before, after = drawn
    for cell in beside(version(after), version(before)).filter("is_changed").iter_rows(named=True):
        assert cell["people"] == by_hand(cell, after, before)


@settings(max_examples=15, deadline=None)
@given(worlds)
def test_the_same_people_change_nothing(world):
    turned = dict(reversed(world.items()))
    assert beside(version(turned), version(world))["is_changed"].sum() == 0


def test_fifty_people_more_in_one_place_are_behind_every_change():
    world = {f"e{n}": ("CTW-EN18", "2025-26Q1", "IPS", "F") for n in range(30)}
    more = world | {f"new{n}": ("CTW-WA01", "2025-26Q2", "SEQF", "M") for n in range(50)}
    differing = beside(version(more), version(world)).filter("is_changed")
    assert differing.height > 8
    assert differing["people"].to_list() == [50] * differing.height


def drawn(*rows):
    """Who was counted: a record, a person and an area each."""
    return pl.DataFrame(rows, schema=["record", "person", "delivery_area"], orient="row")


AREAS = pl.DataFrame({"delivery_area": ["K04000001", "E92000001", "W92000004", "CTW-EN18"]})
ALONG = (DIMENSIONS["delivery_area"],)


def behind(now, then):
    return people_behind(AREAS, moved(now, then, ["delivery_area"]), ALONG, QUARTER).to_list()


def test_one_who_moved_is_behind_both_places_and_not_behind_the_whole():
    then = drawn((1, 1, "CTW-EN18"), (2, 2, "CTW-EN18"))
    now = drawn((1, 1, "CTW-WA01"), (2, 2, "CTW-EN18"))
    assert behind(now, then) == [0, 1, 1, 1]


def test_who_stays_in_a_cell_is_not_behind_its_change():
    """Twelve change their model within an area and one leaves: one is behind the area's change."""
    then = {f"e{n}": ("CTW-EN18", "2025-26Q1", "IPS", "F") for n in range(13)}
    now = {name: (*codes[:2], "SEQF", "F") for name, codes in then.items() if name != "e0"}
    areas = pl.DataFrame(
        [("CTW-EN18", "total", "total", "total"), ("K04000001", "total", "IPS", "total")],
        NAMES,
        orient="row",
    )
    who = [people_counted(starts(people), NOBODY, NAMES, SECRET) for people in (now, then)]
    along = tuple(DIMENSIONS[name] for name in NAMES)
    assert people_behind(areas, moved(*who, NAMES), along, QUARTER).to_list() == [1, 13]


def test_two_records_of_one_person_are_one_person():
    now = drawn((1, 7, "CTW-EN18"), (2, 7, "CTW-EN18"))
    assert behind(now, now.clear()) == [1, 1, 0, 1]


def test_one_record_of_two_persons_is_one_person():
    """A corrected National Insurance number makes another person of the same episode."""
    now, then = drawn((1, 8, "CTW-EN18")), drawn((1, 7, "CTW-WA01"))
    assert behind(now, then) == [0, 1, 1, 1]
    assert behind(now, drawn((1, 7, "CTW-EN18"))) == [0, 0, 0, 0]


def test_who_stands_behind_a_change_is_the_fewest_of_all_builds_of_these_figures():
    shown = AREAS.with_columns(statistic=pl.lit("starts"), value=5, status=pl.lit(""))
    now = shown.with_columns(value=10)
    two = drawn((1, 1, "CTW-EN18"), (2, 2, "CTW-EN18"))
    pairs = [(two, two.clear()), (two, two.head(1))]
    cells = compared(now, shown, pairs, ALONG, QUARTER)
    assert cells["people"].to_list() == [1, 1, 0, 1]
    assert compared(now, shown, [], ALONG, QUARTER)["people"].null_count() == 4


@pytest.mark.parametrize(
    ("now", "then", "differs"),
    [
        ((5, ""), (5, ""), False),
        ((5, ""), (10, ""), True),
        ((None, "c"), (5, ""), True),
        ((None, "c"), (None, "x"), True),
        ((None, "c"), (None, "c"), False),
    ],
)
def test_a_figure_changes_when_its_value_or_its_mark_does(now, then, differs):
    def cell(value, status):
        schema = {"delivery_area": pl.String, "statistic": pl.String, "value": pl.Int64}
        row = [("K04000001", "starts", value, status)]
        return pl.DataFrame(row, schema=schema | {"status": pl.String}, orient="row")

    found = compared(cell(*now), cell(*then), [], ALONG, QUARTER)
    assert found["is_changed"].to_list() == [differs]


def test_people_are_kept_by_keyed_hashes_and_by_nothing_else():
    rows = starts({"e1": ("CTW-EN18", "2025-26Q1", "IPS", "F")})
    persons = pl.DataFrame({"episode_id": ["e1"], "person_id": ["p1"]})
    kept = people_counted(rows, persons, ["sex"], SECRET)
    assert kept.columns == ["record", "person", "sex"]
    assert not {"e1", "p1"} & set(map(str, kept.row(0)))
    other = people_counted(rows, persons, ["sex"], b"another secret of 16 bytes")
    assert kept["record"][0] != other["record"][0] != other["person"][0]
    unknown = people_counted(rows, persons.with_columns(person_id=None), ["sex"], SECRET)
    assert unknown["person"][0] == unknown["record"][0] == kept["record"][0]


def test_cells_of_every_crossing_are_counted():
    """Cells below the root of no, one and two dimensions at once."""
    two = {
        "a": ("CTW-EN18", "2025-26Q1", "IPS", "F"),
        "b": ("CTW-EN18", "2025-26Q2", "IPS", "M"),
    }
    now = people_counted(starts(two), NOBODY, NAMES, SECRET)
    areas, quarters = ("K04000001", "E12000001", "CTW-WA01"), ("total", "2025-26Q1")
    cells = pl.DataFrame(
        [(a, q, "total", "total") for a, q in product(areas, quarters)], NAMES, orient="row"
    )
    rows = moved(now, now.clear(), NAMES)
    found = people_behind(cells, rows, tuple(DIMENSIONS[name] for name in NAMES), QUARTER)
    assert found.to_list() == [2, 1, 2, 1, 0, 0]
