"""Whole populations of every kind, drawn at random, against checks that share nothing with them."""

from __future__ import annotations

import hashlib
from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from disclosure import (
    KEY_MODULUS,
    CellKey,
    CellTable,
    ComplementarySuppression,
    Dominance,
    GroupDisclosure,
    MinimumContributors,
    PPercent,
    Round,
    WithholdCertain,
    protect,
    record_keys,
)
from disclosure.attacker.one_system import attack
from disclosure.errors import SealError
from disclosure.methods.complementary import figures, system
from disclosure.methods.controlled import ControlledRound
from disclosure.methods.treated import TreatedTable, untreated
from disclosure.protection.store import dump, restore
from disclosure.tables.contributions import facts
from disclosure.tables.drawn import draw
from disclosure.tables.hierarchy import covers
from disclosure.tables.keys import empty_cell_keys

quick = settings(max_examples=30, deadline=None)
AREA = {"North": "All", "South": "All", "A": "North", "B": "North", "C": "South", "D": "South"}
QUARTER = {"Q1": "Year", "Q2": "Year"}
SECRET = b"sixteen bytes or more of secret!"
KEYS = [1560995101, 3558459890, 696236924]
EMPTY = [1796947408]
TABLE = "360b0718c2eb579c9436ed708120bd60243f3d1b0b87e690f17ae11695deb666"


def up(code: str, hierarchy: dict[str, str]) -> list[str]:
    return [code, *up(hierarchy[code], hierarchy)] if code in hierarchy else [code]


# ---- money ----

payments = st.lists(
    st.tuples(
        st.sampled_from("ABCD"),
        st.sampled_from(["Q1", "Q2"]),
        st.sampled_from(["north ltd", "south ltd", "charity", "council"]),
        st.integers(0, 900),
    ),
    min_size=1,
    max_size=30,
)


def money(rows: list[tuple[str, str, str, int]]) -> CellTable:
    """Claims by area and quarter, councils public, every margin judged on its own contributors."""
    spread = [
        (a, q, who, amount, who != "council")
        for area, quarter, who, amount in rows
        for a, q in product(up(area, AREA), up(quarter, QUARTER))
    ]
    names = ["area", "quarter", "contributor", "amount", "confidential"]
    by = ["area", "quarter"]
    found = facts(pl.DataFrame(spread, schema=names, orient="row"), by)
    codes = [(a, q) for a in ["All", "North", "South", *"ABCD"] for q in ["Year", "Q1", "Q2"]]
    every = pl.DataFrame(codes, schema=by, orient="row")
    cells = every.join(found, on=by, how="left").with_columns(
        pl.col("value", "contributors").fill_null(0),
        statistic=pl.lit("claimed"),
        cell_key=pl.lit(None, pl.Int64),
        mark=pl.lit(""),
    )
    hierarchies = {"area": AREA, "quarter": QUARTER}
    return CellTable("claims", ("area", "quarter"), hierarchies, ("claimed",), cells.drop("top"))


def treated_by(table: CellTable, methods) -> TreatedTable:
    treated = untreated(table)
    for method in methods:
        treated = method.treat(treated)
    return treated


@quick
@given(payments)
def test_no_rival_can_estimate_a_provider_from_any_published_total(rows):
    """The rule itself, on every cell that is shown: no second contributor comes too close."""
    table = money(rows)
    methods = (Dominance(1, 85), PPercent(p=10), ComplementarySuppression())
    shown = protect(table, methods).cells.filter(status="")
    public = shown.join(table.cells, on=["area", "quarter"])
    for cell in public.iter_rows(named=True):
        largest, other = cell["largest"] or 0, cell["largest_other"] or 0
        remainder = cell["value_right"] - largest - other
        assert largest == 0 or 100 * remainder >= 10 * largest
        assert largest == 0 or 100 * largest <= 85 * cell["value_right"]


@quick
@given(payments)
def test_the_attacker_confirms_what_the_certificate_proves(rows):
    table = money(rows)
    treated = treated_by(table, (PPercent(p=10), ComplementarySuppression()))
    report = attack(system(treated), treated.withheld[figures(treated)])
    assert report.complete
    assert report.facts == ()


@quick
@given(payments)
def test_a_pattern_with_one_cell_less_is_never_certified(rows):
    """Showing a sensitive cell, or the only cover of one, is found by certificate or attack."""
    table = money(rows)
    treated = treated_by(table, (PPercent(p=10),))
    assume(treated.withheld.any())
    one = int(np.flatnonzero(treated.withheld)[0])
    hidden = treated.withheld.copy()
    hidden[one] = False
    kinds = {f.kind for f in attack(system(treated), hidden).facts if f.cell == one}
    assert kinds == {"published"}


# ---- several statistics, some perturbed and some not ----


