"""Reference files are read as they stand, by the day they are valid on, each with its source."""

from datetime import date

import polars as pl
import pytest

import reference
from reference.readers import HERE, valid

FILES = sorted(str(path.relative_to(HERE)) for path in HERE.rglob("*.csv"))


@pytest.mark.parametrize("path", FILES)
def test_every_file_states_its_source(path):
    assert reference.source(path)


def test_a_list_that_is_not_there_is_answered_with_those_there_are():
    with pytest.raises(reference.ReferenceError, match=r"codes/hats\.csv.*codes/sex\.csv"):
        reference.code_list("hats")


def test_both_days_of_a_validity_count_and_a_missing_day_is_no_limit():
    facts = pl.DataFrame(
        {
            "code": ["always", "until", "since"],
            "valid_from": [None, None, "2026-04-01"],
            "valid_to": [None, "2026-03-31", None],
        }
    )
    found = {day: valid(facts, date.fromisoformat(day))["code"].to_list() for day in DAYS}
    assert found == DAYS
    assert valid(facts, None)["code"].to_list() == ["always", "until", "since"]


DAYS = {
    "2026-03-31": ["always", "until"],
    "2026-04-01": ["always", "since"],
}


def test_a_return_cannot_hold_a_code_that_groups_others():
    groups = set(reference.code_list("condition")["parent"].drop_nulls())
    assert groups
    assert groups.isdisjoint(reference.leaves("condition"))
