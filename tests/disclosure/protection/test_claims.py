"""Methods that say of themselves what is not so: the closing audit compares it with the cells."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
import pytest

from disclosure import (
    CellKey,
    CellKeyMagnitude,
    ComplementarySuppression,
    Distribution,
    Dominance,
    Exact,
    GroupDisclosure,
    MinimumContributors,
    PPercent,
    Range,
    Round,
    Threshold,
    WithholdCertain,
    protect,
)
from disclosure.errors import DesignError, ExposureError
from disclosure.methods.treated import untreated
from disclosure.tables.drawn import draw
from tests.disclosure.by_hand import ByHand

COUNTS = draw(
    "area value cell_key\nA 13 7\nB 24 8\nC 31 9\nD 42 10\nE 53 11\nF 64 12\nG 75 13\nH 86 14"
)
SPLIT = draw("area sex value\nA T 20\nA M 20\nA F 0", sex="T: M F")
FEW = draw("area value contributors\nA 6 2\nB 45 3")
SETTINGS = draw("area value contributors\nA 6 1\nB 45 9")
MONEY = draw(
    "area value contributors largest largest_other cell_key\n"
    "A 10000 2 9950 50 7\nB 20000 40 600 600 8\nC 30000 1 . 30000 9\nD 8000 9 6000 100 10"
)


@dataclass(frozen=True)
class Idle(ByHand):
    """Changes and withholds nothing, whatever it says of itself."""

    said: object = Exact()
    below: int = 0
    sole: bool = False

    def treat(self, table):
        return table

    def reading(self, statistic, before):
        return self.said

    def withholds_below(self, statistic):
        return self.below

    def withholds_sole(self, statistic):
        return self.sole


@dataclass(frozen=True)
class Noted(Idle):
    """Changes nothing, and notes on the table what it says."""

    def treat(self, table):
        figures = table.cells["value"].fill_null(0).to_numpy()
        everywhere = table.among(())
        read = table.shown(everywhere, figures, figures * 0, figures + 99, self.said.base)
        drawn = dict.fromkeys(table.named(everywhere), self.said.table)
        return replace(read, draws=drawn) if self.said.table else read


def idle(kind):
    """The class of a method of the library, with another name, that treats nothing."""
    return type(f"Idle{kind.__name__}", (kind,), {"treat": lambda self, table: table})


def facts(table, *methods):
    with pytest.raises(ExposureError) as error:
        protect(table, methods)
    return " ".join(error.value.facts)


def test_a_method_that_says_nothing_of_itself_and_does_nothing_passes():
    assert protect(COUNTS, [Idle()]).report.shown == 8


def test_a_reading_that_the_table_does_not_hold_is_refused():
    said = "count is not published as its methods say that it is read"
    assert said in facts(COUNTS, Idle(Range(below=9, above=9)))
    assert said in facts(COUNTS, CellKey(), Idle(Range(below=9, above=9, base=5)))
    assert said in facts(COUNTS, Round(base=5), Idle(Exact()))


def test_figures_that_are_all_as_they_were_counted_are_refused_where_they_are_said_to_be_changed():
    said = "count is shown as it was counted"
    assert said in facts(COUNTS, Noted(Range(below=9, above=9)))
    ones = CellKey(base=1, variance=8.0, largest_change=9)
    assert said in facts(COUNTS, Noted(Distribution(ones.ptable)))


@pytest.mark.parametrize("rows", ["A 13", "A 0\nB 0\nC 0\nD 0\nE 0\nF 0", "A 13\nB 13\nC 13"])
def test_too_few_figures_tell_nothing(rows):
    """One count, no count but zero, and one count three times."""
    made = protect(draw(f"area value\n{rows}"), [Noted(Range(below=9, above=9))])
    assert made.report.withheld == 0


def test_multiples_of_the_base_may_all_stay():
    tens = draw("area value\nA 10\nB 20\nC 30\nD 40\nE 50\nF 60\nG 70\nH 80\nI 90\nJ 100")
    assert protect(tens, [Round(base=10)]).report.shown == 10


def test_a_figure_whose_count_is_outside_its_reading_is_refused_and_not_told():
    @dataclass(frozen=True)
    class Far(Idle):
        def treat(self, table):
            figures = table.cells["value"].to_numpy() + 10
            return table.read_as(table.among(()), figures, self.said)

    found = facts(COUNTS, Far(Range(below=9, above=9)))
    assert "count (area=A) is shown, but not as its methods say" in found
    assert not any(figure in found for figure in ("13", "23"))


def test_a_figure_that_no_count_is_published_as_is_refused():
    assert "count (area=A) is shown, but not as" in facts(COUNTS, idle(CellKey)())


@pytest.mark.parametrize(
    ("table", "method", "area"),
    [
        (COUNTS, Idle(below=14), "A"),
        (COUNTS, idle(Threshold)(14), "A"),
        (SETTINGS, Idle(sole=True), "A"),
        (SETTINGS, idle(MinimumContributors)(), "A"),
        (FEW, idle(MinimumContributors)(minimum=3), "A"),
        (MONEY, idle(PPercent)(p=10), "A"),
        (MONEY, idle(Dominance)(k=70), "D"),
        (SPLIT, idle(GroupDisclosure)(("sex",)), "A, sex=M"),
    ],
)
def test_a_figure_that_a_method_says_it_withholds_is_refused_where_it_is_shown(table, method, area):
    said = f"(area={area}) is shown, and {type(method).__name__} says that it withholds"
    assert said in facts(table, method)
    assert "(area=B) is shown" not in facts(table, method)


def test_a_rule_that_passes_the_trial_only_is_refused_where_one_has_nearly_all():
    class OfTheTrial(Dominance):
        def levels(self, value, largest, other):
            below, above = super().levels(value, largest, other)
            return np.where(value == 1_000, below, -1), above

    assert OfTheTrial().withholds_sole("count")
    found = facts(MONEY, OfTheTrial(), ComplementarySuppression())
    assert "(area=A) is shown, and OfTheTrial says" in found
    assert "(area=C) is shown" not in found, "a public body"


def test_an_amount_of_another_statistic_is_not_judged():
    money = replace(
        MONEY,
        statistics=("count", "other"),
        cells=pl.concat([MONEY.cells, MONEY.cells.with_columns(statistic=pl.lit("other"))]),
    )
    found = facts(money, idle(PPercent)(statistics=("other",)))
    assert "other (area=A) is shown, and" in found
    assert "count (area=A) is shown, and" not in found


def test_noise_on_amounts_that_changes_nothing_is_refused():
    found = facts(MONEY, idle(CellKeyMagnitude)())
    assert "count is not published as its methods say" in found
    assert "count is shown as it was counted" in found


def test_what_the_audit_was_to_examine_has_to_be_noted():
    assert "says amount_rule, but unions of cells are not" in facts(MONEY, idle(PPercent)())
    likely = facts(COUNTS, CellKey(), WithholdCertain(percent=90), WithholdCertain(percent=95))
    assert likely == "WithholdCertain says likely_percent 90, but the table allows more."
    assert "likely_percent 95, but" in facts(COUNTS, CellKey(), idle(WithholdCertain)())


SUMS = draw("area value contributors\nAll 90 40\nA 6 2\nB 30 9\nC 54 29", area="All: A B C")


class Claiming(ComplementarySuppression):
    """Says more of its pattern than its parameters do."""

    proves = "interval"
    covers_singletons = True


def test_a_pattern_is_what_its_method_says():
    few = MinimumContributors()
    assert protect(SUMS, [few, ComplementarySuppression()]).report.certified
    found = facts(SUMS, few, Claiming(protect="exact", singletons=False))
    assert "Claiming says covers_singletons, but the pattern is without" in found
    assert "Claiming says that its pattern proves intervals, but it does not" in found


@pytest.mark.parametrize("kind", [CellKey, Threshold])
def test_a_class_with_the_name_of_one_of_the_library_is_refused(kind):
    namesake = type(kind.__name__, (kind,), {})
    with pytest.raises(DesignError, match=f"The method {kind.__name__} of .* Give the class anoth"):
        protect(COUNTS, [namesake()])


def test_rounding_one_statistic_leaves_the_draws_of_another():
    """The audit would not judge how likely small counts are without them."""
    both = replace(
        COUNTS,
        statistics=("count", "other"),
        cells=pl.concat([COUNTS.cells, COUNTS.cells.with_columns(statistic=pl.lit("other"))]),
    )
    treated = Round(base=5).treat(CellKey(statistics=("count",)).treat(untreated(both)))
    assert list(treated.draws) == ["count"]
    assert treated.bases == {"count": 5, "other": 5}
