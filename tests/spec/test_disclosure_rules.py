"""Rules that say which cells are sensitive, each worked by hand on a table of its own.

Every example names the contributions behind its cells, so that the sums can be followed on paper:
what the rule asks, what it finds, and how far an attacker's interval must reach.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from disclosure import (
    Dominance,
    MinimumContributors,
    PPercent,
    PriorPosterior,
    Threshold,
)
from disclosure.methods.rules import SAFE, dominance, prior_posterior, small_denominator
from disclosure.methods.treated import untreated
from disclosure.tables.contributions import facts
from disclosure.tables.drawn import draw
from publications.policies import PEOPLE


def paid(text: str, n: int = 2) -> pl.DataFrame:
    """The facts of each area, from contributions drawn as text: area, contributor, amount."""
    names, *rows = (line.split() for line in text.strip().splitlines())
    frame = pl.DataFrame(rows, schema=names, orient="row")
    whole = [c for c in ("amount",) if c in names]
    frame = frame.with_columns(pl.col(whole).cast(pl.Int64))
    if "weight" in names:
        frame = frame.with_columns(pl.col("weight").cast(pl.Float64))
    if "confidential" in names:
        frame = frame.with_columns(pl.col("confidential") == "yes")
    if "holding" in names:
        frame = frame.with_columns(pl.col("holding").replace("-", None))
    return facts(frame, ["area"], n).sort("area")


def table(found: pl.DataFrame):
    """The same facts as a table that methods treat."""
    columns = ["area", "value", "contributors", "largest", "largest_other"]
    lines = [" ".join("." if v is None else str(v) for v in row) for row in found[columns].rows()]
    return draw(" ".join(columns) + "\n" + "\n".join(lines))


def sensitive(method, drawn) -> list[str]:
    treated = method.treat(untreated(drawn))
    return [a for a, s in zip(drawn.cells["area"], treated.sensitive, strict=True) if s]


def protection(method, drawn) -> dict[str, tuple[int, int]]:
    cells = method.treat(untreated(drawn)).cells.drop_nulls("lower_protection")
    columns = cells.select("area", "lower_protection", "upper_protection")
    return {area: (lower, upper) for area, lower, upper in columns.iter_rows()}


# ---- threshold ----

STARTS = draw(
    """
    area   value
    Ashby  0
    Byley  1
    Corby  4
    Derby  5
    Ely    37
    """
)


def test_a_threshold_of_five_finds_one_to_four():
    assert sensitive(Threshold(5), STARTS) == ["Byley", "Corby"]


def test_a_count_under_the_threshold_must_be_possible_as_nothing_and_as_the_threshold():
    """Of Corby's 4: down by 4 to nothing, up by 1 to 5. Of Byley's 1: down by 1, up by 4."""
    assert protection(Threshold(5), STARTS) == {"Byley": (1, 4), "Corby": (4, 1)}


def test_zeros_are_sensitive_where_they_reveal_something():
    assert sensitive(Threshold(5, zeros=True), STARTS) == ["Ashby", "Byley", "Corby"]
    assert protection(Threshold(5, zeros=True), STARTS)["Ashby"] == (0, 5)


def test_a_higher_threshold_finds_at_least_as_much():
    before: set[str] = set()
    for minimum in (2, 3, 5, 6, 40):
        now = set(sensitive(Threshold(minimum), STARTS))
        assert before <= now
        before = now
    assert before == {"Byley", "Corby", "Derby", "Ely"}


# ---- the least number of contributors ----

OFFERS = """
    area  contributor amount
    Ashby alpha       70
    Byley alpha       40
    Byley beta        30
    Corby alpha       20
    Corby beta        20
    Corby gamma       10
