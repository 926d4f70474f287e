"""The attacker finds what a brute-force search of all tables finds, and planted leaks."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from disclosure.attacker import one_system
from disclosure.attacker.one_system import Knowledge, attack
from disclosure.attacker.what_is_shown import Reading, ShownRate, ShownTable
from disclosure.attacker.whole_release import ShownRelease, attack_release
from disclosure.errors import TableError
from disclosure.inference import derivation
from disclosure.inference import programs as programs_module
from disclosure.methods.complementary import system
from disclosure.methods.treated import untreated
from disclosure.perturbation.ptable import design
from disclosure.tables.drawn import draw
from disclosure.tables.system import TableSystem

quick = settings(max_examples=60, deadline=None)


def two_by_three(leaves: list[int], sensitive: list[int], protection: int = 1) -> TableSystem:
    """Cells 0 to 5 are the parts (rows of three), 6 to 7 row totals, 8 to 10 columns, 11 all."""
    values = np.array(leaves, dtype=np.int64).reshape(2, 3)
    full = np.concatenate([values.ravel(), values.sum(1), values.sum(0), [values.sum()]])
    lines = [
        [6, 0, 1, 2],
        [7, 3, 4, 5],
        [8, 0, 3],
        [9, 1, 4],
        [10, 2, 5],
        [11, 6, 7],
        [11, 8, 9, 10],
    ]
    rows = [i for i, line in enumerate(lines) for _ in line]
    signs = [1 if k == 0 else -1 for line in lines for k in range(len(line))]
    cells = [c for line in lines for c in line]
    mask = np.isin(np.arange(12), sensitive)
    return TableSystem(
        values=full,
        constraints=sparse.csr_matrix((signs, (rows, cells)), shape=(7, 12)),
        sensitive=mask,
        lower_protection=np.full(12, float(protection)) * mask,
        upper_protection=np.full(12, float(protection)) * mask,
        cost=full.astype(float),
        publish=np.zeros(12, dtype=bool),
    )


ALL = np.array(list(product(range(5), repeat=6)))
EVERY = np.column_stack(
    [
        ALL,
        ALL[:, :3].sum(1),
        ALL[:, 3:].sum(1),
        *(ALL[:, i] + ALL[:, i + 3] for i in range(3)),
        ALL.sum(1),
    ]
)


@quick
@given(
    st.lists(st.integers(0, 4), min_size=6, max_size=6),
    st.sets(st.integers(0, 11), min_size=1, max_size=7),
    st.integers(0, 2),
)
def test_intervals_are_those_of_all_tables(leaves, withheld, protection):
    """Brute force over all 2 by 3 tables with parts up to 4, which the attacker knows too."""
    table = two_by_three(leaves, sorted(withheld), protection)
    hidden = np.isin(np.arange(12), sorted(withheld))
    knowledge = Knowledge.of_pattern(table, hidden).assuming(np.arange(12) < 6, 0, 4)
    agreeing = EVERY[((knowledge.least <= EVERY) & (knowledge.most >= EVERY)).all(axis=1)]
    report = attack(table, knowledge)
    exposed = {fact.cell for fact in report.facts}
    for cell in withheld:
        low, high = agreeing[:, cell].min(), agreeing[:, cell].max()
        value = table.values[cell]
        unsafe = low > value - table.down[cell] or high < value + table.up[cell]
        linear = low == high and cell in exposed
        assert (cell in exposed) == unsafe or linear, (cell, low, high)
    assert report.complete


@quick
@given(st.lists(st.integers(0, 9), min_size=6, max_size=6), st.sets(st.integers(0, 5), min_size=1))
def test_every_derivation_of_an_exact_fact_is_true(leaves, withheld):
    table = two_by_three(leaves, sorted(withheld))
    for fact in attack(table, np.isin(np.arange(12), sorted(withheld))).facts:
        if fact.kind == "exact":
            words = fact.derivation.split(": ")[1]
            claim = int(words.rsplit(" is ")[-1].split(" ")[-1])
            assert claim == table.values[fact.cell]


def test_a_lone_withheld_cell_is_its_total_less_the_others():
    facts = attack(two_by_three([2, 7, 9, 5, 6, 8], [0]), np.arange(12) == 0).facts
    assert [fact.kind for fact in facts] == ["exact"]
    assert facts[0].derivation == "cell 0: cell 6 (18) minus cell 1 (7) minus cell 2 (9) is 2"


def test_a_value_that_follows_from_several_sums_is_found():
    # both parts of a column and one total are withheld: three sums are needed
    table = two_by_three([2, 7, 9, 5, 6, 8], [0])
    hidden = np.isin(np.arange(12), [0, 3, 6])
    facts = attack(table, hidden).facts
    assert facts[0].kind == "exact"
    assert facts[0].derivation.endswith(" is 2")


def test_zeros_pin_withheld_cells():
    table = two_by_three([0, 7, 9, 0, 6, 8], [0, 3])
    facts = attack(table, np.isin(np.arange(12), [0, 1, 3, 4])).facts
    assert {fact.cell for fact in facts} == {0, 3}
    assert all(fact.kind == "interval" for fact in facts)
    assert "its protection is 0 to 1" in facts[0].derivation


def test_a_sensitive_cell_that_is_published_is_a_fact():
    facts = attack(two_by_three([2, 7, 9, 5, 6, 8], [0]), np.zeros(12, dtype=bool)).facts
    assert [(f.kind, f.derivation) for f in facts] == [
        ("published", "cell 0 is sensitive and published")
    ]


def test_a_protected_square_is_safe_until_the_attacker_knows_the_rule():
    table = two_by_three([3, 7, 9, 5, 6, 8], [0], protection=3)
    hidden = np.isin(np.arange(12), [0, 1, 3, 4])
    assert attack(table, hidden).facts == ()
    knowing = Knowledge.of_pattern(table, hidden).assuming(np.arange(12) == 0, 1, 4)
    facts = attack(table, knowing).facts
    assert [(f.kind, f.low, f.high) for f in facts] == [("interval", 1, 4)]


def test_a_single_contributor_can_tell_another():
    drawn_table = draw(
        """
        area  value contributors
        North 20    9
        A     3     1
        B     4     1
        C     13    7
        """,
        area="North: A B C",
    )
    mask = np.array([False, True, True, False])
    ones = np.ones(4, dtype=np.int64)
    table = system(untreated(drawn_table).guard(mask, ones, ones, "by hand"))
    facts = attack(table, mask).facts
    assert [fact.kind for fact in facts] == ["own", "own"]
    assert facts[0].derivation == (
        "the only contributor to count (area=B) can work out count (area=A)"
    )


def test_the_same_single_contributor_in_part_and_total_is_one_fact():
    drawn_table = draw("area value contributors\nNorth 3 1\nA 3 1\nB z .", area="North: A B")
    mask = np.array([True, True, False])
    ones = np.ones(3, dtype=np.int64)
    table = system(untreated(drawn_table).guard(mask, ones, ones, "by hand"))
    assert attack(table, mask[:2]).facts == ()


def test_beyond_so_many_exact_facts_the_sums_are_not_spelled_out(monkeypatch):
    monkeypatch.setattr(one_system, "TUNING", replace(one_system.TUNING, derivations_shown=0))
    facts = attack(two_by_three([2, 7, 9, 5, 6, 8], [0]), np.arange(12) == 0).facts
    assert facts[0].derivation == "cell 0: its value follows from the published sums"


def test_amounts_that_are_not_whole_are_bounded_as_they_are():
    whole = two_by_three([3, 7, 9, 5, 6, 8], [0], protection=3)
    parts = replace(whole, values=whole.values / 2, integer=False)
    hidden = np.isin(np.arange(12), [0, 1, 3, 4])
    facts = attack(parts, hidden).facts
    assert [(f.low, f.high) for f in facts] == [(0.0, 4.0)]
    assert (
        "its protection is -1.5 to 4.5" in facts[0].derivation or "0 to 4.5" in facts[0].derivation
    )


def test_a_combination_that_no_program_finds_is_not_told(monkeypatch):
    class Failed:
        status = 4

    monkeypatch.setattr(derivation, "linprog", lambda *_, **__: Failed())
    table = two_by_three([2, 7, 9, 5, 6, 8], [0])
    facts = attack(table, np.isin(np.arange(12), [0, 3, 6])).facts
    assert facts[0].derivation == "cell 0: its value follows from the published sums"


def test_knowledge_of_another_size_or_that_no_table_fits_is_refused():
    table = two_by_three([3, 7, 9, 5, 6, 8], [0])
    with pytest.raises(TableError, match="Knowledge of 3 cells for 12"):
        attack(table, np.zeros(3, dtype=bool))
    small = Knowledge(np.zeros(3), np.ones(3), np.ones(3, dtype=bool))
    with pytest.raises(TableError, match="Knowledge of 3 cells for 12"):
        attack(table, small)
    hidden = np.isin(np.arange(12), [0, 1, 3, 4])
    wrong = Knowledge.of_pattern(table, hidden)
    wrong.least[0], wrong.most[0] = 50, 60
    with pytest.raises(TableError, match="contradicts itself"):
        attack(table, wrong)


# ---- a whole release ----

AREA = {"area": [{"A": "All", "B": "All", "C": "All"}], "sex": [{"M": "T", "F": "T"}]}
EXACT = {"starts": Reading(small=5)}


def table(name: str, text: str, statistic: str = "starts") -> ShownTable:
    lines = [line.split() for line in text.strip().splitlines()]
    names, rows = lines[0], lines[1:]
    frame = pl.DataFrame(rows, schema=names, orient="row")
    figure = pl.col("value").cast(pl.Int64, strict=False)
    status = pl.when(figure.is_null()).then(pl.col("value")).otherwise(pl.lit(""))
    cells = frame.with_columns(statistic=pl.lit(statistic), value=figure, status=status)
    return ShownTable(name, tuple(n for n in names if n != "value"), cells)


def words(*tables: ShownTable, readings=EXACT, hierarchies=AREA, **more) -> list[str]:
    report = attack_release(ShownRelease(tables, hierarchies, readings, **more))
    return [f"{fact.kind}: {fact.derivation}" for fact in report.facts]


def test_a_cell_withheld_in_one_table_and_shown_in_another():
    found = words(
        table("Table 3", "area value\nAll 40\nA 15\nB c\nC c"),
        table("Table 5", "area value\nB 12"),
        readings={"starts": Reading()},
    )
    assert found == [
        "exact: starts, area=B is 12: Table 3 row 3 shows it",
        "exact: starts, area=C is 13: Table 3 row 1 (40) minus Table 3 row 2 (15) "
        "minus Table 3 row 3 (12) is 13",
    ]


def test_a_group_that_no_table_shows_is_found_by_overlapping_geographies():
    overlapping = {
        "area": [
            {"a": "Region", "b": "Region", "c": "Region"},
            {"a": "District", "b": "District"},
        ]
    }
    found = words(
        table("Table 3", "area value\nRegion 40"),
        table("Table 5", "area value\nDistrict 38"),
        hierarchies=overlapping,
    )
    assert found == ["small: starts, area=c is 2: Table 3 row 1 (40) minus Table 5 row 1 (38) is 2"]


def test_two_quarters_that_differ_by_one_person():
    found = words(
        table("March, Table 1", "quarter value\ntoQ1 23"),
        table("June, Table 1", "quarter value\ntoQ2 24"),
        hierarchies={"quarter": [{"toQ1": "toQ2", "Q2": "toQ2"}]},
    )
    assert found == [
        "small: starts, quarter=Q2 is 1: "
        "June, Table 1 row 1 (24) minus March, Table 1 row 1 (23) is 1"
    ]


def test_a_revision_by_one_person_and_a_cell_withheld_too_late():
    now = table("Table 1", "area value\nAll 41\nA c\nB 16\nC c")
    before = table("Table 1", "area value\nAll 40\nA 14\nB 16\nC c")
    found = words(now, previous=[before])
    assert found == [
        "previous: starts, area=All: Table 1 row 1 now (41) minus Table 1 row 1 before (40) is 1",
        "previous: starts, area=A: Table 1 row 2 now is withheld, Table 1 row 2 before was 14",
    ]


def test_rounded_parts_that_pin_their_total():
    reading = {"starts": Reading(reach=2, small=5)}
    # each part is at least 8 of a total of at most 17: eight or nine of each
    found = words(table("Table 1", "area value\nAll 15\nA 5\nB 5\nC 5"), readings=reading)
    assert found == []
    found = words(table("Table 1", "area value\nAll 10\nA 10\nB 5\nC 0"), readings=reading)
    assert found == [
        "small: starts, area=B is 3 to 4: Table 1 row 3 is 3 to 4 from Table 1 row 1 (11 to 12), "
        "less Table 1 row 2 (8 to 9), less Table 1 row 4 (0 to 1)"
    ]


def test_perturbed_figures_are_read_by_their_table():
    reading = {"starts": Reading(ptable=design(5, 8.0, 9), small=5)}
    assert words(table("Table 1", "area value\nAll 30\nA 10\nB 15\nC 0"), readings=reading) == []
    found = words(table("Table 1", "area value\nAll 0\nA 15\nB 5\nC 0"), readings=reading)
    assert [w.split(":")[0] for w in found] == ["small"]
    assert "area=B is 1 to 3" in found[0]


def test_who_knows_the_rule_knows_more():
    shown = table("Table 1", "area value\nAll 20\nA 16\nB c\nC c")
    assert words(shown, readings={"starts": Reading()}) == []
    knowing = {"starts": Reading(withheld=(2, 4))}
    found = words(shown, readings=knowing)
    assert [w.split(" is ")[1].split(":")[0] for w in found] == ["2", "2"]


def test_a_rate_gives_the_count_back():
    rate = ShownRate(
        "Table 7 row 2", 66.7, 1, {"statistic": "starts", "area": "A"}, {"statistic": "starts"}
    )
    shown = table("Table 1", "area value\nAll c\nA c\nB 0\nC 1")
    found = words(shown, readings={"starts": Reading(withheld=(1, 4), small=0)}, rates=[rate])
    assert found[0].startswith("exact: starts, area=All is 3")
    assert found[1].startswith("exact: starts, area=A is 2")


def test_rates_of_large_or_unknown_counts_tell_nothing():
    rate = ShownRate(
        "Table 7 row 2", 50.0, 0, {"statistic": "starts", "area": "A"}, {"statistic": "starts"}
    )
    shown = table("Table 1", "area value\nAll c\nA c\nB 0\nC 100")
    assert words(shown, readings={"starts": Reading()}, rates=[rate]) == []
    assert rate.fits(1, 2)
    assert not rate.fits(1, 3)


def test_a_rate_that_no_counts_give_is_an_error():
    rate = ShownRate(
        "Table 7 row 2", 10.0, 1, {"statistic": "starts", "area": "A"}, {"statistic": "starts"}
    )
    with pytest.raises(TableError, match="No counts give the figure of Table 7 row 2"):
        words(table("Table 1", "area value\nAll 7\nA c\nB c\nC c"), rates=[rate])


def test_a_release_that_contradicts_itself_is_an_error():
    with pytest.raises(TableError, match="contradicts itself"):
        words(table("Table 1", "area value\nAll 7\nA 9\nB c\nC c"))


def test_the_same_cell_shown_differently():
    found = words(
        table("Table 1", "area value\nA 15"),
        table("Table 2", "area value\nA 17"),
        readings={"starts": Reading()},
    )
    assert found == [
        "disagreement: Table 2 row 1 (17) minus Table 1 row 1 (15) is 2, but they are the same cell"
    ]


def test_a_withheld_amount_that_is_known_too_closely():
    shown = table("Table 1", "area value\nAll 1000\nA 890\nB c\nC c", statistic="claimed")
    close = {"claimed": Reading(withheld=(50, None), narrow_percent=10)}
    found = words(shown, readings=close)
    assert [w.split(":")[0] for w in found] == ["interval", "interval"]
    assert words(shown, readings={"claimed": Reading(narrow_percent=10)}) == []


def test_marks_are_read_as_the_notes_say():
    shown = table("Table 1", "area value\nAll 20\nA c\nB x\nC 16")
    assert words(shown, readings={"starts": Reading()}) == []
    noted = {"starts": Reading(absent_is_zero=True)}
    assert words(shown, readings=noted)[0].startswith("exact: starts, area=A is 4")
    zero = table("Table 1", "area value\nAll 20\nA c\nB z\nC 16")
    assert words(zero, readings={"starts": Reading()})[0].startswith("exact: starts, area=A is 4")


def test_every_cell_of_the_cross_is_attacked_though_only_margins_are_shown():
    found = words(
        table("Table 1", "area value\nAll 30\nA 10\nB 10\nC 10"),
        table("Table 2", "sex value\nT 30\nM 20\nF 10"),
        table("Table 3", "area sex value\nA M 8"),
    )
    assert found == [
        "small: starts, area=A, sex=F is 2: Table 1 row 2 (10) minus Table 3 row 1 (8) is 2"
    ]


def test_a_cell_that_no_table_shows_is_named_by_its_codes():
    shown = table("Table 1", "area value\nAll 10\nA 6\nB c")
    found = words(shown, readings={"starts": Reading(small=5, withheld=(1, 4))})
    assert found[-1] == (
        "small: starts, area=B is 1 to 4: Table 1 row 3 is 1 to 4 from Table 1 row 1 (10), "
        "less Table 1 row 2 (6), less the cell that no table shows (starts, area=C) (0 to 3)"
    )


def test_a_cell_that_tables_show_to_be_open_needs_no_ends_and_one_that_fails_is_said(monkeypatch):
    shown = table("Table 1", "area value\nAll 20\nA 16\nB c\nC c")
    release = ShownRelease([shown], AREA, {"starts": Reading(small=5)})
    for programs in (0, 400):
        report = attack_release(release, programs=programs)
        assert (report.facts, report.complete) == ((), True)
        assert (report.low[2], report.high[2]) == (0, 4)
    failed = "Time limit reached", np.zeros(0)
    monkeypatch.setattr(programs_module, "whole_steps", lambda *_, **__: failed)
    assert not attack_release(release).complete


def test_a_dimension_with_several_roots_keeps_tables_apart():
    report = attack_release(
        ShownRelease(
            [table("Table 1", "quarter value\nQ1 9\nQ2 c"), table("Table 2", "area value\nAll 9")],
            {"area": AREA["area"]},
            {"starts": Reading()},
        )
    )
    assert report.facts == ()
