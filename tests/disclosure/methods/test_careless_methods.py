"""Methods that each make one mistake, and the audit that ends `protect`.

Each method here makes a mistake that a colleague might make. None may pass the audit, and the
message must not contain the figure that was nearly published.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from disclosure import (
    CellKey,
    ComplementarySuppression,
    MinimumContributors,
    Round,
    TableSystem,
    Threshold,
    WithholdCertain,
    attack,
    protect,
    suppress,
    verify,
)
from disclosure.errors import CertificateError, ExposureError, TableError
from disclosure.methods.treated import TreatedTable
from disclosure.tables.drawn import draw
from disclosure.tables.sums import relation_matrix
from tests.disclosure.by_hand import ByHand
from tests.disclosure.drawn_systems import counts, grid
from tests.disclosure.exact_sums import determined

TOWNS = draw(
    """
    area   sex value contributors
    All    T   120   60
    All    M   63    30
    All    F   57    30
    Ashby  T   33    20
    Ashby  M   31    18
    Ashby  F   2     2
    Byley  T   40    20
    Byley  M   15    10
    Byley  F   25    10
    Corby  T   47    20
    Corby  M   17    2
    Corby  F   30    18
    """,
    area="All: Ashby Byley Corby",
    sex="T: M F",
)
COVERED = (Threshold(4), ComplementarySuppression())


@dataclass(frozen=True)
class Withhold(ByHand):
    """Withhold the named cells and think that it is enough."""

    cells: tuple[tuple[str, str], ...]

    def treat(self, table: TreatedTable) -> TreatedTable:
        keys = table.cells.select("area", "sex").rows()
        return table.withhold(np.array([key in self.cells for key in keys]), "by hand")


@dataclass(frozen=True)
class Show(ByHand):
    """Put the true figures of the named cells back."""

    cells: tuple[tuple[str, str], ...]

    def treat(self, table: TreatedTable) -> TreatedTable:
        keys = table.cells.select("area", "sex").rows()
        hit = pl.Series([key in self.cells for key in keys])
        return table.with_columns_replaced(
            status=pl.when(hit).then(pl.lit("")).otherwise(pl.col("status")),
            published=pl.when(hit).then(pl.col("value")).otherwise(pl.col("published")),
        )


def refused(*methods, table=TOWNS) -> tuple[str, ...]:
    with pytest.raises(ExposureError) as error:
        protect(table, methods)
    return error.value.facts


def test_the_table_itself_can_be_protected():
    report = protect(TOWNS, COVERED).report
    assert report.certified
    assert report.withheld == 4


def test_a_small_count_shown_by_mistake_is_named():
    (fact,) = refused(Threshold(4), Show((("Ashby", "F"),)))
    assert fact == "count (area=Ashby, sex=F) is sensitive but published."


def test_a_small_count_without_cover_is_named():
    (fact,) = refused(Threshold(4))
    assert fact == "count (area=Ashby, sex=F) is withheld but can be calculated."


@pytest.mark.parametrize(
    "cover",
    [
        (("Ashby", "M"),),
        (("Byley", "F"),),
        (("Ashby", "M"), ("Byley", "F")),
        (("Ashby", "M"), ("Byley", "M"), ("Corby", "F")),
        (("Ashby", "T"), ("Byley", "F")),
        (("All", "T"), ("Ashby", "M")),
        (("All", "F"), ("Corby", "M")),
    ],
)
def test_a_cover_that_does_not_close_is_refused(cover):
    """By plain fractions each of these leaves Ashby's women a sum of what is shown."""
    rows = TOWNS.cells.select("area", "sex").rows()
    hidden = [rows.index(cell) for cell in (*cover, ("Ashby", "F"))]
    place = rows.index(("Ashby", "F"))
    assert place in determined(relation_matrix(TOWNS.relations, len(rows)), hidden)
    assert refused(Threshold(4), Withhold(cover)) == (
        "count (area=Ashby, sex=F) is withheld but can be calculated.",
    )


