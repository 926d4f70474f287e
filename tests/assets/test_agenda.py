"""The days of the calendar, the tries after a failure and the keys of quarters, for any input."""

from datetime import date, datetime, time, timedelta

import dagster as dg
import pytest
from dagster import DagsterRunStatus
from hypothesis import given
from hypothesis import strategies as st

import reference
from assets import wishes
from assets.agenda import (
    CAUGHT_UP,
    EVENING,
    MORNING,
    before,
    due_date,
    milestones,
    next_milestone,
    reached,
)
from assets.definitions import defs
from assets.partitions import QUARTERLY, key_of, named, quarter_of
from assets.runs import BUILD, PARTITION, REMIND, name_of
from assets.wishes import FIRST_RETRY, LAST_RETRY, Wish, answer, ask, failures, next_try
from operations.home.clock import LONDON
from schemas.errors import PeriodError
from schemas.quarter import PROGRAMME_START, Quarter

DAYS = st.dates(date(2025, 4, 1), date(2030, 12, 31))
MOMENTS = st.datetimes(datetime(2025, 4, 1), datetime(2031, 1, 1), timezones=st.just(LONDON))
QUARTERS = st.builds(Quarter, st.integers(2025, 2060), st.integers(1, 4))
TAG, VALUE = "ctw/calendar", "due 2026-07-28"
OVER = Quarter(2026, 1)


def is_working_day(day):
    return day.weekday() < 5 and day not in reference.bank_holidays()


@given(DAYS, st.integers(0, 30))
def test_so_many_working_days_lie_between_a_day_and_the_day_before_it(day, count):
    found = before(day, count)
    between = [found + timedelta(days=at) for at in range((day - found).days)]
    assert sum(map(is_working_day, between)) == count
    assert count == 0 or is_working_day(found)


@given(DAYS, st.integers(0, 10), st.integers(0, 10))
def test_working_days_are_counted_in_one_go_or_in_two(day, one, other):
    assert before(day, one + other) == before(before(day, one), other)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 1, 2), date(2025, 12, 31)),
        (date(2025, 12, 29), date(2025, 12, 24)),
        (date(2026, 5, 5), date(2026, 5, 1)),
    ],
)
def test_the_working_day_before_is_never_a_bank_holiday(day, expected):
    assert before(day, 1) == expected


def test_a_quarter_is_reminded_of_in_the_morning_and_built_in_the_evenings():
    hours = {(one.kind, one.at.time()) for one in milestones()}
    lists = {("reminder", MORNING), ("chase", MORNING)}
    assert hours == {*lists, ("due", EVENING), ("lock", EVENING)}


def test_a_quarter_is_reminded_of_before_it_is_due_and_due_before_its_lock():
    by_quarter = {}
    for one in milestones():
        by_quarter.setdefault(one.quarter, {})[one.kind] = one.at
    for quarter, times in by_quarter.items():
        assert quarter.end < times["reminder"].date(), quarter
        assert times["reminder"] < times["due"] < times["chase"] < times["lock"], quarter
        assert due_date(quarter) == times["due"].date()


def test_a_quarter_that_the_calendar_does_not_have_is_never_due():
    assert due_date(Quarter(2098, 4)) is None


def test_the_tag_of_a_milestone_says_its_kind_and_day():
    marks = [one.mark for one in milestones() if one.quarter == OVER]
    chases = ["chase 2026-07-29", "chase 2026-08-05", "chase 2026-08-12"]
    assert marks == ["reminder 2026-07-21", "due 2026-07-28", *chases, "lock 2026-08-18"]


@given(MOMENTS)
def test_what_has_come_is_at_most_a_week_old_and_one_build_and_list_of_each_quarter(now):
    found = reached(now)
    assert all(timedelta() <= now - one.at < CAUGHT_UP for one in found)
    assert len({(one.quarter, one.is_build) for one in found}) == len(found)
    assert [one.at for one in found] == sorted(one.at for one in found)


@given(MOMENTS)
def test_the_next_milestone_is_the_first_that_has_not_come(now):
    following = next_milestone(now)
    if following is None:
        assert all(one.at <= now for one in milestones())
    else:
        assert following.at > now
        assert not [one for one in milestones() if now < one.at < following.at]


@given(MOMENTS)
def test_a_milestone_that_is_next_has_come_at_its_time_and_not_a_moment_before(now):
    following = next_milestone(now)
    if following is not None:
        assert following not in reached(following.at - timedelta(seconds=1))
        assert following in reached(following.at)


@given(QUARTERS)
def test_the_key_of_a_quarter_that_is_over_leads_back_to_it(quarter):
    key = key_of(quarter, quarter.end + timedelta(days=1))
    assert quarter_of(key) == quarter
    assert named(key) == {"quarter": quarter.label}
    assert name_of(REMIND, key, "0123456789abcdef") == (
        f"remind_areas of {quarter.label}, run 01234567"
    )


@given(QUARTERS)
def test_a_quarter_has_no_key_on_its_last_day(quarter):
    with pytest.raises(PeriodError) as refused:
        key_of(quarter, quarter.end)
    assert str(refused.value) == (
        f"{quarter.label} ends on {quarter.end:%-d %B %Y}, so its returns do not exist yet. "
        "Build a quarter that is over."
    )


