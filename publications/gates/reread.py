"""A release read back from its folder, by its own metadata, so that it can be judged alone.

Tables, measures and methods are those that the manifest of the release names, so that a release
stays readable when other tables are declared and other methods are used today.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from publications.data.facts import listed
from publications.data.manifest import MANIFEST
from publications.errors import IntegrityError
from publications.gates.codes_read import KnownCodes, codes_in
from publications.gates.expected import Expected
from publications.gates.facts_read import (
    BULLETIN,
    STATED,
    address_in,
    attack_in,
    contact_in,
    gaps_in,
    quality_in,
)
from publications.gates.language_read import DESCRIPTION, WordsOf, words_of_release
from publications.gates.reading import UNREADABLE, Files, cause, exact, rows_of
from publications.gates.recorded_readings import RecordedReading
from publications.gates.revisions_read import revisions_in
from publications.release.imputation import of_entry
from publications.release.table import Column, Figure, Gap, Part, PublishedTable, Row
from publications.release.tabulate import COMPLETE, imputed_parts, missing_parts
from publications.views.layout import Axis, Layout
from publications.wording.naming import CODES, csv_path
from publications.wording.protection import reach
from publications.words import Words, words_in
from schemas.quarter import Quarter

Entry = Mapping[str, Any]
PartsOf = Mapping[tuple[str, ...], frozenset[Part]]
"""The parts that stand for figures, by the codes of each figure."""


def reread(files: Files, words_of: WordsOf = words_in) -> Expected:
    """Return what the files of a release should say, by its manifest and its open data.

    `words_of` gives the words of the language that the files state. Raises `IntegrityError` when
    the files are not those of a release that this code can read.
    """
    if MANIFEST in files and CODES not in files:
        raise IntegrityError(
            f"The release has no {CODES}: it was made before releases published it, or the file "
            "was taken away. This version of the code cannot read it. Check it with the version of "
            "the code that its manifest names."
        )
    try:
        return _read(frozenset(_sources(files)), words_of)
    except IntegrityError:
        raise
    except UNREADABLE as fault:
        raise IntegrityError(
            f"The files cannot be read back as a release ({cause(fault)}). Build the release "
            "again, or check it with the version of the code that its manifest names."
        ) from fault


def _sources(files: Files) -> Iterator[tuple[str, bytes]]:
    """Give all that a release is read back from; hashes of other files are no part of it."""
    manifest = json.loads(files[MANIFEST])
    yield MANIFEST, json.dumps({k: manifest[k] for k in manifest if k != "files"}).encode()
    yield BULLETIN, address_in(files)
    for path, content in files.items():
        if path.startswith("data/") or path.endswith(DESCRIPTION) or path in STATED:
            yield path, content


@lru_cache(maxsize=2)
def _read(sources: frozenset[tuple[str, bytes]], words_of: WordsOf) -> Expected:
    """Read a release; one whose other files were changed is read once."""
    files = dict(sources)
    manifest = json.loads(files[MANIFEST])
    words = words_of_release(files, words_of)
    return _expected(manifest, Quarter.parse(manifest["period"]["id"]), files, words)


def _expected(manifest: Entry, quarter: Quarter, files: Files, words: Words) -> Expected:
    following, counted = manifest["next_release"], manifest["populations"]
    known = codes_in(files, words)
    laid_out = tuple(
        replace(_layout(entry, counted, quarter, files, known), readings=_readings(entry, counted))
        for entry in manifest["tables"]
    )
    return Expected(
        quarter=quarter,
        version=manifest["version"],
        release_at=datetime.fromisoformat(manifest["release_at"]),
        synthetic=bool(manifest["synthetic"]),
        code_version=manifest["code_version"],
        next_release=date.fromisoformat(following) if following else None,
        designation=manifest["designation"],
        quality=quality_in(files, quarter, words),
        layouts=laid_out,
        authorities=known.authorities,
        words=words,
        facts=listed(quarter, _methods(manifest, words), laid_out, words),
        grids=dict(_grids(manifest)),
        records={},
        reports={},
        attack=attack_in(files),
        contact=contact_in(files, quarter, words),
        rounding_base=_rounding_base(counted),
        revisions=revisions_in(files, quarter),
        rehearsal=bool(manifest.get("rehearsal")),
    )


def _grids(manifest: Entry) -> Iterator[tuple[tuple[str, str], int]]:
    """Give each measure that counts people with the base of its figures, 1 where they are exact."""
    for table in manifest["tables"]:
        for measure in table["measures"]:
            population = manifest["populations"].get(measure.get("population"))
            if population is not None and population["people"]:
                reading = population["readings"][measure["statistic"]]
                yield (table["id"], measure["id"]), reading.get("base", 1)


def _methods(manifest: Entry, words: Words) -> Iterator[tuple[str, str]]:
    """Give the words of every method and of small figures, with where they are recorded.

    How far figures can be off is a fact of a release whose tables say so; earlier ones do not.
    """
    said = {line for table in manifest["tables"] for line in table["reading"]}
    for name, population in manifest["populations"].items():
        at = f"{MANIFEST}#/populations/{name}"
        for place, text in enumerate(population["words"]):
            yield text, f"{at}/methods/{place}"
        yield population["small_figures"], f"{at}/small_figures"
        readings = map(RecordedReading, population["readings"].values())
        lines = set(reach(readings, population["unit"], words))
        yield from ((line, f"{at}/readings") for line in lines & said)


def _rounding_base(counted: Entry) -> int | None:
    """Return the base of the first population of people; None without one."""
    first = next((population for population in counted.values() if population["people"]), None)
    return max(r.get("base", 1) for r in first["readings"].values()) if first else None


def _layout(
    entry: Entry, counted: Entry, quarter: Quarter, files: Files, known: KnownCodes
) -> Layout:
    """Lay out one table of the manifest, with the figures of its open data."""
    by = tuple(_axis(dimension, known) for dimension in entry["dimensions"])
    empty = PublishedTable(
        number=entry["number"],
        id=entry["id"],
        title=entry["title"],
        dimensions=tuple(Column(axis.name, axis.title, "label") for axis in by),
        measures=tuple(_column(measure) for measure in entry["measures"]),
        rows=(),
        notes=tuple(entry["notes"]),
    )
    filled = _filled(empty, rows_of(files, csv_path(quarter, empty)))
    gaps = of_entry(entry, counted, gaps_in(files))
    return Layout(
        _with_missing_parts(filled, entry["measures"], by, gaps),
        by,
        known.words,
        notes=filled.notes,
        reading=tuple(entry["reading"]),
        is_latest=entry["is_latest"],
    )


def _readings(table: Entry, populations: Entry) -> dict[str, RecordedReading]:
    """Return how each measure that is no rate is read; one without a record is not."""
    found = {}
    for name, (population, statistic) in _counted(table["measures"]):
        if population in populations:
            found[name] = RecordedReading(populations[population]["readings"][statistic])
    return found


def _axis(entry: Entry, known: KnownCodes) -> Axis:
    return Axis(entry["id"], entry["source"], entry["title"], known.of[entry["id"]])


def _column(entry: Entry) -> Column:
    return Column(entry["id"], entry["title"], entry["kind"], entry["unit"], entry["decimals"])


def _with_missing_parts(
    table: PublishedTable,
    measures: Sequence[Entry],
    by: Sequence[Axis],
    gaps: tuple[Gap, ...],
) -> PublishedTable:
    """Say of each figure which parts it leaves out, and which are imputed."""
    codes = {axis.name: axis.codes for axis in by}
    lacking, imputed = (
        _by_measure(measures, {name: find(of, codes, gaps) for name, of in _counted(measures)})
        for find in (missing_parts, imputed_parts)
    )

    def completed(row: Row) -> Row:
        figures = (
            figure
            if figure.value is None
            else replace(
                figure,
                lacks=lacking[column.id].get(row.codes, COMPLETE),
                imputed=imputed[column.id].get(row.codes, COMPLETE),
            )
            for column, figure in zip(table.measures, row.figures, strict=True)
        )
        return replace(row, figures=tuple(figures))

    return replace(table, rows=tuple(map(completed, table.rows)))


def _counted(measures: Sequence[Entry]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Give each measure that is no rate, with its population and statistic."""
    for measure in measures:
        if measure["kind"] != "rate":
            yield measure["id"], (measure["population"], measure["statistic"])


