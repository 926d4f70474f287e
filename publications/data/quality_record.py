"""What the quality report rests on: returns by status, checks, and parts without a figure."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from publications.release.calendar import announcement
from publications.release.model import PlausibilityCheck, Quality, Release
from publications.wording.explanations import SYNTHETIC
from publications.wording.format import capital, counted
from publications.wording.naming import series_title


def recorded(release: Release) -> dict[str, Any]:
    """Return what the report rests on, for programs: due day, returns by status, checks."""
    found = release.quality
    statuses = dict.fromkeys(area.status for area in found.returns)
    return {
        "release": series_title(release.quarter),
        "version": release.version,
        "synthetic": SYNTHETIC if release.synthetic else None,
        "returns_due": announcement(release.quarter)["returns_due"],
        "returns": [{"status": status, "areas": found.count(status)} for status in statuses],
        "checks": [asdict(check) | outcome(check) for check in found.checks],
        "gaps": gaps_of(release.quality),
    }


def gaps_of(quality: Quality) -> list[dict[str, Any]]:
    """List the parts of which a statistic has no figure: what sums marked [i] leave out."""
    return [
        {"population": gap.population, "statistic": gap.statistic, "part": dict(gap.part)}
        for gap in quality.gaps
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
