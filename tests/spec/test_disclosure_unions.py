"""Several withheld cells together: a published total less the safe cells is a figure as well.

Every example names the contributions behind its cells, so that the sums can be followed on paper.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from disclosure import (
    ComplementarySuppression,
    Dominance,
    PPercent,
    protect,
)
from disclosure.errors import CertificateError, ExposureError, TableError
from disclosure.methods.changes import ShownToDate, change_levels, changes_given_away
from disclosure.methods.treated import untreated
from disclosure.methods.unions import sensitive_unions
from disclosure.protection.kept_certificates import as_bytes, verify_again
from disclosure.protection.protect import protect_and_prove
from disclosure.tables.drawn import draw

SUPPRESS = ComplementarySuppression()
TENTH = (PPercent(10), SUPPRESS)

CLAIMS = draw(
    """
    area  value contributors largest largest_other
    Total 616   10           120     110
    A     100   2            98      2
    B     16    2            15      1
    Safe  500   6            120     110
    """,
    area="Total: A B Safe",
)
"""A pays alpha 98 and delta 2, B pays beta 15 and gamma 1."""


def shown(table, methods) -> dict[str, int | None]:
    return dict(protect(table, methods).cells.select("area", "value").iter_rows())


def unions(table, methods, *withheld: str) -> list[tuple[set[str], int, int]]:
    """The sensitive unions when these areas are withheld, each with its protection."""
    treated = untreated(table)
    for method in methods:
        treated = method.treat(treated)
    found = sensitive_unions(treated, table.cells["area"].is_in(withheld).to_numpy())
    return [({table.cells["area"][r] for r in u.rows}, u.lower, u.upper) for u in found]


def test_a_total_less_its_safe_part_must_pass_the_rule_too():
    """616 - 500 = 116 for A and B; beta takes off 15 and has alpha at 101, asked for is 107.8.

    Beside 98 and 15 there remain 3, and 10 % of 98 is 9.8: 6.8 are lacking, so 7.
    """
    assert unions(CLAIMS, TENTH[:1], "A", "B") == [({"A", "B"}, 7, 7)]


def test_more_is_withheld_until_the_union_passes():
    """With Safe withheld as well, the sums give 616 alone, which is a safe total."""
    assert shown(CLAIMS, TENTH) == {"Total": 616, "A": None, "B": None, "Safe": None}


def test_a_part_that_lacks_too_little_is_not_enough():
    """C adds 4 of one contributor: 7 remain beside 98 and 15, which is still under 9.8."""
    table = draw(
        """
        area  value contributors largest largest_other
        Total 640   14           120     110
        A     100   2            98      2
        B     16    2            15      1
        C     8     2            4       4
        D     16    4            5       4
        Safe  500   6            120     110
        """,
        area="Total: A B C D Safe",
    )
    # with C 124: 98 and 15 leave 11, which is enough; without it 116 leave 3
    assert unions(table, TENTH[:1], "A", "B", "C") == []
    hidden = {area for area, value in shown(table, TENTH).items() if value is None}
    assert hidden == {"A", "B", "C"}


def test_dominance_judges_unions_as_well():
    """Of 116 alpha has 98, which is 84.5 %: at 85 % it is safe, at 84 % it is 116.67 that are."""
    assert unions(CLAIMS, (Dominance(1, 85),), "A", "B") == []
    assert unions(CLAIMS, (Dominance(1, 84),), "A", "B") == [({"A", "B"}, 1, 1)]


PAID = """
    area contributor amount
    A    alpha       50
    A    beta        20
    A    gamma       20
    B    alpha       50
    B    beta        20
    B    delta       1
    C    epsilon     60
    C    zeta        60
    C    eta         60
