"""Landing, staging, promotion: nothing is lost, and a failure changes nothing that is served."""
# ruff: noqa: E501 - drawn tables are as wide as they are

from datetime import UTC, datetime

import pytest

from pipelines.database import DuckDB
from pipelines.warehouse import (
    PromotionError,
    RelationError,
    build_staging,
    copy_for_analysts,
    failures,
    land,
    newest_build,
    promote,
    promoted,
    read_relation,
    served,
)
from pipelines.warehouse import run as running
from schemas.quarter import Quarter
from schemas.warehouse import KEPT, RELATIONS, RETURNS, relation
from tests.pipelines.warehouse.drawn_relations import shows
from tests.pipelines.warehouse.landed_packs import judged

Q1, Q2 = Quarter(2026, 1), Quarter(2026, 2)


@pytest.fixture(scope="module")
def built():
    """Both quarters, promoted one after the other."""
    database = DuckDB.in_memory()
    land(database, judged())
    for quarter in (Q1, Q2):
        build_staging(database, quarter)
        assert failures(database) == ()
        promote(database, quarter)
    return database


def test_a_quarter_end_to_end(built):
    assert shows(
        read_relation(built, Q2, "starts"),
        """
        episode_id delivery_area quarter   sex age_band ethnicity_code model
        e1         CTW-EN01      2026-27Q1 F   25_34    NS             IPS
        e2         CTW-EN01      2026-27Q2 M   60_PLUS  NS             SEQF
        """,
    )
    assert shows(
        read_relation(built, Q2, "caseload"),
        """
        episode_id quarter
        e1         2026-27Q1
        e2         2026-27Q2
        e3         2026-27Q2
        """,
    )


def test_every_promoted_quarter_stays_as_it_was_known_then(built):
    assert promoted(built) == (Q1, Q2)
    assert read_relation(built, Q1, "starts")["episode_id"].to_list() == ["e1"]
    assert read_relation(built, Q1, "dim_period").height == 5


def test_the_schema_warehouse_serves_the_latest_quarter(built):
    assert built.rows("select count(*) from warehouse.starts") == [(2,)]


def test_an_earlier_quarter_that_is_promoted_later_does_not_take_the_place_of_the_latest():
    database = DuckDB.in_memory()
    land(database, judged())
    for quarter in (Q2, Q1, Q1):
        build_staging(database, quarter)
        promote(database, quarter)
        served = database.rows(
            "select quarter from warehouse.dim_period where is_reference_quarter"
        )
        assert served == [(Q2.id,)]
    assert read_relation(database, Q1, "starts").height == 1
    build_staging(database, Q2)
    build_staging(database, Q1)
    promote(database, Q1)
    assert database.rows("select count(*) from warehouse.starts") == [(2,)]


def test_every_table_and_column_that_is_served_has_its_comment(built):
    for schema in ("warehouse", served(Q2)):
        comments = dict(
            built.rows(
                f"select view_name, comment from duckdb_views() where schema_name = '{schema}'",
            )
        )
        assert comments == {r.name: r.grain for r in RELATIONS}
    blank = (
        "select count(*) from duckdb_columns() where schema_name = 'warehouse' and comment is null"
    )
    assert built.rows(blank) == [(0,)]


def test_counts_of_rows_are_returned_by_relation(built):
    database = DuckDB.in_memory()
    land(database, judged())
    counts = build_staging(database, Q2)
    assert list(counts) == [r.name for r in RELATIONS]
    assert (counts["starts"], counts["referrals"], counts["dim_delivery_area"]) == (2, 3, 49)


def test_landing_the_same_packs_twice_changes_nothing():
    database = DuckDB.in_memory()
    assert land(database, judged()) == 3
    assert land(database, judged()) == 3
    assert database.rows("select count(*) from returns.participants") == [(5,)]


def test_landing_keeps_the_packs_that_are_there():
    database = DuckDB.in_memory()
    land(database, judged())
    later = """
        submission_id delivery_area_code period_id submission_sequence received_at               status
        a3            CTW-EN01           2026-27Q2 2                   2026-10-22T10:00:00+00:00 accepted
    """
    none = "submission_id"
    land(database, judged(submissions=later, participants=none, events=none, aggregate=none))
    assert database.rows("select count(*) from returns.submissions") == [(4,)]
    assert database.rows("select count(*) from returns.participants") == [(5,)]


def test_the_tables_of_the_returns_room_have_their_comments(built):
    found = built.rows(
        "select table_name, comment from duckdb_tables() where schema_name = 'returns'",
    )
    assert dict(found) == {landed.name: landed.grain for landed in (*RETURNS, *KEPT)}


def test_a_build_as_known_at_a_moment_leaves_later_submissions_out():
    database = DuckDB.in_memory()
    land(database, judged())
    build_staging(database, Q2, known_at=datetime(2026, 8, 1, tzinfo=UTC))
    assert database.rows("select submission_id from staging.current_submissions") == [("a1",)]


