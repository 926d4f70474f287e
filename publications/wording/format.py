"""Numbers, dates and shorthand as text: the one place where a figure becomes words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from publications.errors import WordingError
from publications.release.table import Column, Figure, Value
from schemas.quarter import Quarter

MINUS = "\u2212"
SHORTHAND = {
    "c": "confidential: withheld so that nothing about a person or organisation is revealed",
    "e": "estimated: made by this project where no public source states the figure",
    "i": "incomplete: a sum that leaves out areas or quarters of which there is no figure, such as "
    "those whose return was not received",
    "p": "provisional: expected to be revised",
    "r": "revised since the last release",
    "x": "not available: no source gives the figure, or a return was not received in time",
    "z": "not applicable: there can be no such figure, as before an area opened",
}
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def number(value: int | Decimal, decimals: int = 0) -> str:
    """Write a number with commas, `decimals` places (half up) and a true minus sign."""
    if isinstance(value, int) and not decimals:
        return f"{value:,}" if value >= 0 else f"{MINUS}{-value:,}"
    exact = Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return (MINUS if exact < 0 else "") + f"{abs(exact):,f}"


def day(value: date) -> str:
    """Write a date as `1 October 2025`."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def clock(value: datetime) -> str:
    """Write a time of day as `9:30am`."""
    half = "am" if value.hour < 12 else "pm"
    return f"{(value.hour - 1) % 12 + 1}:{value.minute:02d}{half}"


def moment(value: datetime) -> str:
    """Write a moment as `9:30am on 17 December 2026`, in the time zone that it carries."""
    return f"{clock(value)} on {day(value)}"


def months(quarter: Quarter) -> str:
    """Write a quarter as `July to September 2026`."""
    return (
        f"{MONTHS[quarter.start.month - 1]} to {MONTHS[quarter.end.month - 1]} {quarter.end.year}"
    )


def marked(marker: str) -> str:
    """Write a shorthand letter as `[c]`; raises `WordingError` when it is not explained."""
    if marker not in SHORTHAND:
        raise WordingError(
            f"The shorthand {marker!r} has no explanation. Add it to "
            f"publications/wording/format.py; the letters are {', '.join(SHORTHAND)}."
        )
    return f"[{marker}]"


def plain(value: Value, decimals: int = 0) -> str:
    """Write a value without its marker; the empty text when there is none."""
    if value is None:
        return ""
    return day(value) if isinstance(value, date) else number(value, decimals)


def shown(figure: Figure, column: Column) -> str:
    """Write a figure as readers see it: `8,800`, `1 October 2025`, `[c]` or `1 July 2025 [e]`."""
    parts = [plain(figure.value, column.decimals)] if figure.value is not None else []
    if figure.marker:
        parts.append(marked(figure.marker))
    return " ".join(parts)


def raw(value: Value, decimals: int = 0) -> str:
    """Write a value for machines: no commas, ISO dates, as many decimals as are shown."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) and not decimals:
        return str(value)
    return f"{Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}"


def counted(number_of: int, noun: str, plural: str = "") -> str:
    """Write a small number of things in words: `one table`, `three tables`, `24 tables`."""
    word = WORDS[number_of] if 0 <= number_of < len(WORDS) else number(number_of)
    return f"{word} {noun if number_of == 1 else plural or noun + 's'}"


def capital(text: str) -> str:
    """Write the first letter as a capital where the text starts with a letter."""
    return text[:1].upper() + text[1:]


def series(items: Sequence[str]) -> str:
    """Write a list of one or more: `a`, `a and b`, `a, b and c`."""
    return " and ".join(part for part in (", ".join(items[:-1]), items[-1]) if part)


def heading(column: Column) -> str:
    """Write a column heading with its unit where the title does not say it: `Starts (people)`."""
    if not column.unit or column.unit in column.title.lower():
        return column.title
    return f"{column.title} ({column.unit})"


def slug(quarter: Quarter) -> str:
    """Write a quarter for file names: `2026-27-q2`."""
    return f"{quarter.financial_year}-q{quarter.number}"
