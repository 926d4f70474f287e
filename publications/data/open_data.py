"""Open data: one tidy CSV per table, one row per figure, with its CSVW description beside it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from publications.release.public import PublicRelease
from publications.release.table import Column, Figure
from publications.views.completeness import left_out
from publications.views.layout import Layout, layouts, places_of
from publications.views.revised_figures import (
    REVISION_COLUMNS,
    WORDS_OF_REVISIONS,
    revision_rows,
)
from publications.wording.explanations import meaning, shorthand, statements
from publications.wording.format import SHORTHAND, in_sentence, raw
from publications.wording.naming import (
    CSV_FOLDER,
    contact,
    csv_name,
    csv_path,
    metadata_path,
    returns_path,
    revisions_path,
    series_name,
)
from publications.words import Words

LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
RETURN_COLUMNS = ("delivery_area_code", "delivery_area", "status", "return_used")
FIGURE_COLUMNS = ("measure", "measure_label", "unit", "value", "marker", "lower", "upper")
NEVER_EMPTY = {*REVISION_COLUMNS[:7], "reason", "reason_label", *RETURN_COLUMNS[:3]}


def open_data(release: PublicRelease) -> dict[str, bytes]:
    """Write every table as CSV with its metadata, and what became of each area's return."""
    files: dict[str, bytes] = {}
    for layout in layouts(release):
        path = csv_path(release.quarter, layout.table)
        files[path] = as_csv(header(layout), records(layout))
        files[metadata_path(release.quarter, layout.table)] = as_json(_metadata(release, layout))
    path = returns_path(release.quarter)
    files[path] = returns(release)
    files[f"{path}-metadata.json"] = as_json(_returns_metadata(release))
    return files | revision_files(release)


def revision_files(release: PublicRelease) -> dict[str, bytes]:
    """Write what the release revises, with its metadata; nothing where no version came before."""
    if not release.revisions.since:
        return {}
    path = revisions_path(release.quarter)
    metadata = as_json(_revisions_metadata(release))
    return {
        path: as_csv(REVISION_COLUMNS, map(_disarmed, revision_rows(release))),
        f"{path}-metadata.json": metadata,
    }


def _disarmed(row: Mapping[str, str]) -> tuple[str, ...]:
    """Return a row of the list with its words as a spreadsheet may open them."""
    return tuple(
        escape_formula(row[name]) if name in WORDS_OF_REVISIONS else row[name] for name in row
    )


