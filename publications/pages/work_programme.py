"""The entry for the Statistical Work Programme: what will change, why, when, how to comment."""

from __future__ import annotations

from typing import Any

from publications.data.open_data import as_json
from publications.errors import CalendarError
from publications.pages.templating import release_page
from publications.release import calendar as dates
from publications.release.public import PublicRelease
from publications.wording.explanations import statements, synthetic
from publications.wording.format import day, moment, months
from publications.wording.naming import contact, series_name
from publications.words import Words, declared
from schemas.quarter import Quarter

NAME, SUMMARY = "statistical-work-programme", "work_programme.summary"


def work_programme(release: PublicRelease) -> dict[str, bytes]:
    """Write the entry as page, Markdown and JSON."""
    entry = _entry(release)
    context = {name: entry[name] for name in ("developments", "purpose", "comment")}
    title, summary = release.words.say("work_programme.entry"), release.words.say(SUMMARY)
    html = release_page(release, f"{NAME}.html", title, summary, context)
    return {
        f"{NAME}.html": html,
        f"{NAME}.json": as_json(entry),
        f"{NAME}.md": _markdown(entry, release).encode(),
    }


def _entry(release: PublicRelease) -> dict[str, Any]:
    words, asked = release.words, contact(release)
    return {
        "series": series_name(words),
        "output": words.say("work_programme.output"),
        "status_of_series": release.designation,
        "as_at": release.release_at.isoformat(),
        "synthetic": synthetic(release),
        "purpose": words.say("work_programme.purpose"),
        "comment": words.say("work_programme.comment"),
        "contact": words.say(
            "work_programme.contact", team=asked.team, organisation=asked.organisation
        ),
        "developments": [
            _development(item, release) for item in declared("developments")["development"]
        ],
    }


def _development(item: dict[str, Any], release: PublicRelease) -> dict[str, Any]:
    quarter, words = Quarter.parse(item["quarter"]), release.words
    texts = words.section(f"work_programme.developments.{item['id']}")
    return {
        "id": item["id"],
        "title": texts["title"],
        "output": words.say("work_programme.output"),
        "change": texts["change"],
        "why": texts["why"],
        "status": _status(item, quarter, release),
        "planned": planned(quarter, words),
        "reference_period": quarter.id,
    }


def _status(item: dict[str, Any], quarter: Quarter, release: PublicRelease) -> str:
    """Return the status of a change: confirmed once the release holds its tables."""
    named = release.words.section("work_programme.statuses")
    if not item["confirmed"]:
        return named["proposed"]
    held = {table.id for table in release.tables}
    is_due = quarter <= release.quarter
    is_here = is_due and held.issuperset(item["tables"])
    return named["in_this_release" if is_here else "confirmed"]


def planned(quarter: Quarter, words: Words) -> str:
    """Say which release is to bring a change, with its day where the calendar has one."""
    period = months(quarter, words)
    try:
        on = dates.release_date(quarter)
    except CalendarError:
        return words.say("work_programme.planned.undated", period=period)
    return words.say("work_programme.planned.dated", period=period, day=day(on, words))


def _markdown(entry: dict[str, Any], release: PublicRelease) -> str:
    words = release.words
    at = moment(release.release_at, words)
    lines = [f"# {words.say('work_programme.title', series=series_name(words))}", ""]
    lines += [entry["purpose"], ""]
    for statement in statements(release).values():
        lines += [f"**{statement}**", ""]
    lines += [words.say("work_programme.as_at", moment=at), ""]
    for item in entry["developments"]:
        lines += [f"## {item['title']}", "", *_lines(item, words), ""]
    lines += [f"## {words.say('work_programme.comment_heading')}", "", entry["comment"], ""]
    lines += [words.say("work_programme.contact_is", contact=entry["contact"]), ""]
    return "\n".join(lines)


def _lines(item: dict[str, Any], words: Words) -> list[str]:
    """Return what is said of a development, one line each: `- Why: ...`."""
    named = words.section("work_programme.lines")
    return [f"- {named[name]}: {item[name]}" for name in named]
