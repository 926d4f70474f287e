"""Rules of the names and texts of declarations: what files, worksheets and pages can hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import category

from schemas.errors import DeclarationError

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
SHORTHAND = re.compile(r"\[([a-z]|note \d+)\]", re.IGNORECASE)
MISSING = frozenset({"null", "none", "nan", "na", "n/a", "nat"})
"""Words that readers and programs take for a missing value."""
BESIDE = ": shorthand"
"""How the heading of a column ends when it holds the shorthand of the column before."""
LONGEST_TITLE = 120
"""Characters of a title that stands on one line of a worksheet, with its place and time."""
LONGEST_NOTE = 1000
"""The longest note that is readable in one cell of a worksheet, in characters."""
UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""The categories of Unicode for signs that a reader does not see as such."""
LONGEST_SHOWN = 4_000


def counted(number: int, one: str, more: str) -> str:
    """Return a number and what follows it, for a sentence: `one` after 1, else `more`."""
    return f"{number:,} {one if number == 1 else more}"


def is_whole(number: object) -> bool:
    """Whether a value is a whole number, and no truth value."""
    return isinstance(number, int) and not isinstance(number, bool)


def check_name(what: str, name: object) -> None:
    """Raise unless a name can name columns, files and worksheets."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise DeclarationError(
            f"{what} is {name!r}. Use lower-case letters, digits and single underscores, a letter "
            "first: it names columns and files."
        )


def check_title(what: str, title: object) -> None:
    """Raise unless a title can stand in a worksheet, on a page and in a file of open data."""
    check_text(what, title, LONGEST_TITLE)
    text = str(title)
    if not text[0].isalnum():
        raise DeclarationError(
            f"{what} is {text!r}. Begin with a letter or a digit: spreadsheets take other signs "
            "for formulas."
        )
    if not any(sign.isalpha() for sign in text):
        raise DeclarationError(f"{what} is {text!r}. Say it in words.")
    if text.lower() in MISSING or text.endswith(BESIDE):
        raise DeclarationError(f"{what} is {text!r}, which worksheets use with another meaning.")
    if set("[]|") & set(text):
        raise DeclarationError(
            f"{what} is {text!r}. Leave out square brackets and bars: square brackets mark "
            "shorthand and notes."
        )


def check_notes(what: str, notes: object) -> None:
    """Raise unless notes are a tuple of different texts."""
    check_tuple(f"{what}: notes", notes, str)
    listed: Sequence[str] = notes  # type: ignore[assignment]
    for note in listed:
        check_text(f"{what}: a note", note)
        if not any(sign.isalpha() for sign in note):
            raise DeclarationError(f"{what} has the note {note!r}. Say it in words.")
        if SHORTHAND.search(note):
            raise DeclarationError(
                f"{what} has the note {note!r}. Say in words what shorthand means: a worksheet "
                "explains the shorthand of its figures only."
            )
    folded = [note.casefold() for note in listed]
    twice = sorted({note for note in listed if folded.count(note.casefold()) > 1})
    if twice:
        raise DeclarationError(f"{what} has the note {twice[0]!r} twice.")


def check_tuple(what: str, values: object, *kinds: type) -> None:
    """Raise unless a value is a tuple, with values of some kinds only."""
    named = " or ".join(kind.__name__ for kind in kinds)
    if not isinstance(values, tuple):
        raise DeclarationError(
            f"{what} must be a tuple of {named}, not {type(values).__name__}: {values!r}. A tuple "
            "of one thing ends with a comma."
        )
    wrong = [value for value in values if not isinstance(value, kinds)]
    if wrong:
        raise DeclarationError(f"{what} holds {wrong[0]!r}, which is no {named}.")


def check_text(what: str, text: object, longest: int = LONGEST_NOTE) -> None:
    """Raise unless a text has words, fits into a cell and can be printed."""
    if not isinstance(text, str) or not text.strip():
        raise DeclarationError(f"{what} is empty: {text!r}. Write it out.")
    if text != " ".join(text.split()) or not text.isprintable():
        raise DeclarationError(
            f"{what} is {text!r}. Leave out line breaks, tabs, spaces at its ends or in a row, and "
            "signs that cannot be printed."
        )
    if len(text) > longest:
        raise DeclarationError(
            f"{what} has {len(text)} characters: {text!r}. There is room for {longest}."
        )


def legible(text: str) -> str:
    """Return a text from outside as one line: control, format and bidirectional signs as escapes.

    Otherwise it could pass for a line of a report, or command the terminal that shows it. A text
    of over 4,000 signs is cut.
    """
    shown = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."
    return "".join(_escaped(sign) if category(sign) in UNSEEN else sign for sign in shown)


def _escaped(sign: str) -> str:
    return sign.encode("unicode_escape", "surrogatepass").decode("ascii")