"""


def test_cells_of_one_or_two_contributors_are_found_and_of_three_are_not():
    found = paid(OFFERS)
    assert found["contributors"].to_list() == [1, 2, 3]
    assert sensitive(MinimumContributors(3), table(found)) == ["Ashby", "Byley"]


def test_a_least_number_of_contributors_asks_for_the_same_range_whatever_the_value():
    levels = protection(MinimumContributors(3, reach=100), table(paid(OFFERS)))
    assert levels == {"Ashby": (69, 30), "Byley": (69, 30)}
    assert protection(MinimumContributors(3, reach=10), table(paid(OFFERS))) == {
        "Ashby": (69, 0), "Byley": (69, 0),
    }  # fmt: skip


def test_two_firms_of_one_holding_are_one_contributor():
    found = paid(
        """
        area  contributor holding amount
        Corby alpha       group   20
        Corby beta        group   20
        Corby gamma       -       10
        """
    )
    assert found["contributors"].to_list() == [2]
    assert sensitive(MinimumContributors(3), table(found)) == ["Corby"]


# ---- (n, k) dominance ----

GRANTS = """
    area  contributor amount
    Ashby alpha       860
    Ashby beta        100
    Ashby gamma       40
    Byley alpha       500
    Byley beta        400
    Byley gamma       100
    Corby alpha       400
    Corby beta        300
    Corby gamma       300
"""


def test_one_contributor_with_more_than_85_percent_dominates():
    """Of 1,000 in Ashby alpha has 860, which is 86 %."""
    assert sensitive(Dominance(1, 85), table(paid(GRANTS))) == ["Ashby"]


def test_two_contributors_with_more_than_85_percent_dominate():
    """Ashby 960, Byley 900, Corby 700 of 1,000 each."""
    assert sensitive(Dominance(2, 85), table(paid(GRANTS))) == ["Ashby", "Byley"]


def test_a_share_of_exactly_k_percent_does_not_dominate():
    """Byley's two largest have 90 % of it: at k = 90 it is safe, at 89 it is not."""
    assert sensitive(Dominance(2, 90), table(paid(GRANTS))) == ["Ashby"]
    assert sensitive(Dominance(2, 89), table(paid(GRANTS))) == ["Ashby", "Byley"]


def test_a_dominated_total_must_be_possible_at_the_size_at_which_it_would_be_safe():
    """860 is 85 % of 1,011.8: the figure must be possible at 1,012, which is 12 more."""
    assert protection(Dominance(1, 85), table(paid(GRANTS))) == {"Ashby": (12, 12)}


def test_the_three_largest_are_judged_from_their_sum():
    found = paid(GRANTS + "    Corby delta 200\n    Corby eps 100\n", n=3)
    value, top = found["value"].to_numpy(), found["top"].to_numpy()
    assert top.tolist() == [1000, 1000, 1000]
    assert value.tolist() == [1000, 1000, 1300]
    assert (dominance(value, top, 75)[0] != SAFE).tolist() == [True, True, True]
    assert (dominance(value, top, 80)[0] != SAFE).tolist() == [True, True, False]


# ---- p% ----

CLAIMS = """
    area  contributor amount
    Ashby alpha       500
    Ashby beta        300
    Ashby gamma       30
    Ashby delta       10
    Byley alpha       500
    Byley beta        300
    Byley gamma       60
    Corby alpha       90
    Derby alpha       40
    Derby beta        40
"""


def test_the_second_largest_subtracts_their_own_amount_and_is_too_close():
    """Ashby: beta knows 840 - 300 = 540 for alpha's 500: 40 too much, which is 8 % and under 10 %.

    Byley: 860 - 300 = 560, which is 12 % too much. Corby and Derby leave nothing besides.
    """
    assert sensitive(PPercent(10), table(paid(CLAIMS))) == ["Ashby", "Corby", "Derby"]


def test_at_p_of_the_very_remainder_a_cell_is_safe():
    """Byley's remainder is 60, which is 12 % of 500."""
    assert "Byley" not in sensitive(PPercent(12), table(paid(CLAIMS)))
    assert "Byley" in sensitive(PPercent(13), table(paid(CLAIMS)))


def test_the_protection_is_what_the_remainder_lacks_to_p_percent():
    """10 % of alpha's 500 is 50, 40 remain: 10 are lacking. Corby lacks 9 of 90, Derby 4 of 40."""
    levels = protection(PPercent(10), table(paid(CLAIMS)))
    assert levels == {"Ashby": (10, 10), "Corby": (9, 9), "Derby": (4, 4)}


