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


def looks_like_nino(reference: pl.Expr) -> pl.Expr:
    """Say whether a reference is or holds a National Insurance number with its last letter.

    Two letters and six digits alone may well be a number that an area gave itself.
    """
    plain = reference.str.normalize("NFKC")
    return plain.str.contains(f"(?i){WHOLE}") | plain.str.replace_all(r"[\W_]", "").str.contains(
        r"(?i)^[A-Z]{2}\d{6}[A-D]$"
    )


def holds_nino(text: str) -> bool:
    """Say whether a text holds what looks like a National Insurance number, however written."""
    return re.search(NINO, unicodedata.normalize("NFKC", text)) is not None


def looks_personal(text: pl.Expr) -> pl.Expr:
    """Say whether text holds anything that looks like personal data; false for a null."""
    plain = text.str.normalize("NFKC")
    found = [plain.str.contains(pattern) for pattern in PATTERNS.values()]
    return pl.any_horizontal(found).fill_null(value=False)
