"""Cells of a workbook as text, in the form in which a CSV file would have them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

Cell = int | float | str | bool | date | datetime | time | timedelta
# A spreadsheet keeps 15 digits of a number; of a longer one the last digits are lost.
EXACT_DIGITS = 15
_INEXACT = 10**EXACT_DIGITS


def as_text(cell: Cell) -> str | None:
    """Return a cell as text; None when it is blank.

    Numbers have no `.0`, days no time, and true and false are written so. A number of more digits
    than are kept stays in the form 1.2E+18, which no field takes.
    """
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, int | float):
        return _number(cell)
    if isinstance(cell, datetime):
        day = cell.date().isoformat()
        return day if cell.time() == time() else cell.isoformat(timespec="seconds")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def is_number(cell: Cell) -> bool:
    """Say whether a cell is kept as a number."""
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _number(cell: float) -> str:
    rounded = f"{cell:.{EXACT_DIGITS}G}"
    if abs(cell) >= _INEXACT or cell != cell:  # noqa: PLR0124 - true of NaN
        return rounded
    return f"{Decimal(rounded):f}"
