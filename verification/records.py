"""What an address within a release folder holds, and the ways in which it may be shown.

Addresses are those of the pages: `data/file.csv#cell=4,9`, `file.json#/a/0`, or a file alone for a
text that stands in it as a whole.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from verification.folder import Folder

FIGURES = ("value", "date")


class Records:
    """The data files of a release, read once each."""

    def __init__(self, folder: Folder) -> None:
        self.files, self.words = folder.files, folder.words
        self.read: dict[str, Any] = {}

    def lines(self, path: str) -> list[list[str]]:
        """Return the lines of a CSV file; none when there is no such file."""
        if path not in self.read:
            text = self.files.get(path, b"").decode()
            self.read[path] = list(csv.reader(io.StringIO(text)))
        lines: list[list[str]] = self.read[path]
        return lines

    def document(self, path: str) -> Any:
        """Return a JSON file; None when there is no such file."""
        if path not in self.read:
            self.read[path] = json.loads(self.files.get(path, b"null"))
        return self.read[path]

    @cached_property
    def figures(self) -> dict[str, dict[str, Any]]:
        """The entries of the index of numbers by their ids."""
        index = self.document("figures.json") or {"figures": []}
        return {entry["id"]: entry for entry in index["figures"]}

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """The texts with a number that sentences may state, the longest first."""
        listed = (self.document("facts.json") or {"facts": []})["facts"]
        return tuple(sorted((fact["text"] for fact in listed), key=len, reverse=True))

    def cell(self, path: str, row: int, column: int) -> str | None:
        """Return a cell of a CSV file, rows and columns from 1."""
        lines = self.lines(path)
        inside = 0 < row <= len(lines) and 0 < column <= len(lines[row - 1])
        return lines[row - 1][column - 1] if inside else None

    def marker(self, at: str) -> str | None:
        """Return the marker in the line of the cell at an address, `data/file.csv#cell=4,9`."""
        path, _, place = at.partition("#cell=")
        lines = self.lines(path)
        return self.cell(path, int(place.partition(",")[0]), lines[0].index("marker") + 1)

    def shows(self, address: str, shown: str) -> bool:
        """Whether a text shows what an address holds."""
        path, mark, place = address.partition("#")
        if place.startswith("cell="):
            row, column = (int(part) for part in place[5:].split(","))
            return shown in self._figure(path, row, column)
        if not mark:
            return shown in set(map(str, _texts(self.document(path))))
        content = self.document(path)
        for name in place.split("/")[1:]:
            try:
                content = content[int(name) if isinstance(content, list) else name]
            except (LookupError, TypeError, ValueError):
                return False
        return shown in self.words.ways(content)

    def _figure(self, path: str, row: int, column: int) -> set[str]:
        """Return a cell as readers see it: a figure with commas and its marker, or a word."""
        value = self.cell(path, row, column)
        heading = self.lines(path)[0] if self.lines(path) else []
        if value is None or heading[column - 1] not in FIGURES:
            return self.words.named(value) if value else set()
        marker = self.cell(path, row, heading.index("marker") + 1)
        mark = f"[{marker}]" if marker else ""
        return {" ".join(filter(None, (self.words.written(value), mark)))}


def _texts(content: Any) -> Iterator[Any]:
    if isinstance(content, dict | list):
        for inner in content.values() if isinstance(content, dict) else content:
            yield from _texts(inner)
    else:
        yield content
