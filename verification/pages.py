"""Whether the pages show the figures of the open data and the dates of the records.

Each number of a page is bound: to an address, as a cell of a table or a date is; to the index of
numbers, `figures.json`; or to a fact of `facts.json`. One that is not, or differs, is a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from lxml import etree, html

from verification.findings import INTEGRITY, Finding
from verification.folder import Folder
from verification.numbers import exact
from verification.records import Records

Element = etree._Element
DIGIT = re.compile(r"\d")
ALOUD = ("alt", "title", "aria-label", "placeholder")
UNREAD = ("style", "script", "td", "th")
FILE_OF_TABLE = re.compile(r"data/.*-table-0*(\d+)-.*")


def pages(folder: Folder) -> list[Finding]:
    """List every number of every page that no record confirms."""
    records = Records(folder)
    found: list[str] = []
    for path in sorted(folder.files):
        if path.endswith(".html"):
            page = html.document_fromstring(folder.files[path].decode().strip() or "<p>")
            found += [f"{path}: {message}" for message in _faults(page, records)]
    found += [f"figures.json: {message}" for message in _numbers(records)]
    return [Finding(INTEGRITY, message) for message in found]


def read(element: Element) -> str:
    """Return the text of an element with single spaces."""
    return " ".join("".join(map(str, element.itertext())).split())


def _faults(page: Element, records: Records) -> Iterator[str]:
    for table in page.iter("table"):
        yield from _cells(table, records)
        yield from _headings(table, records)
    for element in page.iterfind(".//*[@data-source]"):
        yield from _bound(element, records)
    for element in page.iter("time"):
        address, date = _nearest(element), element.get("datetime", "")
        if not address or not records.shows(address, date):
            yield f"the date {read(element)!r} ({date}) is not that of {address or 'any record'}."
    for text, known in _running(page, records):
        if DIGIT.search(_without(text, known)):
            yield f"{' '.join(text.split())!r} holds a number that no record bears out."


def _bound(element: Element, records: Records) -> Iterator[str]:
    address, shown = element.get("data-source", ""), read(element)
    if element.tag == "data":
        entry = records.figures.get(element.get("id", ""), {})
        if (entry.get("shown"), entry.get("raw")) != (shown, element.get("value")):
            yield f"the number {shown!r} is not that of figures.json."
    elif element.tag != "table" and not records.shows(address, shown):
        yield f"{shown!r} is not what {address} holds."


def _nearest(element: Element) -> str:
    for one in (element, *element.iterancestors()):
        if one.get("data-cell"):
            return _address(next(one.iterancestors("table")), one.get("data-cell", ""))
        if one.get("data-source"):
            return one.get("data-source", "")
    return ""


def _address(table: Element, cell: str) -> str:
    return f"{table.get('data-source')}#{'' if cell.startswith('/') else 'cell='}{cell}"


def _cells(table: Element, records: Records) -> Iterator[str]:
    """Compare every cell of a table with what its address holds."""
    for cell in table.iterfind("tbody/tr/*"):
        shown, at = read(cell), cell.get("data-cell", "")
        if not at and cell.tag == "td":
            yield f"the table shows {shown!r}, which is bound to no record."
        elif at and not records.shows(_address(table, at), shown):
            yield f"the table shows {shown!r}, which is not what {_address(table, at)} holds."


def _headings(table: Element, records: Records) -> Iterator[str]:
    """Compare the words beside and the numbers above the figures with the lines of the CSV."""
    above: dict[int, set[str]] = {}
    for row in table.iterfind("tbody/tr"):
        for place, cell in enumerate(row):
            at = cell.get("data-cell", "")
            words = set(_line(records, table, at))
            above[place] = above.get(place, words) & words
            if words and cell.tag == "td" and read(row[0]) not in words:
                yield f"the row {read(row[0])!r} shows a figure of another row, {at}."
        if not row[0].get("data-cell") and not any(above.values()) and DIGIT.search(read(row[0])):
            yield f"the row {read(row[0])!r} is bound to no record."
    for place, cell in enumerate(table.iterfind("thead/tr/th")):
        if DIGIT.search(_without(read(cell), tuple(above.get(place, ())))):
            yield f"the column {read(cell)!r} is not that of its figures."


def _line(records: Records, table: Element, at: str) -> list[str]:
    row = at.partition(",")[0]
    lines = records.lines(table.get("data-source", "")) if row.isdigit() else []
    return lines[int(row) - 1] if row.isdigit() and 0 < int(row) <= len(lines) else []


def _is_read_apart(element: Element) -> bool:
    """Whether an element is compared elsewhere: a cell, or the drawing of a chart."""
    is_drawing = any(True for _ in element.iterancestors("figure"))
    return element.tag in UNREAD or (element.tag == "svg" and is_drawing)


def _without(text: str, known: tuple[str, ...]) -> str:
    """Return a text without the whole facts that it states."""
    if not DIGIT.search(text):
        return ""
    return _stated(known).sub(" ", " ".join(text.split()))


@lru_cache(maxsize=256)
def _stated(facts: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern of whole facts, the longest first."""
    whole = (" ".join(fact.split()) for fact in facts if DIGIT.search(fact))
    any_of = "|".join(map(re.escape, sorted(whole, key=len, reverse=True))) or r"(?!)"
    return re.compile(rf"(?<![\w.,-])(?:{any_of})(?![\w-]|[.,]\d)")


