"""What holds for every table that `protect` lets pass, and how it is sealed."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from disclosure import (
    KEY_MODULUS,
    CellKey,
    CellTable,
    ComplementarySuppression,
    GroupDisclosure,
    MinimumContributors,
    PPercent,
    ProtectedTable,
    Round,
    WithholdCertain,
    protect,
)
from disclosure.errors import DesignError, SealError
from disclosure.methods.treated import untreated
from disclosure.tables.drawn import draw

AREAS = "All: North South; North: A B C; South: D E"

SEX = "T: M F"

PEOPLE = (CellKey(), Round(base=5), GroupDisclosure(dimensions=("sex",)), WithholdCertain())


def ancestors(code: str, hierarchy: dict[str, str]) -> list[str]:
    return [code, *ancestors(hierarchy[code], hierarchy)] if code in hierarchy else [code]


def counted(counts: list[int], seed: int = 0) -> CellTable:
    """A table of area by sex with every margin, from the counts of its ten leaves."""
    rng = np.random.default_rng(seed)
    empty = draw("area sex value\nA T 0", area=AREAS, sex=SEX)
    areas, sexes = (dict(empty.hierarchies[d]) for d in ("area", "sex"))
    cells: dict[tuple[str, str], list[int]] = {}
    leaves = [(a, s) for a in "ABCDE" for s in "MF"]
    for (area, sex), count in zip(leaves, counts, strict=True):
        key = int(rng.integers(KEY_MODULUS)) if count else 0
        for margin in ((a, s) for a in ancestors(area, areas) for s in ancestors(sex, sexes)):
            cell = cells.setdefault(margin, [0, 0])
            cell[0] += count
            cell[1] = (cell[1] + key) % KEY_MODULUS
    frame = pl.DataFrame(
        [(a, s, "count", v, k, "") for (a, s), (v, k) in cells.items()],
        schema=["area", "sex", "statistic", "value", "cell_key", "mark"],
        orient="row",
    ).with_columns(
        pl.lit(None, pl.Int64).alias(c) for c in ("contributors", "largest", "largest_other")
    )
    return CellTable("people", ("area", "sex"), empty.hierarchies, ("count",), frame)


leaf_counts = st.lists(st.integers(0, 30), min_size=10, max_size=10)

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

SETTINGS = """
    area   value contributors
    All    20    40
    North  12    21
    South  8     19
    A      5     10
    B      2     1
    C      5     10
    D      4     9
    E      4     10
