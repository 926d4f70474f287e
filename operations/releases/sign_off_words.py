"""The texts of a sign-off: kept for good, shown in lists, and partly on the site."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import polars as pl

from operations.errors import SignOffError
from operations.releases.release_records import SignOff
from schemas.personal import holds_nino, looks_personal

LONGEST = {"name": 200, "role": 200, "note": 2_000, "reason": 2_000}
"""The texts of a sign-off, each with the most characters that it may have."""

UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Categories of Unicode: control, format and unassigned characters, and breaks of lines."""

BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Characters that Unicode counts as letters, marks or symbols, and that show nothing."""


def checked_words(asked: SignOff) -> SignOff:
    """Return a sign-off without spaces around its texts.

    Raises `SignOffError` for a name or role without a letter, for a reason without one, and for a
    text that is too long, has characters that cannot be seen (line breaks among them), or could
    identify a participant.
    """
    asked = replace(asked, **{word: getattr(asked, word).strip() for word in LONGEST})
    if not (has_letter(asked.name) and has_letter(asked.role)):
        raise SignOffError("A sign-off needs the name and the role of the person who approves.")
    if asked.reason and not has_letter(asked.reason):
        raise SignOffError("The reason has no words. Write a sentence for the public.")
    for word, most in LONGEST.items():
        _check(word, getattr(asked, word), most)
    return asked


def checked_person(name: str, role: str) -> tuple[str, str]:
    """Return a name and a role without spaces around them.

    Raises `SignOffError` for one without a letter, and as `checked_words`.
    """
    found = {"name": name.strip(), "role": role.strip()}
    for word, text in found.items():
        if not has_letter(text):
            raise SignOffError(
                "This needs the name and the role of the person who decides, with a letter in "
                "each (--name and --role; in the UI: name and role)."
            )
        _check(word, text, LONGEST[word])
    return found["name"], found["role"]


def has_letter(text: str) -> bool:
    """Whether a text has a letter of any script, one that can be seen."""
    return any(sign.isalpha() and sign not in BLANK for sign in text)


def checked_text(word: str, text: str, most: int) -> str:
    """Return a text for the public, without spaces around it; raises as `checked_words`."""
    text = text.strip()
    if not has_letter(text):
        raise SignOffError(f"The {word} is blank. Write a sentence for the public.")
    _check(word, text, most)
    if pl.select(looks_personal(pl.lit(text))).item():
        raise SignOffError(
            f"The {word} holds what looks like a personal detail (an address, a telephone number "
            "or a date of birth), and readers would see it. Say it without."
        )
    return text


def _check(word: str, text: str, most: int) -> None:
    if len(text) > most:
        raise SignOffError(
            f"The {word} has {len(text):,} characters; at most {most:,} are kept. Shorten it."
        )
    unseen = next((sign for sign in text if is_unseen(sign)), None)
    if unseen is not None:
        raise SignOffError(
            f"The {word} holds the character U+{ord(unseen):04X}, which cannot be seen or breaks "
            "the line. Write it in one line of plain text."
        )
    if holds_nino(text):
        raise SignOffError(
            f"The {word} holds what looks like a National Insurance number, and the register "
            "would keep it for good. Say it without."
        )


def is_unseen(sign: str) -> bool:
    """Whether a character shows nothing, or breaks the line."""
    return sign in BLANK or unicodedata.category(sign) in UNSEEN