class FullDisk(DuckDB):
    """A database whose disk is full at the second schema that a promotion serves."""

    served = 0
    is_full = False

    def serve(self, *arguments, **named):
        self.served += 1
        if self.is_full and self.served == 2:
            raise OSError("the disk is full")
        super().serve(*arguments, **named)


def test_a_failure_while_promoting_leaves_what_was_served():
    database = FullDisk.in_memory()
    land(database, judged())
    build_staging(database, Q2)
    promote(database, Q2)
    land(database, judged(participants=FEWER))
    build_staging(database, Q2)
    database.is_full, database.served = True, 0
    with pytest.raises(OSError, match="the disk is full"):
        promote(database, Q2)
    assert database.served == 2
    assert read_relation(database, Q2, "starts").height == 2
    assert database.rows("select count(*) from warehouse.starts") == [(2,)]
    database.is_full = False
    promote(database, Q2)
    assert read_relation(database, Q2, "starts").height == 1


FEWER = """
    submission_id episode_id episode_no age_years sex referral_route model referral_date start_date
    a2            e1         1          30        F   SELF           IPS   2026-04-20    2026-05-01
"""


def test_a_failure_while_building_leaves_what_was_served(monkeypatch):
    database = DuckDB.in_memory()
    land(database, judged())
    build_staging(database, Q2)
    promote(database, Q2)
    real = running.statement
    monkeypatch.setattr(
        running, "statement", lambda name: real(name).replace("fact_start.quarter,", "")
    )
    with pytest.raises(RelationError, match="starts lacks the declared column quarter"):
        build_staging(database, Q2)
    assert read_relation(database, Q2, "starts").height == 2
    with pytest.raises(PromotionError, match="Build the staging schema first"):
        promote(database, Q2)


def test_a_build_that_did_not_make_all_its_tables_is_refused_until_another_is_whole(monkeypatch):
    database = DuckDB.in_memory()
    land(database, judged())
    for _ in range(2):  # the first time nothing was promoted before, the second time a build was
        with monkeypatch.context() as patch:
            patch.setattr(running, "make", interrupted)
            with pytest.raises(KeyboardInterrupt):
                build_staging(database, Q2)
        with pytest.raises(
            PromotionError, match="last build of 2026-27 Q2 was interrupted or fail"
        ):
            newest_build(database, Q2)
        build_staging(database, Q2)
        assert failures(database, schema=newest_build(database, Q2)) == ()
        promote(database, Q2)
        assert failures(database, schema=newest_build(database, Q2)) == ()


make = running.make


def interrupted(database, schema, declared, given):
    """Make a relation; at the one of starts, the person stops the build."""
    if declared.name == "starts":
        raise KeyboardInterrupt
    make(database, schema, declared, given)


def test_a_promoted_build_from_before_builds_were_marked_is_whole():
    database = DuckDB.in_memory()
    land(database, judged())
    build_staging(database, Q2)
    promote(database, Q2)
    build = newest_build(database, Q2)
    database.run(f"drop table {build}.build_is_whole")
    assert newest_build(database, Q2) == build


def test_builds_that_nothing_serves_are_dropped():
    database = DuckDB.in_memory()
    land(database, judged())
    for _ in range(2):
        build_staging(database, Q2)
        build_staging(database, Q2)
        promote(database, Q2)
    kept = "select count(distinct schema_name) from duckdb_tables() where schema_name like 'build%'"
    assert database.rows(kept) == [(1,)]


def test_a_column_of_another_type_than_declared_is_refused(monkeypatch):
    database = DuckDB.in_memory()
    land(database, judged())
    real = running.statement
    monkeypatch.setattr(
        running,
        "statement",
        lambda name: real(name).replace("row_number() over", "1.5 + row_number() over"),
    )
    with pytest.raises(RelationError, match="declared as BIGINT"):
        build_staging(database, Q2)


def test_what_was_staged_for_another_quarter_is_not_promoted():
    database = DuckDB.in_memory()
    land(database, judged())
    build_staging(database, Q1)
    with pytest.raises(PromotionError, match="built for 2026-27Q1, not for 2026-27Q2"):
        promote(database, Q2)


def test_a_quarter_that_was_not_promoted_cannot_be_read(built):
    with pytest.raises(PromotionError, match="Promoted quarters: 2026-27 Q1, 2026-27 Q2"):
        read_relation(built, Quarter(2025, 4), "starts")


def test_analysts_get_a_file_of_the_warehouse_without_the_returns(built, tmp_path):
    file = tmp_path / "warehouse.duckdb"
    copy_for_analysts(built, Q2, file)
    copy = DuckDB.open(file, read_only=True)
    assert copy.rows("select count(*) from starts") == [(2,)]
    there = copy.rows("select table_name from duckdb_tables()")
    assert sorted(name for (name,) in there) == sorted(r.name for r in RELATIONS)
    comment = "select comment from duckdb_tables() where table_name = 'starts'"
    assert copy.rows(comment) == [(relation("starts").grain,)]
