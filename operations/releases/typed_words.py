"""The one gate for what people type into records: kept for good, listed, and partly on the site.

A record holds sentences that passed it, and the registers refuse one that holds any other text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from operations.errors import SignOffError
from schemas.personal import A_NAME, details_in

LONGEST = {"name": 200, "role": 200, "note": 2_000, "reason": 2_000, "explanation": 500}
"""The texts that people type, each with the most characters that it may have."""

HOLDS_A_NAME = "name"
"""The one text that may hold the name of a person: of who decides."""

CHOSEN = frozenset({"about", "area", "areas", "method", "rule", "severity", "tables", "until"})
"""Fields whose text a person chooses from a list that is declared."""

OURS = frozenset(
    {
        "accepted_at",
        "account",
        "asked_at",
        "chosen_at",
        "known_by",
        "manifest_sha256",
        "published_at",
        "records",
        "said",
        "said_at",
        "signed_at",
    }
)
"""Fields of records that the system fills in itself: times, accounts and hashes."""

UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Categories of Unicode: control, format and unassigned characters, and breaks of lines."""

BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Characters that Unicode counts as letters, marks or symbols, and that show nothing."""


class TypedText(str):
    """A text that a person typed, that may be kept for good and shown; without spaces around it.

    Making one raises `SignOffError` for a text that is too long, has characters that cannot be
    seen (line breaks among them), or seems to hold a personal detail. `field` is what the refusal
    calls it: a word of `LONGEST`, with more words after it or none. The text itself is never shown.
    """

    __slots__ = ()

    def __new__(cls, text: str, field: str = "reason") -> Self:
        """Check a text."""
        text = text.strip()
        _check(field, text)
        return super().__new__(cls, text)

    def __deepcopy__(self, _: dict[int, Any]) -> Self:
        """Return the same sentence: it was checked, and cannot change."""
        return self


@dataclass(frozen=True)
class Person:
    """Who decides, and in which role."""

    name: TypedText
    role: TypedText


def checked_person(name: str, role: str) -> Person:
    """Return the person who decides; raises `SignOffError` without a letter, and as `TypedText`."""
    if not (has_letter(name) and has_letter(role)):
        raise SignOffError(
            "This needs the name and the role of the person who decides, with a letter in "
            "each (--name and --role; in the UI: name and role)."
        )
    return Person(TypedText(name, "name"), TypedText(role, "role"))


def checked_text(field: str, text: str, readers: str = "the public") -> TypedText:
    """Return a sentence for its readers; raises as `TypedText`, and for one without a letter."""
    if not has_letter(text):
        raise SignOffError(f"The {field} has no words. Write a sentence for {readers}.")
    return TypedText(text, field)


def check_every_text(record: Mapping[str, Any]) -> None:
    """Raise `TypeError`, a fault of the system, for a field of a record that no one checked."""
    for field, value in record.items():
        if field not in CHOSEN | OURS and not isinstance(value, TypedText | int | None):
            raise TypeError(
                f"The field {field} of a record did not pass the gate for what people type "
                "(operations/releases/typed_words.py). Make it a TypedText."
            )


def has_letter(text: str) -> bool:
    """Whether a text has a letter of any script, one that can be seen."""
    return any(sign.isalpha() and sign not in BLANK for sign in text)


def _check(field: str, text: str) -> None:
    kind = field.split(maxsplit=1)[0]
    most = LONGEST[kind]
    if len(text) > most:
        raise SignOffError(
            f"The {field} has {len(text):,} characters; at most {most:,} are kept. Shorten it."
        )
    unseen = next((sign for sign in text if is_unseen(sign)), None)
    if unseen is not None:
        raise SignOffError(
            f"The {field} holds the character U+{ord(unseen):04X}, which cannot be seen or breaks "
            "the line. Write it in one line of plain text."
        )
    found = details_in(text, permitted=(A_NAME,) if kind == HOLDS_A_NAME else ())
    if found:
        raise SignOffError(
            f"The {field} holds what looks like {' and '.join(found)}. No record was made: a "
            f"record is kept for good, and readers may see it. Write the {field} again without it."
        )


def is_unseen(sign: str) -> bool:
    """Whether a character shows nothing, or breaks the line."""
    return sign in BLANK or unicodedata.category(sign) in UNSEEN
