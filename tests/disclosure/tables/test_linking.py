"""Tables become one system: its cells and sums against a plain reading, its basis against rank."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import sparse

from disclosure import TableSystem, suppress
from disclosure.algebra.basis import constraint_basis
from disclosure.algebra.elimination import eliminate
from disclosure.errors import ClashError, TableError
from disclosure.tables.coordinates import Cell, numbered
from disclosure.tables.linking import link
from tests.disclosure.drawn_systems import cube
from tests.disclosure.exact_sums import moves, solved
from tests.disclosure.plain_linking import linked, matrix, named

quick = settings(max_examples=60)
SEX = {"T": None, "F": "T", "M": "T"}
AREAS = {"All": None, "N": "All", "S": "All", "N1": "N", "N2": "N"}
YEARS = {"2026": None, "Q1": "2026", "Q2": "2026"}


@st.composite
def trees(draw_from, letter, codes=5, *, spared=True):
    """A hierarchy: one top or several, the top named or (if it has children) only as a parent."""
    count = draw_from(st.integers(1, codes))
    tree = {}
    for number in range(count):
        above = draw_from(st.integers(-1, number - 1))
        tree[f"{letter}{number}"] = f"{letter}{above}" if above >= 0 else None
    if spared and draw_from(st.booleans()):
        for code in [c for c, above in tree.items() if above is None and c in tree.values()]:
            del tree[code]
    return tree


def codes_of(given):
    found = [given] if isinstance(given, dict) else given
    return list(
        dict.fromkeys(c for tree in found for c in [*tree, *tree.values()] if c is not None)
    )


@st.composite
def hierarchies(draw_from, *, doubled=True):
    """One to three variables, and perhaps a second hierarchy over the codes of the first."""
    names = draw_from(st.sampled_from([("area",), ("sex", "area"), ("b", "period", "a")]))
    found = {name: draw_from(trees(name[0])) for name in names}
    if doubled and draw_from(st.booleans()):
        tree = found[names[0]]
        tops = [code for code in codes_of(tree) if tree.get(code) is None]
        flat = {code: tops[0] for code in codes_of(tree) if code not in tops}
        if len(tops) == 1 and flat:
            found[names[0]] = [tree, flat]
    return found


@st.composite
def frames(draw_from, given, *, whole=False):
    """A table over some of the variables: all crossings of some codes, or only some of those."""
    used = draw_from(st.lists(st.sampled_from(sorted(given)), unique=True)) if not whole else given
    others = [n for n in ("statistic", "population", "period") if n not in given]
    worded = draw_from(st.lists(st.sampled_from(others), unique=True, max_size=2))
    codes = {name: draw_from(st.permutations(codes_of(given[name]))) for name in used}
    codes |= {name: draw_from(st.sampled_from([["x"], ["x", ""]])) for name in worded}
    if draw_from(st.booleans()):
        codes |= {name: found[: draw_from(st.integers(1, 4))] for name, found in codes.items()}
    rows = list(product(*codes.values()))
    if not whole:
        rows = draw_from(st.lists(st.sampled_from(rows), max_size=len(rows)) | st.just(rows))
    frame = pl.DataFrame(rows, schema=dict.fromkeys(codes, pl.String), orient="row")
    return frame.with_columns(value=pl.lit(0)) if codes else pl.DataFrame({"value": [0]})


@st.composite
def releases(draw_from, **asked):
    given = draw_from(hierarchies(doubled=not asked))
    count = draw_from(st.integers(1, 3))
    return {f"t{n}": draw_from(frames(given, **asked)) for n in range(count)}, given


def rank(rows):
    """The rank of a matrix, in fractions."""
    return len(solved(rows, range(rows.shape[1])))


def assert_spans_the_null_space(basis, constraints):
    cells = constraints.shape[1]
    assert basis.shape[1] == cells
    assert not (constraints.astype(int) @ basis.T.astype(int)).nnz
    assert rank(basis) == basis.shape[0] == len(moves(constraints, range(cells)))
    assert basis.shape[0] == cells - rank(constraints)


# ---- cells and sums ----


@quick
@given(releases())
def test_cells_and_sums_are_those_of_a_reading_cell_by_cell(release):
    tables, given = release
    assume(any(frame.height for frame in tables.values()))
    parts = link(tables, given)
    cells, sums = linked(tables, given)
    assert list(parts["labels"]) == cells
    assert parts["constraints"].toarray().tolist() == matrix(len(cells), sums)
    full = [name for name, frame in tables.items() if frame.height]
    assert list(parts["rows"]) == full
    for name, expected in zip(full, named(tables, given), strict=True):
        assert [cells[place] for place in parts["rows"][name]] == expected


def test_codes_that_are_categories_or_numbers_are_codes_as_well():
    frame = cube({"area": AREAS, "sex": SEX}, range(6))
    expected = link({"t": frame}, {"area": AREAS, "sex": SEX})
    kinds = {"area": pl.Categorical, "sex": pl.Enum(["T", "F", "M"])}
    found = link({"t": frame.cast(kinds)}, {"area": AREAS, "sex": SEX})
    assert found["labels"] == expected["labels"]
    years = pl.DataFrame({"period": [2025, 2026], "value": [1, 2]})
    words = years.with_columns(pl.col("period").cast(pl.String))
    assert len(link({"t": years, "u": words}, {})["labels"]) == 2


def test_labels_read_as_the_tuple_of_cells_that_they_stand_for():
    frame = cube({"area": AREAS, "sex": SEX}, range(6))
    labels = link({"t": frame}, {"area": AREAS, "sex": SEX})["labels"]
    words = tuple(labels)
    assert labels == words
    assert hash(labels) == hash(words)
    assert labels[:2] == words[:2] == (Cell((("sex", "F"),), "", "", ""), words[1])
    assert labels[-1] == words[-1]
    assert labels != words[1:]
    assert labels != 1
    with pytest.raises(IndexError):
        labels[len(labels)]


def test_many_variables_with_many_codes_are_distinguished():
    """More crossings than a number of 64 bits can count."""
    names = [f"v{n}" for n in range(12)]
    given = {name: {f"{name}c{n}": f"{name}c0" for n in range(1, 99)} for name in names}
    row = {name: [f"{name}c5", f"{name}c6"] for name in names}
    frame = pl.DataFrame(row | {"value": [1, 2]})
    parts = link({"t": frame, "u": frame[::-1]}, given)
    assert parts["rows"]["u"].tolist() == [1, 0]
    assert [str(cell)[:11] for cell in parts["labels"]] == ["v0 v0c5, v1", "v0 v0c6, v1"]
    big = 2**40
    columns = [(np.array([7, 5, 7]), big), (np.array([1, 1, 0]), big)]
    assert numbered(columns).tolist() == [big + 1, 1, big]


# ---- the basis ----


@quick
@given(releases())
def test_a_basis_that_is_found_spans_every_way_to_differ(release):
    tables, given = release
    assume(any(frame.height for frame in tables.values()))
    parts = link(tables, given)
    if parts["basis"] is not None:
        assert_spans_the_null_space(parts["basis"], parts["constraints"])


@st.composite
def linked_crossings(draw_from):
    """Two or three tables, each with all codes of some variables, perhaps of all but one code."""
    given = draw_from(hierarchies())
    tables = {}
    for number in range(draw_from(st.integers(2, 3))):
        used = draw_from(st.lists(st.sampled_from(sorted(given)), unique=True, min_size=1))
        rows = list(product(*(codes_of(given[name]) for name in used)))
        if draw_from(st.booleans()):
            rows.remove(draw_from(st.sampled_from(rows)))
        frame = pl.DataFrame(rows, schema=dict.fromkeys(used, pl.String), orient="row")
        tables[f"t{number}"] = frame.with_columns(value=pl.lit(0))
    return tables, given


@quick
@given(linked_crossings())
def test_linked_crossings_have_a_basis_that_spans_or_none(release):
    tables, given = release
    assume(any(frame.height for frame in tables.values()))
    parts = link(tables, given)
    if parts["basis"] is not None:
        assert_spans_the_null_space(parts["basis"], parts["constraints"])


@quick
@given(releases(whole=True))
def test_full_crossings_have_a_basis_whatever_else_they_differ_in(release):
    """One table of all variables, over all codes or some: a total may be missing, or a part."""
    tables, given = release
    parts = link({"t": tables["t0"]}, given)
    assert parts["basis"] is not None
    assert_spans_the_null_space(parts["basis"], parts["constraints"])


@quick
@given(hierarchies(doubled=False), st.data())
def test_tables_whose_cells_another_table_holds_do_not_change_the_basis(given, data):
    full = data.draw(frames(given, whole=True))
    tops = {name: frame_top(found) for name, found in given.items()}
    shown = [name for name, top in tops.items() if top in full[name].to_list()]
    assume(shown)
    margin = full.filter(pl.col(shown[0]) == tops[shown[0]]).drop(shown[0])
    alone, both = link({"t": full}, given), link({"t": full, "margin": margin}, given)
    assert_same(alone["basis"], both["basis"])


def frame_top(tree):
    tops = [code for code in codes_of(tree) if tree.get(code) is None]
    return tops[0] if len(tops) == 1 else None


def assert_same(one, other):
    assert one.shape == other.shape
    assert not (one != other).nnz


@quick
@given(st.lists(st.tuples(trees("a"), trees("b")), min_size=2, max_size=4), st.booleans())
def test_blocks_that_are_each_crossed_in_full_have_a_basis_together(blocks, as_variable):
    """One block a quarter, each with trees of its own; the quarters are told apart either way."""
    areas, ages, tables = {}, {}, {}
    for number, (area, age) in enumerate(blocks):
        codes = [[f"{number}{code}" for code in codes_of(tree)] for tree in (area, age)]
        areas |= own(area, number)
        ages |= own(age, number)
        frame = pl.DataFrame(list(product(*codes)), schema=["area", "age"], orient="row")
        tables[f"t{number}"] = frame.with_columns(period=pl.lit(f"Q{number}"), value=pl.lit(0))
    quarters = {f"Q{number}": None for number in range(len(blocks))}
    given = {"area": areas, "age": ages} | ({"period": quarters} if as_variable else {})
    parts = link(tables, given)
    assert_spans_the_null_space(parts["basis"], parts["constraints"])


def own(tree, number):
    """The tree with its codes named for a block, all of them named."""
    return {f"{number}{c}": f"{number}{tree[c]}" if tree.get(c) else None for c in codes_of(tree)}


def test_a_period_that_adds_up_to_a_year_is_a_variable_like_another():
    given = {"period": YEARS, "sex": SEX}
    frame = cube(given, [1, 2, 3, 4])
    system = TableSystem.from_tables({"t": frame}, given)
    assert len(system) == 9
    assert system.basis.shape == (4, 9)
    assert Cell((("period", "Q1"), ("sex", "F")), "", "", "") in system.labels
    plain = TableSystem.from_tables({"t": frame}, {"sex": SEX})
    assert plain.labels[0] == Cell((("sex", "F"),), "", "", "2026")
    assert plain.basis.shape == (6, 9)


def test_linked_tables_with_parts_of_their_own_are_left_to_the_sums():
    areas = cube({"area": AREAS}, [1, 2, 3])
    sexes = cube({"sex": SEX}, [2, 4])
    given = {"area": AREAS, "sex": SEX}
    assert TableSystem.from_tables({"areas": areas, "sexes": sexes}, given).basis is None
    doubled = [AREAS, {"E": "All", "W": "All"}]
    frame = pl.concat([areas, pl.DataFrame({"area": ["E", "W"], "value": [5, 1]})], how="diagonal")
    frame = frame.with_columns(is_sensitive=pl.lit(False))
    assert TableSystem.from_tables({"t": frame}, {"area": doubled}).basis is None


def test_a_basis_that_breaks_a_sum_is_refused():
    system = TableSystem.from_tables(
        {"t": cube({"area": AREAS, "sex": SEX}, range(6))}, {"area": AREAS, "sex": SEX}
    )
    order = np.arange(len(system))[::-1]
    with pytest.raises(TableError, match="basis does not keep the sums"):
        replace(system, constraints=system.constraints[:, order], values=system.values[order])
    with pytest.raises(TableError, match="The basis has 2 columns; it needs 15"):
        replace(system, basis=sparse.identity(2, format="csr"))


# ---- the pattern ----


@st.composite
def crossed_systems(draw_from):
    """Crossings of two trees with small counts; one total in three is not shown."""
    given = {"area": draw_from(trees("a", spared=False)), "age": draw_from(trees("b", 4))}
    leaves = [len([c for c in codes_of(tree) if c not in tree.values()]) for tree in given.values()]
    count = leaves[0] * leaves[1]
    numbers = st.sampled_from([0, 1, 2, 3, 5, 7, 9, 12])
    frame = cube(given, draw_from(st.lists(numbers, min_size=count, max_size=count)))
    return TableSystem.from_tables({"t": frame}, given)


@settings(max_examples=40)
@given(crossed_systems(), st.sampled_from(["plain", "compiled"]))
def test_the_pattern_does_not_depend_on_the_basis(system, engine):
    """Nor does what is lost to forced cells, nor how much is left that may move."""
    forced = np.flatnonzero(system.publish)
    others = np.flatnonzero(~system.publish & ~system.sensitive)
    order = np.concatenate([forced, others[np.argsort(-system.cost[others], kind="stable")]])
    watched = np.flatnonzero(system.sensitive)
    found = [
        eliminate(basis, order, len(forced), watched, engine=engine)
        for basis in (system.basis, constraint_basis(system.constraints, system.cost))
    ]
    one, other = found
    assert one.withheld.keys() == other.withheld.keys()
    assert one.lost.keys() == other.lost.keys()
    assert one.rows.shape == other.rows.shape


@settings(max_examples=40)
@given(crossed_systems())
def test_what_is_withheld_against_calculation_does_not_depend_on_the_basis(system):
    patterns = []
    for each in (system, replace(system, basis=None)):
        try:
            patterns.append(suppress(each, protect="exact").suppressed.tolist())
        except ClashError as clash:
            patterns.append(clash.sensitive)
    assert patterns[0] == patterns[1]
