"""The release calendar as page, data and iCalendar, and the notices on access."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from publications.data.open_data import as_json
from publications.pages.templating import release_page
from publications.release import calendar as dates
from publications.release.model import Release
from publications.wording.format import clock, day, months
from publications.wording.naming import SERIES
from schemas.quarter import Quarter

LINE = 73


def calendar(release: Release) -> dict[str, bytes]:
    """Write the calendar from this release to a year ahead: HTML, JSON and iCalendar."""
    listed = [announcement(quarter) for quarter in dates.announced(release.quarter)]
    standard = dates.STANDARD_TIME
    context = {
        "entries": listed,
        "standard": {"iso": standard.isoformat("minutes"), "text": clock(release.release_at)},
    }
    summary = "When the next Connect to Work statistics come out."
    html = release_page(release, "calendar.html", "Release calendar", summary, context)
    return {
        "calendar.html": html,
        "calendar.ics": icalendar(listed, release).encode(),
        "calendar.json": as_json({"announcements": listed}),
    }


def announcement(quarter: Quarter) -> dict[str, Any]:
    """Announce one release, with the fields of GOV.UK's statistics announcements."""
    known = dates.announcement(quarter)
    moment = dates.release_at(quarter)
    return {
        "title": f"{SERIES}: {months(quarter)}",
        "document_type": "official_statistics_announcement",
        "format_sub_type": "official",
        "state": known["state"],
        "display_date": f"{day(moment.date())} {clock(moment)}",
        "release_at": moment.isoformat(),
        "previous_display_date": None,
        "latest_change_note": None,
        "cancellation_reason": None,
        "cancelled_at": None,
        "reference_period": quarter.id,
    }


def icalendar(entries: list[dict[str, Any]], release: Release) -> str:
    """Write the announcements as iCalendar; the stamp is the time of this release."""
    stamp = _utc(release.release_at)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{release.contact.organisation}//Release calendar//EN",
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


def _described(entry: dict[str, Any], release: Release) -> str:
    text = f"Release announced, {entry['state']}: {entry['display_date']}, London time."
    return f"Synthetic data. {text}" if release.synthetic else text


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> str:
    """Fold a line after 73 characters: iCalendar allows 75 octets."""
    parts = [line[i : i + LINE] for i in range(0, len(line), LINE)] or [""]
    return "\r\n ".join(parts)


def notices(release: Release) -> dict[str, bytes]:
    """Write the notices on pre-release access, of which there is no record, and accessibility."""
    return {
        "pre-release-access.html": release_page(
            release,
            "pre-release-access.html",
            "Pre-release access",
            "What is recorded of access to the Connect to Work statistics before publication.",
            {},
        ),
        "accessibility.html": release_page(
            release,
            "accessibility.html",
            "Accessibility",
            "How accessible the Connect to Work statistics are.",
            {},
        ),
    }
