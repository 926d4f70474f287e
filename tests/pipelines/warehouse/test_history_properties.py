"""What holds for any packs: order of landing, later submissions, each participant once."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.database import DuckDB
from pipelines.warehouse import build_staging, land
from pipelines.warehouse.builds import STAGING
from schemas.quarter import Quarter
from schemas.warehouse import RELATIONS
from tests.pipelines.warehouse.landed_packs import judged

Q1, Q2 = Quarter(2026, 1), Quarter(2026, 2)
AREAS = ("CTW-EN01", "CTW-EN02")
FEW = settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
FIRST = date(2026, 4, 1)

episodes = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.integers(0, 170),
        st.none() | st.integers(0, 10),
        st.none() | st.integers(0, 60),
    ),
    min_size=1,
    max_size=8,
)


def packs(drawn):
    """Land the same episodes from both areas in two quarters, as far as each quarter knew them."""
    submissions, participants = [], []
    for area in AREAS:
        for quarter in (Q1, Q2):
            identity = f"{area}-{quarter.id}"
            received = datetime.combine(quarter.end, datetime.min.time(), UTC) + timedelta(20)
            submissions.append((identity, area, quarter.id, received))
            participants += [
                row
                for number, episode in enumerate(drawn)
                if (row := reported(identity, area, number, episode, quarter.end)) is not None
            ]
    frames = judged(
        submissions="submission_id", participants="submission_id", events="submission_id"
    )
    names = ["submission_id", "delivery_area_code", "period_id", "received_at"]
    made = pl.DataFrame(submissions, schema=names, orient="row").with_columns(
        status=pl.lit("accepted"), submission_sequence=pl.lit(1)
    )
    frames["submissions"] = like(frames["submissions"], made)
    people = pl.DataFrame(participants, infer_schema_length=None)
    frames["participants"] = like(frames["participants"], people)
    frames["aggregate"] = frames["aggregate"].clear()
    return frames


def reported(identity, area, number, episode, upto):
    person, referred, wait, lasted = episode
    referral = FIRST + timedelta(referred)
    start = None if wait is None else referral + timedelta(wait)
    end = None if start is None or lasted is None else start + timedelta(lasted)
    if referral > upto:
        return None
    return {
        "submission_id": identity,
        "episode_id": f"{area}-{number}",
        "person_id": f"p{person}" if person else None,
        "episode_no": 1,
        "age_years": 40,
        "referral_route": "SELF",
        "referral_date": referral,
        "start_date": start if start is not None and start <= upto else None,
        "end_date": end if end is not None and end <= upto else None,
    }


def like(empty, rows):
    empty = empty.clear()
    return pl.concat([empty, rows.cast({n: empty.schema[n] for n in rows.columns})], how="diagonal")


def warehouse(frames, quarter):
    """Return every relation of a quarter, rows in order."""
    database = DuckDB.in_memory()
    land(database, frames)
    build_staging(database, quarter)
    return {r.name: database.read(STAGING, r.name, ()).rows() for r in RELATIONS}


@FEW
@given(episodes, st.integers(0, 1000))
def test_the_order_of_landing_does_not_matter(drawn, seed):
    frames = packs(drawn)
    shuffled = {
        name: frame.sample(fraction=1, shuffle=True, seed=seed) for name, frame in frames.items()
    }
    assert warehouse(frames, Q2) == warehouse(shuffled, Q2)


@FEW
@given(episodes)
def test_a_later_submission_changes_no_earlier_quarter(drawn):
    frames = packs(drawn)
    earlier = {
        name: frame.filter(~pl.col("submission_id").str.ends_with(Q2.id))
        for name, frame in frames.items()
    }
    assert warehouse(earlier, Q1) == warehouse(frames, Q1)


@FEW
@given(episodes)
def test_each_participant_starts_once_and_is_in_support_once_a_quarter(drawn):
    frames = packs(drawn)
    database = DuckDB.in_memory()
    land(database, frames)
    build_staging(database, Q2)
    for name, by in (("starts", ""), ("caseload", ", quarter")):
        twice = database.connection.execute(
            f"select count(*) from (select participant_id{by} from staging.{name} "
            f"join staging.episodes using (episode_id) group by participant_id{by} "
            "having count(*) > 1)"
        ).fetchone()
        assert twice == (0,)
    started = database.connection.execute(
        "select count(distinct participant_id) from staging.episodes where start_date is not null"
    ).fetchone()
    assert started == database.connection.execute("select count(*) from staging.starts").fetchone()


@FEW
@given(episodes)
def test_the_spans_of_an_episode_do_not_overlap_and_the_last_says_what_is_said_now(drawn):
    database = DuckDB.in_memory()
    land(database, packs(drawn))
    build_staging(database, Q2)
    overlapping = database.connection.execute(
        "select count(*) from staging.dim_participant as one join staging.dim_participant as other "
        "on other.episode_id = one.episode_id "
        "and other.participant_version > one.participant_version "
        "and other.known_from < coalesce(one.known_to, 'infinity')"
    ).fetchone()
    assert overlapping == (0,)
    now = "select episode_id, start_date, end_date from staging.{} {} order by all"
    assert (
        database.connection.execute(now.format("dim_participant", "where is_current")).fetchall()
        == database.connection.execute(now.format("episodes", "")).fetchall()
    )
