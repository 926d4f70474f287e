"""Reports and sealed tables: what their words promise is measured on what they make."""

from __future__ import annotations

from dataclasses import fields

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure import (
    KEY_MODULUS,
    CellKey,
    CellTable,
    ComplementarySuppression,
    DisclosureReport,
    GroupDisclosure,
    MinimumContributors,
    ProtectedTable,
    Round,
    WithholdCertain,
    protect,
)
from disclosure.errors import DesignError, ExposureError
from disclosure.methods.treated import untreated
from disclosure.tables.drawn import draw
from tests.disclosure.by_hand import ByHand

quick = settings(max_examples=25, deadline=None)
AREA = "All: A B C"
PEOPLE = (CellKey(base=5), Round(base=5), WithholdCertain())
SETTINGS = (MinimumContributors(minimum=3), ComplementarySuppression())


def people_of(counts: list[int], keys: list[int]) -> CellTable:
    rows = [*zip("ABC", counts, keys, strict=True), ("All", sum(counts), sum(keys) % KEY_MODULUS)]
    lines = "\n".join(" ".join(map(str, row)) for row in rows)
    return draw(f"area value cell_key\n{lines}", area=AREA)


counts_and_keys = st.tuples(
    st.lists(st.integers(0, 60), min_size=3, max_size=3),
    st.lists(st.integers(0, KEY_MODULUS - 1), min_size=3, max_size=3),
)


def test_a_base_that_the_table_of_keys_cannot_keep_is_refused_before_any_figure_is_seen():
    with pytest.raises(DesignError, match="Multiples of 10 need a variance of 25"):
        CellKey(base=10)


# ---- what a report says ----


@quick
@given(counts_and_keys)
def test_a_report_counts_every_cell_once_and_each_withheld_one_by_its_reason(drawn_people):
    made = protect(people_of(*drawn_people), PEOPLE)
    report, status = made.report, made.cells["status"]
    assert report.cells == made.cells.height == report.shown + report.withheld + report.marked
    assert report.shown == (status == "").sum()
    assert report.withheld == (status == "c").sum() == sum(report.by_reason.values())
    assert report.exposed == 0


def test_a_report_holds_no_figure_of_any_cell_and_comes_back_from_its_words():
    table = draw(
        "area value contributors\nAll 99991 99\nA 4441 1\nB 5557 50\nC 89993 48", area=AREA
    )
    made = protect(table, SETTINGS)
    words = str(made.report.as_dict())
    assert not any(str(value) in words for value in table.cells["value"])
    assert DisclosureReport.from_dict(made.report.as_dict()) == made.report
    named = {field.name for field in fields(DisclosureReport)}
    assert set(made.report.as_dict()) == named - {"tolerance"}, "a tolerance of 0 is left out"


def test_the_cost_in_a_report_is_a_share_and_not_a_sum():
    """4,441 is sensitive; to cover it B's 5,557 go: 5,557 of 199,982 in all cells are 3 %."""
    table = draw(
        "area value contributors\nAll 99991 99\nA 4441 1\nB 5557 50\nC 89993 48", area=AREA
    )
    report = protect(table, SETTINGS).report
    assert report.cost == round(100 * 5557 / (2 * 99991)) == 3
    assert report.bound == 3
    assert report.gap == 0


# ---- what a sealed table says ----

TABLE = draw("area value cell_key\nAll 30 60\nA 12 10\nB 13 20\nC 5 30", area=AREA)


FIVES = (Round(5),)


def sealed(table: CellTable = TABLE, methods=FIVES) -> ProtectedTable:
    return protect(table, methods)


def test_the_order_of_the_true_cells_leaves_no_trace_in_what_is_published():
    """Rows are sorted by their codes, so not even the order tells anything of the data."""
    turned = CellTable(
        TABLE.name, TABLE.dimensions, TABLE.hierarchies, TABLE.statistics, TABLE.cells.reverse()
    )
    assert sealed(turned).fingerprint == sealed().fingerprint
    assert sealed().cells["area"].is_sorted()


def test_one_count_behind_the_same_figures_leaves_no_trace_either():
    """14 and 4 instead of 13 and 5, published as 15 and 5 all the same: not to be told apart."""
    other = draw("area value cell_key\nAll 30 1\nA 12 2\nB 14 3\nC 4 4", area=AREA)
    assert sealed(other).fingerprint == sealed().fingerprint


@pytest.mark.parametrize("methods", [(Round(10),), (Round(5), Round(5)), ()])
def test_other_methods_make_another_fingerprint(methods):
    assert sealed(methods=methods).fingerprint != sealed().fingerprint


def test_what_a_sealed_table_gives_out_is_a_copy():
    made = sealed()
    made.cells[0, "value"] = 99
    assert made.cells["value"].to_list() == [10, 30, 15, 5]


def test_a_refusal_tells_its_facts_apart_from_its_message():
    """The message is cut at five facts; the rest is for those who may see them."""
    rows = "\n".join(f"A{n} 4" for n in range(7))
    table = draw(f"area value\n{rows}\nAll 28", area="All: " + " ".join(f"A{n}" for n in range(7)))

    class Careless(ByHand):
        def treat(self, state):
            levels = pl.Series([1] * 8).to_numpy()
            found = state.guard(state.mask(pl.col("area") != "All"), levels, levels, "rule")
            return found.with_columns_replaced(published=pl.col("value"), status=pl.lit(""))

    with pytest.raises(ExposureError, match="gives 7 facts away") as error:
        protect(table, [Careless()])
    assert len(error.value.facts) == 7
    assert str(error.value).count("is sensitive but published") == 5


# ---- groups ----


@quick
@given(st.lists(st.sampled_from([0, 0, 3, 8]), min_size=6, max_size=6), st.permutations(range(12)))
def test_groups_are_found_whatever_the_order_of_the_cells(leaves, order):
    cells = {(a, s): leaves[2 * i + j] for i, a in enumerate("ABC") for j, s in enumerate("MF")}
    cells |= {(a, "T"): cells[a, "M"] + cells[a, "F"] for a in "ABC"}
    cells |= {("All", s): sum(cells[a, s] for a in "ABC") for s in "MFT"}
    rows = [f"{a} {s} {value}" for (a, s), value in cells.items()]

    def hidden(lines: list[str]) -> set[tuple[str, str]]:
        text = "\n".join(["area sex value", *lines])
        table = draw(text, area=AREA, sex="T: M F")
        treated = GroupDisclosure(("sex",)).treat(untreated(table))
        found = treated.cells.filter(reason="group disclosure").select("area", "sex")
        return set(found.iter_rows())

    first = hidden(rows)
    assert hidden([rows[place] for place in order]) == first
    for area in "ABC":
        alone = sorted(leaves[2 * "ABC".index(area) :][:2])[0] == 0 < cells[area, "T"]
        assert ({(area, "M"), (area, "F")} <= first) or not alone