@pytest.mark.parametrize(
    "cover",
    [
        (("Ashby", "M"), ("Byley", "M"), ("Byley", "F")),
        (("Ashby", "M"), ("Corby", "M"), ("Corby", "F")),
        (("Ashby", "T"), ("All", "T"), ("All", "F")),
        (("Ashby", "T"), ("Byley", "T"), ("Byley", "F")),
    ],
)
def test_a_cover_that_closes_passes_without_the_engine(cover):
    report = protect(TOWNS, [Threshold(4), Withhold(cover)]).report
    assert report.exposed == 0
    assert not report.certified


@pytest.mark.parametrize("cell", [("Ashby", "M"), ("Ashby", "F")])
def test_a_cell_put_back_after_the_engine_chose_is_refused_by_the_certificate(cell):
    with pytest.raises(CertificateError, match=f"area={cell[0]}, sex={cell[1]}"):
        protect(TOWNS, [*COVERED, Show((cell,))])


def test_a_cell_withheld_after_the_engine_chose_does_no_harm():
    report = protect(TOWNS, [*COVERED, Withhold((("Corby", "T"),))]).report
    assert report.certified
    assert report.withheld == 5


def test_rounding_after_a_pattern_does_not_void_it_but_rounding_before_refuses_it():
    after = protect(TOWNS, [*COVERED, Round(5), WithholdCertain()])
    assert after.report.certified
    with pytest.raises(TableError, match="Suppress first"):
        protect(TOWNS, [Round(5), *COVERED])


def test_a_method_that_treats_nothing_is_audited_all_the_same():
    small = draw("area value cell_key\nAll 12 3\nA 8 1\nB 3 1\nC 1 1", area="All: A B C")
    assert protect(small, []).report.exposed == 0
    facts = refused(Round(5), table=small)
    assert "area=B" in facts[0]
    assert "certain to be small" in facts[0]


def test_refusals_contain_no_figure():
    """The words may be read by someone who may not know the counts."""
    for methods in ([Threshold(4)], [Threshold(4), Withhold((("Ashby", "M"),))]):
        facts = refused(*methods)
        assert facts
        assert not any(re.search(r"\d", fact) for fact in facts)


def test_figures_that_are_not_on_the_grid_of_the_cell_key_are_refused():
    keyed = draw("area value cell_key\nAll 30 7\nA 20 3\nB 10 4", area="All: A B")

    @dataclass(frozen=True)
    class Untouched(ByHand):
        def treat(self, table: TreatedTable) -> TreatedTable:
            figures = table.cells["published"].to_numpy() + 1
            everywhere = np.ones(3, dtype=bool)
            return table.shown(everywhere, figures, figures, figures, 5)

    facts = refused(CellKey(), Untouched(), table=keyed)
    off = [fact for fact in facts if "off the grid of 5" in fact]
    assert [fact.split(" would")[0] for fact in off] == [
        "count (area=All)", "count (area=A)", "count (area=B)",
    ]  # fmt: skip


def test_a_range_too_narrow_for_the_protection_is_refused_though_no_value_follows():
    """Two cells of 1 and 33 that add to a shown 34 leave 1 to 33; a cover of 1 leaves 10."""
    wide = draw("area value contributors\nAll 45 9\nA 10 1\nB 35 8", area="All: A B")
    narrow = draw("area value contributors\nAll 45 9\nA 10 1\nB 1 4\nC 34 4", area="All: A B C")

    @dataclass(frozen=True)
    class WithholdB(ByHand):
        def treat(self, table: TreatedTable) -> TreatedTable:
            return table.withhold((table.cells["area"] == "B").to_numpy(), "by hand")

    rule = MinimumContributors(2, reach=20)
    assert protect(wide, [rule, WithholdB()]).report.withheld == 2
    (fact,) = refused(rule, WithholdB(), table=narrow)
    assert fact == "count (area=A) is bounded inside its protection."