def as_csv(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Write CSV: UTF-8, line feeds, text that a spreadsheet would take for a formula disarmed."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows(rows)
    return text.getvalue().encode()


def escape_formula(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text


def as_json(content: object) -> bytes:
    """Write JSON that people can read, always in the same way."""
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def has_dates(layout: Layout) -> bool:
    """Whether the table has dates among its figures; they get a column of their own."""
    return any(column.kind == "date" for column in layout.table.measures)


def header(layout: Layout) -> tuple[str, ...]:
    """Return the column names of a table's CSV."""
    labels = [
        name
        for column in layout.table.dimensions
        for name in (f"{column.id}_code", column.id, f"{column.id}_level")
    ]
    dated = ("date",) if has_dates(layout) else ()
    return (*labels, *FIGURE_COLUMNS, *dated)


def records(layout: Layout) -> Iterator[tuple[str, ...]]:
    """Give one row per figure: every row of the table in order, every measure in order."""
    dated = has_dates(layout)
    headings = [
        (c, (c.id, escape_formula(c.title), escape_formula(c.unit))) for c in layout.table.measures
    ]
    for row in layout.table.rows:
        labels: list[str] = []
        for axis, code, label in zip(layout.axes, row.codes, row.labels, strict=True):
            labels += (escape_formula(code), escape_formula(label), layout.level(axis.levels[code]))
        for (column, heading), figure in zip(headings, row.figures, strict=True):
            shown = _figure(column, figure, layout.range_of(column.id, figure))
            yield (*labels, *heading, *(shown if dated else shown[:-1]))


def _figure(
    column: Column, figure: Figure, ends: tuple[int, int] | None
) -> tuple[str, str, str, str, str]:
    """Return the value, marker, lower and upper end of a figure, and its date."""
    text = raw(figure.value, column.decimals)
    lower, upper = map(str, ends) if ends else ("", "")
    if column.kind == "date":
        return "", figure.marker, lower, upper, text
    return text, figure.marker, lower, upper, ""


def figure_row(layout: Layout, measure: str, codes: tuple[str, ...]) -> int:
    """Return the row of a figure in its CSV, the header being row 1."""
    measures = [column.id for column in layout.table.measures]
    return 2 + layout.order[codes] * len(measures) + measures.index(measure)


def figure_column(layout: Layout, kind: str) -> int:
    """Return the column in which figures of a kind stand in the CSV, the first being column 1."""
    return header(layout).index("date" if kind == "date" else "value") + 1


def figure_cell(layout: Layout, column: Column, codes: tuple[str, ...]) -> str:
    """Return the row and column of a figure in its CSV: `14,9`."""
    return f"{figure_row(layout, column.id, codes)},{figure_column(layout, column.kind)}"


def _metadata(release: PublicRelease, layout: Layout) -> dict[str, Any]:
    table = layout.table
    places = places_of(layouts(release), release.quarter, release.words)
    notes = [
        *layout.notes,
        *shorthand(table.markers, release.words),
        *left_out(table.cited, release.quarter, places, release.words),
    ]
    return described(
        release,
        url=csv_name(release.quarter, table),
        title=release.words.say("data.title", title=table.title, quarter=release.quarter.label),
        notes=notes,
        columns=[*_label_columns(layout), *_figure_columns(layout)],
        key=[*(f"{c.id}_code" for c in table.dimensions), "measure"],
    )


def described(
    release: PublicRelease,
    *,
    url: str,
    title: str,
    notes: list[str],
    columns: list[dict[str, Any]],
    key: list[str],
) -> dict[str, Any]:
    """Describe a CSV file as CSV on the Web asks."""
    language = release.words.language
    said = [*statements(release).values(), *notes]
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": language.tag}],
        "url": url,
        "dc:title": title,
        "dc:description": " ".join(said),
        "dc:isPartOf": series_name(release.words),
        "dc:publisher": contact(release).organisation,
        "dc:license": {"@id": LICENCE},
        "dc:available": {"@value": release.release_at.isoformat(), "@type": "xsd:dateTime"},
        "dc:language": language.locale,
        "dc:type": release.designation,
        "notes": [{"type": "note", "text": note} for note in said],
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\n"], "header": True},
        "tableSchema": {"columns": columns, "primaryKey": key},
    }


def _returns_metadata(release: PublicRelease) -> dict[str, Any]:
    words = release.words
    return described(
        release,
        url=returns_path(release.quarter).removeprefix(f"{CSV_FOLDER}/"),
        title=words.say("data.returns.title", quarter=release.quarter.label),
        notes=[words.say("data.returns.note")],
        columns=[_listed_column(words, name) for name in RETURN_COLUMNS],
        key=["delivery_area_code"],
    )


def _revisions_metadata(release: PublicRelease) -> dict[str, Any]:
    words = release.words
    return described(
        release,
        url=revisions_path(release.quarter).removeprefix(f"{CSV_FOLDER}/"),
        title=words.say("revisions.file_title", quarter=release.quarter.label),
        notes=list(words.listed("revisions.notes")),
        columns=[_listed_column(words, name) for name in REVISION_COLUMNS],
        key=["since", "table", "codes", "measure"],
    )


def _listed_column(words: Words, name: str) -> dict[str, Any]:
    """Describe a column of a list; some are never empty."""
    is_full = name in NEVER_EMPTY
    return known_column(words, name, **({"required": True} if is_full else {"null": ""}))


def _label_columns(layout: Layout) -> Iterator[dict[str, Any]]:
    words = layout.words
    for axis in layout.axes:
        name, title = axis.name, axis.title
        description = words.say("data.labels.code_description", title=in_sentence(title, words))
        titled = words.say("layout.headings.code", title=title)
        yield described_column(words, f"{name}_code", titled, description, required=True)
        description = words.say("data.labels.name_description", title=in_sentence(title, words))
        yield described_column(words, name, title, description, required=True)
        levels = words.say("format.lists.separator").join(_levels(layout, name))
        description = words.say("data.labels.level_description", levels=levels)
        titled = words.say("layout.headings.level", title=title)
        yield described_column(words, f"{name}_level", titled, description, required=True)


def _levels(layout: Layout, name: str) -> tuple[str, ...]:
    axis = next(axis for axis in layout.axes if axis.name == name)
    place = layout.axes.index(axis)
    used = dict.fromkeys(axis.levels[row.codes[place]] for row in layout.table.rows)
    return tuple(layout.level(level) for level in used)


def _figure_columns(layout: Layout) -> Iterator[dict[str, Any]]:
    words = layout.words
    measures = "; ".join(f"{c.id}: {c.title}" for c in layout.table.measures)
    description = words.say("data.figures.measure_description", measures=measures)
    yield described_column(
        words, "measure", words.say("data.figures.measure"), description, required=True
    )
    yield known_column(words, "measure_label", required=True)
    yield known_column(words, "unit")
    decimal = any(c.decimals for c in layout.table.measures)
    kind = {"base": "decimal" if decimal else "integer"}
    yield known_column(words, "value", kind, null="")
    yield marker_column(words)
    for name in ("lower", "upper"):
        yield known_column(words, name, "integer", null="")
    if has_dates(layout):
        yield known_column(words, "date", "date", null="")


def marker_column(words: Words) -> dict[str, Any]:
    """Describe the column of shorthand letters, with what each of them means."""
    letters = "; ".join(f"{letter}: {meaning(letter, words)}" for letter in SHORTHAND)
    kind = {"base": "string", "format": f"[{''.join(SHORTHAND)}]"}
    title = words.say("data.figures.marker")
    return described_column(words, "marker", title, letters, kind, null="")


def known_column(
    words: Words, name: str, datatype: object = "string", **other: object
) -> dict[str, Any]:
    """Describe a column whose title and description are always the same."""
    texts = words.section("data.columns")
    return described_column(
        words, name, texts[name], texts[f"{name}_description"], datatype, **other
    )


def described_column(  # noqa: PLR0913 - what CSV on the Web says of a column
    words: Words,
    name: str,
    title: str,
    description: str,
    datatype: object = "string",
    **other: object,
) -> dict[str, Any]:
    """Describe one column of a CSV file as CSV on the Web asks."""
    return {
        "name": name,
        "titles": {words.language.tag: [name, title]},
        "dc:description": description,
        "datatype": datatype,
        **other,
    }


def returns(release: PublicRelease) -> bytes:
    """Write what became of each delivery area's return: one row per area."""
    rows = [
        (
            escape_formula(area.delivery_area_code),
            escape_formula(release.words.label("areas", area.delivery_area_name)),
            escape_formula(area.status),
            escape_formula(area.return_used),
        )
        for area in release.quality.returns
    ]
    return as_csv(RETURN_COLUMNS, rows)
