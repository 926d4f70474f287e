"""The disclosure-control report: what was done to each population, what it cost, what it leaves.

Every number comes from the report of a protected table or the outcome of the attack.
"""

from __future__ import annotations

from dataclasses import asdict

from publications.data.open_data import as_json
from publications.data.protection_record import changes_in_words, outcome_rows, protection_record
from publications.pages.templating import release_page
from publications.release.model import Release
from publications.wording.explanations import synthetic
from publications.wording.naming import series_title


def disclosure_control(release: Release) -> dict[str, bytes]:
    """Write the disclosure-control report, for people and for programs."""
    found = protection_record(release)
    context = {
        **found,
        "outcome": release.attack,
        "rows": outcome_rows(release.attack, release.words),
        "changes": changes_in_words(release.attack, release.words),
    }
    title = release.words.say("disclosure_control.title")
    summary = release.words.say("disclosure_control.summary")
    file = "disclosure-control.html"
    return {
        file: release_page(release, file, title, summary, context),
        "disclosure-control.json": as_json(
            {
                "release": series_title(release.quarter, release.words),
                "version": release.version,
                "synthetic": synthetic(release),
                **found,
                "attack": asdict(release.attack) if release.attack else None,
                "outcome": outcome_rows(release.attack, release.words),
                "changes": changes_in_words(release.attack, release.words),
            }
        ),
    }