"""


def contributed(text: str, **codes: str):
    """A table of areas with a total, from contributions drawn as text."""
    names, *lines = (line.split() for line in text.strip().splitlines())
    rows = pl.DataFrame(lines, schema=names, orient="row").cast({"amount": pl.Int64})
    parts = [rows, rows.with_columns(area=pl.lit("Total"))]
    given = (
        pl.concat(parts)
        .group_by("area", "contributor", maintain_order=True)
        .agg(pl.col("amount").sum())
    )
    ranked = given.sort("amount", descending=True).group_by("area", maintain_order=True)
    facts = ranked.agg(
        pl.col("amount").sum().alias("value"),
        pl.len().alias("contributors"),
        pl.col("amount").first().alias("largest"),
        pl.col("amount").slice(1).max().fill_null(0).alias("other"),
    ).sort("area")
    words = ["area value contributors largest largest_other"]
    drawn = draw("\n".join([*words, *(" ".join(map(str, r)) for r in facts.rows())]), **codes)
    told = given.with_columns(statistic=pl.lit("count"), confidential=pl.lit(value=True))
    return replace(drawn, contributions=told)


def test_a_contributor_in_both_cells_is_added_up():
    """Alpha has 100 and beta 40 of 161: 21 remain, a fifth of 100 is 20 and a quarter is 25.

    Taken for two contributors of 50, 61 would remain.
    """
    table = contributed(PAID, area="Total: A B C")
    assert unions(table, (PPercent(20),), "A", "B") == []
    assert unions(table, (PPercent(25),), "A", "B") == [({"A", "B"}, 4, 4)]
    assert unions(replace(table, contributions=None), (PPercent(25),), "A", "B") == []


def test_contributions_that_do_not_add_up_are_refused():
    table = contributed(PAID, area="Total: A B C")
    with pytest.raises(TableError, match="contributions do not add to the value"):
        replace(table, contributions=table.contributions.head(2))


def test_contributions_without_a_column_are_refused_and_the_column_is_named():
    table = contributed(PAID, area="Total: A B C")
    with pytest.raises(TableError, match="the contributions have no amount, contributor"):
        replace(table, contributions=table.contributions.drop("amount", "contributor"))


NESTED = draw(
    """
    area  value contributors largest largest_other
    All   770   20           120     110
    North 190   9            98      30
    South 80    7            20      15
    Far   500   6            120     110
    A     100   2            98      2
    B     90    7            30      30
    C     16    2            15      1
    D     64    5            20      15
    """,
    area="All: North South Far; North: A B; South: C D",
)


def test_withheld_totals_are_replaced_by_their_withheld_parts():
    """770 - 500 gives North and South, which are safe; less B and D it gives A and C: 116."""
    found = unions(NESTED, TENTH[:1], "North", "South", "A", "C")
    assert found == [({"A", "C"}, 7, 7)]


def test_a_pattern_that_leaves_a_sensitive_union_is_refused():
    treated = PPercent(10).treat(untreated(CLAIMS))
    assert treated.withheld.tolist() == [False, True, True, False]
    with pytest.raises(ExposureError, match="the sum of .* and would give a contributor away"):
        protect(CLAIMS, TENTH[:1])


def test_the_certificate_alone_does_not_pass_a_sensitive_union():
    """Each cell has its interval, as before the union was judged; `verify` says what is missing."""
    loose = protect_and_prove(replace(CLAIMS), [ThePercentOfCells(10), SUPPRESS])
    hidden = loose[0].cells.filter(status="c")["area"].to_list()
    assert hidden == ["A", "B"]
    with pytest.raises(CertificateError, match="would give a contributor away"):
        verify_again(CLAIMS, TENTH, loose[0], as_bytes(loose[1], loose[0].fingerprint))
    made = protect_and_prove(CLAIMS, TENTH)
    verify_again(CLAIMS, TENTH, made[0], as_bytes(made[1], made[0].fingerprint))


class ThePercentOfCells(PPercent):
    """The p% rule for single cells only, which does not say that it is a rule for amounts."""

    amount_rule = None

    def treat(self, table):
        return replace(super().treat(table), rules=())


def test_cells_that_readers_had_are_withheld_again_for_a_sensitive_union():
    standing = CLAIMS.cells.filter(pl.col("area").is_in(["Total", "Safe"]))
    table, _ = protect_and_prove(CLAIMS, TENTH, standing.select("area", "statistic"))
    assert table.cells.filter(status="c").height == 3


def test_cells_far_from_a_sensitive_union_stay_as_readers_had_them():
    far = draw(
        """
        area  value contributors largest largest_other
        All   916   22           120     110
        North 616   10           120     110
        Far   300   12           60      60
        A     100   2            98      2
        B     16    2            15      1
        Safe  500   6            120     110
        X     150   6            40      40
        Y     150   6            40      40
        """,
        area="All: North Far; North: A B Safe; Far: X Y",
    )
    standing = far.cells.filter(~pl.col("area").is_in(["A", "B"]))
    table, _ = protect_and_prove(far, TENTH, standing.select("area", "statistic"))
    assert set(table.cells.filter(status="c")["area"]) == {"A", "B", "Safe"}


@pytest.mark.slow
def test_no_rival_estimates_from_any_sum_in_random_lists():
    """Over 60 drawn lists, every union that the total gives leaves each firm its tenth."""
    random = np.random.default_rng(7)
    for _ in range(60):
        firms = [
            (area, f"f{firm}", int(amount))
            for area in "ABCDE"
            for firm, amount in enumerate(random.integers(0, 120, size=6) ** 2 // 100)
            if amount and random.random() < 0.6
        ]
        lines = ["area contributor amount", *(" ".join(map(str, firm)) for firm in firms)]
        areas = sorted({firm[0] for firm in firms})
        table = contributed("\n".join(lines), area=f"Total: {' '.join(areas)}")
        hidden = {area for area, value in shown(table, TENTH).items() if value is None}
        own: dict[str, int] = {}
        for area, firm, amount in firms:
            own[firm] = own.get(firm, 0) + amount * (area in hidden)
        ranked = sorted(own.values(), reverse=True)
        if "Total" not in hidden and ranked and ranked[0]:
            assert 10 * sum(ranked[2:]) >= ranked[0]


FIRST_QUARTER = """
    area contributor amount
    A    alpha       100
    A    beta        100
    A    gamma       100
    B    delta       300
    B    epsilon     300
    B    zeta        300
    C    eta         500
    C    theta       500
    C    iota        500
