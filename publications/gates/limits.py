"""What users cannot do with changed figures, as it follows from the notes to the tables.

A method that changes figures has a note for tables and a limit for the methodology. A note tells
which method it is of, and its figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from publications.gates.expected import Expected
from publications.words import Words

NOTE = re.compile(r"methods\.\w+\.note")


def limits_of_use(release: Expected) -> tuple[str, ...]:
    """Return the lines of the methodology about the methods that the notes to tables name."""
    notes = (note for layout in release.layouts for note in layout.notes)
    return tuple(dict.fromkeys(line for note in notes for line in _limits(note, release.words)))


def _limits(note: str, words: Words) -> Iterator[str]:
    for key in filter(NOTE.fullmatch, words.texts):
        limit = f"{key.removesuffix('note')}limit"
        match = pattern(str(words.texts[key])).fullmatch(note) if limit in words.texts else None
        if match:
            yield words.say(limit, **{name: match[name] for name in words.figures[limit]})


def pattern(text: str) -> re.Pattern[str]:
    """Return what a text matches with any figures in it."""
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.*)", re.escape(text)))
