"""Text from outside as one line of plain signs, so that it cannot pass for a line of a report."""

from __future__ import annotations

import unicodedata

UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
LONGEST = 4_000


def legible(text: str) -> str:
    """Return a text with control, format and bidirectional signs as escapes, cut when very long."""
    shown = text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
    return "".join(
        _escaped(sign) if unicodedata.category(sign) in UNSEEN else sign for sign in shown
    )


def _escaped(sign: str) -> str:
    return sign.encode("unicode_escape", "surrogatepass").decode("ascii")
