"""A total that is no more than its shown parts tells only that nothing is in the withheld ones."""

from __future__ import annotations

import polars as pl
import pytest

from disclosure import Fact
from publications.populations import HEALTH_SETTINGS, STARTS
from publications.risk.attack import is_cover

AREAS = {"area": [{"A1": "A", "A2": "A", "A": "E", "B": "E"}]}
SHOWN = pl.DataFrame(
    {
        "area": ["A1", "A2", "A", "B"],
        "statistic": ["n"] * 4,
        "value": [1, None, None, 7],
        "status": ["", "c", "c", ""],
    }
)


def exact(value: int) -> Fact:
    return Fact(2, "exact", value, value, "by sums", {"area": "A", "statistic": "n"})


@pytest.mark.parametrize(("value", "is_harmless"), [(0, True), (1, True), (2, False)])
def test_a_withheld_total_is_harmless_when_only_zeros_follow_from_it(value, is_harmless):
    assert is_cover(HEALTH_SETTINGS, exact(value), SHOWN, AREAS) == is_harmless


def test_no_certain_total_of_people_is_harmless():
    assert not is_cover(STARTS, exact(1), SHOWN, AREAS)
