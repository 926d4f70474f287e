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


def checked_words(asked: SignOff) -> SignOff:
    """Return a sign-off without spaces around its texts.

    Raises `SignOffError` for a blank name or role, and for a text that is too long, has characters
    that cannot be seen (line breaks among them), or could identify a participant.
    """
    asked = replace(asked, **{word: getattr(asked, word).strip() for word in LONGEST})
    if not (asked.name and asked.role):
        raise SignOffError("A sign-off needs the name and the role of the person who approves.")
    for word, most in LONGEST.items():
        _check(word, getattr(asked, word), most)
    return asked


def checked_person(name: str, role: str) -> tuple[str, str]:
    """Return a name and a role without spaces around them; raises as `checked_words`."""
    asked = checked_words(SignOff(name, role, "", "", ""))
    return asked.name, asked.role


def checked_text(word: str, text: str, most: int) -> str:
    """Return a text for the public, without spaces around it; raises as `checked_words`."""
    text = text.strip()
    if not text:
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
    unseen = next((letter for letter in text if unicodedata.category(letter) in UNSEEN), None)
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
