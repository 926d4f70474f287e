"""What is published reconciles with what was accepted: nobody vanishes between the two."""

# ruff: noqa: E501 - drawn tables are as wide as they are
import pytest

from pipelines.database import DuckDB
from pipelines.reconciliation import differences, reconciled
from pipelines.warehouse import build_staging, land
from schemas.quarter import Quarter
from tests.pipelines.warehouse.landed_packs import judged

QUARTER = Quarter(2026, 2)
SUBMISSIONS = """
    submission_id delivery_area_code period_id submission_sequence received_at               status
    a             CTW-EN01           2026-27Q2 1                   2026-10-20T10:00:00+00:00 accepted
    b             CTW-EN02           2026-27Q2 1                   2026-10-21T10:00:00+00:00 accepted
    b9            CTW-EN02           2026-27Q2 2                   2026-10-22T10:00:00+00:00 rejected
"""
HEAD = "submission_id episode_id person_id episode_no age_years sex referral_route referral_date start_date end_date\n"


def staged(*people):
    """Stage the warehouse of these people: submission, episode, person, age, sex, start and end."""
    rows = [
        f"{sub} {episode} {person} 1 {age} {sex} SELF 2026-04-20 {start} {end}"
        for sub, episode, person, age, sex, start, end in people
    ]
    database = DuckDB.in_memory()
    land(
        database,
        judged(
            submissions=SUBMISSIONS,
            participants=HEAD + "\n".join(rows),
            events="submission_id event_id episode_id event_type event_date",
            aggregate="submission_id measure_code breakdown_1_value value as_at",
        ),
    )
    build_staging(database, QUARTER)
    return database


def totals(database):
    found = reconciled(database, QUARTER)
    return {name: found[name].sum() for name in ("accepted", "started_again", "moved", "published")}


def test_people_who_start_again_or_move_are_counted_once_and_explained():
    database = staged(
        ("a", "e1", "p1", 30, "F", "2026-05-01", "2026-06-30"),
        ("a", "e2", "p1", 30, "F", "2026-07-01", "."),
        ("b", "e3", "p1", 31, "F", "2026-08-01", "."),
        ("b", "e4", ".", 40, "M", "2026-08-01", "."),
        ("b", "e5", "p2", 40, "M", ".", "."),
    )
    assert differences(reconciled(database, QUARTER)) == ()
    assert totals(database) == {"accepted": 4, "started_again": 1, "moved": 1, "published": 2}


@pytest.mark.parametrize(
    ("merged", "area"),
    [
        (("a", "e2", "p1", 30, "F", "2026-05-15", "."), "CTW-EN01"),
        (("a", "e2", "p1", 30, "M", "2026-07-01", "."), "CTW-EN01"),
        (("b", "e2", "p1", 30, "M", "2026-07-01", "."), "CTW-EN02"),
        (("b", "e2", "p1", 34, "F", "2026-07-01", "."), "CTW-EN02"),
    ],
    ids=["there at once", "another sex", "another sex elsewhere", "another age elsewhere"],
)
def test_two_people_counted_as_one_are_found_with_area_and_figures(merged, area):
    database = staged(("a", "e1", "p1", 30, "F", "2026-05-01", "2026-06-30"), merged)
    (wrong,) = differences(reconciled(database, QUARTER))
    assert (wrong.delivery_area, wrong.observed, wrong.expected) == (
        area,
        wrong.expected - 1,
        wrong.expected,
    )
    assert str(wrong).startswith(f"{area} 2026-27Q")


def test_a_start_that_the_warehouse_lost_or_made_up_is_found():
    people = [("a", f"e{n}", f"p{n}", 30, "F", "2026-05-01", ".") for n in range(3)]
    database = staged(*people)
    build = database.connection.execute(
        "select schema_name from duckdb_schemas() where starts_with(schema_name, 'build_')"
    ).fetchone()[0]
    for table in ("starts", "fact_start"):
        database.connection.execute(f"delete from {build}.{table} where episode_id = 'e1'")
    (lost,) = differences(reconciled(database, QUARTER))
    assert (lost.observed, lost.expected) == (2, 3)
    database.connection.execute(f"insert into {build}.starts from {build}.starts")
    (made_up,) = differences(reconciled(database, QUARTER))
    assert (made_up.observed, made_up.expected) == (4, 3)
