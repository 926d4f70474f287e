"""What the words of a release name is declared: figures, charts, excerpts, sections, sentences.

A name that is spelt wrongly would leave a sentence or a chart out without a word. So these names
are checked when `publications.folder` is imported.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import reference
from publications.pages.bulletin import EXCERPTS
from publications.pages.charts import CHARTS
from publications.populations import POPULATIONS
from publications.words import words
from schemas.dimension import TOTAL, Dimension
from schemas.errors import DeclarationError
from schemas.table import StatisticalTable

PERIODS = ("now", "before", "to_date")


def check_words(tables: Iterable[StatisticalTable]) -> None:
    """Raise `DeclarationError`, with file and word, when words name what is not declared."""
    declared = {table.id: table for table in tables}
    check_cells(words("cells"), declared)
    check_sections(words("pages")["section"])
    check_sentences(words("bulletin"))
    _known("definitions", "a definition of", words("definitions"), _relations())
    for key, (table, _) in CHARTS.items():
        _known("pages", f"the chart {key} of the table", [table], declared)


def check_cells(cells: Mapping[str, Any], declared: Mapping[str, StatisticalTable]) -> None:
    """Raise unless each cited cell is one of a declared table."""
    for name, cell in cells.items():
        what = f"the cell {name} with"
        _known("cells", f"{what} the table", [cell["table"]], declared)
        table = declared[cell["table"]]
        _known("cells", f"{what} the measure", [cell["measure"]], [m.id for m in table.measures])
        codes = {key: code for key, code in cell.items() if key not in ("table", "measure")}
        dimensions = {breakdown.name: breakdown.dimension for breakdown in table.by}
        _known("cells", f"{what} the dimension", codes, dimensions)
        for key, code in codes.items():
            _known("cells", f"{what} the {key}", [code], _codes(dimensions[key]))


def check_sections(sections: Iterable[Mapping[str, Any]]) -> None:
    """Raise unless the charts, excerpts and words of each section of the bulletin exist."""
    for section in sections:
        what = f"the section {section['id']} with"
        _known("pages", f"{what} the chart", section["charts"], CHARTS)
        _known("pages", f"{what} the table", section["tables"], EXCERPTS)
        _known("pages", f"{what} the words", [section["words"]], words("bulletin")["sections"])


def check_sentences(bulletin: Mapping[str, Any]) -> None:
    """Raise unless each section of the commentary is made of sentences that are written."""
    for name, paragraphs in bulletin["sections"].items():
        for paragraph in paragraphs:
            what = f"the section {name} with the sentence"
            _known("bulletin", what, paragraph, bulletin["sentences"])


def _relations() -> list[str]:
    return [population.relation for population in POPULATIONS]


def _codes(dimension: Dimension) -> Collection[str]:
    """Return every code of a dimension, of any year; a release names quarters by their place."""
    if dimension.source == "quarters":
        return PERIODS
    if dimension.source == "geography":
        return reference.geography()["code"].to_list()
    return [TOTAL, *reference.code_list(dimension.list_name)["code"]]


def _known(file: str, what: str, names: Iterable[str], known: Collection[str]) -> None:
    unknown = [name for name in names if name not in known]
    if unknown:
        raise DeclarationError(
            f"It names {what} {unknown[0]!r}, which there is not. There are {', '.join(known)}.",
            f"publications/words/{file}.toml",
        )