"""


@quick
@given(leaf_counts, st.integers(0, 5))
def test_people_are_published_as_multiples_and_no_small_count_is_certain(counts, seed):
    table = counted(counts, seed)
    protected = protect(table, PEOPLE)
    shown = protected.cells.filter(pl.col("status") == "")
    assert (shown["value"] % 5 == 0).all()
    assert protected.report.exposed == 0
    assert protected.report.shown + protected.report.withheld == protected.cells.height
    zeros = table.cells.filter(pl.col("value") == 0)
    there = shown.join(zeros, on=["area", "sex", "statistic"], suffix="_true")
    assert (there["value"] == 0).all()


@quick
@given(leaf_counts, st.integers(0, 5))
def test_a_published_group_never_falls_into_one_category(counts, seed):
    protected = protect(counted(counts, seed), PEOPLE)
    split = protected.cells.filter(pl.col("sex") != "T", pl.col("status") == "")
    for _, group in split.group_by("area"):
        assert group.height < 2 or (group["value"] > 0).sum() != 1


@quick
@given(leaf_counts)
def test_protection_depends_on_the_table_and_the_methods_alone(counts):
    table = counted(counts)
    once, again = protect(table, PEOPLE), protect(table, PEOPLE)
    shuffled = replace(table, cells=table.cells.sample(fraction=1.0, shuffle=True, seed=1))
    assert once.fingerprint == again.fingerprint
    same = protect(shuffled, PEOPLE[:2]).cells
    assert same.equals(protect(table, PEOPLE[:2]).cells)


def test_the_same_people_have_the_same_figure_in_every_cell():
    protected = protect(counted([7, 0, 0, 0, 0, 0, 0, 0, 0, 0]), [CellKey()])
    values = protected.cells.filter(
        pl.col("sex") != "F", pl.col("area").is_in(["A", "North", "All"])
    )
    assert values["value"].n_unique() == 1


def test_settings_of_one_or_two_staff_are_withheld_and_cannot_be_calculated():
    protected = protect(
        draw(SETTINGS, area=AREAS), [MinimumContributors(3, reach=5), ComplementarySuppression()]
    )
    cells = dict(protected.cells.select("area", "value").iter_rows())
    assert cells["B"] is None
    assert [cells[a] for a in ("All", "North", "South")] == [20, 12, 8]
    assert (cells["A"] is None) != (cells["C"] is None)
    assert protected.report.by_reason == {
        "complementary suppression": 1,
        "minimum contributors": 1,
    }
    assert protected.report.certified
    assert protected.report.cost is not None


def test_without_anything_sensitive_nothing_is_withheld():
    table = draw("area value\nNorth 7\nA 5\nB 2\nC 0", area=AREAS)
    protected = protect(table, [MinimumContributors(3), ComplementarySuppression()])
    assert protected.report.withheld == 0
    assert not protected.report.certified


def test_funding_by_p_percent_is_withheld_with_protection():
    table = draw(
        """
        area  value largest largest_other
        North 1000  400     300
        A     500   400     50
        B     300   .       300
        C     200   100     60
        """,
        area=AREAS,
    )
    treated = PPercent(p=20).treat(untreated(table))
    # A: 500 - 400 - 50 = 50 remains, less than 20 % of 400; C: 40 remains, more than 20 % of 100
    assert treated.cells["status"].to_list() == ["", "c", "", ""]
    assert treated.cells["upper_protection"].to_list() == [None, 30, None, None]
    protected = protect(table, [PPercent(p=20), ComplementarySuppression()])
    assert protected.report.withheld == 2


def test_the_mark_of_a_cell_without_a_figure_comes_before_c():
    table = draw("area value contributors\nNorth 7 1\nA 7 1\nB x .\nC z 1", area=AREAS)
    treated = MinimumContributors(3).treat(untreated(table))
    assert treated.cells["status"].to_list() == ["c", "c", "x", "z"]
    assert treated.cells["reason"].to_list() == ["minimum contributors"] * 2 + ["", ""]


def test_methods_treat_only_their_statistics():
    table = draw(
        """
        area statistic value contributors cell_key
        A    people    7     1            5
        A    settings  7     1            5
        """
    )
    treated = MinimumContributors(3, statistics=("settings",)).treat(untreated(table))
    assert treated.cells["status"].to_list() == ["", "c"]
    treated = CellKey(statistics=("people",)).treat(treated)
    assert treated.bases == {"people": 5}
    assert treated.cells["published"].to_list()[0] in (0, 5, 10, 15)


def test_two_rules_give_the_wider_protection():
    table = draw("area value contributors largest\nA 10 1 10")
    treated = MinimumContributors(3).treat(PPercent(p=50).treat(untreated(table)))
    assert treated.cells["reason"].to_list() == ["p percent rule"]
    assert treated.cells["lower_protection"].to_list() == [9]
    assert treated.cells["upper_protection"].to_list() == [5]


def test_a_group_in_one_category_is_withheld_with_its_zeros_and_beside_it_another():
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
        sex=SEX,
    )
    treated = GroupDisclosure(("sex",)).treat(untreated(table))
    status = {(a, s): c for a, s, c in treated.cells.select("area", "sex", "status").iter_rows()}
    withheld = {key for key, mark in status.items() if mark == "c"}
    assert withheld == {("A", "M"), ("A", "F"), ("C", "M"), ("C", "F")}


def test_the_parts_of_a_withheld_part_are_withheld_too():
    table = draw(
        """
        area  value
        All   9
        North 9
        South 0
        A     5
        B     2
        C     2
        D     0
        E     0
        """,
        area=AREAS,
    )
    treated = GroupDisclosure(("area",)).treat(untreated(table))
    assert treated.cells["status"].to_list() == ["", *["c"] * 7]


def test_groups_with_a_mark_or_one_category_are_left():
    table = draw("area sex value\nA T 5\nA M 5\nA F x", area="A: B", sex=SEX)
    assert GroupDisclosure(("sex",)).treat(untreated(table)).withheld.sum() == 0
    table = draw("area sex value\nA T 5\nA M 5", sex="T: M")
    assert GroupDisclosure(("sex",)).treat(untreated(table)).withheld.sum() == 0


def test_a_protected_table_is_made_by_protect_alone():
    protected = protect(draw("area value\nA 3"), [])
    with pytest.raises(SealError, match=r"made by disclosure\.protect"):
        ProtectedTable(
            "x",
            (),
            (),
            protected.frame,
            protected.kept_methods,
            protected.kept_report,
            protected.fingerprint,
            "",
            "",
            object(),  # type: ignore[arg-type]
        )
    with pytest.raises((SealError, ValueError)):
        replace(protected, name="y")
    for way in (pickle.dumps, copy.deepcopy):
        with pytest.raises(SealError, match=r"disclosure\.protection\.store"):
            way(protected)


def test_a_protected_table_that_is_altered_in_place_is_refused_when_read():
    protected = protect(draw("area value\nA 3\nB 4"), [])
    protected.cells[0, "value"] = 9  # a copy: harmless
    assert protected.cells["value"].to_list() == [3, 4]
    protected.frame[0, "value"] = 9
    with pytest.raises(SealError, match="altered after disclosure control"):
        _ = protected.cells


def test_what_is_said_of_the_methods_and_the_report_cannot_be_altered():
    protected = protect(counted([9] * 10), PEOPLE)
    methods, reasons = protected.methods, protected.report.by_reason
    protected.methods[0]["variance"] = 0.0
    protected.methods[0]["statistics"].append("made up")
    protected.report.by_reason["made up"] = 7
    for said in protected.report.attacker:
        said.figures["made up"] = 7
    assert protected.report.attacker
    assert protected.methods == methods
    assert protected.report.by_reason == reasons
    assert not any("made up" in said.figures for said in protected.report.attacker)
    protected.check()


def test_cells_are_of_what_they_were_protected_as_and_of_nothing_else():
    table = draw("area value\nA 3\nB 4")
    named, unnamed = protect(table, [], of="2025-26Q4"), protect(table, [])
    named.check_is_of("2025-26Q4")
    with pytest.raises(SealError, match=r"are of 2025-26Q4, and cells of 2025-26Q3 are wanted"):
        named.check_is_of("2025-26Q3")
    with pytest.raises(SealError, match=r"are of nothing that was named, and cells of 2025-26Q3"):
        unnamed.check_is_of("2025-26Q3")
    assert named == unnamed, "what is published is the same"


def test_the_methods_are_the_record():
    protected = protect(counted([9] * 10), PEOPLE)
    assert protected.methods[0] == {
        "method": "CellKey", "base": 5, "variance": 8.0, "largest_change": 9, "statistics": [],
    }  # fmt: skip
    assert protected.is_recorded
    assert set(protected.cells.columns) == {"area", "sex", "statistic", "value", "status"}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: MinimumContributors(1), "below two"),
        (lambda: PPercent(0), "percentage p is 0. Give a whole number, 1 or more"),
        (lambda: Round(0), "base of rounding is 0. Give a whole number, 1 or more"),
    ],
)
def test_parameters_that_protect_nobody_are_refused(make, message):
    with pytest.raises(DesignError, match=message):
        make()
