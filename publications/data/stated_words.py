"""The words that `ctw verify` has to know of a release, which the manifest states with its files.

The verifier knows English itself, so the manifest of a release in English states none. The notice
that the site adds to a page later is written with the same words, in the language of that page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from publications.errors import WordingError
from publications.words import ENGLISH, Words, words_in

IDS = (
    *("format.dates.day", "format.dates.clock", "format.dates.moment", "format.heading"),
    *("calendar.shown", "charts.number", "tables.number", "tables.number_in_text"),
    *("spreadsheet.sheets.cover", "spreadsheet.sheets.contents", "spreadsheet.sheets.notes"),
    *("spreadsheet.revisions.sheet", "spreadsheet.table.shorthand", "page.chart.caption"),
    *("disclosure_control.certified.yes", "disclosure_control.certified.no"),
    *("quality.results.passed", "quality.results.not_passed"),
    *("commentary.numbers.percent", "commentary.numbers.tenths"),
    *("site.superseded_by", "site.replaces", "site.read_newest", "site.read_replaced"),
    *("site.what_was_corrected", "site.known_wrong.said", "site.known_wrong.why"),
    "site.known_wrong.table",
)
"""The texts that stand beside figures or dates, or in the notice, as the verifier reads them."""
STATUSES = ("returns", "releases")
FIGURE = re.compile(r"\{(\w+)\}")


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


def say_as_stated(manifest: Mapping[str, Any], key: str, **figures: object) -> str:
    """Return one of these texts in the language of a finished release, filled with its figures.

    It is that of the manifest, so that no catalogue is needed; in English that of the catalogue.
    Raises `WordingError` when the manifest states a language without the text or its figures.
    """
    if "language" not in manifest:
        return words_in().say(key, **figures)
    try:
        text = manifest["language"]["texts"][key]
        return FIGURE.sub(lambda found: str(figures[found[1]]), text)
    except (LookupError, TypeError) as fault:
        raise WordingError(
            f"manifest.json does not state the text {key} with the figures "
            f"{', '.join(figures) or 'none'}. Build the release again."
        ) from fault
