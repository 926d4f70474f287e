"""What personal data looks like in free text. Callers never show the text that matched."""

from __future__ import annotations

import polars as pl

# Looser than the format of a return: spaces, lower case, a missing last letter.
NINO = r"(?i)\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][\s-]?\d{2}[\s-]?\d{2}[\s-]?\d{2}[\s-]?[A-D]?\b"
PATTERNS = {
    "a National Insurance number": NINO,
    "an e-mail address": r"[^\s@]+@[^\s@]+\.[A-Za-z]{2,}",
    "a telephone number": r"(?:\+44|\b0)(?:[\s()-]*\d){9,10}\b",
    "a full postcode": r"(?i)\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{2}\b",
    "a date of birth": r"(?i)\b(?:dob|born|date of birth)\W{0,5}(?:on\W{1,3})?\d{1,4}[/.\s-]",
}


def looks_like_nino(reference: pl.Expr) -> pl.Expr:
    """Say whether a reference is a National Insurance number, ignoring hyphens and case."""
    return reference.str.replace_all(r"[\s-]", "").str.contains(r"(?i)^[A-Z]{2}\d{6}[A-D]$")


def looks_personal(text: pl.Expr) -> pl.Expr:
    """Say whether text holds anything that looks like personal data; false for a null."""
    found = [text.str.contains(pattern) for pattern in PATTERNS.values()]
    return pl.any_horizontal(found).fill_null(value=False)
