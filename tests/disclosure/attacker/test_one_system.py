"""The attack on one table system finds what a search of all its tables finds."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from disclosure import suppress
from disclosure.attacker import one_system
from disclosure.attacker.one_system import Knowledge, attack
from disclosure.attacker.what_is_shown import Reading, ShownTable
from disclosure.attacker.whole_release import ShownRelease, attack_release
from disclosure.errors import TableError
from disclosure.inference import derivation
from disclosure.methods.complementary import system
from disclosure.methods.treated import untreated
from disclosure.tables.drawn import draw
from disclosure.tables.system import TableSystem
from tests.disclosure.drawn_systems import instance

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


def test_a_single_contributor_can_work_out_another_cell():
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


def test_beyond_a_limit_exact_facts_have_no_written_derivation(monkeypatch):
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


def test_a_fact_without_a_combination_of_sums_says_only_that_it_follows(monkeypatch):
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


def test_knowledge_that_contradicts_itself_names_its_cell_to_programs_too():
    table = two_by_three([3, 7, 9, 5, 6, 8], [0])
    wrong = Knowledge.of_pattern(table, np.isin(np.arange(12), [0, 1, 3, 4]))
    wrong.least[0], wrong.most[0] = 50, 60
    with pytest.raises(TableError, match="It shows at cell") as error:
        attack(table, wrong)
    (cell,) = error.value.cells
    assert str(error.value).endswith(f"It shows at {table.name(cell)}.")


def test_an_attack_without_time_says_that_it_is_not_complete():
    """What no program has settled is not called safe; given time, the same attack is complete."""
    amounts = instance("m2_300")
    hidden = suppress(amounts, budget_seconds=2).suppressed
    assert attack(amounts, hidden).complete
    assert not attack(amounts, hidden, budget_seconds=0).complete


@pytest.mark.parametrize(("least", "most"), [(np.inf, np.inf), (-np.inf, -np.inf), (np.nan, 9)])
def test_knowledge_without_an_end_is_refused_before_it_is_used(least, most):
    """Nobody knows that a count is at least endless: that is a missing end, not a contradiction."""
    table = two_by_three([3, 7, 9, 5, 6, 8], [0])
    known = Knowledge.of_pattern(table, np.arange(12) == 0)
    known.least[0], known.most[0] = least, most
    with pytest.raises(TableError, match="cell 0: an end of what is known is missing") as error:
        attack(table, known)
    assert error.value.cells == (0,)


def test_counts_of_any_size_are_known_to_the_last_person():
    """Ends of a count of a thousand million that cross by one contradict each other."""
    table = two_by_three([10**9, 7, 9, 5, 6, 8], [0])
    known = Knowledge.of_pattern(table, np.arange(12) == 0)
    known.least[0], known.most[0] = 10**9, 10**9 - 1
    with pytest.raises(TableError, match="the least that is known is above the most"):
        attack(table, known)
