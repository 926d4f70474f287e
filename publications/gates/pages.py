"""The gate on pages: every number, date and table cell is bound to a record and agrees with it.

A text is bound by the address of its record: `data-source` on its element, or on its table with
`data-cell` on the cell. A number that is bound to nothing must be part of a fact of `facts.json`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from publications.gates.binding import forms, is_shown, is_vouched
from publications.gates.expected import Expected
from publications.gates.reading import Files, json_of, leaves, lines_of, pages_of
from publications.words import Words

Element = etree._Element
APART = frozenset({"style", "script", "svg", "td", "th", "figcaption"})
SPOKEN = ("alt", "title", "aria-label", "content", "placeholder", "label")
TABLE_FILE = re.compile(r"data/.*-table-0*(\d+)-[^/]*")


def bound_on_pages(release: Expected, files: Files) -> list[str]:
    """Every number, date and table cell of every page is bound to a record and agrees with it."""
    facts, words = stated(files), release.words
    problems = []
    for path, page in pages_of(files):
        found = (
            *_bound(page, files, words),
            *_loose(page, facts, words),
            *_described(page, files, facts, words),
        )
        problems += [f"{path}: {problem}" for problem in found]
    return problems


def stated(files: Files) -> frozenset[str]:
    """Return the facts that texts may state."""
    return frozenset(fact["text"] for fact in json_of(files, "facts.json")["facts"])


def text_of(element: Element) -> str:
    """Return what a reader sees of an element, with single spaces."""
    return " ".join("".join(map(str, element.itertext())).split())


def _bound(page: Element, files: Files, words: Words) -> Iterator[str]:
    """Compare every bound element and every table with the records they name."""
    for table in page.iter("table"):
        yield from _table(table, files, words)
    for element in page.iterfind(".//*[@data-source]"):
        address, text = element.get("data-source", ""), text_of(element)
        if element.tag not in ("table", "data") and not is_shown(files, address, text, words):
            yield f"{text!r} is not what {address} holds."
    for time in page.iter("time"):
        yield from _time(time, files, words)


def _time(element: Element, files: Files, words: Words) -> Iterator[str]:
    """Compare the date that programs read with the record; its words are compared as a text."""
    text, machine = text_of(element), element.get("datetime", "")
    address = _address(element)
    if not address:
        yield f"the date {text!r} is bound to no record."
    elif not is_shown(files, address, machine, words):
        yield f"the date {machine!r} is not what {address} holds."


def _address(element: Element) -> str:
    """Return the address of the record behind an element; empty when it has none."""
    for one in (element, *element.iterancestors()):
        cell, address = one.get("data-cell"), one.get("data-source", "")
        if cell:
            table = next(one.iterancestors("table")).get("data-source", "")
            return f"{table}#{cell}" if cell.startswith("/") else f"{table}#cell={cell}"
        if address:
            return address
    return ""


def _table(table: Element, files: Files, words: Words) -> Iterator[str]:
    """Compare every cell of a table with the record that it names, and its headings."""
    rows = [row for row in table.iter("tr") if _section(row) != "thead"]
    for row in rows:
        for cell in row:
            address, text = _address(cell) if cell.get("data-cell") else "", text_of(cell)
            if not address and cell.tag == "td":
                yield f"the table cell {text!r} is bound to no record."
            elif address and not is_shown(files, address, text, words):
                yield f"the table cell {text!r} is not what {address} holds."
    if table.get("data-source", "").endswith(".csv"):
        yield from _headings(table, files)


def _section(row: Element) -> str:
    """Return the part of a table that a row stands in."""
    parent = row.getparent()
    return "" if parent is None else str(parent.tag)


def _headings(table: Element, files: Files) -> Iterator[str]:
    """Compare headings with the open data: those of rows, and the numbers in those of columns."""
    headings = [text_of(cell) for cell in table.iterfind("thead/tr/th")]
    beside: list[set[str]] = [set() for _ in headings]
    lines = lines_of(files, table.get("data-source", "")) if _is_there(table, files) else []
    for row in table.iterfind("tbody/tr"):
        for place, cell in enumerate(row):
            number = cell.get("data-cell", "").partition(",")[0]
            if cell.tag != "td" or not number or int(number) > len(lines):
                continue
            if place >= len(headings):
                yield f"the table cell {text_of(cell)!r} stands below no heading."
                continue
            labels = set(lines[int(number) - 1])
            beside[place] = labels & beside[place] if beside[place] else labels
            if text_of(row[0]) not in labels:
                yield f"the heading {text_of(row[0])!r} is not that of the row behind {number}."
    for heading, labels in zip(headings, beside, strict=True):
        if not is_vouched(heading, labels):
            yield f"the heading {heading!r} is not that of the figures below it."


def _is_there(table: Element, files: Files) -> bool:
    return table.get("data-source") in files


def _loose(page: Element, facts: frozenset[str], words: Words) -> Iterator[str]:
    """Find numbers that are bound to nothing and belong to no fact."""
    for text, allowed in _running(page, facts, words):
        if not is_vouched(text, allowed):
            yield f"{' '.join(text.split())!r} holds a number bound to no record."


Stated = tuple[str, frozenset[str]]


def _running(element: Element, facts: frozenset[str], words: Words) -> list[Stated]:
    """List the texts outside bound elements, tables and charts, each with what it may state."""
    found: list[Stated] = []
    _gather(found, element, facts, words)
    return found


def _gather(found: list[Stated], element: Element, facts: frozenset[str], words: Words) -> None:
    """Add the texts of an element and of all below it, in the order of the page."""
    if not isinstance(element.tag, str):
        return
    if not _is_technical(element):
        found += [(text, facts) for name in SPOKEN if (text := element.get(name))]
    if element.get("data-source") and element.tag != "table" or element.tag in APART:
        return
    linked = TABLE_FILE.fullmatch(element.get("href", "")) if element.tag == "a" else None
    if linked:
        found.append((text_of(element), facts | _numbered(linked[1], words)))
        return
    found.append((element.text or "", facts))
    for child in element:
        _gather(found, child, facts, words)
        found.append((child.tail or "", facts))


def _numbered(number: str, words: Words) -> frozenset[str]:
    """Return how texts name the table of a number."""
    keys = ("tables.number", "tables.number_in_text")
    return frozenset(words.say(key, number=number) for key in keys)


def _is_technical(element: Element) -> bool:
    return element.tag == "meta" and element.get("name") != "description"


def _described(page: Element, files: Files, facts: frozenset[str], words: Words) -> Iterator[str]:
    """Compare the description for search engines with the manifest."""
    manifest: dict[str, Any] = json_of(files, "manifest.json")
    known = {"/version": str(manifest["version"]), "/name": manifest["title"]}
    for script in page.iter("script"):
        for at, value in leaves(json.loads(script.text or "null")):
            if at in known and value != known[at]:
                yield f"{value!r} in the description for search engines is not {known[at]!r}."
            elif at == "/temporalCoverage" and value.split("/")[1] != manifest["period"]["end"]:
                yield f"the period {value!r} is not that of the manifest."
            elif at not in (*known, "/temporalCoverage", "/license") and not (
                value in files or is_vouched(str(value), facts | forms(manifest["title"], words))
            ):
                yield f"{value!r} in the description for search engines is bound to no record."
