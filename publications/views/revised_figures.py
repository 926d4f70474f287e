"""The list of the figures that a release revises, as every format shows it."""

from __future__ import annotations

from collections.abc import Iterator

from publications.release.public import PublicRelease
from publications.views.layout import layouts

REVISION_COLUMNS = (
    *("since", "table", "table_title", "codes", "row", "measure", "measure_label", "unit"),
    *("old_value", "old_marker", "new_value", "new_marker", "difference", "reason", "reason_label"),
)
WORDS_OF_REVISIONS = frozenset({"table_title", "row", "measure_label", "unit", "reason_label"})
"""The columns that hold words for people."""


def revision_rows(release: PublicRelease) -> Iterator[dict[str, str]]:
    """Give one row per revised figure: by version, then in the order of tables, rows, measures.

    Each has every column, in order. Values are for machines; "" where there is none.
    """
    known = {layout.table.id: layout for layout in layouts(release)}
    words = release.words.section("revisions.reasons")
    for one in release.revisions.found:
        table = known[one.table].table
        names = [column.id for column in table.dimensions]
        column = table.measure(one.measure)
        moved = "" if one.difference is None else f"{one.difference:f}"
        row = (
            *(one.since, table.id, table.title),
            "; ".join(f"{n}={code}" for n, code in zip(names, one.codes, strict=True)),
            "; ".join(table.by_codes[one.codes].labels),
            *(one.measure, column.title, column.unit, *one.old, *one.new, moved),
            *(" ".join(one.reasons), "; ".join(words[reason] for reason in one.reasons)),
        )
        yield dict(zip(REVISION_COLUMNS, row, strict=True))
