"""The quality report: what became of every return, and which checks of plausibility passed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from publications.calendar import announcement
from publications.commentary import capital, compose
from publications.desk import UNUSED
from publications.explanations import SYNTHETIC
from publications.format import counted
from publications.model import PlausibilityCheck, Release
from publications.naming import returns_path, series_title
from publications.open_data import as_json
from publications.templating import release_page, when


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


def recorded(release: Release) -> dict[str, Any]:
    """Return what the report rests on, for programs: due day, returns by status, checks."""
    found = release.quality
    statuses = dict.fromkeys(area.status for area in found.returns)
    return {
        "release": series_title(release),
        "version": release.version,
        "synthetic": SYNTHETIC if release.synthetic else None,
        "returns_due": announcement(release.quarter)["returns_due"],
        "returns": [{"status": status, "areas": found.count(status)} for status in statuses],
        "checks": [asdict(check) | outcome(check) for check in found.checks],
        "gaps": gaps_of(release),
    }


def gaps_of(release: Release) -> list[dict[str, Any]]:
    """List the parts of which a statistic has no figure: what sums marked [i] leave out."""
    return [
        {"population": gap.population, "statistic": gap.statistic, "part": dict(gap.part)}
        for gap in release.quality.gaps
    ]


def outcome(check: PlausibilityCheck) -> dict[str, str]:
    """Say how a check came out, and what it could not see."""
    if not check.is_judged:
        return {"result": "Not checked", "unseen": "There is no figure to check."}
    if check.unjudged is None:
        unseen = "Areas without a return, or with too few people or settings, are not checked."
    elif check.unjudged:
        unseen = f"{capital(counted(check.unjudged, 'area'))} could not be checked."
    else:
        unseen = ""
    return {"result": "Passed" if check.passed else "Not passed", "unseen": unseen}


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
