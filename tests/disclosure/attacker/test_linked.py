"""All tables of a release as one system: shared cells, implied cells, sums and contradictions."""

from __future__ import annotations

from itertools import product
from math import inf

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure.attacker.linked import Linked, disagreements, link
from disclosure.attacker.what_is_shown import Reading, ShownRate, ShownTable
from disclosure.perturbation.readings import Range

quick = settings(max_examples=40, deadline=None)

REGIONS = {"North": "All", "South": "All", "a": "North", "b": "North", "c": "South", "d": "South"}

BOARDS = {"East": "All", "West": "All", "a": "East", "c": "East", "b": "West", "d": "West"}

AREAS = {"area": [REGIONS, BOARDS]}

BOTH = {**AREAS, "sex": [{"F": "T", "M": "T"}]}


def page(name: str, text: str) -> ShownTable:
    """A page drawn as text: its columns, then one line per cell; "c", "x" and "z" are marks."""
    names, *rows = (line.split() for line in text.strip().splitlines())
    frame = pl.DataFrame(rows, schema=names, orient="row")
    marked = pl.col("value").is_in(["c", "x", "z"])
    cells = frame.with_columns(
        statistic=pl.col("statistic") if "statistic" in names else pl.lit("count"),
        status=pl.when(marked).then(pl.col("value")).otherwise(pl.lit("")),
        value=pl.col("value").cast(pl.Int64, strict=False),
    )
    dimensions = tuple(n for n in names if n not in ("value", "statistic"))
    return ShownTable(name, dimensions, cells)


def at(linked: Linked, hierarchies, **codes: str) -> int:
    row = linked.find(hierarchies, {"statistic": "count"} | codes)
    assert row is not None
    return row


def sums_in_words(linked: Linked) -> set[tuple[str, frozenset[str]]]:
    found = []
    for number in range(linked.count):
        entries = linked.relation == number
        cells, signs = linked.cell[entries], linked.coefficient[entries]
        total = [linked.codes(int(c)) for c in cells[signs == 1]]
        assert len(total) == 1
        found.append((total[0], frozenset(linked.codes(int(c)) for c in cells[signs == -1])))
    assert len(found) == len(set(found)), "each sum once"
    return set(found)


readings = {"count": Reading(Range(2, 2), withheld=(1, 4))}


def test_pages_share_the_cells_that_both_show_under_whatever_columns():
    first = page("Table 1", "area value\nAll 20\nNorth 12\nSouth 8")
    second = page("Table 2", "sex value\nT 20\nF 9\nM 11")
    linked = link([first, second], BOTH, {})
    total = at(linked, BOTH, area="All", sex="T")
    assert linked.cells["shown"][total].to_list() == ["Table 1 row 1", "Table 2 row 1"]
    assert linked.cells["values"][total].to_list() == [20, 20]
    assert at(linked, BOTH) == total, "what is not named is the top"
    assert at(linked, BOTH, sex="F") != total


def test_the_rows_of_a_page_are_counted_from_one_in_its_own_order():
    linked = link([page("Table 4", "area value\nSouth 8\nAll 20\nNorth 12")], AREAS, {})
    named = {a: linked.words(at(linked, AREAS, area=a)) for a in ("South", "All", "North")}
    assert named == {"South": "Table 4 row 1", "All": "Table 4 row 2", "North": "Table 4 row 3"}


def test_cells_that_no_page_shows_are_implied_where_two_codes_are_and_named_by_their_codes():
    linked = link([page("Table 1", "area value\nNorth 12\na 5")], AREAS, {})
    hidden = at(linked, AREAS, area="b")
    assert linked.words(hidden) == "the cell that no table shows (count, area=b)"
    assert (linked.low[hidden], linked.high[hidden]) == (0, inf)
    codes = {code for tree in (REGIONS, BOARDS) for code in (*tree, *tree.values())}
    assert set(linked.cells["area"]) == codes


def test_a_single_code_implies_nothing_beside_it():
    linked = link([page("Table 1", "area value\nNorth 12")], AREAS, {})
    assert linked.cells.height == 1
    assert linked.count == 0


def test_two_ways_to_add_the_same_districts_are_two_sets_of_sums():
    linked = link([page("Table 1", "area value\nAll 20\na 5\nb 7\nc 5\nd 3")], AREAS, {})

    def add(total: str, *parts: str) -> tuple[str, frozenset[str]]:
        return f"count, area={total}", frozenset(f"count, area={p}" for p in parts)

    assert sums_in_words(linked) == {
        add("All", "North", "South"), add("North", "a", "b"), add("South", "c", "d"),
        add("All", "East", "West"), add("East", "a", "c"), add("West", "b", "d"),
    }  # fmt: skip


def test_statistics_are_never_parts_of_one_sum():
    text = "area statistic value\nNorth s 12\na s 5\nb s 7\nNorth t 4\na t 3\nb t 1"
    linked = link([page("Table 1", text)], AREAS, {})
    for total, parts in sums_in_words(linked):
        assert {total.split(",")[0]} == {part.split(",")[0] for part in parts}


