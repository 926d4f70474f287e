"""Facts with a number that the words of a release may state, each with the record behind it.

Figures and dates that stand in a place of their own are bound to that place instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from publications.data.open_data import LICENCE, as_json
from publications.release.model import Release
from publications.tables import populations
from publications.views.completeness import left_out
from publications.views.layout import layouts
from publications.views.notes import notes_of
from publications.wording.explanations import in_words, small_figures
from publications.wording.format import day, months
from publications.wording.naming import metadata_path
from publications.words import words

LICENCES = ("Open Government Licence, version 3.0", "Open Government Licence version 3.0")


def facts(release: Release) -> dict[str, bytes]:
    """Write every fact with a number that texts of this release may state."""
    listed = [{"text": text, "source": source} for text, source in stated(release).items()]
    return {"facts.json": as_json({"facts": listed})}


def stated(release: Release) -> dict[str, str]:
    """Return the texts with a number that may stand in a sentence, and the source of each."""
    found: dict[str, str] = {}
    for text, source in (
        *_period(release),
        *_sources(),
        *_titles(release),
        *_methods(release),
        *_notes(release),
    ):
        if re.search(r"\d", text):
            found.setdefault(text, source)
    return found


def _period(release: Release) -> Iterator[tuple[str, str]]:
    yield release.quarter.label, "manifest.json#/period/id"
    yield months(release.quarter), "manifest.json#/period/id"
    yield day(release.quarter.end), "manifest.json#/period/end"


def _sources() -> Iterator[tuple[str, str]]:
    for text in LICENCES:
        yield text, LICENCE
    for known in words("facts").values():
        if isinstance(known, dict):
            title = str(known["title"])
            yield title, str(known.get("link", title))


def _titles(release: Release) -> Iterator[tuple[str, str]]:
    """Give the titles of tables, measures and dimensions, as they begin a text or stand in one."""
    for table in release.tables:
        at = metadata_path(release.quarter, table)
        yield table.title, f"{at}#/dc:title"
        for column in (*table.measures, *table.dimensions):
            yield column.title, f"{at}#/tableSchema/columns"
            yield column.title.lower(), f"{at}#/tableSchema/columns"


def _methods(release: Release) -> Iterator[tuple[str, str]]:
    for population in populations(release.declarations):
        at = f"manifest.json#/populations/{population.relation}/methods"
        for place, method in enumerate(population.protection):
            yield in_words(method), f"{at}/{place}"
        yield small_figures(population), f"{at}/0"


def _notes(release: Release) -> Iterator[tuple[str, str]]:
    for layout in layouts(release):
        for note in notes_of(layout):
            yield note, f"{metadata_path(release.quarter, layout.table)}#/notes"
        for note in left_out(layout.table.cited, release.quarter):
            yield note, "quality.json#/gaps"