def test_with_the_figure_off_by_its_protection_the_rival_is_no_longer_too_close():
    total, largest, second = 840, 500, 300
    for off, close in ((9, True), (10, False)):
        guess = total + off - second
        assert (100 * (guess - largest) < 10 * largest) == close


def test_public_bodies_are_not_protected_and_may_be_the_attacker():
    """In Ashby the council subtracts its 900 from 960 and has the firm's; in Corby 50 remain."""
    found = paid(
        """
        area  contributor amount confidential
        Ashby council     900    no
        Ashby firm        60     yes
        Byley council     900    no
        Corby firm        60     yes
        Corby trust       50     yes
        Corby council     900    no
        """
    )
    assert found["largest"].to_list() == [60, None, 60]
    assert found["largest_other"].to_list() == [900, 900, 900]
    assert sensitive(PPercent(10), table(found)) == ["Ashby"]


def test_members_of_a_holding_combine_what_they_know():
    """Alone beta has 300; with gamma of the same holding 330, and only delta's 10 remain."""
    found = paid(
        """
        area  contributor holding amount
        Ashby alpha       -       500
        Ashby beta        south   300
        Ashby gamma       south   30
        Ashby delta       -       10
        """
    )
    assert found["largest_other"].to_list() == [330]
    assert protection(PPercent(10), table(found)) == {"Ashby": (40, 40)}


def test_a_respondent_who_represents_several_is_not_alone():
    """alpha represents three: two are the largest, and 100 remain. But only one responded."""
    found = paid(
        """
        area  contributor weight amount
        Ashby alpha       3      100
        Byley alpha       1      100
        """
    )
    assert found["value"].to_list() == [300, 100]
    assert found["contributors"].to_list() == [1, 1]
    assert sensitive(PPercent(10), table(found)) == ["Byley"]


# ---- pq ----


def test_prior_knowledge_of_the_others_gives_a_closer_estimate():
    """Byley: 60 remain. Known to within half beforehand, only 30 of these are in doubt."""
    assert "Byley" not in sensitive(PPercent(10), table(paid(CLAIMS)))
    assert "Byley" in sensitive(PriorPosterior(10, 50), table(paid(CLAIMS)))


def test_the_protection_of_pq_is_what_is_lacking_divided_by_q():
    """Byley: 10 % of 500 is 50; half of 60 is 30; 20 are lacking, and 20 / 0.5 is 40."""
    assert protection(PriorPosterior(10, 50), table(paid(CLAIMS)))["Byley"] == (40, 40)


@pytest.mark.parametrize(("q", "safe"), [(100, True), (84, True), (83, False), (40, False)])
def test_pq_with_less_prior_doubt_finds_more(q, safe):
    """10 % of 500 is 50, and q % of the 60 that remain must reach it: q of 83.3."""
    lower, _ = prior_posterior(np.array([860]), np.array([500]), np.array([300]), 10, q)
    assert (lower[0] == SAFE) == safe


def test_pq_with_q_of_a_hundred_is_p_percent():
    found = paid(CLAIMS)
    columns = [found[name].to_numpy() for name in ("value", "largest")]
    second = found["largest_other"].fill_null(0).to_numpy()
    for p in (1, 5, 10, 20):
        one = prior_posterior(*columns, second, p)
        other = prior_posterior(*columns, second, p, 100)
        assert one[0].tolist() == other[0].tolist()
        assert one[1].tolist() == other[1].tolist()


# ---- rates ----


def test_a_rate_over_fewer_than_thirty_is_withheld():
    """Of 3 people 33.3 % is one person, of 29 3.4 % is; of 30 it is withheld no more."""
    least = PEOPLE.minimum_denominator
    assert small_denominator(np.array([0, 3, 29, 30, 400]), least).tolist() == [
        True, True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize("denominator", [1, 3, 7, 12])
def test_a_rate_over_few_reveals_its_count_and_over_many_does_not(denominator):
    """At whole percents every count of at most a dozen has a percentage of its own; of 250 not."""
    few = {round(100 * n / denominator) for n in range(denominator + 1)}
    many = {round(100 * n / 250) for n in range(251)}
    assert len(few) == denominator + 1
    assert len(many) < 251
    assert small_denominator(np.array([denominator]), PEOPLE.minimum_denominator)[0]
