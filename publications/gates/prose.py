"""The gate on prose: every number of the text is bound to published cells and agrees with them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

from publications.format import number
from publications.gates.reading import Files, cell_at, rows_of
from publications.model import Release
from publications.prose import whole

HIDDEN = frozenset({"style", "script", "svg", "table", "time", "code", "head", "data", "cite"})
VOID = frozenset({"meta", "link", "br", "hr", "img", "input"})
SHOWN_APART = frozenset({"ref", "period"})


def numbers_in_prose(release: Release, files: Files) -> list[str]:
    """Every number of the text is bound to published cells and agrees with them."""
    problems: list[str] = []
    index = json.loads(files["figures.json"])["figures"]
    known = {entry["id"]: entry for entry in index}
    for entry in index:
        problems += _agrees(entry, files)
    for path, content in files.items():
        if path.endswith(".html"):
            reader = Prose()
            reader.feed(content.decode())
            problems += [
                f"{path}: {text!r} holds a number bound to no cell." for text in reader.loose
            ]
            if path == "index.html":
                problems += [
                    f"{path}: the number {key} ({shown}) is not the one in figures.json."
                    for key, shown in reader.bound
                    if key not in known or known[key]["shown"] != shown
                ]
    return problems


class Prose(HTMLParser):
    """Collects the bound numbers of a page, and text with digits that are bound to nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[tuple[str, bool]] = []
        self.loose: list[str] = []
        self.bound: list[tuple[str, str]] = []
        self.key = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter an element; inside some of them a number needs no binding."""
        if tag in VOID:
            return
        given = {name: value or "" for name, value in attrs}
        apart = tag in HIDDEN or bool(SHOWN_APART & set(given.get("class", "").split()))
        hidden = apart or (bool(self.stack) and self.stack[-1][1])
        self.stack.append((tag, hidden))
        if tag == "data":
            self.key = given.get("id", "")

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        while self.stack:
            if self.stack.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        """Note bound numbers, and loose ones in running text."""
        if self.stack and self.stack[-1][0] == "data":
            self.bound.append((self.key, data))
        inside = {tag for tag, _ in self.stack}
        hidden = bool(self.stack) and self.stack[-1][1]
        running = inside & {"p", "li", "dd"} and not inside & {"a", "nav", "header", "footer"}
        if running and not hidden and re.search(r"\d", data):
            self.loose.append(data.strip())


def _agrees(entry: Mapping[str, Any], files: Files) -> list[str]:
    """Work the number out again from the CSV cells that it names."""
    cells = [cell_at(files, cell["at"]) for cell in entry["cells"]]
    if any(value is None for value in cells):
        return [f"figures.json: {entry['id']} names a cell that is not there."]
    values = [Decimal(value) for value in cells if value is not None]
    operation = entry["operation"]
    if operation not in AGAIN:
        return _stated(entry, files)
    expected = AGAIN[operation](values)
    if Decimal(entry["raw"]) != expected:
        return [f"figures.json: {entry['id']} is {entry['raw']}; its cells give {expected}."]
    if not entry["shown"].startswith(number(expected, -int(expected.as_tuple().exponent))):
        return [f"figures.json: {entry['id']} is shown as {entry['shown']!r}."]
    return []


AGAIN: Mapping[str, Callable[[list[Decimal]], Decimal]] = {
    "cell": lambda cells: cells[0],
    "difference": lambda cells: abs(cells[0] - cells[1]),
    "per cent change": lambda cells: whole(abs(cells[0] - cells[1]) * 100 / cells[1]),
    "share": lambda cells: whole(cells[0] * 100 / cells[1]),
    "tenths": lambda cells: whole(cells[0] * 10 / cells[1]),
}


def _stated(entry: Mapping[str, Any], files: Files) -> list[str]:
    """Check a number that counts returns; a fact or policy must name its source."""
    operation, source = entry["operation"], entry["source"]
    if not source:
        return [f"figures.json: {entry['id']} names no cell and no source."]
    if not operation.startswith("count "):
        return []
    kind, _, named = operation.removeprefix("count ").partition(": ")
    statuses = [row["status"] for row in rows_of(files, source.split("#")[0])]
    among = sum(status in named.split("|") for status in statuses)
    hits = among if kind == "among" else len(statuses) - among
    if str(hits) != entry["raw"]:
        return [f"figures.json: {entry['id']} is {entry['raw']}; {source} gives {hits}."]
    return []
