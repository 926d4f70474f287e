"""Whether every date that a file states is one of the release, its calendar or its open data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from verification.findings import INTEGRITY, Finding
from verification.folder import MANIFEST, Folder
from verification.language import ENGLISH
from verification.records import Records
from verification.unpacking import unpacked

ISO = re.compile(r"\b\d{4}-\d{2}-\d{2}(?!\d)")


def dates(folder: Folder) -> list[Finding]:
    """List every date that is known from no record of the release."""
    records = Records(folder)
    known = _known(folder, records)
    problems: list[str] = []
    stated = records.words.dates
    known |= set(stated.findall(" ".join(_planned(records))))
    for where, text in _texts(folder):
        found = {*stated.findall(text), *ENGLISH.dates.findall(text), *ISO.findall(text)}
        problems += [f"{where}: the date {day} is in no record." for day in sorted(found - known)]
    problems += _described(folder, records)
    problems += _announced(folder, records)
    return [Finding(INTEGRITY, words) for words in problems]


def _known(folder: Folder, records: Records) -> set[str]:
    """Return the dates of the manifest, the calendar and the open data, in both forms."""
    manifest, quality = folder.manifest, records.document("quality.json") or {}
    found = [manifest.get("release_at"), manifest.get("next_release"), quality.get("returns_due")]
    found += [manifest["period"].get("start"), manifest["period"].get("end")]
    calendar = records.document("calendar.json") or {"announcements": []}
    found += [entry["release_at"] for entry in calendar["announcements"]]
    for path in folder.files:
        lines = records.lines(path) if path.startswith("data/") and path.endswith(".csv") else []
        place = lines[0].index("date") if lines and "date" in lines[0] else None
        found += [line[place] for line in lines[1:] if place is not None]
    days = {date.fromisoformat(text[:10]) for text in found if text}
    return {form for day in days for form in (day.isoformat(), folder.words.long(day))}


def _planned(records: Records) -> list[str]:
    """Return the releases for which changes are planned; the page is compared with them."""
    entry = records.document("statistical-work-programme.json") or {"developments": []}
    return [item["planned"] for item in entry["developments"]]


def _texts(folder: Folder) -> Iterator[tuple[str, str]]:
    """Give the texts that state dates: pages are looked at by their own check."""
    for path, content in sorted(folder.files.items()):
        if path.endswith(("-metadata.json", ".md")) or path in (
            *("facts.json", "calendar.json", "disclosure-control.json", MANIFEST),
        ):
            yield path, content.decode()
        elif path.endswith(".ods"):
            parts = _parts(content)
            for part in ("content.xml", "meta.xml"):
                yield path, parts.get(part, b"").decode(errors="replace")


def _parts(content: bytes) -> dict[str, bytes]:
    """Return the parts of a spreadsheet; none of one that cannot be read, which is found before."""
    try:
        return unpacked(content)
    except ValueError:
        return {}


def _described(folder: Folder, records: Records) -> Iterator[str]:
    """Compare the planned release of every file with that of the manifest."""
    at = folder.manifest.get("release_at")
    for path in sorted(folder.files):
        stated: Any = None
        if path.endswith("-metadata.json"):
            stated = records.document(path).get("dc:available", {}).get("@value")
        elif path == "statistical-work-programme.json":
            stated = records.document(path).get("as_at")
        if stated is not None and stated != at:
            yield f"{path}: the planned release is {stated}, in {MANIFEST} {at}."


def _announced(folder: Folder, records: Records) -> Iterator[str]:
    """Compare the calendar in its forms: the shown date, the moment and the event."""
    entries = (records.document("calendar.json") or {"announcements": []})["announcements"]
    events = re.findall(r"DTSTART:(\w+)", folder.files.get("calendar.ics", b"").decode())
    moments = [datetime.fromisoformat(entry["release_at"]) for entry in entries]
    if events != [moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ") for moment in moments]:
        yield "calendar.ics: the events are not at the moments of calendar.json."
    for entry, moment in zip(entries, moments, strict=True):
        if records.words.long(moment.date()) not in str(entry["display_date"]):
            yield f"calendar.json: {entry['display_date']} is not {entry['release_at']}."
