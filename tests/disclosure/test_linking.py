"""Tables become one system: its cells and sums against a plain reading of them."""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from disclosure.coordinates import Cell, numbered
from disclosure.linking import link
from tests.disclosure.drawn_systems import cube
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


def test_many_variables_with_many_codes_are_told_apart():
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