def test_a_contributor_who_can_work_out_another_is_refused():
    table = draw("area value contributors\nAll 60 9\nA 20 1\nB 20 1\nC 20 7", area="All: A B C")
    facts = refused(MinimumContributors(2), table=table)
    assert facts == (
        "count (area=A) can be worked out by the only contributor to another cell.",
        "count (area=B) can be worked out by the only contributor to another cell.",
    )
    protected = protect(table, [MinimumContributors(2), ComplementarySuppression()])
    assert protected.report.withheld == 3


@settings(max_examples=40)
@given(st.sets(st.integers(0, 11), max_size=6))
def test_any_pattern_by_hand_passes_only_if_fractions_say_that_nothing_follows(cells):
    rows = TOWNS.cells.select("area", "sex").rows()
    chosen = Withhold(tuple(rows[cell] for cell in sorted(cells)))
    small = rows.index(("Ashby", "F"))
    follows = small in determined(relation_matrix(TOWNS.relations, len(rows)), {*cells, small})
    facts: tuple[str, ...] = ()
    try:
        protect(TOWNS, [Threshold(4), chosen])
    except ExposureError as error:
        facts = error.facts
    assert any("can be calculated" in fact for fact in facts) == follows


# ---- contributors, certified ----


def knows_another(system: TableSystem, pattern: np.ndarray) -> set[tuple[int, int]]:
    """Pairs (contributor's cell, sensitive cell) that fractions say the first one can work out."""
    hidden = set(np.flatnonzero(pattern).tolist())
    before = determined(system.constraints, hidden)
    found = set()
    for own in np.flatnonzero(system.singles & pattern).tolist():
        after = determined(system.constraints, hidden - {own}) - before
        found |= {(own, cell) for cell in after if system.sensitive[cell]}
    return found


rows_of_ones = st.lists(
    st.lists(st.sampled_from([1, 1, 2, 6, 8, 9]), min_size=3, max_size=3), min_size=3, max_size=3
)


@settings(max_examples=25)
@given(rows_of_ones)
def test_no_contributor_can_work_out_another_in_a_certified_pattern(inner):
    """Margins of 9 and more, so that no parent is a contributor's own cell again."""
    single = grid(inner).values == 1
    system = grid(inner, single_contributor=single)
    pattern = suppress(system, budget_seconds=1)
    verify(system, pattern.suppressed, pattern.certificate)
    assert knows_another(system, pattern.suppressed) == set()


@settings(max_examples=25)
@given(rows_of_ones, st.sampled_from(["exact", "interval"]))
def test_a_pattern_that_ignores_contributors_is_not_certified_against_them(inner, how):
    """The same pattern is refused exactly when fractions find a contributor who knows another."""
    blind = grid(inner)
    pattern = suppress(blind, protect=how, budget_seconds=1)
    single = blind.values == 1
    system = grid(inner, single_contributor=single)
    leaks = knows_another(system, pattern.suppressed)
    kinds = {fact.kind for fact in attack(system, pattern.suppressed, budget_seconds=0).facts}
    assert ("own" in kinds) == bool(leaks)
    vectors = pattern.certificate.vectors.toarray()
    weights = np.random.default_rng(0).integers(1, 1000, size=(2, len(vectors)))
    apart = sparse.csr_matrix(weights @ vectors) if len(vectors) else None
    if leaks and apart is not None:
        with pytest.raises(CertificateError, match="contributor of another cell"):
            verify(system, pattern.suppressed, replace(pattern.certificate, apart=apart))


def test_two_cells_of_one_contributor_in_a_sum_need_a_third_cell():
    values = [30, 1, 1, 9, 19]
    single = np.array([False, True, True, False, False])
    system = counts(values, [(0, [1, 2, 3, 4])], single_contributor=single)
    pattern = suppress(system, budget_seconds=1)
    verify(system, pattern.suppressed, pattern.certificate)
    assert pattern.suppressed[[1, 2]].all()
    assert pattern.suppressed[[0, 3, 4]].any()
    assert knows_another(system, pattern.suppressed) == set()
