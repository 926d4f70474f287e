"""The words that `ctw verify` has to know of a release, which the manifest states with its files.

The verifier knows English itself, so the manifest of a release in English states none.
"""

from __future__ import annotations

from typing import Any

from publications.words import ENGLISH, Words

IDS = (
    *("format.dates.day", "format.dates.clock", "format.dates.moment", "format.heading"),
    *("calendar.shown", "charts.number", "tables.number", "tables.number_in_text"),
    *("spreadsheet.sheets.cover", "spreadsheet.sheets.contents", "spreadsheet.sheets.notes"),
    *("spreadsheet.revisions.sheet", "spreadsheet.table.shorthand", "page.chart.caption"),
    *("disclosure_control.certified.yes", "disclosure_control.certified.no"),
    *("quality.results.passed", "quality.results.not_passed"),
    *("commentary.numbers.percent", "commentary.numbers.tenths"),
)
"""The texts that stand beside figures or dates, as the verifier reads them."""
STATUSES = ("returns", "releases")


def stated_words(words: Words) -> dict[str, Any]:
    """Return the entry `language` of the manifest; empty for a release in English."""
    if words.language.tag == ENGLISH:
        return {}
    entry = {
        "tag": words.language.tag,
        "months": list(words.listed("format.dates.months")),
        "halves": list(words.listed("format.dates.halves")),
        "texts": {key: words.texts[key] for key in IDS},
        "statuses": {of: dict(words.section(f"statuses.{of}")) for of in STATUSES},
    }
    return {"language": entry}