def test_a_cell_that_only_a_rate_names_is_in_the_system():
    rate = ShownRate(
        "Table 9 row 1", 25.0, 0, {"statistic": "won", "area": "a"}, {"statistic": "count"}
    )
    linked = link([page("Table 1", "area value\nAll 20")], AREAS, {}, [rate])
    row = linked.find(AREAS, {"statistic": "won", "area": "a"})
    assert row is not None
    assert linked.codes(row) == "won, area=a"
    assert linked.find(AREAS, {"statistic": "lost"}) is None


@pytest.mark.parametrize(
    ("first", "second", "ends"),
    [
        ("5", "5", (3, 7)),
        ("5", "c", (3, 4)),  # rounded here, and small by the mark there
        ("c", "c", (1, 4)),
        ("c", "x", (1, 4)),
        ("5", "10", (3, 12)),  # they cannot both be right: anything that either says
        ("10", "c", (1, 12)),
        ("0", "z", (0, 0)),
    ],
)
def test_places_narrow_each_other_unless_they_contradict(first, second, ends):
    pages = [page("Table 1", f"area value\na {first}"), page("Table 2", f"area value\na {second}")]
    for tables in (pages, pages[::-1]):
        linked = link(tables, AREAS, readings)
        row = at(linked, AREAS, area="a")
        assert (linked.low[row], linked.high[row]) == ends


def test_a_cell_is_withheld_when_any_place_withholds_it():
    linked = link(
        [page("Table 1", "area value\na c\nb 7"), page("Table 2", "area value\na 5\nb 7")],
        AREAS,
        {},
    )
    assert linked.cells["withheld"][at(linked, AREAS, area="a")]
    assert not linked.cells["withheld"][at(linked, AREAS, area="b")]
    assert not linked.cells["withheld"][at(linked, AREAS, area="c")]


def test_a_disagreement_names_both_places_and_the_difference():
    tables = [
        page("Table 1", "area value\na 1500\nb 7\nc c"),
        page("Table 2", "area value\na 1497\nb 7\nc 3"),
    ]
    linked = link(tables, AREAS, {})
    assert disagreements(linked) == [
        (
            at(linked, AREAS, area="a"),
            "Table 1 row 1 (1500) minus Table 2 row 1 (1497) is 3, but they are the same cell",
        )
    ]


@quick
@given(st.lists(st.integers(0, 9), min_size=2, max_size=4))
def test_of_several_figures_of_one_cell_the_furthest_apart_are_named(figures):
    tables = [page(f"Table {i}", f"area value\na {n}") for i, n in enumerate(figures, start=1)]
    differences = disagreements(link(tables, AREAS, {}))
    assert bool(differences) == (len(set(figures)) > 1)
    if differences:
        assert f"is {max(figures) - min(figures)}, but" in differences[0][1]


@quick
@given(st.permutations([1, 2, 3]), st.lists(st.integers(0, 9), min_size=4, max_size=4))
def test_the_order_of_pages_changes_no_cell_no_range_and_no_sum(order, towns):
    a, b, c, d = towns
    pages = {
        1: page("Table 1", f"area value\nNorth {a + b}\na {a}\nb c"),
        2: page("Table 2", f"area value\nEast {a + c}\na {a}\nc {c}"),
        3: page("Table 3", f"area value\nAll {a + b + c + d}\nSouth {c + d}"),
    }
    plain, other = (link([pages[n] for n in o], AREAS, readings) for o in ([1, 2, 3], order))
    assert sums_in_words(plain) == sums_in_words(other)
    for area in {*REGIONS, *BOARDS, "All"}:
        rows = at(plain, AREAS, area=area), at(other, AREAS, area=area)
        assert plain.low[rows[0]] == other.low[rows[1]]
        assert plain.high[rows[0]] == other.high[rows[1]]


@quick
@given(st.lists(st.integers(0, 9), min_size=8, max_size=8))
def test_the_true_counts_keep_every_sum_of_the_release_and_every_range(towns):
    """Whatever is shown, rounded or withheld: the population itself always fits."""
    true = {
        (area, sex): sum(
            count
            for (town, one), count in zip(product("abcd", "FM"), towns, strict=True)
            if (area in {town, REGIONS[town], BOARDS[town], "All"}) and sex in {one, "T"}
        )
        for area in {*REGIONS, *BOARDS, "All"}
        for sex in "FMT"
    }

    def shown(count: int) -> str:
        return "c" if 0 < count < 5 else str((count + 2) // 5 * 5)

    cells = [f"{a} {s} {shown(true[a, s])}" for a, s in product(["All", "North", "a"], "FM")]
    totals = [f"{a} {shown(true[a, 'T'])}" for a in ("All", "East", "b", "c")]
    pages = [
        page("Table 1", "\n".join(["area sex value", *cells])),
        page("Table 2", "\n".join(["area value", *totals])),
    ]
    linked = link(pages, BOTH, readings)
    values = [true[row["area"], row["sex"]] for row in linked.cells.iter_rows(named=True)]
    for number in range(linked.count):
        entries = linked.relation == number
        pairs = zip(linked.cell[entries], linked.coefficient[entries], strict=True)
        assert sum(values[cell] * sign for cell, sign in pairs) == 0
    assert all(
        low <= v <= high for low, v, high in zip(linked.low, values, linked.high, strict=True)
    )
