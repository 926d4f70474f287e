"""Planted leaks between tables, and by what the attacker knows besides; each is shown first."""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np
import polars as pl

from disclosure import TableSystem, attack, suppress, verify
from disclosure.attacker.one_system import Knowledge
from tests.disclosure.drawn_systems import counts, cube
from tests.disclosure.exact_sums import determined


def withheld(pattern: np.ndarray) -> list[int]:
    return np.flatnonzero(pattern).tolist()


def worked_out(derivation: str) -> tuple[Fraction, Fraction]:
    """Return what the sums in a sentence come to, and what the sentence says that they do."""
    words = derivation.split(": ", 1)[1]
    claim, result = words.rsplit(" is ", 1)
    terms = re.findall(r"\s*(plus |minus )?(?:([\d/]+) times )?[^()]*\((\d+)\)", claim)
    total = Fraction(0)
    for sign, times, value in terms:
        share = Fraction(times or 1) * int(value)
        total += -share if sign == "minus " else share
    return total, Fraction(result.split()[-1])


SEXES = {"T": None, "M": "T", "F": "T"}

AREAS = {"England": None, "N": "England", "S": "England", "W": "England"}

AGES = {"all": None, "young": "all", "old": "all"}


def linked(*, with_ages: bool) -> TableSystem:
    """Area by sex and area by age: two tables with the same area totals, or the first alone."""
    by_sex = cube({"area": AREAS, "sex": SEXES}, [20, 3, 30, 25, 40, 15])
    by_age = cube({"area": AREAS, "age": AGES}, [13, 10, 35, 20, 28, 27])
    tables = {"by sex": by_sex} | ({"by age": by_age} if with_ages else {})
    return TableSystem.from_tables(tables, {"area": AREAS, "sex": SEXES, "age": AGES})


def row_of(system: TableSystem, **codes: str) -> int:
    wanted = tuple(sorted(codes.items()))
    return next(i for i, label in enumerate(system.labels) if label.codes == wanted)


def test_two_tables_of_one_margin_are_one_system():
    system = linked(with_ages=True)
    assert len(system) == 12 + 12 - 4
    assert row_of(system, area="N") in system.rows["by sex"]
    assert row_of(system, area="N") in system.rows["by age"]


def test_a_margin_withheld_in_one_table_follows_from_the_other():
    """The total of N is a cover for its men; the table by age still adds up to it."""
    alone = linked(with_ages=False)
    names = [
        {"area": "N", "sex": "M"}, {"area": "N"}, {"area": "S", "sex": "M"}, {"area": "S"},
    ]  # fmt: skip
    hidden = np.isin(np.arange(len(alone)), [row_of(alone, **codes) for codes in names])
    assert determined(alone.constraints, withheld(hidden)) == set()
    assert attack(alone, hidden).facts == ()
    both = linked(with_ages=True)
    hidden = np.isin(np.arange(len(both)), [row_of(both, **codes) for codes in names])
    cell = row_of(both, area="N", sex="M")
    assert cell in determined(both.constraints, withheld(hidden))
    (fact,) = attack(both, hidden).facts
    assert (fact.cell, fact.kind, fact.low) == (cell, "exact", 3)
    assert worked_out(fact.derivation) == (3, 3)
    assert "age" in fact.derivation


def test_linked_tables_protected_as_one_system_have_no_such_leak():
    system = linked(with_ages=True)
    pattern = suppress(system, budget_seconds=2)
    verify(system, pattern.suppressed, pattern.certificate)
    assert attack(system, pattern.suppressed).facts == ()


def test_overlapping_areas_differ_by_one_small_area():
    """Counties 1 to 3 form a region, 1 and 2 a health board: region less board is county 3."""
    values = [12, 9, 3, 24, 21]
    sums = [(3, [0, 1, 2]), (4, [0, 1])]
    system = counts(values, sums)
    hidden = np.isin(np.arange(5), [0, 1, 2])
    (fact,) = attack(system, hidden).facts
    assert (fact.cell, fact.low) == (2, 3)
    assert fact.derivation == "cell 2: cell 3 (24) minus cell 4 (21) is 3"
    pattern = suppress(system, budget_seconds=2)
    assert attack(system, pattern.suppressed).facts == ()


def test_two_quarters_of_one_cumulative_count_differ_by_one_person():
    hierarchy = {"to June": None, "to March": "to June", "April to June": "to June"}
    frame = pl.DataFrame(
        {"quarter": list(hierarchy), "value": [36, 35, 1], "is_sensitive": [False, False, True]}
    )
    system = TableSystem.from_tables({"starts": frame}, {"quarter": hierarchy})
    (fact,) = attack(system, system.sensitive).facts
    assert worked_out(fact.derivation) == (1, 1)
    pattern = suppress(system, budget_seconds=2)
    assert pattern.suppressed.sum() == 2


def test_knowing_the_threshold_turns_a_range_into_a_value():
    """20 less 12 is 8 for two counts that are both known to be 1 to 4: both are 4."""
    system = counts([20, 12, 4, 4], [(0, [1, 2, 3])], upper_protection=np.full(4, 3.0))
    hidden = np.isin(np.arange(4), [2, 3])
    assert attack(system, hidden).facts == ()
    informed = Knowledge.of_pattern(system, hidden).assuming(system.sensitive, 1, 4)
    facts = attack(system, informed).facts
    assert [(fact.low, fact.high) for fact in facts] == [(4, 4), (4, 4)]


def test_a_rounded_total_pins_its_parts_when_it_is_at_their_least():
    """Parts shown as 5 are 3 to 7; a total shown as 15 that is known to be under 18 caps each."""
    system = counts([9, 3, 3, 3], [(0, [1, 2, 3])])
    shown = Knowledge(np.array([8.0, 3, 3, 3]), np.array([9.0, 7, 7, 7]), np.zeros(4, dtype=bool))
    report = attack(system, shown)
    assert report.low.tolist() == [9, 3, 3, 3]
    assert report.high.tolist() == [9, 3, 3, 3]
    assert {fact.cell for fact in report.facts} == {1, 2, 3}


def test_a_rounded_total_in_the_middle_of_its_parts_pins_nothing():
    system = counts([15, 5, 5, 5], [(0, [1, 2, 3])], sensitive=np.arange(4) > 0)
    shown = Knowledge(np.array([13.0, 3, 3, 3]), np.array([17.0, 7, 7, 7]), np.zeros(4, dtype=bool))
    assert attack(system, shown).facts == ()
