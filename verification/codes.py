"""The codes of a release as it publishes them: what each stands for and what it is part of."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from verification.findings import INTEGRITY, Finding
from verification.folder import Folder
from verification.tables import CODES, Table

HEADING = ["dimension", "code", "label", "level", "parent"]


@dataclass(frozen=True)
class PublishedCode:
    """What is published of a code; `parent` is "" for the root of its dimension."""

    label: str
    level: str
    parent: str


Codes = Mapping[str, Mapping[str, PublishedCode]]
"""The codes of each dimension, in published order."""


def codes(folder: Folder, tables: Iterable[Table]) -> tuple[Codes, list[Finding]]:
    """Read the codes, with what contradicts itself or the tables.

    A dimension is left out when its codes do not all lead to one root: then it has no sums.
    """
    if CODES not in folder.files:
        return {}, [Finding(INTEGRITY, f"{CODES} is missing, so no sums were made.")]
    rows = _rows(folder.files[CODES].decode(errors="replace"))
    if rows[:1] != [HEADING] or any(len(row) != len(HEADING) for row in rows):
        problem = f"{CODES} cannot be read: its columns are not {', '.join(HEADING)}."
        return {}, [Finding(INTEGRITY, problem)]
    listed: dict[str, dict[str, PublishedCode]] = {}
    faults = []
    for dimension, code, *described in rows[1:]:
        if code in listed.setdefault(dimension, {}):
            faults.append(f"{code} of {dimension} is listed twice.")
        listed[dimension][code] = PublishedCode(*described)
    lost = {name: list(_lost(own)) for name, own in listed.items()}
    faults += [f"{fault} of {name}." for name, own in lost.items() for fault in own]
    faults += _unlisted(listed, tables)
    found = [Finding(INTEGRITY, f"{CODES}: {fault}") for fault in faults]
    return {name: own for name, own in listed.items() if not lost[name]}, found


def _rows(text: str) -> list[list[str]]:
    """Return the rows of the file; none when it is no CSV."""
    try:
        return list(csv.reader(io.StringIO(text)))
    except csv.Error:
        return []


def _lost(own: Mapping[str, PublishedCode]) -> Iterator[str]:
    """Say which codes of a dimension lead to no root, or that it has not one root."""
    roots = [code for code, entry in own.items() if not entry.parent]
    if len(roots) != 1:
        yield f"there are {len(roots)} codes without a parent, not one,"
    looped = _in_loops(own)
    for code, entry in own.items():
        if entry.parent and entry.parent not in own:
            yield f"{code} has the parent {entry.parent}, which is no code"
        elif code in looped:
            yield f"{code} is part of itself, through {entry.parent},"


def _in_loops(own: Mapping[str, PublishedCode]) -> set[str]:
    """Return the codes that are part of themselves; each code is looked at once."""
    seen: set[str] = set()
    looped: set[str] = set()
    for start in own:
        line: dict[str, int] = {}
        code = start
        while code in own and code not in seen:
            seen.add(code)
            line[code] = len(line)
            code = own[code].parent
        if code in line:
            looped |= set(list(line)[line[code] :])
    return looped


def _unlisted(listed: Codes, tables: Iterable[Table]) -> Iterator[str]:
    """Say which codes of the tables are not listed, or have another label or level."""
    for table in tables:
        for name in table.dimensions:
            for code, label in table.labels[name].items():
                entry = listed.get(name, {}).get(code)
                shown = (label, table.levels[name][code])
                if entry is None:
                    yield f"{code} of {name} is not listed, but {table.path} has it."
                elif (entry.label, entry.level) != shown:
                    listed_as = f"{entry.label}, {entry.level}"
                    yield f"{code} of {name} is {listed_as}: not so in {table.path}."
