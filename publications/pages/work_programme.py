"""The entry for the Statistical Work Programme: what will change, why, when, how to comment."""

from __future__ import annotations

from typing import Any

from publications.data.open_data import as_json
from publications.errors import CalendarError
from publications.pages.templating import release_page
from publications.release import calendar as dates
from publications.release.model import Release
from publications.wording.explanations import SYNTHETIC
from publications.wording.format import day, moment, months
from publications.wording.naming import SERIES
from publications.words import declared
from schemas.quarter import Quarter

NAME = "statistical-work-programme"


def work_programme(release: Release) -> dict[str, bytes]:
    """Write the entry as page, Markdown and JSON."""
    entry = _entry(release)
    context = {name: entry[name] for name in ("developments", "purpose", "comment")}
    summary = "What is proposed and planned for the Connect to Work statistics."
    html = release_page(
        release, f"{NAME}.html", "Statistical Work Programme entry", summary, context
    )
    return {
        f"{NAME}.html": html,
        f"{NAME}.json": as_json(entry),
        f"{NAME}.md": _markdown(entry, release).encode(),
    }


def _entry(release: Release) -> dict[str, Any]:
    content = declared("work_programme")
    return {
        "series": SERIES,
        "output": content["output"],
        "status_of_series": release.designation,
        "as_at": release.release_at.isoformat(),
        "synthetic": SYNTHETIC if release.synthetic else None,
        "purpose": content["purpose"],
        "comment": content["comment"],
        "contact": f"{release.contact.team}, {release.contact.organisation}",
        "developments": [
            _development(item, content["output"], release) for item in content["development"]
        ],
    }


def _development(item: dict[str, Any], output: str, release: Release) -> dict[str, Any]:
    quarter = Quarter.parse(item["quarter"])
    return {
        "id": item["id"],
        "title": item["title"],
        "output": output,
        "change": item["change"],
        "why": item["why"],
        "status": _status(item, quarter, release),
        "planned": _planned(quarter),
        "reference_period": quarter.id,
    }


def _status(item: dict[str, Any], quarter: Quarter, release: Release) -> str:
    """Say how far a change has come: a confirmed one is in the release that holds its tables."""
    if not item["confirmed"]:
        return "Proposed"
    held = {table.id for table in release.tables}
    is_due = quarter <= release.quarter
    return "In this release" if is_due and held.issuperset(item["tables"]) else "Confirmed"


def _planned(quarter: Quarter) -> str:
    try:
        moment = f" on {day(dates.release_date(quarter))}"
    except CalendarError:
        moment = ""
    return f"Release for {months(quarter)}{moment}"


def _markdown(entry: dict[str, Any], release: Release) -> str:
    lines = [f"# Statistical Work Programme: {SERIES}", "", entry["purpose"], ""]
    if entry["synthetic"]:
        lines += [f"**{entry['synthetic']}**", ""]
    lines += [f"As at the release planned for {moment(release.release_at)}.", ""]
    for item in entry["developments"]:
        lines += [
            f"## {item['title']}",
            "",
            f"- Status: {item['status']}",
            f"- Output: {item['output']}",
            f"- What changes: {item['change']}",
            f"- Why: {item['why']}",
            f"- Planned date: {item['planned']}",
            "",
        ]
    lines += ["## How to comment", "", entry["comment"], "", f"Contact: {entry['contact']}.", ""]
    return "\n".join(lines)
