"""Rules for settings and for money, by drawn example."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from disclosure import (
    ComplementarySuppression,
    Dominance,
    MinimumContributors,
    PPercent,
    TableSystem,
    protect,
    suppress,
    verify,
)
from disclosure.attacker.one_system import attack
from disclosure.errors import CertificateError, ExposureError
from disclosure.methods.complementary import figures, system
from disclosure.methods.treated import untreated
from disclosure.tables.drawn import draw

SETTINGS = draw(
    """
    area   value contributors
    Total  44    61
    E1     21    30
    E2     4     2
    E3     6     9
    W1     13    20
    """,
    area="Total: E1 E2 E3 W1",
)
STAFF = (MinimumContributors(minimum=3, reach=9), ComplementarySuppression())


def values(table, methods) -> dict[str, int | None]:
    return dict(protect(table, methods).cells.select("area", "value").iter_rows())


def test_settings_of_two_members_of_staff_are_withheld_and_the_cheapest_beside_them():
    assert values(SETTINGS, STAFF) == {
        "Total": 44, "E1": 21, "E2": None, "E3": None, "W1": 13,
    }  # fmt: skip


def test_a_cover_is_known_to_be_at_least_one_and_may_be_too_small():
    """E2 and E3 are 10 together, and a withheld E3 of 0 would be published: E2 is 9 at most."""
    wider = (MinimumContributors(minimum=3, reach=10), ComplementarySuppression())
    assert values(SETTINGS, wider) == {"Total": 44, "E1": 21, "E2": None, "E3": 6, "W1": None}


def test_every_figure_that_is_shown_is_exact():
    true = dict(SETTINGS.cells.select("area", "value").iter_rows())
    assert all(v in (None, true[a]) for a, v in values(SETTINGS, STAFF).items())


def test_withholding_one_cell_alone_is_refused():
    with pytest.raises(ExposureError, match="is withheld but can be calculated"):
        protect(SETTINGS, STAFF[:1])


def test_a_cell_without_contributors_is_published():
    table = draw("area value contributors\nTotal 5 5\nA 5 5\nB 0 0", area="Total: A B")
    assert values(table, STAFF)["B"] == 0


REGIONS = {"P": ["P1"], "Q": ["Q1", "Q2"], "S": ["S1", "S2", "S3"]}
TEAMS = {"Mental": ["m1", "m2", "m3"], "Other": ["o2", "o3"]}
SURGERIES = {
    "P1": (0, 1, 1, 1, 0), "Q1": (0, 1, 1, 1, 0), "Q2": (0, 1, 0, 0, 1),
    "S1": (0, 2, 0, 0, 2), "S2": (0, 1, 1, 1, 0), "S3": (1, 1, 1, 2, 1),
}  # fmt: skip
SPECIALISTS = {"P1": 1, "Q1": 1, "Q2": 3, "S1": 1, "S2": 3, "S3": 3}


def levels(groups: dict[str, list[str]], total: str) -> dict[str, list[str]]:
    """Return the codes of one dimension, each with its leaves."""
    leaves = [leaf for group in groups.values() for leaf in group]
    return {total: leaves} | groups | {leaf: [leaf] for leaf in leaves}


def sums(groups: dict[str, list[str]], total: str) -> str:
    return "; ".join(
        f"{code}: {' '.join(parts)}" for code, parts in {total: [*groups], **groups}.items()
    )


def small_regions():
    """Small regions, two of them with an area of one specialist, by type of team."""
    at = {team: place for place, team in enumerate(team for g in TEAMS.values() for team in g)}
    lines = [
        f"{area} {team} {sum(SURGERIES[a][at[t]] for a, t in product(areas, teams))} "
        f"{sum(SPECIALISTS[a] for a in areas)}"
        for (area, areas), (team, teams) in product(
            levels(REGIONS, "All").items(), levels(TEAMS, "Any").items()
        )
    ]
    return draw(
        "\n".join(["area team value contributors", *lines]),
        area=sums(REGIONS, "All"),
        team=sums(TEAMS, "Any"),
    )


def known_to(own: tuple[str, str] | None, table, methods) -> set[tuple[str, str]]:
    """Return the withheld cells that have one possible value for who knows `own`, or for all."""
    cells = protect(table, methods).cells
    withheld = {(area, team) for area, team, *_, status in cells.iter_rows() if status == "c"}
    whole = system(untreated(table))
    keys = table.cells.select("area", "team").rows()
    unknown = np.array([key in withheld - {own} for key in keys])
    low, high = np.where(unknown, 0, whole.values), np.where(unknown, 100, whole.values)

    def farthest(cell: int, way: int) -> int:
        answer = milp(
            way * (np.arange(len(keys)) == cell),
            constraints=LinearConstraint(whole.constraints, 0, 0),
            integrality=np.ones(len(keys)),
            bounds=Bounds(low, high),
        )
        return round(answer.x[cell])

    return {keys[c] for c in np.flatnonzero(unknown) if farthest(c, 1) == farthest(c, -1)}


def test_an_only_specialist_cannot_work_out_what_another_one_does_in_whole_numbers():
    """Sums leave P1 and Q1 free of each other; whole numbers that are never below 0 tie them."""
    table = small_regions()
    rows = table.cells.select("area", "team", "value").rows()
    elsewhere = {(area, team) for area, team, value in rows if value and area not in {"P", "P1"}}
    assert not known_to(("P1", "m3"), table, STAFF) & elsewhere


def test_no_withheld_figure_above_zero_has_one_possible_value():
    """A cover that can be calculated is none: whole numbers once left S two such figures."""
    table = small_regions()
    values = {
        (area, team): value
        for area, team, value in table.cells.select("area", "team", "value").rows()
    }
    assert {values[cell] for cell in known_to(None, table, STAFF)} <= {0}


FUNDING = draw(
    """
    area   statistic value contributors largest largest_other
    Total  claimed   950   14           300     250
    E1     claimed   400   5            300     50
    E2     claimed   300   5            100     90
    E3     claimed   250   4            90      70
    Total  paid      500   14           200     100
    E1     paid      200   5            60      60
    E2     paid      200   5            80      60
    E3     paid      100   4            30      30
    """,
    area="Total: E1 E2 E3",
)


def test_an_amount_that_a_rival_could_estimate_is_withheld():
    """Of E1, 50 remain beside the two largest; the second estimates the largest to within 20 %."""
    cells = protect(FUNDING, [PPercent(p=20), ComplementarySuppression()]).cells
    hidden = cells.filter(status="c").select("area", "statistic")
    assert set(hidden.iter_rows()) == {("E1", "claimed"), ("E3", "claimed")}


def test_a_firm_that_claimed_nothing_is_public_and_no_rule_for_amounts_hides_it():
    """Of nothing, nobody has a share: the zero is published, and no cell has to stand beside it."""
    table = draw(
        """
        area  value contributors largest largest_other
        Total 900   9            200     100
        A     0     1            0       .
        B     400   4            150     100
        C     500   5            200     100
        """,
        area="Total: A B C",
    )
    for rule in (PPercent(10), Dominance(1, 85), Dominance(2, 85)):
        assert values(table, [rule, ComplementarySuppression()])["A"] == 0


ZERO_OF_A_FIRM = TableSystem(
    values=np.array([90, 0, 50, 40]),
    constraints=csr_matrix([[1, -1, -1, -1]]),
    sensitive=np.array([False, True, True, False]),
    lower_protection=np.array([0, 0, 5, 0]),
    upper_protection=np.array([0, 5, 5, 0]),
    cost=np.array([90, 0, 50, 40]),
    publish=np.zeros(4, dtype=bool),
    single_contributor=np.array([False, True, False, False]),
    labels=["Total", "A", "B", "C"],
)
"""The only firm of A claimed nothing, which a rule calls sensitive, and B is sensitive too."""


@pytest.mark.parametrize("integer", [True, False], ids=["counts", "amounts"])
def test_the_firm_behind_a_sensitive_zero_knows_it_and_may_not_work_out_another(integer):
    """With A and B withheld alone the firm of A has 90 - 40 - 0 = 50 for B."""
    table = replace(ZERO_OF_A_FIRM, integer=integer)
    alone = np.array([False, True, True, False])
    assert (2, "own") in [(f.cell, f.kind) for f in attack(table, alone).facts]
    for protection in ("exact", "interval"):
        pattern = suppress(table, protection)
        verify(table, pattern.suppressed, pattern.certificate)
        assert pattern.suppressed.sum() > 2
        assert "own" not in [f.kind for f in attack(table, pattern.suppressed).facts]


@pytest.mark.parametrize("integer", [True, False], ids=["counts", "amounts"])
def test_verify_refuses_what_the_attack_finds_of_a_sensitive_zero(integer):
    """The certificate of a system in which nobody knows the zero does not pass."""
    table = replace(ZERO_OF_A_FIRM, integer=integer)
    pattern = suppress(replace(table, single_contributor=None), "exact")
    assert pattern.suppressed.tolist() == [False, True, True, False]
    with pytest.raises(CertificateError):
        verify(table, pattern.suppressed, pattern.certificate)


def test_the_protection_is_what_the_rule_lacks():
    treated = PPercent(p=20).treat(untreated(FUNDING))
    row = treated.cells.filter(area="E1", statistic="claimed")
    assert row["upper_protection"].to_list() == [10]  # 20 % of 300 is 60; 50 remain


def test_one_body_with_most_of_a_total_is_withheld():
    table = draw("area value largest\nA 100 86\nB 100 85")
    treated = Dominance(n=1, k=85).treat(untreated(table))
    assert treated.cells["status"].to_list() == ["c", ""]


def test_a_planted_leak_is_found_and_described():
    treated = MinimumContributors(3).treat(untreated(SETTINGS))
    table = system(treated)
    facts = attack(table, treated.withheld[figures(treated)]).facts
    assert [fact.derivation for fact in facts] == [
        "count (area=E2): count (area=Total) (44) minus count (area=E1) (21) "
        "minus count (area=E3) (6) minus count (area=W1) (13) is 4"
    ]