"""
TO_DATE = """
    area contributor amount
    A    alpha       190
    A    beta        102
    A    gamma       101
    B    delta       390
    B    epsilon     390
    B    zeta        390
    C    eta         590
    C    theta       590
    C    iota        590
"""


def shown_then(*areas: str) -> ShownToDate:
    table = contributed(FIRST_QUARTER, area="Total: A B C")
    keys = table.cells.select("area", "statistic").filter(pl.col("area").is_in(areas))
    return ShownToDate(table, keys)


def test_what_was_added_since_an_earlier_release_must_pass_the_rule_too():
    """393 - 300 = 93 in A: 90 of alpha, 2 of beta, 1 of gamma. 9 are asked for, so 8 are lacking.

    The figures themselves are safe: beside 190 and 102 there remain 101, and 100 beside 100 twice.
    """
    now = contributed(TO_DATE, area="Total: A B C")
    assert shown(now, TENTH)["A"] == 393
    lower, upper = change_levels(now, TENTH[:1], shown_then("A", "B", "C", "Total"))
    found = dict(zip(now.cells["area"], zip(lower, upper, strict=True), strict=True))
    assert found == {"A": (8, 8), "B": (-1, -1), "C": (-1, -1), "Total": (-1, -1)}


def test_the_figure_of_now_is_withheld_and_one_beside_it():
    now = contributed(TO_DATE, area="Total: A B C")
    table, _ = protect_and_prove(now, TENTH, None, [shown_then("A", "B", "C", "Total")])
    assert table.cells.filter(status="c")["area"].to_list() == ["A", "B"]
    assert protect_and_prove(now, TENTH, None, [shown_then("B", "C", "Total")])[0] == protect(
        now, TENTH
    )


def test_a_change_that_both_releases_show_is_reported_in_words():
    now = contributed(TO_DATE, area="Total: A B C")
    then, everything = shown_then("A", "B"), np.ones(4, dtype=bool)
    facts = changes_given_away(now, TENTH[:1], then, everything)
    assert [fact.split(" now,")[0] for fact in facts] == ["count (area=A)"]
    withheld = (now.cells["area"] != "A").to_numpy()
    assert changes_given_away(now, TENTH[:1], then, withheld) == []


def test_a_claim_that_was_taken_back_is_a_change_of_its_contributor():
    """Alpha has 60 less and nothing else changed: the change is alpha's alone."""
    less = contributed(
        FIRST_QUARTER.replace("alpha       100", "alpha       40"), area="Total: A B C"
    )
    found = changes_given_away(less, TENTH[:1], shown_then("A"), np.ones(4, dtype=bool))
    assert len(found) == 1


def test_the_change_of_a_figure_whose_contributors_are_not_known_is_not_judged():
    now, then = contributed(TO_DATE, area="Total: A B C"), shown_then("A", "B", "C", "Total")
    for rows, earlier in (
        (replace(now, contributions=None), then),
        (now, replace(then, cells=replace(then.cells, contributions=None))),
    ):
        lower, upper = change_levels(rows, TENTH[:1], earlier)
        assert set(lower) == set(upper) == {-1}


def test_a_rule_of_another_statistic_does_not_judge_a_change():
    now, then = contributed(TO_DATE, area="Total: A B C"), shown_then("A")
    elsewhere = PPercent(10, statistics=("funding_claimed",))
    assert changes_given_away(now, (elsewhere,), then, np.ones(4, dtype=bool)) == []
    assert len(changes_given_away(now, (elsewhere, TENTH[0]), then, np.ones(4, dtype=bool))) == 1


def test_amounts_of_public_bodies_alone_make_no_union_and_no_change_sensitive():
    table, now = (contributed(text, area="Total: A B C") for text in (PAID, TO_DATE))
    then = shown_then("A", "B", "C", "Total")
    assert unions(table, (PPercent(25),), "A", "B")
    assert unions(public(table), (PPercent(25),), "A", "B") == []
    before = replace(then, cells=public(then.cells))
    assert changes_given_away(public(now), TENTH[:1], before, np.ones(4, dtype=bool)) == []


def public(table):
    """The table as if nobody's contribution were confidential."""
    open_to_all = table.contributions.with_columns(confidential=pl.lit(value=False))
    none = table.cells.with_columns(largest=pl.lit(None, dtype=pl.Int64))
    return replace(table, cells=none, contributions=open_to_all)