def _by_measure(measures: Sequence[Entry], parts: Mapping[str, PartsOf]) -> dict[str, PartsOf]:
    """Complete the parts by measure: those of a rate are the parts of both that it divides."""
    rates = {m["id"]: (m["numerator"], m["denominator"]) for m in measures if m["kind"] == "rate"}
    return dict(parts) | {
        name: {
            codes: parts[over].get(codes, COMPLETE) | parts[under].get(codes, COMPLETE)
            for codes in (*parts[over], *parts[under])
        }
        for name, (over, under) in rates.items()
    }


def _filled(table: PublishedTable, lines: list[dict[str, str]]) -> PublishedTable:
    width = len(table.measures)
    rows = []
    for start in range(0, len(lines), width):
        group = lines[start : start + width]
        rows.append(
            Row(
                codes=tuple(group[0][f"{c.id}_code"] for c in table.dimensions),
                labels=tuple(group[0][c.id] for c in table.dimensions),
                figures=tuple(
                    _figure(column, line)
                    for column, line in zip(table.measures, group, strict=True)
                ),
            )
        )
    return replace(table, rows=tuple(rows))


def _figure(column: Column, line: Mapping[str, str]) -> Figure:
    text = line["date"] if column.kind == "date" else line["value"]
    return Figure(_value(column, text) if text else None, line["marker"])


def _value(column: Column, text: str) -> int | Decimal | date:
    if column.kind == "date":
        return date.fromisoformat(text)
    return exact(text) if column.kind == "rate" else int(text)
