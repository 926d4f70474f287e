"""Planted leaks in one table system: each is shown by plain fractions, then looked for.

The leaks are those that a careful person makes: a pattern made row by row, in which no sum has a
single withheld cell and yet some values follow; a zero that bounds; a contributor who knows their
own cell. The attacker must find every one, and nothing else.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from scipy import sparse

from disclosure import TableSystem, attack, suppress, verify
from disclosure.errors import CertificateError
from disclosure.proof.certificate import Certificate
from tests.disclosure.drawn_systems import counts, crossed, grid
from tests.disclosure.exact_sums import alone_in_a_sum, determined, moves


def flat(prefix: str, top: str, count: int) -> dict[str, str | None]:
    return {top: None} | {f"{prefix}{i}": top for i in range(count)}


def nested(regions: int, areas: int) -> dict[str, str | None]:
    names = [f"r{i}" for i in range(regions)]
    below = {f"{name}a{j}": name for name in names for j in range(areas)}
    return {"England": None} | dict.fromkeys(names, "England") | below


@cache
def three_way(seed: int, regions: int = 5, areas: int = 5) -> TableSystem:
    """Areas in regions by age by route: a few hundred counts of 0 to 160, most of them small."""
    hierarchies = {
        "area": nested(regions, areas),
        "age": flat("g", "all", 6),
        "route": flat("p", "any", 5),
    }
    drawn = np.random.default_rng(seed).random(regions * areas * 30)
    return crossed(hierarchies, (drawn**3 * 160).astype(int).tolist())


def second_smallest(system: TableSystem) -> np.ndarray:
    """Withhold row by row: where a sum has one withheld cell, also its smallest other one."""
    hidden = system.sensitive.copy()
    sums = [line.indices for line in system.constraints]
    again = True
    while again:
        again = False
        for cells in sums:
            shown = cells[~hidden[cells] & (system.values[cells] > 0)]
            if hidden[cells].sum() == 1 and shown.size:
                hidden[shown[np.argmin(system.values[shown])]] = True
                again = True
    return hidden


def one_row_only(system: TableSystem, variable: str) -> np.ndarray:
    """Withhold the second smallest along one variable, as if there were no other sums."""
    hidden = system.sensitive.copy()
    for line in system.constraints:
        cells = line.indices
        along = {len({dict(system.labels[c].codes).get(variable) for c in cells})}
        shown = cells[~hidden[cells] & (system.values[cells] > 0)]
        if along != {1} and hidden[cells].sum() == 1 and shown.size:
            hidden[shown[np.argmin(system.values[shown])]] = True
    return hidden


def withheld(pattern: np.ndarray) -> list[int]:
    return np.flatnonzero(pattern).tolist()


def found(system: TableSystem, hidden: np.ndarray, kind: str = "exact") -> set[int]:
    """Return the cells that the attacker has a fact of this kind about, without bounding others."""
    facts = attack(system, hidden, budget_seconds=0).facts
    return {fact.cell for fact in facts if fact.kind == kind}


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


SEEDS = (0, 1, 2, 3)


@cache
def protected_pattern() -> tuple[TableSystem, np.ndarray]:
    system = three_way(5, regions=2, areas=2)
    pattern = suppress(system, budget_seconds=2)
    verify(system, pattern.suppressed, pattern.certificate)
    return system, pattern.suppressed


@pytest.mark.parametrize("seed", SEEDS)
def test_a_pattern_without_a_lone_cell_in_any_sum_still_gives_values_away(seed):
    system = three_way(seed)
    hidden = second_smallest(system)
    assert system.sensitive[hidden].sum() == system.sensitive.sum()
    assert alone_in_a_sum(system.constraints, withheld(hidden)) == set()
    assert determined(system.constraints, withheld(hidden))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_attacker_finds_exactly_the_values_that_fractions_find(seed):
    system = three_way(seed)
    hidden = second_smallest(system)
    everything = replace(system, sensitive=hidden, publish=np.zeros(len(system), dtype=bool))
    expected = determined(system.constraints, withheld(hidden))
    assert found(everything, hidden) == expected
    sensitive = {cell for cell in expected if system.sensitive[cell]}
    assert found(system, hidden) == sensitive


def test_together_the_patterns_give_more_than_thirty_small_counts_away():
    """Heuristics are known for this: dozens of cells, none of which follows from one sum alone."""
    small = 0
    for seed in SEEDS:
        system = three_way(seed)
        exact = determined(system.constraints, withheld(second_smallest(system)))
        small += sum(bool(system.sensitive[cell]) for cell in exact)
    assert small > 30


def test_each_value_given_away_is_derived_by_a_sum_with_that_result():
    system = three_way(1)
    hidden = second_smallest(system)
    facts = [fact for fact in attack(system, hidden).facts if fact.kind == "exact"]
    assert facts
    for fact in facts:
        total, claimed = worked_out(fact.derivation)
        assert total == claimed == system.values[fact.cell]
        assert str(system.labels[fact.cell]) == fact.derivation.split(": ", 1)[0]


def test_a_sum_that_derives_a_value_uses_published_cells_only():
    system = three_way(1)
    hidden = second_smallest(system)
    names = {str(label): cell for cell, label in enumerate(system.labels)}
    facts = [fact for fact in attack(system, hidden).facts if fact.kind == "exact"]
    assert facts
    for fact in facts:
        claim = fact.derivation.split(": ", 1)[1].rsplit(" is ", 1)[0]
        named_cells = re.findall(r"\s*(?:plus |minus )?(?:[\d/]+ times )?([^()]+) \(\d+\)", claim)
        assert named_cells
        assert not any(hidden[names[name.strip()]] for name in named_cells)


@pytest.mark.parametrize("variable", ["area", "age", "route"])
def test_cover_along_one_variable_is_undone_along_the_others(variable):
    system = three_way(0, regions=2, areas=3)
    hidden = one_row_only(system, variable)
    exact = {
        cell for cell in determined(system.constraints, withheld(hidden)) if system.sensitive[cell]
    }
    assert exact
    assert found(system, hidden) == exact


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_the_engine_leaves_no_such_leak(seed):
    system = three_way(seed, regions=3, areas=3)
    pattern = suppress(system, budget_seconds=0.5)
    assert (
        determined(system.constraints, withheld(pattern.suppressed))
        & set(withheld(system.sensitive))
        == set()
    )
    assert found(system, pattern.suppressed) == set()


@pytest.mark.parametrize("seed", SEEDS)
def test_no_certificate_for_a_pattern_with_a_leak_can_be_made_from_what_still_moves(seed):
    """The cells given away move in no table that agrees; a vector that moves one breaks a sum."""
    system = three_way(seed)
    hidden = second_smallest(system)
    exact = determined(system.constraints, withheld(hidden))
    cell = next(c for c in sorted(exact) if system.sensitive[c])
    assert all(cell not in step for step in moves(system.constraints, withheld(hidden)))
    vector = sparse.csr_matrix(([1], ([0], [cell])), shape=(1, len(system)), dtype=np.int64)
    count = int(system.sensitive.sum())
    cells, first = np.flatnonzero(system.sensitive), np.zeros(count, dtype=int)
    claim = Certificate(
        "exact", cells, vector, first, np.ones(count, dtype=int), first, -np.ones(count, dtype=int)
    )
    with pytest.raises(CertificateError, match="breaks a sum"):
        verify(system, hidden, claim)


def test_each_complementary_cell_that_is_shown_is_exploited_or_was_for_an_interval():
    """Show one complementary cell after the other: what fractions then find, the attacker finds."""
    system, pattern = protected_pattern()
    covers = np.flatnonzero(pattern & ~system.sensitive)
    assert covers.size
    leaks = 0
    for cover in covers.tolist():
        weaker = pattern.copy()
        weaker[cover] = False
        exact = determined(system.constraints, withheld(weaker)) & set(withheld(system.sensitive))
        assert found(system, weaker) == exact
        leaks += len(exact)
    assert leaks


def test_the_certificate_of_the_full_pattern_is_refused_for_each_weaker_one():
    system, _ = protected_pattern()
    pattern = suppress(system, budget_seconds=2)
    moved = set(pattern.certificate.vectors.indices.tolist())
    for cover in np.flatnonzero(pattern.suppressed & ~system.sensitive).tolist():
        weaker = pattern.suppressed.copy()
        weaker[cover] = False
        if cover in moved:
            with pytest.raises(CertificateError, match="is published") as error:
                verify(system, weaker, pattern.certificate)
            assert error.value.cell == cover


def test_a_sensitive_cell_left_in_is_named_first():
    system, pattern = protected_pattern()
    for cell in withheld(system.sensitive)[:8]:
        weaker = pattern.copy()
        weaker[cell] = False
        fact = attack(system, weaker).facts[0]
        assert (fact.cell, fact.kind) == (cell, "published")
        assert fact.low == fact.high == system.values[cell]


def test_two_withheld_counts_of_a_total_of_one_are_bounded_by_it():
    """1 = a + b: both are 0 or 1, so neither can be 2, which its protection asks for."""
    system = counts([1, 1, 0], [(0, [1, 2])], sensitive=np.array([False, True, False]))
    facts = attack(system, np.array([False, True, True])).facts
    assert [(fact.kind, fact.low, fact.high) for fact in facts] == [("interval", 0, 1)]
    assert determined(system.constraints, [1, 2]) == set()


def test_a_cover_that_is_too_small_leaves_an_interval_that_is_too_short():
    """A count of 30 that must go down by 5 cannot, beside a cover of 2 and zeros that are known."""
    inner = [[30, 90], [2, 70]]
    level = np.where(np.arange(9) == 0, 5.0, 0.0)
    system = grid(
        inner,
        sensitive=np.arange(9) == 0,
        lower_protection=level,
        upper_protection=level,
    )
    square = np.isin(np.arange(9), [0, 1, 3, 4])
    (fact,) = attack(system, square).facts
    assert (fact.kind, fact.low, fact.high) == ("interval", 0, 32)
    assert "its protection is 25 to 35" in fact.derivation


def test_a_triangle_of_sums_gives_its_corners_by_halves():
    """a + b = 3, b + c = 3, a + c = 2: no sum gives a cell, but half of all three together does."""
    values = [1, 2, 1, 3, 3, 2]
    sums = [(3, [0, 1]), (4, [1, 2]), (5, [0, 2])]
    system = counts(values, sums, sensitive=np.isin(np.arange(6), [0, 1, 2]))
    parts = np.arange(6) < 3
    assert found(system, parts) == {0, 1, 2} == determined(system.constraints, [0, 1, 2])
    facts = {fact.cell: fact for fact in attack(system, parts).facts}
    assert "1/2 times" in facts[0].derivation
    assert worked_out(facts[0].derivation) == (1, 1)
    wider = parts | (np.arange(6) == 5)
    assert found(system, wider) == set()


def test_a_single_contributor_works_out_the_only_other_withheld_cell():
    single = np.zeros(9, dtype=bool)
    single[0] = True
    system = grid([[1, 3], [8, 9]], sensitive=np.arange(9) < 2, single_contributor=single)
    square = np.isin(np.arange(9), [0, 1, 3, 4])
    facts = attack(system, square).facts
    assert {(fact.cell, fact.kind) for fact in facts} == {(1, "own")}
    assert facts[0].derivation == "the only contributor to cell 0 can work out cell 1"


def test_it_is_no_leak_when_a_third_cell_of_each_sum_is_withheld():
    single = np.zeros(16, dtype=bool)
    single[0] = True
    system = grid([[1, 3, 8], [8, 9, 7], [6, 7, 9]], single_contributor=single)
    pattern = suppress(system, budget_seconds=2)
    assert attack(system, pattern.suppressed).facts == ()
    for cell in withheld(system.sensitive & (np.arange(16) != 0)):
        informed = [c for c in withheld(pattern.suppressed) if c != 0]
        assert cell not in determined(system.constraints, informed)


@pytest.mark.parametrize("seed", range(6))
def test_single_contributors_work_out_what_fractions_find_from_their_cell(seed):
    rng = np.random.default_rng(seed)
    inner = (rng.random((3, 4)) ** 2 * 12).astype(int) + 1
    single = grid(inner).values == 1
    system = grid(inner, single_contributor=single)
    hidden = second_smallest(system)
    before = determined(system.constraints, withheld(hidden))
    expected = set()
    for own in withheld(single & hidden):
        if own not in before:
            rest = [cell for cell in withheld(hidden) if cell != own]
            expected |= determined(system.constraints, rest) - before
    expected = {cell for cell in expected if system.sensitive[cell]}
    assert found(system, hidden, "own") == expected
