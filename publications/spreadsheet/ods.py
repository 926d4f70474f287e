"""Sheets to an OpenDocument spreadsheet that keeps the accessibility rules, streamed as text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from html import escape

from publications.release.public import PublicRelease
from publications.release.table import Figure
from publications.spreadsheet.ods_parts import (
    content_head,
    meta,
    settings,
    styles,
)
from publications.spreadsheet.sheets import (
    MIXED,
    Entry,
    Heading,
    Link,
    Sheet,
    Workbook,
    decimals_of,
)
from publications.spreadsheet.workbook import workbook
from publications.wording.format import marked, plain, raw
from publications.wording.naming import workbook_path
from publications.words import Words
from schemas.opendocument import MANIFEST, MIMETYPE, packed

TAIL = "</office:spreadsheet></office:body></office:document-content>"


def spreadsheet(release: PublicRelease) -> dict[str, bytes]:
    """Write all tables as one accessible spreadsheet."""
    return {workbook_path(release.quarter): write_ods(workbook(release))}


def write_ods(book: Workbook) -> bytes:
    """Write a workbook: the same workbook always gives the same bytes."""
    widths = sorted({_width(heading) for sheet in book.sheets for heading in _headings(sheet)})
    styled = {width: f"co{i}" for i, width in enumerate(widths, start=1)}
    decimals = sorted({one for sheet in book.sheets for one in _decimals(sheet)})
    parts = [content_head(styled, decimals, book.words.language)]
    for sheet in book.sheets:
        parts.extend(_sheet(sheet, styled, book.words))
    parts.append(_ranges(book))
    parts.append(TAIL)
    return packed(
        {
            "mimetype": MIMETYPE.encode(),
            "content.xml": "".join(parts).encode(),
            "styles.xml": styles(book.words.language).encode(),
            "meta.xml": meta(book.title, book.author, book.date, book.words.language).encode(),
            "settings.xml": settings([sheet.name for sheet in book.sheets]).encode(),
            "META-INF/manifest.xml": MANIFEST.encode(),
        },
        stored=("mimetype",),
    )


def _decimals(sheet: Sheet) -> Iterator[int]:
    """Give every number of decimals that cells of a sheet show."""
    yield from (h.decimals for h in sheet.headings if h.kind in ("number", MIXED))
    mixed = [(i, h) for i, h in enumerate(sheet.headings) if h.kind == MIXED]
    yield from (decimals_of(h, row[i]) for row in sheet.rows for i, h in mixed) if mixed else ()


def _headings(sheet: Sheet) -> tuple[Heading, ...]:
    return sheet.headings or (Heading("", width=18.0),)


def _width(heading: Heading) -> str:
    return f"{heading.width:.1f}cm"


def _sheet(sheet: Sheet, styled: dict[str, str], words: Words) -> Iterator[str]:
    yield f'<table:table table:name="{escape(sheet.name)}" table:style-name="ta1">'
    for heading in _headings(sheet):
        yield f'<table:table-column table:style-name="{styled[_width(heading)]}"/>'
    yield _row(_text(sheet.title, "Heading_20_1"))
    for line in sheet.intro:
        yield _row(_link(line) if isinstance(line, Link) else _text(line, "ce1"))
    if sheet.headings:
        yield "<table:table-header-rows>"
        cells = (_text(h.title, "ce2" if h.kind == "text" else "ce3") for h in sheet.headings)
        yield _row("".join(cells))
        yield "</table:table-header-rows>"
        yield from _body(sheet, words)
    yield "</table:table>"


def _body(sheet: Sheet, words: Words) -> Iterator[str]:
    labels: dict[tuple[str, str], str] = {}
    for row in sheet.rows:
        cells = []
        for entry, heading in zip(row, sheet.headings, strict=True):
            decimals = decimals_of(heading, entry)
            style = _style(heading, entry, decimals)
            if isinstance(entry, Figure):
                cells.append(_figure(entry, style, decimals, words))
            elif isinstance(entry, Link):
                cells.append(_link(entry))
            else:
                cell = labels.get((entry, style))
                if cell is None:
                    cell = labels[entry, style] = _text(entry, style)
                cells.append(cell)
        yield _row("".join(cells))


def _style(heading: Heading, entry: Entry, decimals: int) -> str:
    if heading.kind == "text":
        return "ce1"
    is_date = isinstance(entry, Figure) and isinstance(entry.value, date)
    is_date = is_date if heading.kind == MIXED else heading.kind == "date"
    return "ce5" if is_date else f"cn{decimals}"


def _figure(figure: Figure, style: str, decimals: int, words: Words) -> str:
    value = figure.value
    if value is None:
        return _text(marked(figure.marker), "ce4")
    if isinstance(value, date):
        kind = f'office:value-type="date" office:date-value="{raw(value)}"'
    else:
        exact = raw(value, decimals)
        kind = f'office:value-type="float" office:value="{exact}"'
    text = plain(value, words, decimals)
    return (
        f'<table:table-cell table:style-name="{style}" {kind}>'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def _text(text: str, style: str) -> str:
    if not text:
        return f'<table:table-cell table:style-name="{style}"/>'
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="string">'
        f"<text:p>{escape(text, quote=False)}</text:p></table:table-cell>"
    )


def _link(link: Link) -> str:
    return (
        '<table:table-cell table:style-name="ce1" office:value-type="string"><text:p>'
        f'<text:a xlink:type="simple" xlink:href="#{escape(link.sheet)}.A1" '
        'text:style-name="Internet_20_link">'
        f"{escape(link.text, quote=False)}</text:a></text:p></table:table-cell>"
    )


def _row(cells: str) -> str:
    return f'<table:table-row table:style-name="ro1">{cells}</table:table-row>'


def _ranges(book: Workbook) -> str:
    ranges = []
    for sheet in book.sheets:
        if sheet.headings:
            top = len(sheet.intro) + 2
            last = f"{letters(len(sheet.headings))}{top + len(tuple(sheet.rows))}"
            name = escape(sheet.name)
            ranges.append(
                f'<table:database-range table:name="{range_name(sheet)}" '
                f'table:target-range-address="{name}.A{top}:{name}.{last}" '
                'table:contains-header="true" table:display-filter-buttons="false"/>'
            )
    return f"<table:database-ranges>{''.join(ranges)}</table:database-ranges>"


def range_name(sheet: Sheet) -> str:
    """Return the name of a sheet's marked-up table: that of the sheet, or `Contents_list`."""
    return escape(sheet.name if sheet.name.startswith("Table_") else f"{sheet.name}_list")


def letters(column: int) -> str:
    """Write a column number as letters: 1 is A, 27 is AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
