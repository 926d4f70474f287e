"""The gate on the tables of the manifest: what each entry names is there, and entries agree."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from publications.gates.expected import Expected
from publications.gates.reading import Files, json_of
from publications.release.table import Column, Row
from publications.views.layout import Layout

MANIFEST = "manifest.json"
SOURCES = {"codes", "geography", "quarters"}
COUNTED = {True: {"count"}, False: {"sum", "date"}}
"""The kinds of measures of populations of people, and of others."""
Record = Mapping[str, Any]


def same_declarations(release: Expected, files: Files) -> list[str]:
    """Every table of the manifest agrees with its populations, the others and the figures."""
    manifest = json_of(files, MANIFEST)
    populations, tables = manifest["populations"], manifest["tables"]
    problems = list(_readings(populations))
    dimensions = {(d["id"], json.dumps(d)) for table in tables for d in table["dimensions"]}
    if len({name for name, _ in dimensions}) < len(dimensions):
        problems.append("a dimension of several tables is not the same in all of them.")
    if not {d["source"] for table in tables for d in table["dimensions"]} <= SOURCES:
        problems.append(f"the source of a dimension is none of {', '.join(sorted(SOURCES))}.")
    for entry, layout in zip(tables, release.layouts, strict=True):
        found = (
            *_measures(entry["measures"], populations),
            *_rates(entry["measures"], layout),
            *_latest(layout, release.quarter.id),
        )
        problems += [f"table {layout.table.number}: {problem}" for problem in found]
    return [f"{MANIFEST}: {problem}" for problem in problems]


def _readings(populations: Record) -> Iterator[str]:
    """Find populations with the same methods whose figures are read differently.

    A method that names the statistics that it changes may leave others as they are.
    """
    read: dict[str, set[str]] = {}
    for population in populations.values():
        if not any(method.get("statistics") for method in population["methods"]):
            named = {json.dumps(reading) for reading in population["readings"].values()}
            read.setdefault(json.dumps(population["methods"]), set()).update(named)
    if any(len(readings) > 1 for readings in read.values()):
        yield "populations with the same methods have other readings."


def _measures(measures: list[Record], populations: Record) -> Iterator[str]:
    """Compare what each measure counts, or divides, with what there is."""
    ids = [measure["id"] for measure in measures]
    for measure in measures:
        if "population" not in measure:
            parts = {measure["numerator"], measure["denominator"]}
            if not parts <= set(ids) or measure["kind"] != "rate":
                yield f"the rate {measure['id']} divides what the table does not have."
            continue
        population = populations.get(measure["population"], {"readings": {}, "people": False})
        if measure["statistic"] not in population["readings"]:
            yield f"the measure {measure['id']} is of a statistic that no population has."
        elif measure["kind"] not in COUNTED[population["people"]]:
            yield f"the measure {measure['id']} has another kind than what its population counts."


def _rates(measures: list[Record], layout: Layout) -> Iterator[str]:
    """Divide again what each rate divides."""
    columns = layout.table.measures
    places = {column.id: place for place, column in enumerate(columns)}
    for measure in measures:
        if {measure.get("numerator"), measure.get("denominator")} <= places.keys():
            column = columns[places[measure["id"]]]
            rows = layout.table.rows
            if not all(_is_divided(row, measure, column, places) for row in rows):
                yield f"the rate {measure['id']} is not its figures divided."


def _is_divided(row: Row, measure: Record, column: Column, places: Mapping[str, int]) -> bool:
    named = (measure["numerator"], measure["denominator"], measure["id"])
    over, under, rate = (row.figures[places[name]].value for name in named)
    if rate is None:
        return True
    if not isinstance(over, int) or not isinstance(under, int) or not under:
        return False
    exact = Decimal(over) * measure["per"] / under
    return bool(rate == exact.quantize(Decimal(1).scaleb(-column.decimals), ROUND_HALF_UP))


def _latest(layout: Layout, quarter: str) -> Iterator[str]:
    """Compare whether a table has only the last quarter with the quarters that it has."""
    for place, axis in enumerate(layout.axes):
        used = {row.codes[place] for row in layout.table.rows}
        shown = {axis.levels[code] for code in used}
        meant = {code for code, level in axis.levels.items() if level in shown}
        if axis.is_time and used != (meant & {quarter, axis.root} if layout.is_latest else meant):
            yield "it has other quarters than it says."
