"""What the words of a release name is declared: figures, charts, excerpts, sections, sentences.

A misspelt name would silently leave out a sentence or a chart, so these names are checked when
`publications.folder` is imported.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from publications.commentary.named import Naming
from publications.commentary.sentences import SENTENCES, Sentences
from publications.pages.bulletin import EXCERPTS
from publications.pages.charts import CHARTS, TITLES, PartsChart, TrendChart
from publications.pages.excerpts import CAPTIONS, COLUMNS, AlongDimension, ByMeasure
from publications.populations import POPULATIONS
from publications.words import Words, declared, words_in
from publications.words.catalogue import languages
from schemas.dimension import QUARTER
from schemas.errors import DeclarationError
from schemas.table import StatisticalTable

WORDS = "publications/words"
DATED = ("day", "quarter")
"""The figures that headings and titles may name."""
CELL = ("table", "measure")
SECTION = ("id", "words", "charts", "tables")
FACT = ("id", "value", "source")
Tables = Mapping[str, StatisticalTable]


def check_words(tables: Iterable[StatisticalTable]) -> None:
    """Raise `DeclarationError`, with file and word, when words name what is not declared."""
    known = {table.id: table for table in tables}
    check_cells(declared("cells"), known)
    check_sections(declared("pages")["section"])
    check_sentences(declared("sections"))
    check_facts(declared("facts")["fact"])
    relations = [population.relation for population in POPULATIONS]
    definitions = Naming(f"{WORDS}/en/definitions.toml", "", {})
    definitions.known("population", relations, words_in().section("definitions"))
    check_charts(CHARTS, known)
    check_excerpts(EXCERPTS, known)
    for one in declared("developments")["development"]:
        what = f"the development {one['id']} with"
        Naming(f"{WORDS}/developments.toml", what, {}).known("table", one.get("tables", ()), known)
    facts = [fact["id"] for fact in declared("facts")["fact"]]
    for language in languages():
        Sentences(words_in(language), known, declared("cells"), facts).check()


def check_cells(cells: Mapping[str, Any], known: Tables) -> None:
    """Raise unless each cited cell is one that a release with its table can hold."""
    for name, cell in cells.items():
        naming = Naming(f"{WORDS}/cells.toml", f"the cell {name} with", known)
        _check_parts(naming, CELL, cell)
        codes = {key: code for key, code in cell.items() if key not in CELL}
        naming.figure(cell["table"], cell["measure"], codes)


def check_sections(sections: Iterable[Mapping[str, Any]]) -> None:
    """Raise unless the charts, excerpts and words of each section of the bulletin exist."""
    file = f"{WORDS}/pages.toml"
    listed = list(sections)
    for section in listed:
        naming = Naming(file, f"the section {section.get('id', '')} with", {})
        _check_parts(naming, SECTION, section)
        naming.known("part", section, SECTION)
        naming.known("chart", section["charts"], CHARTS)
        naming.known("table", section["tables"], EXCERPTS)
        naming.known("words", [section["words"]], declared("sections"))
        naming.known("heading", [section["words"]], words_in().section("bulletin.headings"))
    for part in ("id", "words"):
        check_once(file, f"section with the {part}", [one[part] for one in listed])
    for part in ("charts", "tables"):
        check_once(file, part.removesuffix("s"), [name for one in listed for name in one[part]])


def check_sentences(sections: Mapping[str, Any]) -> None:
    """Raise unless each section of the commentary is made of sentences that are written."""
    file = f"{WORDS}/sections.toml"
    sentences = words_in().sections
    written = [key.removeprefix(SENTENCES) for key in sentences if key.startswith(SENTENCES)]
    for name, paragraphs in sections.items():
        naming = Naming(file, f"the section {name} with", {})
        for paragraph in paragraphs:
            if not paragraph:
                raise DeclarationError(
                    f"The section {name} has a paragraph without a sentence. Name one, or leave "
                    "the paragraph out.",
                    file,
                )
            naming.known("sentence", paragraph, written)
    paragraphs = [paragraph for section in sections.values() for paragraph in section]
    check_once(file, "sentence", [name for paragraph in paragraphs for name in paragraph])


def check_facts(facts: Iterable[Mapping[str, Any]]) -> None:
    """Raise unless each fact has a value, and a source with a title."""
    file, listed = f"{WORDS}/facts.toml", list(facts)
    for fact in listed:
        naming = Naming(file, f"the fact {fact.get('id', '')} with", {})
        _check_parts(naming, FACT, fact)
        naming.known("source", [fact["source"]], words_in().section("facts.sources"))
    check_once(file, "fact", [fact["id"] for fact in listed])


def check_charts(charts: Mapping[str, TrendChart | PartsChart], known: Tables) -> None:
    """Raise unless each chart has a title, and figures that a release with its table can hold."""
    for key, chart in charts.items():
        naming = Naming("publications/pages/charts.py", f"the chart {key} with", known)
        _check_text(naming, "title", TITLES, key)
        level = chart.level if isinstance(chart, PartsChart) else QUARTER.levels[-1]
        naming.along(chart.table, chart.along, level)
        named = {QUARTER.name: chart.quarter} if isinstance(chart, PartsChart) else {}
        naming.figure(chart.table, chart.measure, named, chart.along)


def check_excerpts(excerpts: Mapping[str, AlongDimension | ByMeasure], known: Tables) -> None:
    """Raise unless each excerpt has its texts, and figures that a release can hold."""
    for key, wanted in excerpts.items():
        naming = Naming("publications/pages/bulletin.py", f"the excerpt {key} with", known)
        _check_text(naming, "caption", CAPTIONS, key)
        if isinstance(wanted, ByMeasure):
            by_quarter = naming.along(wanted.table, QUARTER.name)
            for heading, period in wanted.periods.items():
                _check_text(naming, "heading", COLUMNS, heading)
                naming.shown(known[wanted.table], by_quarter, period)
            continue
        naming.along(wanted.table, wanted.along)
        for pick in wanted.picks:
            if pick.heading:
                _check_text(naming, "heading", COLUMNS, pick.heading)
            naming.figure(wanted.table, pick.measure, pick.codes, wanted.along)


def check_once(file: str, what: str, names: Iterable[str]) -> None:
    """Raise unless each of these stands in a release once."""
    listed = list(names)
    twice = [name for name in listed if listed.count(name) > 1]
    if twice:
        raise DeclarationError(f"It has the {what} {twice[0]!r} twice. Leave one out.", file)


def _check_parts(naming: Naming, parts: Iterable[str], given: Mapping[str, Any]) -> None:
    missing = [part for part in parts if part not in given]
    if missing:
        raise naming.refusal(f"part {missing[0]!r} left out. It needs {', '.join(parts)}.")


def _check_text(naming: Naming, what: str, section: str, name: str) -> None:
    """Raise unless a heading or title is written, with no figure but those of a date."""
    written: Words = words_in()
    naming.known(what, [name], written.section(section))
    naming.known(f"{what} {name} with the figure", written.figures[f"{section}.{name}"], DATED)
