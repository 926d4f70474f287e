"""What a reader who knows the rule, every zero and all sums can say of a withheld count."""

from __future__ import annotations

import random

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from disclosure import CellTable, ComplementarySuppression, MinimumContributors, protect
from disclosure.methods.complementary import system
from disclosure.methods.treated import untreated
from disclosure.tables.drawn import draw

REACH = 10
RULE = MinimumContributors(minimum=3, reach=REACH)
STAFF = (RULE, ComplementarySuppression())
MOST = 10_000.0
SEEDS = [*range(4), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(4, 24))]


def possible(table: CellTable, withheld: np.ndarray, cell: int) -> tuple[int, int]:
    """Return the least and greatest count that fits for a reader who knows which are zero."""
    whole = system(untreated(table))
    unknown = withheld & (whole.values > 0)
    low, high = np.where(unknown, 1, whole.values), np.where(unknown, MOST, whole.values)
    least, most = (
        milp(
            way * (np.arange(len(whole)) == cell),
            constraints=LinearConstraint(whole.constraints, 0, 0),
            integrality=np.ones(len(whole)),
            bounds=Bounds(low, high),
        ).x[cell]
        for way in (1, -1)
    )
    return round(least), round(most)


def withheld_in(table: CellTable) -> np.ndarray:
    """Return whether each cell of the table is withheld once it is protected."""
    keys = [*table.dimensions, "statistic"]
    shown = protect(table, STAFF).cells
    joined = table.cells.select(keys).join(shown, on=keys, how="left", maintain_order="left")
    return (joined["status"] == "c").to_numpy()


def guarded(table: CellTable) -> tuple[np.ndarray, np.ndarray]:
    """Return the cells that the rule finds sensitive, and what each is at least by its parts."""
    found = RULE.treat(untreated(table))
    least = found.cells["value"] - found.cells["lower_protection"].fill_null(0)
    return np.flatnonzero(found.sensitive), least.to_numpy()


def narrowed(table: CellTable, withheld: np.ndarray) -> set[int]:
    """Return the cells of the rule of which a reader can rule out a count that it promises."""
    values = table.cells["value"].to_numpy()
    found = set()
    cells, promised = guarded(table)
    for cell in cells.tolist():
        least, most = possible(table, withheld, cell)
        if least > promised[cell] or most < max(REACH, values[cell]):
            found.add(cell)
    return found


PAIR = draw(
    """
    area  value contributors
    All   48    40
    North 8     3
    South 40    37
    A     4     1
    B     4     2
    C     25    20
    D     15    17
    """,
    area="All: North South; North: A B; South: C D",
)
"""Two areas that cover one another: when each could be doubled, each was half of 8."""


def test_two_areas_that_cover_one_another_are_not_half_of_their_total():
    codes = PAIR.cells["area"].to_list()
    only_the_pair = np.isin(codes, ["A", "B"])
    assert possible(PAIR, only_the_pair, codes.index("A")) == (1, 7)
    assert narrowed(PAIR, only_the_pair) == {codes.index("A"), codes.index("B")}
    withheld = withheld_in(PAIR)
    assert withheld[codes.index("North")]
    assert narrowed(PAIR, withheld) == set()


def world(seed: int) -> CellTable:
    """Draw the counts of six areas in two regions by three kinds of team, some with few staff."""
    draws = random.Random(seed)
    areas = {"N": ["n1", "n2", "n3"], "S": ["s1", "s2", "s3"]}
    teams = ["GP", "MH", "EIP"]
    staff = {a: draws.choice([1, 2, 6]) for group in areas.values() for a in group}
    count = {
        (a, t): draws.choice([0, 1, 2, 5, 9]) if staff[a] < 3 else draws.randint(0, 30)
        for a in staff
        for t in teams
    }
    levels = {"All": [*staff], **areas, **{a: [a] for a in staff}}
    lines = [
        f"{code} {team} "
        f"{sum(count[a, t] for a in leaves for t in (teams if team == 'Any' else [team]))} "
        f"{sum(staff[a] for a in leaves)}"
        for code, leaves in levels.items()
        for team in ["Any", *teams]
    ]
    return draw(
        "\n".join(["area team value contributors", *lines]),
        area="All: N S; N: n1 n2 n3; S: s1 s2 s3",
        team="Any: GP MH EIP",
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_a_reader_who_knows_the_rule_and_every_zero_rules_out_no_count_up_to_the_reach(seed):
    table = world(seed)
    assert narrowed(table, withheld_in(table)) == set()


def test_some_covering_count_is_needed_or_the_reader_would_rule_some_out():
    """So the test above can fail."""
    table = world(1)
    withheld = withheld_in(table)
    above_zero = np.flatnonzero(withheld & (table.cells["value"] > 0).to_numpy())
    beside = np.setdiff1d(above_zero, guarded(table)[0])
    every = np.arange(len(withheld))
    assert any(narrowed(table, withheld & (every != cell)) for cell in beside.tolist())


def test_an_only_specialist_may_know_all_counts_of_their_own_area():
    """Mental health teams are 2, one of each kind: whoever knows the sum knows its parts."""
    table = draw(
        """
        area team value contributors
        All  Any  62    21
        All  GP   30    21
        All  MH   32    21
        All  m1   16    21
        All  m2   16    21
        A    Any  6     1
        A    GP   4     1
        A    MH   2     1
        A    m1   1     1
        A    m2   1     1
        B    Any  56    20
        B    GP   26    20
        B    MH   30    20
        B    m1   15    20
        B    m2   15    20
        """,
        area="All: A B",
        team="Any: GP MH; MH: m1 m2",
    )
    cells = protect(table, STAFF).cells
    assert (cells.filter(area="A")["status"] == "c").all()
