"""One published version as its own files show it: figures by their cells, codes, returns used."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from publications.release.imputation import of_entry
from publications.release.model import NOT_OPEN
from publications.release.table import Gap
from publications.wording.naming import CODES, returns_path
from schemas.dimension import GEOGRAPHY, QUARTER
from schemas.quarter import Quarter

Codes = tuple[str, ...]
Shown = tuple[str, str]
MANIFEST, QUALITY = "manifest.json", "quality.json"


@dataclass(frozen=True, eq=False)
class Published:
    """A version and its files. Nothing else is known of it, as of a release that readers have."""

    quarter: Quarter
    version: int
    files: Mapping[str, bytes] = field(repr=False)

    @property
    def label(self) -> str:
        """The name of the version, such as "2026-27 Q1 v1"."""
        return f"{self.quarter.label} v{self.version}"

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """What its manifest says."""
        manifest: Mapping[str, Any] = json.loads(self.files[MANIFEST])
        return manifest

    @cached_property
    def tables(self) -> Mapping[str, Mapping[str, Any]]:
        """The manifest's record of each table, by its id; none in a release of old code."""
        return {entry["id"]: entry for entry in self.manifest.get("tables", ())}

    def dimensions(self, table: str) -> Codes:
        """Return the names of a table's dimensions, in order."""
        return tuple(entry["id"] for entry in self.tables[table]["dimensions"])

    def figures(self, table: str) -> Mapping[tuple[str, Codes], Shown]:
        """Return what a table shows, by measure and codes: a value, or the marker in its place."""
        names = self.dimensions(table)
        return {
            (row["measure"], tuple(row[f"{name}_code"] for name in names)): shown(row)
            for row in self._rows(self._path(table))
        }

    @cached_property
    def parents(self) -> Mapping[str, Mapping[str, str]]:
        """The parent of each code by dimension, "" for a total; quarters are left out."""
        found: dict[str, dict[str, str]] = {}
        for row in self._rows(CODES):
            if row["dimension"] != QUARTER.name:
                found.setdefault(row["dimension"], {})[row["code"]] = row["parent"]
        return found

    @cached_property
    def returns_used(self) -> Mapping[str, str] | None:
        """The return that the figures of each area rest on; None where that was not published."""
        rows = list(self._rows(returns_path(self.quarter)))
        if not rows or "return_used" not in rows[0]:
            return None
        return {row["delivery_area_code"]: row["return_used"] for row in rows}

    @cached_property
    def not_open(self) -> frozenset[str]:
        """The areas that had not opened yet."""
        rows = self._rows(returns_path(self.quarter))
        return frozenset(r["delivery_area_code"] for r in rows if r.get("status") == NOT_OPEN)

    def imputed(self, table: str) -> frozenset[tuple[str, str, str]]:
        """Return the population, area and quarter of each estimate that a table can hold."""
        if table not in self.tables:
            return frozenset()
        gaps = self.gaps or ()
        found = of_entry(self.tables[table], self.manifest.get("populations", {}), gaps)
        parts = [(gap.population, dict(gap.part)) for gap in found if gap.is_imputed]
        return frozenset((name, part[GEOGRAPHY.name], part[QUARTER.name]) for name, part in parts)

    @cached_property
    def gaps(self) -> tuple[Gap, ...] | None:
        """The parts of which no return gave a statistic; None where that was not published."""
        record = json.loads(self.files.get(QUALITY, b"{}"))
        if "gaps" not in record:
            return None
        return tuple(
            Gap(
                gap["population"],
                gap["statistic"],
                tuple(gap["part"].items()),
                gap.get("is_imputed", False),
            )
            for gap in record["gaps"]
        )

    def _path(self, table: str) -> str:
        """Return the path of a table's open data, by its number: each table has one."""
        part = f"-table-{self.tables[table]['number']:02d}-"
        return next(p for p in self.files if part in p and p.endswith(".csv"))

    def _rows(self, path: str) -> Iterator[dict[str, str]]:
        """Give the rows of a CSV file; none where a release of old code has no such file."""
        return iter(csv.DictReader(io.StringIO(self.files.get(path, b"").decode())))


def shown(row: Mapping[str, str]) -> Shown:
    """Return what a row of the open data shows; a marker beside a value is no part of it."""
    value = row.get("value") or row.get("date") or ""
    return (value, "") if value else ("", row["marker"])
