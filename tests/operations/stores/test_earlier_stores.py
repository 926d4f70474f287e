"""A store that an earlier version of the product made: it is read, judged beside and brought up."""

import pytest

from operations.home.settings import Settings
from operations.stores.databases import reading, writing
from operations.stores.returns import SCHEMA, append, bring_up, known_submissions
from schemas.returns import judged_columns
from tests.pipelines.returns.small_world import NAME, draft, judge

LACKING = ("compared_with", "nil_return")


@pytest.fixture
def earlier(tmp_path):
    """A home with one judged return, whose store lacks two columns that were declared since."""
    settings = Settings(home=tmp_path / "home", code_version="drawn")
    settings.home.mkdir()
    append(settings, judge(draft().write(tmp_path)))
    with writing(settings.confidential) as database:
        for name in LACKING:
            database.run(f"alter table {SCHEMA}.submissions drop column {name}")
    return settings


def test_what_an_earlier_version_recorded_is_read_with_nulls_for_what_it_did_not_know(earlier):
    known = known_submissions(earlier)
    assert known["pack_name"].to_list() == [NAME]
    assert known.select(LACKING).null_count().row(0) == (1, 1)


def test_a_pack_is_judged_beside_what_an_earlier_version_recorded(earlier, tmp_path):
    again = judge(draft().write(tmp_path / "again"), known=known_submissions(earlier))
    assert again.submissions["pack_name"].to_list() == [NAME]
    append(earlier, again)


def test_a_store_that_is_brought_up_has_every_declared_column_and_keeps_its_rows(earlier):
    before = known_submissions(earlier)
    bring_up(earlier)
    with reading(earlier.confidential) as database:
        declared = {column.name for column in judged_columns()["submissions"]}
        assert declared <= set(database.columns(SCHEMA, "submissions"))
    assert known_submissions(earlier).select(before.columns).equals(before)


def test_a_home_without_a_store_is_left_without_one(tmp_path):
    bring_up(Settings(home=tmp_path, code_version="drawn"))
    assert list(tmp_path.iterdir()) == []
