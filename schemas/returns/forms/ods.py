"""A form as an OpenDocument spreadsheet, with drop-down lists and checks of what is typed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from html import escape
from itertools import groupby

from schemas.fields import Entry
from schemas.opendocument import (
    HEAD,
    MANIFEST,
    MIMETYPE,
    NAMES,
    VERSION,
    Setting,
    packed,
    view_settings,
)
from schemas.returns.forms.book import Book, Cell, FormCells, FormSheet

MADE = "2025-04-01T00:00:00"
_FIRST_DAY = date(1899, 12, 30)
_OF = 'xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"'
_STYLES = {"text": "ft", "date": "fd", "whole": "fn", "decimal": "fn"}
_CENTIMETRES = 0.2


def write_ods(book: Book) -> bytes:
    """Write a form: the same form always gives the same bytes."""
    return packed(
        {
            "mimetype": MIMETYPE.encode(),
            "content.xml": "".join(_content(book)).encode(),
            "styles.xml": (
                f"{HEAD}<office:document-styles {NAMES} {VERSION}><office:styles/>"
                "</office:document-styles>"
            ).encode(),
            "meta.xml": (
                f"{HEAD}<office:document-meta {NAMES} {VERSION}><office:meta><dc:title>"
                f"{escape(book.title)}</dc:title><dc:date>{MADE}</dc:date></office:meta>"
                "</office:document-meta>"
            ).encode(),
            "settings.xml": _settings(book).encode(),
            "META-INF/manifest.xml": MANIFEST.encode(),
        },
        stored=("mimetype",),
    )


def _content(book: Book) -> Iterator[str]:
    yield f"{HEAD}<office:document-content {NAMES} {_OF} {VERSION}>"
    yield from _styles(book)
    yield "<office:body><office:spreadsheet><table:content-validations>"
    for at, sheet in enumerate(book.sheets):
        for place in sheet.places:
            yield _validation(_name(at, place), place, book)
    yield "</table:content-validations>"
    for at, sheet in enumerate(book.sheets):
        yield from _sheet(at, sheet)
    yield "</office:spreadsheet></office:body></office:document-content>"


def _styles(book: Book) -> Iterator[str]:
    widths = sorted({width for sheet in book.sheets for width in sheet.widths})
    yield "<office:automatic-styles>"
    for width in widths:
        yield (
            f'<style:style style:name="co{width}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{width * _CENTIMETRES:.1f}cm"/>'
            "</style:style>"
        )
    yield (
        '<number:text-style style:name="nt"><number:text-content/></number:text-style>'
        '<number:date-style style:name="nd"><number:year number:style="long"/>'
        "<number:text>-</number:text>"
        '<number:month number:style="long"/><number:text>-</number:text>'
        '<number:day number:style="long"/></number:date-style>'
    )
    for name, data in (("ft", "nt"), ("fd", "nd"), ("fn", "")):
        shown = f' style:data-style-name="{data}"' if data else ""
        yield f'<style:style style:name="{name}" style:family="table-cell"{shown}/>'
    yield (
        '<style:style style:name="fb" style:family="table-cell">'
        '<style:text-properties fo:font-weight="bold"/></style:style></office:automatic-styles>'
    )


def _name(sheet: int, place: FormCells) -> str:
    return f"val{sheet}x{place.column}x{place.first}"


def _validation(name: str, place: FormCells, book: Book) -> str:
    condition = _condition(place.entry, book)
    shown = f' table:condition="of:{escape(condition)}"' if condition else ""
    message = f"<text:p>{escape(place.message, quote=False)}</text:p>"
    title = escape(place.title)
    return (
        f'<table:content-validation table:name="{name}"{shown} table:allow-empty-cell="true" '
        'table:display-list="unsorted">'
        f'<table:help-message table:title="{title}" table:display="true">{message}'
        "</table:help-message>"
        f'<table:error-message table:title="{title}" table:display="true" '
        f'table:message-type="stop">{message}</table:error-message></table:content-validation>'
    )


def _condition(entry: Entry, book: Book) -> str:
    """Return what a cell must hold, "" when it may hold anything."""
    if entry.codes:
        found = book.ranges[entry.codes]
        first, last = f"$'{found.sheet}'.${found.letters}$2", f".${found.letters}${found.last + 1}"
        return f"cell-content-is-in-list([{first}:{last}])"
    if entry.words:
        words = ";".join(f'"{word}"' for word in entry.words)
        return f"cell-content-is-in-list({words})"
    if entry.low is None:
        return ""
    low, high = _plain(entry.low), _plain(entry.high)
    if entry.form == "text":
        return f"cell-content-text-length-is-between({low},{high})"
    kinds = {"date": "date", "whole": "whole-number", "decimal": "decimal-number"}
    is_kind = f"cell-content-is-{kinds[entry.form]}()"
    return f"{is_kind} and cell-content-is-between({low},{high})"


def _plain(limit: float | date | None) -> str:
    """Return a limit as a number; a day is the number of days since the end of 1899."""
    if isinstance(limit, date):
        return str((limit - _FIRST_DAY).days)
    return f"{limit:.15g}" if limit is not None else ""


def _sheet(at: int, sheet: FormSheet) -> Iterator[str]:
    yield f'<table:table table:name="{escape(sheet.name)}">'
    for width in sheet.widths:
        yield f'<table:table-column table:style-name="co{width}"/>'
    for number, row in enumerate(sheet.rows):
        yield _row(at, sheet, number, row, 1)
    last = max((place.last for place in sheet.places), default=0)
    if last >= len(sheet.rows):
        yield _row(at, sheet, len(sheet.rows), (), last + 1 - len(sheet.rows))
    yield "</table:table>"


def _row(at: int, sheet: FormSheet, number: int, row: object, repeated: int) -> str:
    cells: list[Cell] = list(row)  # type: ignore[call-overload]
    here = {p.column: p for p in sheet.places if p.first <= number <= p.last}
    width = max(len(cells), max(here, default=-1) + 1)
    cells += [None] * (width - len(cells))
    written = (
        _cell(cell, here.get(column), at, is_heading=number <= sheet.heading)
        for column, cell in enumerate(cells)
    )
    times = f' table:number-rows-repeated="{repeated}"' if repeated > 1 else ""
    body = "".join(_joined(text, len(list(same))) for text, same in groupby(written))
    return f"<table:table-row{times}>{body or '<table:table-cell/>'}</table:table-row>"


def _joined(cell: str, times: int) -> str:
    """Write cells that are alike as one."""
    if times == 1:
        return cell
    repeated = f'<table:table-cell table:number-columns-repeated="{times}"'
    return cell.replace("<table:table-cell", repeated, 1)


def _cell(cell: Cell, place: FormCells | None, sheet: int, *, is_heading: bool) -> str:
    style = "fb" if is_heading else _STYLES[place.entry.form] if place else "ft"
    checked = f' table:content-validation-name="{_name(sheet, place)}"' if place else ""
    start = f'<table:table-cell table:style-name="{style}"{checked}'
    if cell is None:
        return f"{start}/>"
    if isinstance(cell, date):
        kind = f'office:value-type="date" office:date-value="{cell.isoformat()}"'
    elif isinstance(cell, str):
        kind = 'office:value-type="string"'
    else:
        kind = f'office:value-type="float" office:value="{cell:.15g}"'
    shown = cell if isinstance(cell, str) else f"{cell}"
    return f"{start} {kind}><text:p>{escape(shown, quote=False)}</text:p></table:table-cell>"


def _settings(book: Book) -> str:
    """Return settings.xml: the first sheet is open, and the headings of each stay in view."""
    views = {sheet.name: _view(sheet.heading + 1) for sheet in book.sheets}
    return view_settings(views)


def _view(below: int) -> tuple[Setting, ...]:
    """Return the view of a sheet whose first rows stay, with the cursor below them."""
    return (
        ("CursorPositionX", "int", 0),
        ("CursorPositionY", "int", below),
        ("HorizontalSplitMode", "short", 0),
        ("VerticalSplitMode", "short", 2),
        ("VerticalSplitPosition", "int", below),
        ("ActiveSplitRange", "short", 2),
        ("PositionTop", "int", 0),
        ("PositionBottom", "int", below),
    )
