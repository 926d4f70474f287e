"""The gate on prose: every number of the text is bound to published cells and agrees with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from publications.commentary.prose import whole
from publications.gates.binding import as_number
from publications.gates.expected import Expected
from publications.gates.marks import mark_at
from publications.gates.pages import text_of
from publications.gates.reading import Files, cell_at, exact, json_of, lines_of, pages_of, rows_of
from publications.words import Words, declared

POLICY = "methodology.html#disclosure-control"


def numbers_in_prose(release: Expected, files: Files) -> list[str]:
    """Every number of the text is bound to published cells and agrees with them."""
    problems: list[str] = []
    index = json_of(files, "figures.json")["figures"]
    known = {entry["id"]: entry for entry in index}
    for entry in index:
        problems += _agrees(entry, release, files)
    for path, page in pages_of(files):
        found = page.iter("data")
        problems += [
            f"{path}: the number {key} ({shown}) is not the one in figures.json."
            for key, shown, raw in ((e.get("id"), text_of(e), e.get("value")) for e in found)
            if key not in known or (known[key]["shown"], known[key]["raw"]) != (shown, raw)
        ]
    return problems


def _agrees(entry: Mapping[str, Any], release: Expected, files: Files) -> list[str]:
    """Work the number out again from the CSV cells that it names."""
    if not all(_is_cell_of(cell, files) for cell in entry["cells"]):
        return [f"figures.json: {entry['id']} names a cell by other codes than its own."]
    cells = [cell_at(files, cell["at"]) for cell in entry["cells"]]
    if any(value is None for value in cells):
        return [f"figures.json: {entry['id']} names a cell that is not there."]
    values = [exact(value) for value in cells if value is not None]
    operation, values = entry["operation"], signed(entry, values)
    if operation == "estimated":
        marks = [mark_at(files, cell["at"]) for cell in entry["cells"]]
        expected = Decimal(marks.count("e"))
    elif operation in AGAIN:
        expected = AGAIN[operation](values)
    else:
        return _stated(entry, release, files)
    if exact(entry["raw"]) != expected:
        return [f"figures.json: {entry['id']} is {entry['raw']}; its cells give {expected}."]
    if entry["shown"] not in _shown(entry["raw"], release.words):
        return [f"figures.json: {entry['id']} is shown as {entry['shown']!r}."]
    return []


def signed(entry: Mapping[str, Any], values: list[Decimal]) -> list[Decimal]:
    """Return the values of the cells of a number, those negative that are taken off.

    Of two figures that are compared, return both: the sums of their cells. Releases before there
    were sums less other figures name as many cells for one figure as for the other.
    """
    signs = [-1 if cell.get("less") else 1 for cell in entry["cells"]]
    terms = [sign * value for sign, value in zip(signs, values, strict=True)]
    if entry["operation"] not in COMPARED:
        return terms
    against = [bool(cell.get("against")) for cell in entry["cells"]]
    if not any(against):
        against = [at >= len(terms) // 2 for at in range(len(terms))]
    sides: list[list[Decimal]] = [[], []]
    for side, term in zip(against, terms, strict=True):
        sides[side].append(term)
    return [sum(side, Decimal(0)) for side in sides]


COMPARED = ("difference", "per cent change")
AGAIN: Mapping[str, Callable[[list[Decimal]], Decimal]] = {
    "cell": lambda cells: cells[0],
    "sum": lambda cells: sum(cells, Decimal(0)),
    "cells": lambda cells: Decimal(len(cells)),
    "difference": lambda sides: abs(sides[0] - sides[1]),
    "per cent change": lambda sides: whole(abs(sides[0] - sides[1]) * 100 / sides[1]),
    "share": lambda cells: whole(cells[0] * 100 / cells[1]),
    "tenths": lambda cells: whole(cells[0] * 10 / cells[1]),
}


def _shown(raw: str, words: Words) -> tuple[str, ...]:
    """Return the ways to show a number: alone, as a share, as so many in ten."""
    figure = as_number(raw, words)
    percent = words.say("commentary.numbers.percent", figure=figure)
    return figure, percent, words.say("commentary.numbers.tenths", figure=figure)


def _is_cell_of(cell: Mapping[str, Any], files: Files) -> bool:
    """Whether a cell has the codes and the measure by which the index names it."""
    path, _, place = cell["at"].partition("#cell=")
    lines = lines_of(files, path) if path in files else []
    row = int(place.split(",")[0])
    if row > len(lines):
        return False
    held = dict(zip(lines[0], lines[row - 1], strict=False))
    codes = {f"{name}_code": code for name, code in cell["codes"].items()}
    return {**codes, "measure": cell["measure"]}.items() <= held.items()


def _stated(entry: Mapping[str, Any], release: Expected, files: Files) -> list[str]:
    """Check a number that counts returns, a fact about the programme or a policy."""
    operation, source = entry["operation"], entry["source"]
    if not source:
        return [f"figures.json: {entry['id']} names no cell and no source."]
    if entry["shown"] != as_number(entry["raw"], release.words):
        return [f"figures.json: {entry['id']} is shown as {entry['shown']!r}."]
    if not operation.startswith("count "):
        return _recorded(entry, release)
    kind, _, named = operation.removeprefix("count ").partition(": ")
    statuses = [row["status"] for row in rows_of(files, source.split("#")[0])]
    among = sum(status in named.split("|") for status in statuses)
    hits = among if kind == "among" else len(statuses) - among
    if str(hits) != entry["raw"]:
        return [f"figures.json: {entry['id']} is {entry['raw']}; {source} gives {hits}."]
    return []


def _recorded(entry: Mapping[str, Any], release: Expected) -> list[str]:
    """Check a fact about the programme against its record, and the base of rounding likewise."""
    titles = release.words.section("facts.sources")
    known = {(str(f["value"]), titles[f["source"]]) for f in declared("facts")["fact"]}
    known |= {(str(base), POLICY) for base in release.grids.values()}
    readings = (one for layout in release.layouts for one in layout.readings.values())
    known |= {(str(max(one.off)), POLICY) for one in readings if one.off}
    if (entry["raw"], entry["source"]) in known:
        return []
    return [f"figures.json: {entry['id']} is {entry['raw']}, which {entry['source']} does not say."]
