"""The gate on the quality report and the disclosure-control report, as programs read them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from publications.data.protection_record import bounds_in_words, changes_in_words, outcome_rows
from publications.data.quality_record import (
    checked,
    gaps_of,
    missing,
    outcome,
    revised,
    treatment_of,
)
from publications.gates.agreement import unbound, unlike
from publications.gates.expected import Expected
from publications.gates.facts_read import check_fields
from publications.gates.forms import in_form_of
from publications.gates.reading import Files, json_of, rows_of
from publications.release.calendar import announcement
from publications.release.model import AttackOutcome, PlausibilityCheck
from publications.wording.naming import returns_path, series_title

DISCLOSURE = "disclosure-control.json"


def same_reports(release: Expected, files: Files) -> list[str]:
    """Every number of the reports on quality and disclosure control is the recorded one."""
    return [*_quality(release, files), *_disclosure_control(release, files)]


def _quality(release: Expected, files: Files) -> Iterator[str]:
    report, words = json_of(files, "quality.json"), release.words
    statuses = [row["status"] for row in rows_of(files, returns_path(release.quarter))]
    expected: dict[str, object] = {
        "release": series_title(release.quarter, release.words),
        "version": release.version,
        "returns_due": announcement(release.quarter)["returns_due"],
        "returns": [{"status": s, "areas": statuses.count(s)} for s in dict.fromkeys(statuses)],
        "missing": missing(release.quality, words),
        "gaps": gaps_of(release.quality),
        "treatment": treatment_of(release.quality, words),
        "revisions": revised(release),
    }
    if release.quality.checks:
        expected["checks"] = [checked(check, words) for check in release.quality.checks]
    yield from unlike("quality.json", report, in_form_of(report, expected))
    for check in report["checks"]:
        recorded = PlausibilityCheck(**check_fields(check))
        where = f"quality.json, {check['description']}"
        yield from unlike(where, check, in_form_of(report, outcome(recorded, words)))


def _disclosure_control(release: Expected, files: Files) -> Iterator[str]:
    report = json_of(files, DISCLOSURE)
    known: dict[str, object] = {
        "release": series_title(release.quarter, release.words),
        "version": release.version,
    }
    if release.attack is not None:
        known["attack"] = _plain(asdict(release.attack))
    if report["attack"] is not None:
        attacked = AttackOutcome.from_dict(report["attack"])
        known |= {
            "outcome": _plain(outcome_rows(attacked, release.words)),
            "changes": changes_in_words(attacked, release.words),
        }
    yield from unlike(DISCLOSURE, report, known)
    facts = release.facts
    for entry in report["populations"]:
        where, name = f"{DISCLOSURE}, {entry['name']}", entry["name"]
        yield from _sound(where, entry)
        words = {"words": [method["words"] for method in entry["methods"]]}
        yield from unbound(where, words, (), facts)
        report = release.reports.get(name)
        if report is not None:
            bounds = bounds_in_words(entry["title"], report, release.words)
            yield from unlike(where, entry, _plain(report.as_dict() | {"attacker": bounds}))


def _sound(where: str, entry: Mapping[str, Any]) -> Iterator[str]:
    """Compare the numbers with their sums."""
    if entry["cells"] != entry["shown"] + entry["withheld"] + entry["marked"]:
        yield f"{where}: the cells shown, withheld and marked do not add up."
    if entry["by_reason"] and sum(entry["by_reason"].values()) != entry["withheld"]:
        yield f"{where}: the reasons do not add up to the cells withheld."


def _plain(content: Any) -> Any:
    """Return a record as JSON gives it back: lists for tuples."""
    return json.loads(json.dumps(content))
