"""What personal data looks like in free text. Callers never show the text that matched."""

from __future__ import annotations

import re
import unicodedata

import polars as pl

FIRST, SECOND = "[A-CEGHJ-PR-TW-Z]", "[A-CEGHJ-NPR-TW-Z]"
GAP = r"[\W_]{0,3}"
# With its last letter a number is known however it is written; without one, as pairs of digits.
WHOLE = rf"(?:\b|_|\d){FIRST}{GAP}{SECOND}(?:{GAP}[0-9]){{6}}{GAP}[A-D](?:\b|_)"
PAIRS = rf"\b{FIRST}{SECOND}[\s-]?\d{{2}}[\s-]?\d{{2}}[\s-]?\d{{2}}[\s-]?[A-D]?\b"
NINO = f"(?i)(?:{WHOLE}|{PAIRS})"
PATTERNS = {
    "a National Insurance number": NINO,
    "an e-mail address": r"[^\s@]+@[^\s@]+\.[A-Za-z]{2,}",
    "a telephone number": r"(?:\+44|\b0)(?:[\s()-]*\d){9,10}\b",
    "a full postcode": r"(?i)\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{2}\b",
    "a date of birth": r"(?i)\b(?:dob|born|date of birth)\W{0,5}(?:on\W{1,3})?\d{1,4}[/.\s-]",
}


# A reference that is a number without its last letter. Numbers that areas give themselves are
# padded with noughts, or begin with two letters of which none is issued.
WITHOUT_LETTER = rf"^{FIRST}{SECOND}(?:[1-9]\d|0[1-9])\d{{4}}$"
NEVER_ISSUED = "^(?:BG|GB|KN|NK|NT|TN|ZZ)"
TELEPHONE = r"^(?:\+?44|0)[\s()-]*[1-37](?:[\s()-]*\d){8,9}$"


def looks_like_nino(reference: pl.Expr) -> pl.Expr:
    """Say whether a reference is or holds a National Insurance number.

    Without the last letter a number is known only when it is the whole reference, and its digits
    do not begin with two noughts, as those of numbers do that an area gives itself.
    """
    plain = reference.str.normalize("NFKC")
    bare = plain.str.replace_all(r"[\W_]", "").str.to_uppercase()
    without = bare.str.contains(WITHOUT_LETTER) & ~bare.str.contains(NEVER_ISSUED)
    return plain.str.contains(f"(?i){WHOLE}") | bare.str.contains(r"^[A-Z]{2}\d{6}[A-D]$") | without


def looks_like_telephone(reference: pl.Expr) -> pl.Expr:
    """Say whether a reference as a whole is a telephone number of the United Kingdom."""
    return reference.str.normalize("NFKC").str.strip_chars().str.contains(TELEPHONE)


def holds_nino(text: str) -> bool:
    """Say whether a text holds what looks like a National Insurance number, however written."""
    return re.search(NINO, unicodedata.normalize("NFKC", text)) is not None


def looks_personal(text: pl.Expr) -> pl.Expr:
    """Say whether text holds anything that looks like personal data; false for a null."""
    plain = text.str.normalize("NFKC")
    found = [plain.str.contains(pattern) for pattern in PATTERNS.values()]
    return pl.any_horizontal(found).fill_null(value=False)
