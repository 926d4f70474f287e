"""Numbers as open data writes them: plain decimals of bounded length."""

from __future__ import annotations

import re
from fractions import Fraction

PLAIN = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?")


def exact(text: str) -> Fraction:
    """Return the value of a plain decimal, such as `-12.5`.

    Raises `ValueError` for anything else. An exponent or thousands of digits could take all time
    and memory.
    """
    if not PLAIN.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is no plain decimal of at most 18 digits")
    return Fraction(text)
