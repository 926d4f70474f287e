"""The units in which figures are published. A figure of another unit is refused when declared."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.errors import DeclarationError
from schemas.texts import check_text

PERCENT = "%"
COUNTED = ("areas", "people", "pounds", "settings")
"""The units of counts and sums, in English; other languages have them in `labels.toml`."""
UNITS = (*COUNTED, PERCENT)
"""The units of rates."""


def check_unit(what: str, unit: object, units: Sequence[str] = COUNTED) -> None:
    """Raise unless a unit is one of those declared here; `what` begins the message."""
    check_text(what, unit)
    if unit not in units:
        raise DeclarationError(
            f"{what} is {unit!r}, which is not declared for it. Declared are {', '.join(units)}. "
            "Take one of them, or add yours to schemas/units.py."
        )
