"""A release read back from its own files, so that a folder can be screened on its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from publications.data.manifest import MANIFEST
from publications.errors import IntegrityError
from publications.gates.reading import Files, rows_of
from publications.release.model import Quality, Release, ReturnStatus
from publications.release.table import Column, Figure, Gap, PublishedTable, Row
from publications.release.tabulate import COMPLETE, column_of, missing_parts
from publications.tables import TABLES
from publications.wording.naming import csv_path, returns_path
from schemas.errors import SchemaError
from schemas.quarter import Quarter
from schemas.table import Measure, Rate, StatisticalTable


def reread(files: Files) -> Release:
    """Return the release that these files publish; its tables come from the open data.

    Raises `IntegrityError` when the files are not those of a release that this code can read.
    """
    try:
        manifest = json.loads(files[MANIFEST])
        quarter = Quarter.parse(manifest["period"]["id"])
        tables = _tables(files, quarter)
        release = _release(manifest, quarter, files, tuple(d for d, _ in tables))
    except (KeyError, TypeError, ValueError, SchemaError) as fault:
        raise IntegrityError(
            f"The files cannot be read back as a release ({fault}). Build the release again, or "
            "check it with the version of the code that its manifest names."
        ) from fault
    release.__dict__["tables"] = tuple(table for _, table in tables)
    return release


def _release(
    manifest: Mapping[str, Any],
    quarter: Quarter,
    files: Files,
    declarations: tuple[StatisticalTable, ...],
) -> Release:
    following = manifest["next_release"]
    returns = tuple(
        ReturnStatus(row["delivery_area_code"], row["delivery_area"], row["status"])
        for row in rows_of(files, returns_path(quarter))
    )
    return Release(
        quarter=quarter,
        version=manifest["version"],
        release_at=datetime.fromisoformat(manifest["release_at"]),
        synthetic=bool(manifest["synthetic"]),
        declarations=declarations,
        protected=(),
        quality=Quality(returns, (), gaps=_gaps(files)),
        code_version=manifest["code_version"],
        next_release=date.fromisoformat(following) if following else None,
    )


def _gaps(files: Files) -> tuple[Gap, ...]:
    """Read the parts of which a statistic has no figure."""
    return tuple(
        Gap(gap["population"], gap["statistic"], tuple(gap["part"].items()))
        for gap in json.loads(files["quality.json"])["gaps"]
    )


def _tables(files: Files, quarter: Quarter) -> list[tuple[StatisticalTable, PublishedTable]]:
    found, gaps = [], _gaps(files)
    for declared in TABLES:
        empty = PublishedTable(
            number=declared.number,
            id=declared.id,
            title=declared.title,
            dimensions=tuple(Column(b.name, b.dimension.title, "label") for b in declared.by),
            measures=tuple(map(column_of, declared.measures)),
            rows=(),
            notes=declared.notes,
        )
        path = csv_path(quarter, empty)
        if path in files:
            filled = _filled(empty, rows_of(files, path))
            found.append((declared, _with_missing_parts(filled, declared, quarter, gaps)))
    return found


def _with_missing_parts(
    table: PublishedTable, declared: StatisticalTable, quarter: Quarter, gaps: tuple[Gap, ...]
) -> PublishedTable:
    """Say of each figure which parts it leaves out; a rate leaves out what its parts do."""
    parts = {
        measure.id: missing_parts(measure, declared, quarter, gaps)
        for measure in declared.measures
        if isinstance(measure, Measure)
    }
    parts |= {m.id: parts[m.numerator] for m in declared.measures if isinstance(m, Rate)}

    def completed(row: Row) -> Row:
        figures = (
            figure
            if figure.value is None
            else replace(figure, lacks=parts[column.id].get(row.codes, COMPLETE))
            for column, figure in zip(table.measures, row.figures, strict=True)
        )
        return replace(row, figures=tuple(figures))

    return replace(table, rows=tuple(map(completed, table.rows)))


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
    return Decimal(text) if column.kind == "rate" else int(text)
