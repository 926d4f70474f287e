"""A release read back from its own files, so that a folder can be screened on its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from publications.errors import IntegrityError
from publications.gates.reading import Files, rows_of
from publications.manifest import MANIFEST
from publications.model import Column, Figure, PublishedTable, Quality, Release, ReturnStatus, Row
from publications.naming import csv_path, returns_path
from publications.tables import TABLES
from publications.tabulate import column_of
from schemas.errors import SchemaError
from schemas.quarter import Quarter
from schemas.table import StatisticalTable


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
        quality=Quality(returns, ()),
        code_version=manifest["code_version"],
        next_release=date.fromisoformat(following) if following else None,
    )


def _tables(files: Files, quarter: Quarter) -> list[tuple[StatisticalTable, PublishedTable]]:
    found = []
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
            found.append((declared, _filled(empty, rows_of(files, path))))
    return found


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
