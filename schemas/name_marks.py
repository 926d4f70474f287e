"""Marks in a text on the words of the lists of names, so that short patterns can speak of them.

The lists stand in `reference/names/`. A mark is a character that no text holds in its plain form.
"""

from __future__ import annotations

import polars as pl

import reference

# In any letters a given name and nothing else; with a capital only; a word too; a place too.
NAME, CAPITAL, WORD, PLACE = "\ue000", "\ue001", "\ue002", "\ue003"
# A surname with a capital; in other letters; a given name that is a word, in small letters.
SURNAME, SURNAME_SMALL, SMALL = "\ue004", "\ue005", "\ue006"
MARKS = NAME + CAPITAL + WORD + PLACE + SURNAME + SURNAME_SMALL + SMALL
ANY = f"[{MARKS}]*"


def _marked_words() -> dict[str, str]:
    """Return every word of the lists, as it may be written, with its marks before it."""
    marks: dict[str, str] = {}
    given = {kind: reference.given_names(kind) for kind in ("name", "capital", "word", "place")}
    written = [
        *((form, NAME) for n in given["name"] for form in (n, n.lower(), n.upper())),
        *((n, CAPITAL) for n in given["capital"]),
        *((n, WORD) for n in given["word"]),
        *((n, PLACE) for n in given["place"]),
        *((n, SURNAME) for n in reference.surnames()),
        *((form, SURNAME_SMALL) for n in reference.surnames() for form in (n.lower(), n.upper())),
        *((n.lower(), SMALL) for kind in ("capital", "word") for n in given[kind]),
    ]
    for word, mark in written:
        marks[word] = marks.get(word, "") + ("" if mark in marks.get(word, "") else mark)
    return {word: mark + word for word, mark in marks.items()}


WORDS = _marked_words()
BEARERS = sorted(
    {
        form
        for name in reference.named_after_people()
        for form in (name, name.replace("'", "’"), name.replace("'", ""))
    },
    key=lambda name: (-len(name), name),
)


def marked(text: pl.Expr) -> pl.Expr:
    """Return a text with marks before the names in it, and without what bears a person's name."""
    rest = text.str.replace_all(f"[{MARKS}]", "").str.replace_many(
        BEARERS, [" ; "], ascii_case_insensitive=True, leftmost=True
    )
    parts = rest.str.extract_all(r"\pL+|[^\pL]+")
    return parts.list.eval(pl.element().replace(WORDS)).list.join("")


def one_of(mark: str) -> str:
    """Return a pattern of a whole word that has a mark."""
    return rf"{ANY}{mark}{ANY}\pL+\b"