def _running(element: Element, records: Records) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give each text outside bound elements, tables and charts with the facts it may state."""
    if not isinstance(element.tag, str) or _is_read_apart(element):
        return
    aloud = ALOUD if element.get("name") != "description" else (*ALOUD, "content")
    yield from ((element.get(name, ""), records.facts) for name in aloud)
    if element.tag == "figcaption" or (element.get("data-source") and element.tag != "table"):
        return
    linked = FILE_OF_TABLE.fullmatch(element.get("href", ""))
    if linked:
        yield read(element), (*_table_names(records, linked[1]), *records.facts)
        return
    yield element.text or "", records.facts
    for child in element:
        yield from _running(child, records)
        yield child.tail or "", records.facts


def _numbers(records: Records) -> Iterator[str]:
    """Work out every number of the index again from the cells that it names."""
    for key, entry in records.figures.items():
        values = [_value(records, cell) for cell in entry["cells"]]
        if None in values:
            yield f"{key} names a cell that the open data has not."
            continue
        known = [value for value in values if value is not None]
        if entry["operation"] == "estimated":
            known = [Fraction(records.marker(cell["at"]) == "e") for cell in entry["cells"]]
        wanted = _again(entry, known)
        if wanted is not None and wanted != exact(entry["raw"]):
            yield f"{key} is {entry['raw']}, but its cells give {wanted}."
        if entry["shown"] not in _shown(records, entry["raw"]):
            yield f"{key} is {entry['raw']}, but is shown as {entry['shown']!r}."


def _shown(records: Records, raw: str) -> set[str]:
    """Return the ways in which a number of the index may be shown."""
    figure = records.words.written(raw)
    scales = ("commentary.numbers.percent", "commentary.numbers.tenths")
    return {figure, *(records.words.say(scale, figure=figure) for scale in scales)}


def _table_names(records: Records, number: str) -> tuple[str, ...]:
    ids = ("tables.number", "tables.number_in_text")
    return tuple(records.words.say(key, number=number) for key in ids)


def _value(records: Records, cell: Mapping[str, Any]) -> Fraction | None:
    """Return the figure that a cell of the index names, when the codes beside it are its own."""
    path, _, place = cell["at"].partition("#cell=")
    row, column = (int(part) for part in place.split(","))
    text = records.cell(path, row, column)
    lines = records.lines(path)
    held = dict(zip(lines[0], lines[row - 1], strict=False)) if text else {}
    codes = {f"{name}_code": code for name, code in cell["codes"].items()}
    alike = {**codes, "measure": cell["measure"]}.items() <= held.items()
    return exact(text) if text and alike else None


def _again(entry: Mapping[str, Any], values: list[Fraction]) -> Fraction | None:
    """Return what an operation gives; None for one that uses no cells."""
    operation, marks = entry["operation"], entry["cells"]
    cells = [-v if mark.get("less") else v for v, mark in zip(values, marks, strict=True)]
    first, last = _sides(cells, [bool(mark.get("against")) for mark in marks])
    exactly = {
        "cell": last,
        "cells": Fraction(len(cells)),
        "sum": first + last,
        "estimated": first + last,
        "difference": abs(first - last),
    }
    if cells and operation in exactly:
        return exactly[operation]
    parts = {"per cent change": (abs(first - last), 100), "share": (first, 100)}
    parts["tenths"] = (first, 10)
    if operation not in parts or not last:
        return None
    part, per = parts[operation]
    return Fraction((part * per / last + Fraction(1, 2)).__floor__())


def _sides(cells: list[Fraction], against: list[bool]) -> tuple[Fraction, Fraction]:
    """Add up the two figures of a change; without marks, each has one half of the cells."""
    if not any(against):
        against = [at >= len(cells) // 2 for at in range(len(cells))]
    return (
        Fraction(sum(c for c, is_second in zip(cells, against, strict=True) if not is_second)),
        Fraction(sum(c for c, is_second in zip(cells, against, strict=True) if is_second)),
    )
