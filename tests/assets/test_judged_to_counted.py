"""From dropped packs to counted starts: no area is shown a zero that it did not send.

The steps are those of the build: receive, judge, stage, reconcile.
"""

from dataclasses import replace
from datetime import UTC, datetime

import polars as pl
import pytest

from assets.returns import judge_quarter
from operations.home.keys import keys_of
from operations.home.settings import Settings
from operations.landing.receive import receive_all
from operations.stores.databases import writing
from operations.stores.returns import known_submissions
from pipelines.reconciliation import differences, reconciled
from pipelines.synthetic import simulate
from pipelines.synthetic.draft import Draft
from pipelines.warehouse import build_staging
from schemas.quarter import Quarter
from tests.pipelines.returns.judging.test_floor import headers_only, with_faults
from tests.pipelines.returns.judging.test_identity import changed, first

BEFORE, QUARTER = Quarter(2025, 2), Quarter(2025, 3)
AT = [datetime(2026, 1, day, 9, tzinfo=UTC) for day in range(10, 20)]
FILLED, FEW, EMPTY = "CTW-EN01", "CTW-EN02", "CTW-EN03"
NUMBER = "AB001234C"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    out = tmp_path_factory.mktemp("world")
    simulate(QUARTER, 900, 5, out, first=BEFORE)
    return out


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CTW_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CTW_CODE_VERSION", "counted")
    made = Settings.read()
    keys_of(made)  # as a run does before it receives a pack
    return made


@pytest.fixture
def drop(tmp_path):
    folder = tmp_path / "drop"
    folder.mkdir()
    return folder


def pack(world, area, quarter=QUARTER):
    return Draft.read(world / f"{area}_{quarter.id}_v1")


def counted(home, drop, at=AT[0]):
    """Receive and judge what was dropped, stage the warehouse, and reconcile it."""
    receive_all(drop, home.received, QUARTER, at)
    judge_quarter(QUARTER)
    with writing(home.confidential) as database:
        build_staging(database, QUARTER)
        found = reconciled(database, QUARTER)
        assert differences(found) == ()
        starts = database.connection.execute(
            "select delivery_area, count(*) from staging.starts group by all"
        ).fetchall()
        marks = database.connection.execute(
            f"select delivery_area, mark from staging.availability where quarter = '{QUARTER.id}'"
        ).fetchall()
    return dict(starts), dict(marks), found


def started(one):
    rows = pl.read_csv(one.files["participants.csv"], infer_schema=False)
    return rows["start_date"].drop_nulls().len()


def same_person(one, **cells):
    """Put one number, and these cells, into the first row of a pack, which has started."""
    rows = pl.read_csv(one.files["participants.csv"], infer_schema=False)
    rows = rows.sort(pl.col("start_date").is_null(), maintain_order=True)
    ordered = replace(one, files={**one.files, "participants.csv": rows.write_csv().encode()})
    cells = {"nino": NUMBER, "sex": "F", "birth_year_month": "1984-05"} | cells
    return changed(ordered, **{name: first(1, cell, name) for name, cell in cells.items()})


def test_a_number_filled_down_a_file_leaves_every_start_counted(world, home, drop):
    one = pack(world, FILLED)
    changed(one, nino=pl.lit(NUMBER)).write(drop)
    starts, _, found = counted(home, drop)
    assert starts == {FILLED: started(one)}
    assert starts[FILLED] > 100
    assert found["started_again"].sum() == 0


def test_two_areas_that_share_a_number_keep_their_starts_and_a_mover_counts_once(world, home, drop):
    ours, theirs = pack(world, FILLED), pack(world, FEW)
    same_person(ours).write(drop)
    same_person(theirs, birth_year_month="1990-01").write(drop)
    before, _, found = counted(home, drop)
    assert found["moved"].sum() == 0
    again = replace(theirs.again(), files=theirs.files)
    same_person(again).write(drop)
    after, _, found = counted(home, drop, AT[1])
    assert found["moved"].sum() == 1
    assert sum(after.values()) == sum(before.values()) - 1


