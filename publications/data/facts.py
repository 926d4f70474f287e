"""Facts with a number that the words of a release may state, each with the record behind it.

Figures and dates that stand in a place of their own are bound to that place instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from publications.data.open_data import LICENCE, as_json
from publications.release.model import Release
from publications.tables import populations
from publications.views.completeness import left_out
from publications.views.layout import Layout, layouts
from publications.wording.format import day, months
from publications.wording.naming import metadata_path
from publications.wording.protection import in_words, small_figures
from publications.words import declared
from schemas.quarter import Quarter

LICENCES = ("Open Government Licence, version 3.0", "Open Government Licence version 3.0")


def facts(release: Release) -> dict[str, bytes]:
    """Write every fact with a number that texts of this release may state."""
    listed = [{"text": text, "source": source} for text, source in stated(release).items()]
    return {"facts.json": as_json({"facts": listed})}


def stated(release: Release) -> dict[str, str]:
    """Return the texts with a number that may stand in a sentence, and the source of each."""
    return listed(release.quarter, _methods(release), layouts(release))


def listed(
    quarter: Quarter, methods: Iterable[tuple[str, str]], laid_out: Sequence[Layout]
) -> dict[str, str]:
    """Return the texts of a quarter, of methods with their sources, and of notes to tables."""
    found: dict[str, str] = {}
    for text, source in (*_period(quarter), *_sources(), *methods, *_notes(quarter, laid_out)):
        if re.search(r"\d", text):
            found.setdefault(text, source)
    return found


def _period(quarter: Quarter) -> Iterator[tuple[str, str]]:
    yield quarter.label, "manifest.json#/period/id"
    yield months(quarter), "manifest.json#/period/id"
    yield day(quarter.end), "manifest.json#/period/end"


def _sources() -> Iterator[tuple[str, str]]:
    for text in LICENCES:
        yield text, LICENCE
    for known in declared("facts").values():
        if isinstance(known, dict):
            title = str(known["title"])
            yield title, str(known.get("link", title))


def _methods(release: Release) -> Iterator[tuple[str, str]]:
    for population in populations(release.declarations):
        at = f"manifest.json#/populations/{population.relation}"
        for place, method in enumerate(population.protection):
            yield in_words(method), f"{at}/methods/{place}"
        yield small_figures(population), f"{at}/small_figures"


def _notes(quarter: Quarter, laid_out: Sequence[Layout]) -> Iterator[tuple[str, str]]:
    for layout in laid_out:
        for note in layout.notes:
            yield note, f"{metadata_path(quarter, layout.table)}#/notes"
        for note in left_out(layout.table.cited, quarter):
            yield note, "quality.json#/gaps"
