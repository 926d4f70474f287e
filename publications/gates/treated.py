"""The gate on notes about missing returns: they say what the quality report says was done."""

from __future__ import annotations

from publications.gates.expected import Expected
from publications.gates.reading import Files


def notes_follow_treatment(release: Expected, files: Files) -> list[str]:
    """No table has the note of another treatment of missing returns than the one on record."""
    texts = release.words.section("notes.sums_of_returns")
    chosen = release.quality.method
    return [
        f"Table {layout.table.number} has the note of the treatment {method}, but {chosen} is on "
        "record in quality.json."
        for layout in release.layouts
        for method, text in texts.items()
        if method != chosen and text in layout.notes
    ]
