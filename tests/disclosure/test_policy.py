"""Policies say what they do, and do what they say."""

from __future__ import annotations

import pytest

from disclosure import protect
from disclosure.errors import DesignError
from disclosure.policy import Declared, policy
from disclosure.tables.drawn import draw


def test_people_are_perturbed_then_rounded_then_groups_are_withheld():
    made = policy(Declared("people", sensitive=("sex",)))
    assert [type(m).__name__ for m in made.methods] == [
        "CellKey", "Round", "GroupDisclosure", "WithholdCertain",
    ]  # fmt: skip
    assert "further than 9" in made.users_lose
    assert "at most 2.8" in made.users_lose
    assert "0 means a count of 0 to 9; a figure of 5 means a count of 1 to 14" in made.notes[1]


def test_people_without_sensitive_dimensions_need_no_group_rule():
    made = policy(Declared("people"))
    assert [type(m).__name__ for m in made.methods] == ["CellKey", "Round", "WithholdCertain"]


@pytest.mark.parametrize(
    ("kind", "withheld"),
    [("people", set()), ("settings", {"A", "C"}), ("amounts", {"A", "B"})],
)
def test_every_policy_protects_its_population(kind, withheld):
    table = draw(
        """
        area  value cell_key contributors largest largest_other
        North 1000  60       12           300     200
        A     40    10       2            30      10
        B     500   20       4            300     200
        C     460   30       6            100     100
        """,
        area="North: A B C",
    )
    made = policy(Declared(kind))
    protected = protect(table, made.methods)
    hidden = set(protected.cells.filter(status="c")["area"])
    assert ("A" in hidden) == ("A" in withheld)
    assert len(hidden) == len(withheld)
    assert len(protected.methods) == len(made.methods)
    assert made.because
    assert made.notes


def test_a_kind_without_a_policy_is_refused():
    with pytest.raises(DesignError, match="no policy for 'rumours'"):
        policy(Declared("rumours"))
