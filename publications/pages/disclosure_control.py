"""The disclosure-control report: what was done to each population, what it cost, what it leaves.

Every number comes from the report of a protected table or the outcome of the attack.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from publications.data.open_data import as_json
from publications.data.protection_record import changes_in_words, outcome_rows, protection_record
from publications.pages.templating import release_page
from publications.release.model import Release
from publications.release.public import PublicRelease
from publications.wording.explanations import synthetic
from publications.wording.naming import series_title


def disclosure_control(release: Release) -> dict[str, bytes]:
    """Write the disclosure-control report, for people and for programs."""
    return report_of(release, protection_record(release))


def report_of(release: PublicRelease, found: Mapping[str, Any]) -> dict[str, bytes]:
    """Write the report from what is recorded of each population (`protection_record`)."""
    words, attack = release.words, release.attack
    rows, changes = outcome_rows(attack, words), changes_in_words(attack, words)
    context = {**found, "outcome": attack, "rows": rows, "changes": changes}
    title, summary = words.say("disclosure_control.title"), words.say("disclosure_control.summary")
    file = "disclosure-control.html"
    return {
        file: release_page(release, file, title, summary, context),
        "disclosure-control.json": as_json(
            {
                "release": series_title(release.quarter, words),
                "version": release.version,
                "synthetic": synthetic(release),
                **found,
                "attack": asdict(attack) if attack else None,
                "outcome": rows,
                "changes": changes,
            }
        ),
    }
