"""What starts runs by itself: packs that arrive, the calendar, and the time of release."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypedDict

import dagster as dg

from assets.agenda import Milestone, Scheduled, next_milestone, planned, reached
from assets.arrivals import Dropped, build_with, digest_of, packs_in
from assets.common import OWNERS, TEAM
from assets.jobs import publish_release, quarterly_build, remind_areas
from assets.runs import BUILD, PUBLISH, REMIND, end_interrupted
from assets.ways import with_ways
from assets.wishes import Left, Wish, answer, ask
from operations.errors import OperationError
from operations.home.clock import now
from operations.home.settings import is_service, rehearsal_clock, settings
from operations.releases.publishing import every_published
from schemas.quarter import Quarter, not_yet_made


class Owned(TypedDict):
    """What every sensor has: its owners, and the tag by which the UI finds what is theirs."""

    owners: list[str]
    tags: dict[str, str]


MILESTONE = "ctw/milestone"
PUBLICATION = "ctw/publication"
TRIES = 3
# One minute after a failure, then two, four, eight: a quarter of an hour after its time.
PUBLICATION_TRIES = 5
# In a rehearsal the clock jumps, and somebody waits for what comes of that.
LOOKS_EVERY = 3 if rehearsal_clock(os.environ) else 60
ON = dg.DefaultSensorStatus.RUNNING
OWNED = Owned(owners=OWNERS, tags={"team": TEAM})
# Somebody's laptop starts nothing by itself; the machine of the service does.
IN_SERVICE = ON if is_service() else dg.DefaultSensorStatus.STOPPED


@dg.sensor(
    **OWNED,
    job=quarterly_build,
    minimum_interval_seconds=LOOKS_EVERY,
    default_status=IN_SERVICE,
    description=(
        "Build a quarter when the return packs in the landing folder have another content, once "
        "they have stopped growing and coming, and until a build of it has succeeded."
    ),
)
def new_packs(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Ask for the quarters whose packs no successful run has seen as they are now.

    Requests and builds are recorded in the runs; the sensor itself keeps no state.
    """
    context.update_cursor("")
    try:
        found = packs_in(settings().incoming, settings().received)
        last = max((quarter for quarter, _ in every_published(settings())), default=None)
    except OperationError as nothing:
        return dg.SkipReason(with_ways(str(nothing)))
    over = [one for one in sorted(found.items()) if _is_over(one[0])]
    return answer(
        (_arrived(context.instance, *one, last) for one in over),
        "There is no pack of a quarter that is over.",
    )


def _arrived(
    instance: dg.DagsterInstance, quarter: Quarter, packs: Dropped, last: Quarter | None
) -> dg.RunRequest | str:
    """Ask for a build, but not of a quarter before the `last` that readers have.

    A new version of such a quarter could not be published.
    """
    if last and quarter < last:
        return f"{quarter.label} is left to a person: readers have {last.label} already"
    if packs.is_growing:
        return f"{quarter.label} waits until its packs have stopped coming"
    return ask(instance, build_with(quarter, packs))


@dg.sensor(
    **OWNED,
    jobs=[quarterly_build, remind_areas],
    minimum_interval_seconds=LOOKS_EVERY,
    default_status=IN_SERVICE,
    description=(
        "By the calendar of the project: list who is to be reminded before returns are due and "
        "who is late after that, and build in the evening of the due date and of the lock date."
    ),
)
def calendar(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Ask for what the calendar wants by now and no successful run has done."""
    at = now(settings())
    following = next_milestone(at)
    nothing = (
        f"Next: {following.kind} of {following.quarter.label}, {following.at:%H:%M on %-d %B %Y}."
        if following
        else "The calendar has no later date: add some to reference/calendar/releases.csv."
    )
    wanted = [_of(one) for one in reached(at) if _is_over(one.quarter)]
    return answer((ask(context.instance, wish) for wish in wanted), nothing)


def _of(milestone: Milestone) -> Wish:
    asked = Wish(milestone.quarter, MILESTONE, milestone.mark, BUILD, tries=TRIES)
    if milestone.is_build:
        state = settings()
        packs = digest_of(state.incoming, state.received, milestone.quarter)
        return replace(asked, done=f"was built for its {milestone.kind} date", packs=packs)
    return replace(
        asked, job=REMIND, doing="is being looked through", done="has its list of reminders"
    )


@dg.sensor(
    **OWNED,
    job=publish_release,
    minimum_interval_seconds=min(15, LOOKS_EVERY),
    default_status=IN_SERVICE,
    description=(
        "Publish, at 09:30 London time on its release date, the version that was signed off for "
        "that time. One that was signed off later is left to a person."
    ),
)
def time_of_release(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Ask for the publication of the earliest quarter that is due, one at a time.

    One that fails is tried again; once it is left to people it stands in the way of no other.
    """
    state = settings()
    try:
        waiting = planned(state)
    except OperationError as fault:
        return dg.SkipReason(with_ways(f"Nothing is published by itself: {fault}"))
    due = [one for one in waiting if one.at <= now(state) and not one.refusal]
    words = [_in_words(one) for one in waiting]
    nothing = "; ".join(words) or "No version is signed off for a time that is to come."
    return answer(first_publication(context.instance, due), nothing)


def _in_words(one: Scheduled) -> str:
    name = f"{one.quarter.label} v{one.version}"
    if one.refusal:
        return with_ways(f"{name} does not go out by itself: {one.refusal}")
    return f"{name} goes out at {one.at:%H:%M on %-d %B %Y}"


def first_publication(
    instance: dg.DagsterInstance, due: Iterable[Scheduled]
) -> Iterator[dg.RunRequest | str]:
    """Ask for one publication: that of the earliest quarter which is not left to people."""
    for wish in map(_publication, due):
        said = ask(instance, wish)
        yield said
        if not isinstance(said, Left):
            return


def _publication(one: Scheduled) -> Wish:
    config = {"ops": {"publications__site": {"config": {"version": one.version}}}}
    mark = f"{one.quarter.id} v{one.version} {one.manifest[:12]}"
    return Wish(
        one.quarter,
        PUBLICATION,
        mark,
        PUBLISH,
        doing="is being published",
        done="was published",
        failed="was not published",
        tries=PUBLICATION_TRIES,
        config=config,
    )


def _is_over(quarter: Quarter) -> bool:
    return not not_yet_made(quarter, now(settings()).date())


@dg.sensor(
    **OWNED,
    minimum_interval_seconds=30,
    default_status=ON,
    description="End runs whose process was killed, so that none of them blocks those that wait.",
)
def interrupted_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """End runs whose process is gone."""
    ended = end_interrupted(settings(), context.instance)
    return dg.SkipReason(f"Ended as interrupted: {', '.join(ended) or 'no run'}.")


SENSORS = [new_packs, calendar, time_of_release, interrupted_runs]
