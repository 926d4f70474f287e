"""The quality report: what became of every return, and which checks of plausibility passed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from publications.commentary.compose import compose
from publications.data.open_data import as_json
from publications.data.quality_record import recorded
from publications.pages.templating import release_page, when
from publications.release.model import UNUSED, PlausibilityCheck, Quality, ReturnStatus
from publications.release.public import PublicRelease
from publications.wording.format import day
from publications.wording.naming import returns_path, revisions_path
from publications.words import Words

JUDGED = ("value", "threshold", "effect", "done")
"""What is said of a check beside its result."""


def quality(release: PublicRelease) -> dict[str, bytes]:
    """Write the quality report."""
    found = release.quality
    record, words = recorded(release), release.words
    context = {
        "commentary": compose(release).paragraphs("quality"),
        "counts": [
            {"status": line["status"], "areas": line["areas"]} for line in record["returns"]
        ],
        "returns": [_return_row(area, words) for area in found.returns],
        "missing": record["missing"],
        "checks": [
            _check_row(check, found.checks[place]) for place, check in enumerate(record["checks"])
        ],
        "ceiling": words.say("commentary.numbers.percent", figure=record["most_missing_starts"]),
        "treatment": record["treatment"],
        "chosen_on": _day(found, words),
        "returns_csv": returns_path(release.quarter),
        "revisions": record["revisions"],
        "revisions_csv": revisions_path(release.quarter),
        "ended": when(release.quarter.end, words),
        "due": when(date.fromisoformat(record["returns_due"]), words),
    }
    title, summary = words.say("quality.title"), words.say("quality.summary")
    return {
        "quality.html": release_page(release, "quality.html", title, summary, context),
        "quality.json": as_json(record),
    }


def _return_row(area: ReturnStatus, words: Words) -> dict[str, str]:
    """Return what the page shows of the return of an area."""
    return {
        "name": words.label("areas", area.delivery_area_name),
        "code": area.delivery_area_code,
        "status": area.status,
        "tone": _tone(area.status),
    }


def _check_row(entry: Mapping[str, Any], check: PlausibilityCheck) -> dict[str, Any]:
    """Return what the page shows of a check: its entry in quality.json, and a colour."""
    shown = ("description", "suite", "severity", "result", "unseen", *JUDGED)
    return {name: entry[name] for name in shown} | {"tone": _tone_of(check)}


def _day(found: Quality, words: Words) -> str:
    """Return the day on which a treatment was chosen; "" where nobody had to choose."""
    return day(date.fromisoformat(found.treatment.chosen_on), words) if found.treatment else ""


def _tone_of(check: PlausibilityCheck) -> str:
    """Choose the colour of a check: none where something was not checked."""
    if not check.passed:
        return "bad"
    return "good" if check.is_judged and not check.unjudged else ""


def _tone(status: str) -> str:
    if status in UNUSED:
        return "bad"
    return "good" if status == "accepted" else ""
