"""The release calendar as page, data and iCalendar, and the notices on access."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from publications.data.open_data import as_json
from publications.pages.templating import release_page
from publications.release import calendar as dates
from publications.release.public import PublicRelease
from publications.wording.explanations import rehearsal
from publications.wording.format import OF_RELEASES, clock, day, status
from publications.wording.naming import contact, series_title
from publications.words import Words
from schemas.quarter import Quarter

LINE = 73
NOTICES = {
    "pre-release-access.html": ("access.title", "access.summary"),
    "accessibility.html": ("accessibility.title", "accessibility.summary"),
}


def calendar(release: PublicRelease) -> dict[str, bytes]:
    """Write the calendar from this release to a year ahead: HTML, JSON and iCalendar."""
    words = release.words
    listed = [announcement(quarter, words) for quarter in dates.announced(release.quarter)]
    standard = dates.STANDARD_TIME
    at = clock(release.release_at, words)
    context = {
        "entries": listed,
        "standard": {"iso": standard.isoformat("minutes"), "text": at},
    }
    name, summary = words.say("calendar.title"), words.say("calendar.summary")
    html = release_page(release, "calendar.html", name, summary, context)
    return {
        "calendar.html": html,
        "calendar.ics": icalendar(listed, release).encode(),
        "calendar.json": as_json({"announcements": listed}),
    }


def announcement(quarter: Quarter, words: Words) -> dict[str, Any]:
    """Announce one release, with the fields of GOV.UK's statistics announcements."""
    known = dates.announcement(quarter)
    moment = dates.release_at(quarter)
    return {
        "title": series_title(quarter, words),
        "document_type": "official_statistics_announcement",
        "format_sub_type": "official",
        "state": known["state"],
        "display_date": display_date(moment, words),
        "release_at": moment.isoformat(),
        "previous_display_date": None,
        "latest_change_note": None,
        "cancellation_reason": None,
        "cancelled_at": None,
        "reference_period": quarter.id,
    }


def display_date(moment: datetime, words: Words) -> str:
    """Write a moment as GOV.UK's announcements show it: `17 December 2026 9:30am`."""
    return words.say("calendar.shown", day=day(moment.date(), words), clock=clock(moment, words))


def icalendar(entries: list[dict[str, Any]], release: PublicRelease) -> str:
    """Write the announcements as iCalendar; the stamp is the time of this release."""
    stamp, words = _utc(release.release_at), release.words
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{contact(release).organisation}//{words.say('calendar.title')}//"
        f"{words.language.tag.upper()}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    for entry in entries:
        moment = datetime.fromisoformat(entry["release_at"])
        state = "CONFIRMED" if entry["state"] == "confirmed" else "TENTATIVE"
        lines += [
            "BEGIN:VEVENT",
            f"UID:connect-to-work-{entry['reference_period'].lower()}@statistics.invalid",
            f"DTSTAMP:{stamp}",
            f"DTSTART:{_utc(moment)}",
            f"DTEND:{_utc(moment + timedelta(minutes=30))}",
            f"SUMMARY:{_escaped(entry['title'])}",
            f"DESCRIPTION:{_escaped(_described(entry, release))}",
            f"STATUS:{state}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _described(entry: dict[str, Any], release: PublicRelease) -> str:
    words = release.words
    state = status(entry["state"], words, OF_RELEASES)
    text = words.say("calendar.event", state=state, moment=entry["display_date"])
    if release.synthetic:
        text = words.say("calendar.synthetic_event", event=text)
    said = rehearsal(release)
    return words.say("calendar.rehearsed_event", statement=said, event=text) if said else text


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> str:
    """Fold a line after 73 characters: iCalendar allows 75 octets."""
    parts = [line[i : i + LINE] for i in range(0, len(line), LINE)] or [""]
    return "\r\n ".join(parts)


def notices(release: PublicRelease) -> dict[str, bytes]:
    """Write the notices on pre-release access, of which there is no record, and accessibility."""
    words = release.words
    return {
        file: release_page(release, file, words.say(title), words.say(summary), {})
        for file, (title, summary) in NOTICES.items()
    }
