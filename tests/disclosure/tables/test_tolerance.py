"""Amounts that were rounded one by one: a declared tolerance, stated in the report."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from disclosure import (
    ComplementarySuppression,
    Phrase,
    PPercent,
    TableSystem,
    attack,
    protect,
    suppress,
    verify,
)
from disclosure.errors import ExposureError, TableError
from disclosure.protection.store import dump, restore
from disclosure.tables.drawn import draw

METHODS = (PPercent(10), ComplementarySuppression())
TEXT = """
    area  value largest largest_other
    Total {total} 70 60
    A     100   90  8
    B     200   70  60
    C     300   70  60
"""
EXACT = draw(TEXT.format(total=600), area="Total: A B C")


def off_by(pounds: int, tolerance: int):
    """The same table, with a total that was rounded on its own."""
    cells = EXACT.cells.with_columns(value=EXACT.cells["value"].replace(600, 600 + pounds))
    return replace(EXACT, cells=cells, tolerance=tolerance)


def pence(total: float, tolerance: float) -> TableSystem:
    """Three parts of 33.33 and a total in pounds and pence; the first part is sensitive."""
    values = np.array([33.33, 33.33, 33.33, total])
    first = np.array([True, False, False, False])
    return TableSystem(
        values=values,
        constraints=sparse.csr_matrix([[-1, -1, -1, 1]]),
        sensitive=first,
        lower_protection=np.where(first, 3.0, 0.0),
        upper_protection=np.where(first, 3.0, 0.0),
        cost=values,
        publish=np.zeros(4, dtype=bool),
        integer=False,
        tolerance=tolerance,
    )


def test_a_total_that_is_a_penny_off_is_accepted_within_its_tolerance():
    with pytest.raises(TableError, match="state as tolerance by how much"):
        pence(100.00, 0.0)
    assert pence(100.00, 0.01).tolerance == 0.01
    with pytest.raises(TableError, match="state as tolerance"):
        pence(100.01, 0.01)


def test_amounts_within_their_tolerance_are_protected_proved_and_withstand_the_attack():
    system = pence(100.00, 0.01)
    pattern = suppress(system)
    verify(system, pattern.suppressed, pattern.certificate)
    assert attack(system, pattern.suppressed).facts == ()
    assert [f.kind for f in attack(system, system.sensitive).facts] == ["exact"]


@pytest.mark.parametrize("pounds", [-2, -1, 1, 2])
def test_totals_of_rounded_amounts_are_accepted_and_protected(pounds):
    with pytest.raises(TableError, match="do not add to the total"):
        off_by(pounds, 1 if abs(pounds) == 2 else 0)
    cells = protect(off_by(pounds, 2), METHODS).cells
    assert cells.filter(status="c")["area"].to_list() == ["A", "B"]


def test_the_attack_on_counts_within_a_tolerance_comes_to_an_end():
    """Without a pattern the audit attacks the sums; they are off, and that is no contradiction."""
    with pytest.raises(ExposureError, match="is withheld but can be calculated"):
        protect(off_by(1, 1), METHODS[:1])


def test_the_report_states_the_tolerance_and_an_exact_table_says_nothing_of_it():
    report = protect(off_by(1, 2), METHODS).report
    assert report.tolerance == 2
    assert Phrase("totals_differ", {"tolerance": 2}) in report.attacker
    assert "tolerance" not in protect(EXACT, METHODS).report.as_dict()
    made = protect(off_by(1, 2), METHODS)
    assert restore(*dump(made)).report == made.report


@pytest.mark.parametrize("wrong", [-1, float("nan"), float("inf")])
def test_a_tolerance_below_zero_or_without_an_end_is_refused(wrong):
    with pytest.raises(TableError, match="tolerance is a number from 0"):
        pence(99.99, wrong)
    with pytest.raises(TableError, match="tolerance is 0 or more"):
        replace(EXACT, tolerance=-1)
