"""Published tables in the language of their release: titles, notes, units and labels of codes."""

from __future__ import annotations

from dataclasses import replace

from publications.release.table import Column, PublishedTable, Row
from publications.words import ENGLISH, Words
from schemas.dimension import Dimension
from schemas.table import StatisticalTable


def in_language(
    declaration: StatisticalTable, table: PublishedTable, words: Words
) -> PublishedTable:
    """Return a table with all its labels in a language; declarations are in English already."""
    if words.language.tag == ENGLISH:
        return table
    dimensions = [breakdown.dimension for breakdown in declaration.by]
    return replace(
        table,
        title=words.label("tables", table.title),
        dimensions=tuple(
            replace(column, title=words.label("dimensions", column.title))
            for column in table.dimensions
        ),
        measures=tuple(_measure(column, words) for column in table.measures),
        rows=tuple(_row(row, dimensions, words) for row in table.rows),
        notes=tuple(words.label("tables", note) for note in table.notes),
    )


def _measure(column: Column, words: Words) -> Column:
    unit = words.label("units", column.unit) if column.unit else ""
    return replace(column, title=words.label("tables", column.title), unit=unit)


def _row(row: Row, dimensions: list[Dimension], words: Words) -> Row:
    places = zip(dimensions, row.codes, row.labels, strict=True)
    return replace(row, labels=tuple(label_of(*place, words) for place in places))


def label_of(dimension: Dimension, code: str, label: str, words: Words) -> str:
    """Return the label of a code in a language; quarters and years are written alike in all."""
    if dimension.source == "geography":
        return words.label("areas", label)
    if code == dimension.root:
        return words.label("dimensions", label)
    return (
        label
        if dimension.source == "quarters"
        else words.label(f"codes.{dimension.list_name}", label)
    )
