"""The quality report: what became of every return, and which checks of plausibility passed."""

from __future__ import annotations

from datetime import date

from publications.commentary.compose import compose
from publications.commentary.desk import UNUSED
from publications.data.open_data import as_json
from publications.data.quality_record import outcome, recorded
from publications.pages.templating import release_page, when
from publications.release.model import PlausibilityCheck, Release
from publications.wording.naming import returns_path


def quality(release: Release) -> dict[str, bytes]:
    """Write the quality report."""
    found = release.quality
    record = recorded(release)
    context = {
        "commentary": compose(release).paragraphs("quality"),
        "counts": [
            {"status": sentence(line["status"]), "areas": line["areas"]}
            for line in record["returns"]
        ],
        "returns": [
            {
                "name": area.delivery_area_name,
                "code": area.delivery_area_code,
                "status": sentence(area.status),
                "tone": _tone(area.status),
            }
            for area in found.returns
        ],
        "checks": [
            {
                "description": check.description,
                "suite": check.suite,
                "severity": sentence(check.severity),
                "tone": _tone_of(check),
                **outcome(check),
            }
            for check in found.checks
        ],
        "returns_csv": returns_path(release.quarter),
        "ended": when(release.quarter.end),
        "due": when(date.fromisoformat(record["returns_due"])),
    }
    summary = "Which returns the Connect to Work statistics rest on, and what was found about them."
    return {
        "quality.html": release_page(release, "quality.html", "Quality report", summary, context),
        "quality.json": as_json(record),
    }


def _tone_of(check: PlausibilityCheck) -> str:
    """Choose the colour of a check: none where something was not checked."""
    if not check.passed:
        return "bad"
    return "good" if check.is_judged and not check.unjudged else ""


def sentence(status: str) -> str:
    """Write a status with a capital and spaces: `Not received`."""
    text = status.replace("_", " ")
    return text[:1].upper() + text[1:]


def _tone(status: str) -> str:
    if status in UNUSED:
        return "bad"
    return "good" if status == "accepted" else ""