@given(st.builds(Quarter, st.integers(2000, 2024), st.integers(1, 4)))
def test_a_quarter_before_the_programme_has_no_key(quarter):
    with pytest.raises(PeriodError, match=r"lies before the programme, which began in 2025-26 Q1"):
        key_of(quarter, date(2030, 1, 1))


def test_the_partitions_that_people_choose_from_are_the_keys_of_the_quarters():
    at = datetime(2026, 7, 1, tzinfo=LONDON)
    expected, quarter = [], PROGRAMME_START
    while quarter.end < at.date():
        expected.append(key_of(quarter, at.date()))
        quarter = quarter.next
    assert QUARTERLY.get_partition_keys(current_time=at) == expected


def test_a_run_without_a_quarter_is_named_by_its_job_alone():
    assert name_of(BUILD, None, "0123456789abcdef") == "the build, run 01234567"


@pytest.fixture
def held():
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def wish(**more):
    return Wish(OVER, TAG, VALUE, **more)


def ends(held, status, value=VALUE, job=BUILD, quarter=OVER):
    tags = {PARTITION: quarter.start.isoformat(), TAG: value}
    return held.create_run_for_job(defs.resolve_job_def(job), tags=tags, status=status)


def records(held):
    return held.get_run_records()


def test_what_was_never_run_is_asked_for_with_its_quarter_by_name(held):
    request = ask(held, wish())
    assert request.run_key == f"2026-27Q1:{VALUE}:after none"
    assert request.tags == {TAG: VALUE, "quarter": "2026-27 Q1"}
    assert (request.job_name, request.partition_key) == (BUILD, "2026-04-01")


# A queued run belongs to a queue, which an instance for tests has none of.
@pytest.mark.parametrize("status", sorted(wishes.UNDER_WAY - {DagsterRunStatus.QUEUED}, key=str))
def test_nothing_is_asked_for_while_a_run_of_the_quarter_is_under_way(held, status):
    ends(held, status, value="another")
    assert ask(held, wish()) == "2026-27 Q1 is being built"


def test_a_run_of_another_quarter_or_job_is_in_nobodys_way(held):
    ends(held, DagsterRunStatus.STARTED, quarter=OVER.next)
    ends(held, DagsterRunStatus.STARTED, job=REMIND)
    assert isinstance(ask(held, wish()), dg.RunRequest)


def test_what_succeeded_is_not_asked_for_again_whatever_failed_since(held):
    ends(held, DagsterRunStatus.SUCCESS)
    ends(held, DagsterRunStatus.FAILURE, value="another")
    assert ask(held, wish()) == "2026-27 Q1 was built"
    assert isinstance(ask(held, Wish(OVER, TAG, "lock 2026-08-18")), dg.RunRequest)


@pytest.mark.parametrize("status", sorted(wishes.UNDONE, key=str))
def test_what_failed_waits_before_it_is_tried_again_and_says_until_when(held, status):
    ends(held, status)
    assert ask(held, wish()).startswith("2026-27 Q1 failed, to be tried again at ")
    assert isinstance(ask(held, Wish(OVER, TAG, "another")), dg.RunRequest)


def test_after_so_many_failures_a_person_has_to_look(held):
    for _ in range(2):
        ends(held, DagsterRunStatus.FAILURE)
    assert ask(held, wish(tries=2)) == "2026-27 Q1 failed 2 times; a person has to look why"
    assert "to be tried again" in ask(held, wish(tries=3))
    assert "to be tried again" in ask(held, wish())


@pytest.mark.parametrize("failed", [1, 3, 6, 7])
def test_each_failure_doubles_the_wait_up_to_an_hour(held, failed):
    for _ in range(failed):
        ends(held, DagsterRunStatus.FAILURE)
    found = records(held)
    waits = next_try(found, TAG, VALUE) - found[0].update_timestamp.timestamp()
    expected = {1: 60, 3: 240, 6: 1920, 7: 3600}[failed]
    assert waits == pytest.approx(expected, abs=0.01)
    assert FIRST_RETRY <= waits + 0.01 <= LAST_RETRY + 0.02


def test_only_the_newest_failures_for_the_same_reason_count(held):
    assert (failures([], TAG, VALUE), next_try([], TAG, VALUE)) == (0, 0.0)
    ends(held, DagsterRunStatus.FAILURE)
    ends(held, DagsterRunStatus.SUCCESS, value="another")
    ends(held, DagsterRunStatus.FAILURE)
    ends(held, DagsterRunStatus.CANCELED)
    assert failures(records(held), TAG, VALUE) == 2
    assert next_try(records(held), TAG, "another") == 0.0


def test_a_sensor_asks_for_what_is_wanted_or_says_all_that_keeps_it():
    request = dg.RunRequest(run_key="one")
    assert answer(["a is being built", request], "nothing").run_requests == [request]
    assert answer(["a is being built", "b was built"], "nothing").skip_message == (
        "a is being built; b was built"
    )
    assert answer([], "nothing is due").skip_message == "nothing is due"


def test_the_hours_of_the_calendar_hold_in_summer_and_in_winter():
    offsets = {one.at.utcoffset() for one in milestones()}
    assert offsets == {timedelta(), timedelta(hours=1)}
    assert {one.at.time() for one in milestones()} == {time(9), time(18)}
