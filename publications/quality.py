"""The quality report: what became of every return, and which checks of plausibility passed."""

from __future__ import annotations

from publications.commentary import capital, compose
from publications.desk import UNUSED
from publications.format import counted
from publications.model import PlausibilityCheck, Release
from publications.naming import returns_path
from publications.templating import release_page


def quality(release: Release) -> dict[str, bytes]:
    """Write the quality report."""
    found = release.quality
    statuses = dict.fromkeys(area.status for area in found.returns)
    context = {
        "commentary": compose(release).paragraphs("quality"),
        "counts": [(sentence(status), found.count(status)) for status in statuses],
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
                **_result(check),
            }
            for check in found.checks
        ],
        "returns_csv": returns_path(release.quarter),
    }
    summary = "Which returns the Connect to Work statistics rest on, and how they were checked."
    return {
        "quality.html": release_page(release, "quality.html", "Quality report", summary, context)
    }


def _result(check: PlausibilityCheck) -> dict[str, str]:
    """Say how a check came out, and what it could not see."""
    if not check.is_judged:
        return {"result": "Not checked", "tone": "", "unseen": "There is no figure to check."}
    if check.unjudged is None:
        unseen = "Areas with too few people or settings are not checked."
    elif check.unjudged:
        unseen = f"{capital(counted(check.unjudged, 'area'))} could not be checked."
    else:
        unseen = ""
    tone = "good" if check.passed and not check.unjudged else "" if check.passed else "bad"
    return {"result": "Passed" if check.passed else "Not passed", "tone": tone, "unseen": unseen}


def sentence(status: str) -> str:
    """Write a status with a capital and spaces: `Not received`."""
    text = status.replace("_", " ")
    return text[:1].upper() + text[1:]


def _tone(status: str) -> str:
    if status in UNUSED:
        return "bad"
    return "good" if status == "accepted" else ""
