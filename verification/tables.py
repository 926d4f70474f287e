"""The tables of a release as its open data shows them: one figure to a row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from verification.findings import INTEGRITY, Finding
from verification.folder import Folder
from verification.numbers import exact

PATH = re.compile(r"data/.*-table-0*(\d+)-[^/]*\.csv")
CODES = "data/codes.csv"
KNOWN = (CODES, "-returns.csv", "-revisions.csv", ".csv-metadata.json")
RANGE = ("lower", "upper")
NEEDED = ("measure", "measure_label", "unit", "value", "marker")


@dataclass(frozen=True)
class Figure:
    """One published figure: which it is and its value, or the marker in place of one.

    `ends` is the range of the true value as the row states it, None where the table states none.
    """

    table: int
    measure: str
    codes: tuple[tuple[str, str], ...]
    value: Fraction | None
    marker: str
    date: str
    labels: tuple[str, ...]
    ends: tuple[str, str] | None = None

    @property
    def place(self) -> str:
        """Where the figure stands, in words."""
        return ", ".join((f"Table {self.table}", *self.labels))

    @property
    def shown(self) -> str:
        """The figure as a reader sees it."""
        if self.value is not None:
            return number(self.value)
        return self.date or f"[{self.marker}]"

    @property
    def is_withheld(self) -> bool:
        """Whether disclosure control took the figure away."""
        return self.value is None and self.marker == "c"


@dataclass(frozen=True)
class Table:
    """One table: its figures in the order of the file, and what its codes and measures mean."""

    number: int
    path: str
    dimensions: tuple[str, ...]
    figures: tuple[Figure, ...]
    labels: Mapping[str, Mapping[str, str]]
    levels: Mapping[str, Mapping[str, str]]
    measures: Mapping[str, tuple[str, str]]


def number(value: Fraction) -> str:
    """Write a value as a reader would."""
    return f"{int(value):,}" if value.denominator == 1 else f"{float(value):,.6g}"


def tables(folder: Folder) -> tuple[list[Table], list[Finding]]:
    """Read every table of a release, with what is wrong with files that cannot be read."""
    found: list[Table] = []
    faults: list[Finding] = []
    for path in sorted(folder.files):
        named = PATH.fullmatch(path)
        if named is None:
            if path.startswith("data/") and not path.endswith(KNOWN):
                faults.append(Finding(INTEGRITY, f"{path} is none of the known kinds of data."))
            continue
        try:
            found.append(_table(int(named[1]), path, folder.files[path].decode()))
        except (ValueError, KeyError, TypeError, AttributeError, csv.Error) as fault:
            faults.append(Finding(INTEGRITY, f"{path} cannot be read as a table ({fault})."))
    if not found and not faults:
        faults.append(Finding(INTEGRITY, "The release holds no table as open data."))
    return sorted(found, key=lambda table: table.number), faults


def _table(table: int, path: str, text: str) -> Table:
    rows = list(csv.DictReader(io.StringIO(text)))
    heading = list(rows[0]) if rows else []
    if any(name not in heading for name in NEEDED):
        raise ValueError(f"it has no rows, or not the columns {', '.join(NEEDED)}")
    if any(None in row or None in row.values() for row in rows):
        raise ValueError("a row has more or fewer cells than the heading")
    dimensions = tuple(_dimensions(heading))
    words = [f"{name}{part}" for name in dimensions for part in ("_code", "", "_level")]
    if extra := [str(name) for name in heading if name not in (*words, *NEEDED, *RANGE, "date")]:
        raise ValueError(f"it has the column {', '.join(extra)}, which no table has")
    figures = tuple(_figure(table, row, dimensions) for row in rows)
    return Table(
        table,
        path,
        dimensions,
        figures,
        {d: {row[f"{d}_code"]: row[d] for row in rows} for d in dimensions},
        {d: {row[f"{d}_code"]: row[f"{d}_level"] for row in rows} for d in dimensions},
        {row["measure"]: (row["measure_label"], row["unit"]) for row in rows},
    )


def _dimensions(heading: Sequence[str]) -> Iterator[str]:
    """Give the dimensions: each has three columns, its codes, their labels and their levels."""
    for place, name in enumerate(heading):
        base = name.removesuffix("_code")
        if [base, f"{base}_level"] == list(heading[place + 1 : place + 3]) and base != name:
            yield base


def _figure(table: int, row: Mapping[str, str], dimensions: tuple[str, ...]) -> Figure:
    return Figure(
        table,
        row["measure"],
        tuple((name, row[f"{name}_code"]) for name in dimensions),
        exact(row["value"]) if row["value"] else None,
        row["marker"],
        row.get("date") or "",
        (*(row[name] for name in dimensions), row["measure_label"]),
        (row["lower"], row["upper"]) if any(name in row for name in RANGE) else None,
    )
