"""Each change of the status of a pack is recorded once, and what cannot be stops the landing."""

from datetime import UTC, datetime, timedelta
from itertools import product

import duckdb
import polars as pl
import pytest

from pipelines.database import DatabaseError, DuckDB
from pipelines.warehouse import land, transitions
from schemas.returns.statuses import CHANGES, Status, can_change
from tests.pipelines.returns.small_world import draft, judge

AT = datetime(2025, 11, 3, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """The judged pack of one area."""
    return judge(draft().write(tmp_path_factory.mktemp("pack")))


def with_status(judged, status):
    return judged.submissions.with_columns(status=pl.lit(status))


def changes(database):
    return transitions(database).select("number", "before", "after").rows()


def test_every_change_is_a_row_and_judging_the_same_again_is_none(judged):
    database = DuckDB.in_memory()
    for step, status in enumerate(["pending", "accepted with queries", "accepted", "accepted"]):
        packs = with_status(judged, status)
        land(database, {**vars(judged), "submissions": packs}, AT + timedelta(days=step))
    assert changes(database) == [
        (1, None, "pending"),
        (2, "pending", "accepted with queries"),
        (3, "accepted with queries", "accepted"),
    ]
    days = transitions(database)["changed_at"].dt.day().to_list()
    assert days == [3, 4, 5]


def test_rows_and_their_change_are_landed_together_or_not_at_all(judged):
    database = DuckDB.in_memory()
    lost = {**vars(judged), "findings": judged.findings.drop("rule_id")}
    with pytest.raises(duckdb.Error):
        land(database, lost, AT)
    assert changes(database) == []
    assert database.row_count("returns", "submissions") == 0


def test_a_pack_from_before_changes_were_recorded_begins_with_its_status(judged):
    database = DuckDB.in_memory()
    land(database, {**vars(judged), "submissions": with_status(judged, "rejected")})
    land(database, {**vars(judged), "submissions": with_status(judged, "accepted")}, AT)
    assert changes(database) == [(1, "rejected", "accepted")]


def test_a_change_that_cannot_be_is_refused_and_nothing_is_recorded(judged):
    database = DuckDB.in_memory()
    land(database, {**vars(judged), "submissions": with_status(judged, "accepted")}, AT)
    with pytest.raises(DatabaseError, match=r"from accepted to pending \(receipt"):
        land(database, {**vars(judged), "submissions": with_status(judged, "pending")}, AT)
    assert len(changes(database)) == 1


def test_every_pair_of_statuses_is_decided():
    assert set(CHANGES) == {None, *Status}
    back = {(a, b) for a, b in product(Status, Status) if not can_change(a, b)}
    assert back == {(status, Status.PENDING) for status in Status}
    with pytest.raises(ValueError, match="lost"):
        can_change("accepted", "lost")
