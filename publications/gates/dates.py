"""The gate on dates: the calendar in its three forms, and the work programme in its three."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from publications.errors import CalendarError
from publications.gates.agreement import unbound, unlike
from publications.gates.binding import is_vouched
from publications.gates.expected import Expected
from publications.gates.reading import Files, json_of
from publications.release import calendar
from publications.wording.format import clock, day, moment, months
from publications.wording.naming import series_title
from publications.words import Words
from schemas.quarter import Quarter
from schemas.texts import counted

PROGRAMME = "statistical-work-programme"


def same_dates(release: Expected, files: Files) -> list[str]:
    """Every date of the calendar and of the work programme is that of the reference calendar."""
    return [*_calendar(release, files), *_icalendar(release, files), *_programme(release, files)]


def _calendar(release: Expected, files: Files) -> Iterator[str]:
    for entry in json_of(files, "calendar.json")["announcements"]:
        quarter = Quarter.parse(entry["reference_period"])
        at = calendar.release_at(quarter)
        expected = {
            "title": series_title(quarter, release.words),
            "state": calendar.announcement(quarter)["state"],
            "display_date": _display_date(at, release.words),
            "release_at": at.isoformat(),
        }
        where = f"calendar.json, {quarter.id}"
        yield from unlike(where, entry, expected)
        yield from unbound(where, entry, [*expected, "reference_period"], ())


def _display_date(at: datetime, words: Words) -> str:
    return words.say("calendar.shown", day=day(at.date(), words), clock=clock(at, words))


def _icalendar(release: Expected, files: Files) -> Iterator[str]:
    events = _events(files["calendar.ics"].decode())
    entries = json_of(files, "calendar.json")["announcements"]
    if len(events) != len(entries):
        held = counted(len(events), "event", "events")
        yield f"calendar.ics has {held} and calendar.json has {len(entries)}."
    for event, entry in zip(events, entries, strict=False):
        at = datetime.fromisoformat(entry["release_at"])
        expected = {
            "DTSTAMP": _stamp(release.release_at),
            "DTSTART": _stamp(at),
            "DTEND": _stamp(at + timedelta(minutes=30)),
            "SUMMARY": entry["title"],
            "STATUS": "CONFIRMED" if entry["state"] == "confirmed" else "TENTATIVE",
            "UID": f"connect-to-work-{entry['reference_period'].lower()}@statistics.invalid",
        }
        where = f"calendar.ics, {entry['reference_period']}"
        yield from unlike(where, event, expected)
        yield from unbound(where, event, expected, [entry["display_date"]])
        if entry["display_date"] not in event.get("DESCRIPTION", ""):
            yield f"{where}: the description does not state {entry['display_date']}."


def _events(text: str) -> list[dict[str, str]]:
    """Return the properties of each event, folded lines joined and commas restored."""
    found: list[dict[str, str]] = []
    for line in text.replace("\r\n ", "").replace("\\,", ",").split("\r\n"):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found:
            found[-1][name] = value
    return found


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _programme(release: Expected, files: Files) -> Iterator[str]:
    entry, facts, words = json_of(files, f"{PROGRAMME}.json"), release.facts, release.words
    start = f"- {words.say('work_programme.lines.planned')}: "
    yield from unlike(f"{PROGRAMME}.json", entry, {"as_at": release.release_at.isoformat()})
    planned = []
    for item in entry["developments"]:
        planned.append(_planned(Quarter.parse(item["reference_period"]), words))
        where = f"{PROGRAMME}.json, {item['id']}"
        yield from unlike(where, item, {"planned": planned[-1]})
        yield from unbound(where, item, ["planned", "reference_period"], facts)
    lines = files[f"{PROGRAMME}.md"].decode().splitlines()
    shown = [line.removeprefix(start) for line in lines if line.startswith(start)]
    if shown != planned:
        yield f"{PROGRAMME}.md: the planned dates are not those of {PROGRAMME}.json."
    rest = [line for line in lines if not line.startswith(start)]
    known = {*facts, moment(release.release_at, words)}
    yield from (
        f"{PROGRAMME}.md: {line!r} holds a number bound to no record."
        for line in rest
        if not is_vouched(line, known)
    )


def _planned(quarter: Quarter, words: Words) -> str:
    """Return the planned release of a quarter as the work programme states it."""
    period = months(quarter, words)
    try:
        on = day(calendar.release_date(quarter), words)
    except CalendarError:
        return words.say("work_programme.planned.undated", period=period)
    return words.say("work_programme.planned.dated", period=period, day=on)
