"""The gate on provisional figures: the mark `[p]` stands where the recorded rule has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from publications.gates.expected import Expected
from publications.gates.reading import Files, json_of, rows_of
from publications.views.layout import Axis, Layout
from publications.wording.format import in_sentence, series
from publications.wording.naming import csv_path
from publications.words import Words

PROVISIONAL = "p"
BEFORE_IT = ("i", "e", "r")
"""The marks beside a figure that stand in place of `[p]`."""
Entry = Mapping[str, Any]


def provisional_figures_are_marked(release: Expected, files: Files) -> list[str]:
    """Every figure of a period that is not settled has `[p]`, or a mark that comes before it.

    No other figure has it. For how many quarters figures of a population are not settled is a
    record of the manifest; a release of an earlier form has none, and no provisional figure.
    """
    manifest = json_of(files, "manifest.json")
    problems = [
        f"manifest.json: {name} has a settles_after under 0. Build the release again."
        for name, population in manifest["populations"].items()
        if population.get("settles_after", 0) < 0
    ]
    for entry, layout in zip(manifest["tables"], release.layouts, strict=True):
        after = settling(entry["measures"], manifest["populations"])
        path = csv_path(release.quarter, layout.table)
        for line, row in enumerate(rows_of(files, path), start=2):
            found = _wrong(row, is_due=_is_due(layout, row, after[row["measure"]]))
            problems += [f"{path}: line {line} {problem}" for problem in found]
    return problems


def notes_say_until_when(release: Expected, files: Files) -> list[str]:
    """Every table has notes that say, in the words of today, until when figures are provisional."""
    manifest = json_of(files, "manifest.json")
    return [
        f"manifest.json: table {entry['number']} does not say: {line}"
        for entry in manifest["tables"]
        for line in _lines(entry["measures"], manifest["populations"], release.words)
        if line not in entry["notes"]
    ]


def settling(measures: list[Entry], populations: Entry) -> dict[str, int]:
    """Return after how many quarters figures of each measure are settled, by its id.

    A rate is settled when both figures that it divides are.
    """
    own = {
        measure["id"]: populations[measure["population"]].get("settles_after", 0)
        for measure in measures
        if "population" in measure
    }
    rates = {m["id"]: (m["numerator"], m["denominator"]) for m in measures if m["id"] not in own}
    return own | {rate: max(own[part] for part in parts) for rate, parts in rates.items()}


def _lines(measures: list[Entry], populations: Entry, words: Words) -> Iterator[str]:
    """Give what the notes of a table have to say: one line per number of quarters."""
    named: dict[int, dict[str, None]] = {}
    for measure in measures:
        population = populations.get(measure.get("population", ""), {})
        if population.get("settles_after", 0) > 0:
            title = in_sentence(population["title"], words)
            named.setdefault(population["settles_after"], {})[title] = None
    for quarters, titles in named.items():
        yield words.say("notes.provisional", count=quarters, populations=series([*titles], words))


def _is_due(layout: Layout, row: Mapping[str, str], quarters: int) -> bool:
    """Whether the period of a figure holds one of the latest quarters; a table without has all."""
    axis = next((axis for axis in layout.axes if axis.is_time), None)
    if axis is None or quarters <= 0:
        return quarters > 0
    return any(row[f"{axis.name}_code"] in _line(axis, code) for code in _latest(axis, quarters))


def _latest(axis: Axis, quarters: int) -> list[str]:
    return sorted(code for code, level in axis.levels.items() if level == "quarter")[-quarters:]


def _line(axis: Axis, code: str) -> Iterator[str]:
    """Give a quarter and all periods that contain it."""
    yield code
    while code in axis.parents:
        code = axis.parents[code]
        yield code


def _wrong(row: Mapping[str, str], *, is_due: bool) -> Iterator[str]:
    has_figure, marker = bool(row["value"] or row.get("date")), row["marker"]
    if marker == PROVISIONAL and not has_figure:
        yield f"is marked [{PROVISIONAL}] and has no figure."
    elif marker == PROVISIONAL and not is_due:
        yield f"is marked [{PROVISIONAL}], and its period is settled."
    elif is_due and has_figure and marker not in (PROVISIONAL, *BEFORE_IT):
        yield f"is provisional and not marked [{PROVISIONAL}]."