def test_a_pack_below_the_floor_leaves_the_earlier_pack_or_the_mark_and_never_a_zero(
    world, home, drop
):
    right, empty = pack(world, FEW), pack(world, EMPTY)
    right.write(drop)
    with_faults(10_000, right.again()).write(drop)
    headers_only(empty).write(drop)
    starts, marks, _ = counted(home, drop)
    assert starts == {FEW: started(right)}
    assert marks[FEW] == ""
    assert marks[EMPTY] == "x"
    status = dict(known_submissions(home).select("pack_name", "status").rows())
    assert status[f"{FEW}_{QUARTER.id}_v2"] == status[empty.name] == "rejected"


def test_an_area_that_says_it_has_nothing_is_a_true_zero(world, home, drop):
    pack(world, FILLED).write(drop)
    empty = pack(world, EMPTY)
    headers_only(replace(empty, manifest={**empty.manifest, "nil_return": True})).write(drop)
    starts, marks, _ = counted(home, drop)
    assert EMPTY not in starts
    assert marks[EMPTY] == ""


def test_the_last_accepted_pack_is_looked_for_beyond_a_quarter_of_refused_ones(
    tmp_path, home, drop
):
    earliest = BEFORE.previous
    simulate(QUARTER, 900, 5, tmp_path / "world")
    right = pack(tmp_path / "world", FILLED, earliest)
    right.write(drop)
    with_faults(10_000, pack(tmp_path / "world", FILLED, BEFORE)).write(drop)
    headers_only(pack(tmp_path / "world", FILLED)).write(drop)
    starts, marks, _ = counted(home, drop)
    assert marks[FILLED] == "x"
    assert starts.get(FILLED, 0) == started(right)


def test_a_number_is_compared_with_packs_that_were_judged_in_an_earlier_run(world, home, drop):
    same_person(pack(world, FILLED, BEFORE)).write(drop)
    same_person(pack(world, FEW), sex="M").write(drop)
    counted(home, drop)
    with writing(home.confidential) as database:
        asked = database.connection.execute(
            "select delivery_area_code from returns.findings "
            "where rule_id = 'participants.nino_is_of_one_person_across_areas'"
        ).fetchall()
    assert asked == [(FEW,)], "the pack that is judged later is asked"
    counted(home, drop, AT[1])
    with writing(home.confidential) as database:
        asked = database.connection.execute(
            "select delivery_area_code from returns.findings "
            "where rule_id = 'participants.nino_is_of_one_person_across_areas' order by 1"
        ).fetchall()
    assert asked == [(FEW,)], "the other one was judged before and is not judged again"


def test_a_store_of_an_earlier_version_gets_the_columns_it_lacks(world, home, drop):
    one = pack(world, FILLED)
    one.write(drop)
    counted(home, drop)
    with writing(home.confidential) as database:
        database.connection.execute("drop schema staging cascade")
        database.connection.execute("alter table returns.participants drop column number_id")
    assert counted(home, drop, AT[1])[0] == {FILLED: started(one)}


def test_every_pack_in_landing_is_judged_whatever_quarter_is_built(home, world, drop):
    """Both quarters lie in the drop folder, and only the later one is built."""
    for quarter in (BEFORE, QUARTER):
        for area in (FILLED, FEW):
            pack(world, area, quarter).write(drop)
    counted(home, drop)
    judged = known_submissions(home).select("pack_name", "status")
    assert set(judged.rows()) == {
        (f"{area}_{quarter.id}_v1", "accepted")
        for quarter in (BEFORE, QUARTER)
        for area in (FILLED, FEW)
    }
    with writing(home.confidential) as database:
        status = database.connection.execute(
            "select quarter, status from staging.fact_return_quality where delivery_area = $1",
            [FILLED],
        ).fetchall()
    assert {(BEFORE.id, "accepted"), (QUARTER.id, "accepted")} <= set(status)
