"""How likely a small count may be, worked on paper; and what a 0 beside other figures says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from disclosure import (
    CellKey,
    Distribution,
    Method,
    PerturbationTable,
    Phrase,
    Reading,
    Round,
    ShownRelease,
    ShownTable,
    WithholdCertain,
    attack_release,
    design,
    protect,
)
from disclosure.errors import DesignError, ExposureError
from disclosure.perturbation.splits import UNKNOWN, beliefs
from disclosure.tables.cells import KEY_MODULUS
from disclosure.tables.drawn import draw

HALF = KEY_MODULUS // 2
PAIRS = PerturbationTable(2, ((0,), (-1, 1)), ((KEY_MODULUS,), (HALF, HALF)))
"""Even counts stay; odd ones go up or down by one, with equal chances."""
FIVES = design(5, 8.0, 9)


def test_two_parts_and_a_total_of_two_on_paper():
    """A part shown as 2 is 1, 2 or 3, with weights 1/2, 1, 1/2; so is the other, and so the total.

    Together: 1 and 1 are 2, which stays (1/4); 1 and 2 are 3, shown as 2 half the time (1/4); the
    same with 2 and 1. So a part is 1 in two of three equal cases: a chance of 2/3.
    """
    split = beliefs(PAIRS, (2, 2), 2)
    assert split.parts[2].small == pytest.approx(2 / 3)
    assert split.total.small == split.parts[2].zero == 0


def test_a_part_of_0_beside_a_part_of_2_in_a_total_of_0_is_zero_for_certain_on_paper():
    """The total is 0 or 1 and the other part at least 1, so nothing is left for this one."""
    assert beliefs(PAIRS, (0, 2), 0).parts[0].zero == 1


def test_a_withheld_part_of_a_total_of_2_on_paper():
    """The total is 1, 2 or 3 (1/2, 1, 1/2), the part shown as 0 is 0 or 1 (1, 1/2).

    What is left for the other: 0 from 1 - 1 (1/4), 1 from 1 - 0 and 2 - 1 (1/2 + 1/2), 2 from 2 - 0
    and 3 - 1 (1 + 1/4), 3 from 3 - 0 (1/2). That is 1/4 of 3 for zero and 1 of 3 for one.
    """
    hidden = beliefs(PAIRS, (UNKNOWN, 0), 2).parts[UNKNOWN]
    assert (hidden.zero, hidden.small) == (pytest.approx(1 / 12), pytest.approx(1 / 3))


def test_a_0_whose_total_and_only_other_part_differ_may_well_be_zero():
    """With one key for the same people it could not be: then equal people had equal figures."""
    chances = {
        (other, total): beliefs(FIVES, (0, other), total).parts[0].zero
        for other, total in ((5, 10), (10, 15), (15, 20), (15, 10), (10, 5))
    }
    assert min(chances.values()) > 0.19
    assert max(chances.values()) < 0.5


def test_of_all_splits_in_two_only_a_few_that_hardly_occur_reach_95_in_100():
    """Figures from 20 on all behave like 20. These splits are withheld; the next has 94.9."""
    shown = range(0, 25, 5)
    reached = {
        (part, other, total)
        for part in shown
        for other in shown
        for total in range(0, 50, 5)
        for belief in [beliefs(FIVES, tuple(sorted((part, other))), total).parts[part]]
        if max(belief.small, belief.zero) >= 0.95
    }
    assert reached == {(5, 15, 0), (5, 20, 5), (10, 15, 0), (10, 20, 5)}


SPLIT = "area value cell_key\nAll 24 {all}\nA 4 {a}\nB 20 {b}"


def key_for(count: int, figure: int) -> int:
    """Return the first key with which a count is published as the figure."""
    keys = np.array(FIVES.lookup[1][FIVES.row(np.array([count]))[0]])
    shown = FIVES.perturb(np.full(len(keys), count), keys)
    return int(keys[shown == figure][0])


def test_a_split_that_makes_a_small_count_likely_is_withheld_and_the_audit_refuses_it():
    """24 is shown as 15, 20 as 25 and 4 as 5: then 4 is 1 to 4 with a chance of 95 in 100."""
    keys = {"all": key_for(24, 15), "a": key_for(4, 5), "b": key_for(20, 25)}
    table = draw(SPLIT.format(**keys), area="All: A B")
    shown = protect(table, [CellKey(), Round(5)]).cells
    assert dict(shown.select("area", "value").iter_rows()) == {"All": 15, "A": 5, "B": 25}
    made = protect(table, [CellKey(), Round(5), WithholdCertain(percent=90)]).cells
    assert made.filter(status="c")["area"].to_list() == ["A", "B"]

    class Careless(Method):
        """Sets the limit and withholds nothing."""

        def treat(self, table):
            return replace(table, likely=90)

        def words(self):
            return Phrase("withhold_certain")

    with pytest.raises(ExposureError, match=r"area=A\) is too likely to be small"):
        protect(table, [CellKey(), Round(5), Careless()])


def test_the_attack_on_a_release_names_a_count_that_is_too_likely():
    figures = {"area": ["All", "A", "B"], "statistic": "starts", "value": [15, 5, 25], "status": ""}
    page = ShownTable("Table 1", ("area",), pl.DataFrame(figures))
    hierarchies = {"area": [{"A": "All", "B": "All"}]}

    def facts(percent):
        reading = Reading(Distribution(FIVES), small=5, likely_percent=percent)
        return attack_release(ShownRelease([page], hierarchies, {"starts": reading})).facts

    (fact,) = facts(90)
    assert (fact.kind, fact.low, fact.high, fact.place["area"]) == ("likely", 1, 4, "A")
    assert fact.derivation == (
        "starts, area=A is 1 to 4 with a chance of 95 in 100 by the figures of one sum"
    )
    assert facts(95) == ()
    assert facts(0) == ()


def test_a_figure_that_an_area_without_a_return_cannot_have_tells_nothing_of_the_others():
    """B has no return, so All is A: one cell with one figure, and no second draw of its noise."""
    table = draw(
        "area value cell_key\nAll 4 {0}\nA 4 {0}\nB x .".format(key_for(4, 10)), area="All: A B"
    )
    made = protect(table, [CellKey(), Round(5), WithholdCertain(percent=60)]).cells
    assert dict(made.select("area", "value").iter_rows()) == {"All": 10, "A": 10, "B": None}


@pytest.mark.parametrize("percent", [50, 101])
def test_a_limit_that_protects_nothing_is_refused(percent):
    with pytest.raises(DesignError, match=f"likely is {percent}. Give a whole number, 51 to 100"):
        WithholdCertain(percent=percent)