def test_people_are_perturbed_and_settings_suppressed_in_one_population():
    table = draw(
        """
        area  statistic value cell_key contributors
        North people    25    60       .
        A     people    12    10       .
        B     people    13    50       .
        North settings  9     .        12
        A     settings  2     .        2
        B     settings  7     .        10
        """,
        area="North: A B",
    )
    methods = (
        MinimumContributors(3, reach=5, statistics=("settings",)),
        ComplementarySuppression(),
        CellKey(statistics=("people",)),
        Round(5, statistics=("people",)),
    )
    protected = protect(table, methods)
    cells = {(a, s): v for a, s, v, _ in protected.cells.iter_rows()}
    assert cells["A", "settings"] is None
    assert cells["B", "settings"] is None
    assert cells["North", "settings"] == 9
    assert all(cells[a, "people"] % 5 == 0 for a in ("North", "A", "B"))
    assert protected.report.certified


def test_the_order_of_perturbing_and_suppressing_does_not_matter():
    table = draw(
        """
        area  statistic value cell_key contributors
        A     people    12    10       .
        North settings  9     .        12
        A     settings  2     .        2
        B     settings  7     .        10
        """,
        area="North: A B",
    ).cells
    shape = ("area",), {"area": {"A": "North", "B": "North"}}, ("people", "settings")
    population = CellTable("mixed", *shape, table)
    suppress = (MinimumContributors(3, statistics=("settings",)), ComplementarySuppression())
    perturb = (CellKey(statistics=("people",)),)
    first = protect(population, (*suppress, *perturb))
    second = protect(population, (*perturb, *suppress))
    assert first.cells.equals(second.cells)


def test_exact_groups_are_withheld_and_then_covered():
    table = draw(
        """
        area  sex value
        North T   40
        North M   25
        North F   15
        A     T   10
        A     M   10
        A     F   0
        B     T   20
        B     M   10
        B     F   10
        C     T   10
        C     M   5
        C     F   5
        """,
        area="North: A B C",
        sex="T: M F",
    )
    protected = protect(table, [GroupDisclosure(("sex",)), ComplementarySuppression("exact")])
    marks = {(a, s): m for a, s, _, _, m in protected.cells.iter_rows()}
    assert marks["A", "M"] == marks["A", "F"] == "c"
    assert marks["A", "T"] == ""
    assert protected.report.certified


# ---- rounding as a population's method ----


@quick
@given(st.lists(st.integers(0, 25), min_size=4, max_size=4))
def test_controlled_rounding_passes_the_audit_and_adds(leaves):
    a, b, c, d = leaves
    cells = {"A": a, "B": b, "C": c, "D": d, "North": a + b, "South": c + d, "All": sum(leaves)}
    text = "area value\n" + "\n".join(f"{name} {value}" for name, value in cells.items())
    table = draw(text, area="All: North South; North: A B; South: C D")
    protected = protect(table, [ControlledRound(5), WithholdCertain()])
    shown = dict(protected.cells.select("area", "value").iter_rows())
    for total, parts in {"North": "AB", "South": "CD"}.items():
        values = [shown[p] for p in parts]
        if shown[total] is not None and None not in values:
            assert shown[total] == sum(values)
    assert protected.report.exposed == 0


# ---- sums ----


@quick
@given(st.sets(st.sampled_from(["All", "North", "South", *"ABCD"])))
def test_covers_are_exactly_the_sums_that_leaves_confirm(present):
    """Give each leaf a value of its own: a cover adds to its code, whatever is absent."""
    leaves = {"A": 1, "B": 10, "C": 100, "D": 1000}

    def worth(code: str) -> int:
        return leaves.get(code) or sum(worth(c) for c, p in AREA.items() if p == code)

    complete, partial = covers(AREA, sorted(present))
    for code, parts in complete.items():
        assert worth(code) == sum(worth(part) for part in parts)
        assert set(parts) <= present
    for code, missing in partial.items():
        assert not set(missing) & present
        assert any(code in up(part, AREA)[1:] for part in missing)
    assert not set(complete) & set(partial)


# ---- what must never change ----


def test_keys_and_table_are_what_they_were_when_figures_were_first_published():
    """A change here would change every published figure: that is a revision, not a refactoring."""
    ids = pl.Series("id", ["episode 1", "episode 2", "é"])
    assert record_keys(ids, SECRET).to_list() == KEYS
    codes = pl.DataFrame({"area": ["A"], "sex": ["M"]})
    assert empty_cell_keys(codes, SECRET).to_list() == EMPTY
    table = CellKey().ptable
    words = repr((table.base, table.changes, table.weights))
    assert hashlib.sha256(words.encode()).hexdigest() == TABLE
    assert KEY_MODULUS == 4_294_967_280


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_stored_cell_can_be_altered_unseen(data):
    table = draw("area value cell_key\nAll 12 5\nA 7 2\nB 5 3\nC x .", area="All: A B C")
    cells, meta = dump(protect(table, [CellKey()]))
    row = data.draw(st.integers(0, 3))
    column = data.draw(st.sampled_from(["area", "statistic", "value", "status"]))
    old = cells[row, column]
    new = data.draw(
        st.integers(0, 99) if column == "value" else st.sampled_from(["", "c", "A", "Z"])
    )
    assume(new != old)
    altered = cells.clone()
    altered[row, column] = new
    with pytest.raises(SealError):
        restore(altered, meta)
