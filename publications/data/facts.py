"""Facts with a number that the words of a release may state, each with the record behind it.

Figures and dates that have a place of their own are bound to that place instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from publications.data.open_data import LICENCE, as_json
from publications.release.model import Release
from publications.tables import populations
from publications.views.completeness import left_out
from publications.views.layout import Layout, layouts, places_of
from publications.wording.format import day, in_sentence, months
from publications.wording.naming import metadata_path
from publications.wording.protection import how_far_off, method_in_words, small_figures
from publications.words import Words, declared
from schemas.quarter import Quarter


def facts(release: Release) -> dict[str, bytes]:
    """Write every fact with a number that texts of this release may state."""
    return facts_of(stated(release))


def facts_of(stated: Mapping[str, str]) -> dict[str, bytes]:
    """Write texts with their sources."""
    listed = [{"text": text, "source": source} for text, source in stated.items()]
    return {"facts.json": as_json({"facts": listed})}


def stated(release: Release) -> dict[str, str]:
    """Return the texts with a number that may stand in a sentence, and the source of each."""
    return listed(release.quarter, _methods(release), layouts(release), release.words)


def listed(
    quarter: Quarter,
    methods: Iterable[tuple[str, str]],
    laid_out: Sequence[Layout],
    words: Words,
) -> dict[str, str]:
    """Return the texts of a quarter, of methods with their sources, and of notes to tables."""
    found: dict[str, str] = {}
    given = (*_period(quarter, words), *_sources(words), *_titles(quarter, laid_out), *methods)
    for text, source in (*given, *_notes(quarter, laid_out, words)):
        if re.search(r"\d", text):
            found.setdefault(text, source)
    return found


def _period(quarter: Quarter, words: Words) -> Iterator[tuple[str, str]]:
    yield quarter.label, "manifest.json#/period/id"
    yield months(quarter, words), "manifest.json#/period/id"
    yield day(quarter.end, words), "manifest.json#/period/end"


def _sources(words: Words) -> Iterator[tuple[str, str]]:
    for text in words.section("release.licence").values():
        yield text, LICENCE
    links = declared("facts")["links"]
    for name, title in words.section("facts.sources").items():
        yield title, links.get(name, title)


def _titles(quarter: Quarter, laid_out: Sequence[Layout]) -> Iterator[tuple[str, str]]:
    """Give the titles of tables, measures and dimensions, as they begin a text or stand in one."""
    for table, words in ((layout.table, layout.words) for layout in laid_out):
        at = metadata_path(quarter, table)
        yield table.title, f"{at}#/dc:title"
        for column in (*table.measures, *table.dimensions):
            for title in (column.title, column.title.lower(), in_sentence(column.title, words)):
                yield title, f"{at}#/tableSchema/columns"


def _methods(release: Release) -> Iterator[tuple[str, str]]:
    for population in populations(release.declarations):
        at = f"manifest.json#/populations/{population.relation}"
        for place, method in enumerate(population.protection):
            yield method_in_words(method, release.words), f"{at}/methods/{place}"
        yield small_figures(population, release.words), f"{at}/small_figures"
        for line in how_far_off(population, release.words):
            yield line, f"{at}/readings"


def _notes(quarter: Quarter, laid_out: Sequence[Layout], words: Words) -> Iterator[tuple[str, str]]:
    places = places_of(laid_out, quarter, words)
    for layout in laid_out:
        for note in layout.notes:
            yield note, f"{metadata_path(quarter, layout.table)}#/notes"
        for note in left_out(layout.table.cited, quarter, places, words):
            yield note, "quality.json#/gaps"
