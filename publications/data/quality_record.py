"""What the quality report rests on: returns by status, checks, and parts without a figure."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any

from publications.release.calendar import announcement
from publications.release.model import PlausibilityCheck, Quality
from publications.release.public import PublicRelease
from publications.release.revisions import Revisions, Size
from publications.wording.explanations import synthetic
from publications.wording.format import capital, heading, number_in_words
from publications.wording.naming import series_title
from publications.words import Words
from schemas.coverage import DECIDES, MISSING_STARTS


def recorded(release: PublicRelease) -> dict[str, Any]:
    """Return what the report rests on, for programs: due day, returns by status, checks."""
    found = release.quality
    statuses = dict.fromkeys(area.status for area in found.returns)
    return {
        "release": series_title(release.quarter, release.words),
        "version": release.version,
        "synthetic": synthetic(release),
        "returns_due": announcement(release.quarter)["returns_due"],
        "returns": [{"status": status, "areas": found.count(status)} for status in statuses],
        "missing": missing(found, release.words),
        "checks": [checked(check, release.words) for check in found.checks],
        "gaps": gaps_of(release.quality),
        "most_missing_starts": MISSING_STARTS.percent,
        "treatment": treatment_of(release.quality, release.words),
        "revisions": revised(release),
    }


def checked(check: PlausibilityCheck, words: Words) -> dict[str, Any]:
    """Return a check in words: its subject, question and outcome, and what it did not check."""
    labels = {
        name: words.label("checks", getattr(check, name)) for name in ("suite", "description")
    }
    return asdict(check) | labels | outcome(check, words)


def missing(quality: Quality, words: Words) -> list[dict[str, str]]:
    """List the open areas whose return does not count, with the explanation that was given."""
    return [
        {
            "code": area.delivery_area_code,
            "area": words.label("areas", area.delivery_area_name),
            "status": area.status,
            "explanation": area.explanation,
            "why": area.explanation or words.say("quality.unexplained"),
        }
        for area in quality.returns
        if area.is_missing
    ]


def gaps_of(quality: Quality) -> list[dict[str, Any]]:
    """List the parts that no return gave: sums marked [i] leave them out, [e] hold a stand-in."""
    return [
        {
            "population": gap.population,
            "statistic": gap.statistic,
            "part": dict(gap.part),
            "is_imputed": gap.is_imputed,
        }
        for gap in quality.gaps
    ]


def treatment_of(quality: Quality, words: Words) -> dict[str, str] | None:
    """Return what was chosen to do about missing returns, in words, who chose it and why."""
    chosen = quality.treatment
    if chosen is None:
        return None
    is_declared = chosen.role.casefold() == DECIDES.casefold()
    role = words.label("roles", DECIDES) if is_declared else chosen.role
    method = words.section("quality.treatments")[chosen.method]
    return asdict(chosen) | {"words": method, "role": role}


def revised(release: PublicRelease) -> dict[str, Any]:
    """Say what the release revises: how many figures, for which reasons, and how far over time."""
    found, words = release.revisions, release.words
    reasons = Counter(reason for one in found.found for reason in one.reasons)
    labels = words.section("revisions.reasons")
    return {
        "since": list(found.since),
        "figures": len(found.found),
        "without_reason": found.unexplained,
        "explanation": found.explanation,
        "why": _why(found, words),
        "reasons": [
            {"reason": reason, "label": label, "figures": reasons[reason]}
            for reason, label in labels.items()
            if reasons[reason]
        ],
        "sizes": [sized(one, release) for one in found.sizes],
    }


def _why(found: Revisions, words: Words) -> str:
    """Say why figures differ for which no record gives a reason; "" where every one has some."""
    if not found.unexplained:
        return ""
    return found.explanation or words.say("quality.unexplained")


def sized(one: Size, release: PublicRelease) -> dict[str, Any]:
    """Return the size of the revisions of a measure, as text with two decimals, with its titles."""
    table = next(table for table in release.tables if table.id == one.table)
    column = table.measure(one.measure)
    return {
        "since": one.since,
        "table": one.table,
        "measure": one.measure,
        "title": table.title,
        "measure_title": heading(column, release.words),
        "compared": one.compared,
        "revised": one.revised,
        "share_percent": f"{one.share:.1f}",
        "mean": f"{one.mean:f}",
        "mean_absolute": f"{one.mean_absolute:f}",
    }


ALL = 100
"""The share, in per cent, that is every area."""


def outcome(check: PlausibilityCheck, words: Words) -> dict[str, str]:
    """Say how a check came out, what it saw and did not see, what was expected and done."""
    result = "passed" if check.passed else "not_passed"
    if not check.is_judged:
        result = "not_checked"
    why = "" if check.passed else check.explanation or words.say("quality.unexplained")
    return {
        "result": words.section("quality.results")[result],
        "unseen": _unseen(check, words),
        "why": why,
        "value": _value(check, words),
        "threshold": _threshold(check, words),
        "effect": words.section("quality.effects")[check.severity],
        "done": why or words.say("quality.nothing_done"),
    }


def _value(check: PlausibilityCheck, words: Words) -> str:
    """Say what a check saw: a figure in per cent, or how many of the areas checked are within."""
    if check.value_percent is None:
        return words.say("quality.values.none")
    if check.is_share:
        return _share(check.value_percent, words)
    return words.say("quality.values.figure", figure=f"{check.value_percent:g}")


def _threshold(check: PlausibilityCheck, words: Words) -> str:
    """Say what is expected of the value."""
    if check.least_percent is None or check.most_percent is None:
        return words.say("quality.values.unknown")
    if check.is_share:
        return _share(check.least_percent, words)
    least, most = f"{check.least_percent:g}", f"{check.most_percent:g}"
    return words.say("quality.values.between", least=least, most=most)


def _share(percent: float, words: Words) -> str:
    """Say how many of the areas: all of them, or at least so many per cent."""
    if percent == ALL:
        return words.say("quality.values.all")
    return words.say("quality.values.areas", figure=f"{percent:g}")


def _unseen(check: PlausibilityCheck, words: Words) -> str:
    if not check.is_judged:
        return words.say("quality.unseen.all")
    if check.unjudged is None:
        return words.say("quality.unseen.few")
    if not check.unjudged:
        return ""
    number = capital(number_in_words(check.unjudged, words))
    return words.say("quality.unseen.areas", count=check.unjudged, number=number)
