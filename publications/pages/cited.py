"""What the words of a release name is declared: figures, charts, excerpts, sections, sentences.

A misspelt name would silently leave out a sentence or a chart, so these names are checked when
`publications.folder` is imported.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import reference
from publications.pages.bulletin import EXCERPTS
from publications.pages.charts import CHARTS
from publications.policies import POLICIES
from publications.populations import POPULATIONS
from publications.words import declared, words_in
from schemas.dimension import TOTAL, Dimension
from schemas.errors import DeclarationError
from schemas.policy import Policy
from schemas.table import StatisticalTable

PERIODS = ("now", "before", "to_date", "year", "last_year")


def check_words(tables: Iterable[StatisticalTable]) -> None:
    """Raise `DeclarationError`, with file and word, when words name what is not declared."""
    known = {table.id: table for table in tables}
    check_cells(declared("cells"), known)
    check_sections(declared("pages")["section"])
    check_sentences(declared("sections"))
    check_policies(POLICIES)
    relations = [population.relation for population in POPULATIONS]
    _known("en/definitions", "the population", relations, words_in().section("definitions"))
    for key, (table, _) in CHARTS.items():
        _known("pages", f"the chart {key} of the table", [table], known)


def check_cells(cells: Mapping[str, Any], known: Mapping[str, StatisticalTable]) -> None:
    """Raise unless each cited cell is one of a declared table."""
    for name, cell in cells.items():
        what = f"the cell {name} with"
        _known("cells", f"{what} the table", [cell["table"]], known)
        table = known[cell["table"]]
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
        _known("pages", f"{what} the words", [section["words"]], declared("sections"))


def check_sentences(sections: Mapping[str, Any]) -> None:
    """Raise unless each section of the commentary is made of sentences that are written."""
    start = "commentary.sentences."
    written = [key.removeprefix(start) for key in words_in().sections if key.startswith(start)]
    for name, paragraphs in sections.items():
        for paragraph in paragraphs:
            _known("sections", f"the section {name} with the sentence", paragraph, written)


def check_policies(policies: Iterable[Policy]) -> None:
    """Raise unless each argument and note of a policy is written, with the figures it is given."""
    figures = words_in().figures
    for policy in policies:
        for sentence in (policy.because, policy.users_lose, *policy.notes):
            named = figures.get(f"policies.{sentence.id}")
            if named is None or not named <= sentence.figures.keys():
                raise DeclarationError(
                    f"The policy {policy.name} has the sentence {sentence.id!r} with the figures "
                    f"{_listed(sentence.figures)}. publications/words/en/policies.toml has "
                    f"{'none of that id' if named is None else f'it with {_listed(named)}'}.",
                    "publications/policies.py",
                )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"


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
            f"It names {what} {unknown[0]!r}, which does not exist. There are {', '.join(known)}.",
            f"publications/words/{file}.toml",
        )
