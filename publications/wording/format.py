"""Numbers, dates and shorthand as text: the one place where a figure becomes words.

What differs between languages comes from their catalogues. Numbers are written alike in all.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from publications.errors import WordingError
from publications.release.table import Column, Figure, Value
from publications.words import Words
from reference import place_names
from schemas.quarter import Quarter

MINUS = "\u2212"
SHORTHAND = ("c", "e", "i", "p", "r", "x", "z")
"""The letters that may stand in place of a figure or beside it; catalogues explain them."""
OF_RETURNS, OF_RELEASES, OF_REASONS = "statuses.returns", "statuses.releases", "statuses.reasons"
"""Where the catalogue says what records state by a status, or by a reason of withholding."""


def number(value: int | Decimal, decimals: int = 0) -> str:
    """Write a number with commas, `decimals` places (half up) and a true minus sign."""
    if isinstance(value, int) and not decimals:
        return f"{value:,}" if value >= 0 else f"{MINUS}{-value:,}"
    exact = Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return (MINUS if exact < 0 else "") + f"{abs(exact):,f}"


def exact(text: str) -> str:
    """Write a plain decimal with commas, a true minus sign and as many places as it has."""
    value = Decimal(text)
    return number(value, max(0, -int(value.as_tuple().exponent)))


def day(value: date, words: Words) -> str:
    """Write a date as `1 October 2025`."""
    return words.say("format.dates.day", day=value.day, month=_month(value, words), year=value.year)


def clock(value: datetime, words: Words) -> str:
    """Write a time of day as `9:30am`."""
    half = words.listed("format.dates.halves")[value.hour // 12]
    hour, minute = (value.hour - 1) % 12 + 1, f"{value.minute:02d}"
    return words.say("format.dates.clock", hour=hour, minute=minute, half=half)


def moment(value: datetime, words: Words) -> str:
    """Write a moment as `9:30am on 17 December 2026`, in the time zone that it carries."""
    return words.say("format.dates.moment", clock=clock(value, words), day=day(value, words))


def months(quarter: Quarter, words: Words) -> str:
    """Write a quarter as `July to September 2026`."""
    first, last = _month(quarter.start, words), _month(quarter.end, words)
    return words.say("format.dates.quarter", first=first, last=last, year=quarter.end.year)


def _month(value: date, words: Words) -> str:
    return words.listed("format.dates.months")[value.month - 1]


def marked(marker: str) -> str:
    """Write a shorthand letter as `[c]`; raises `WordingError` when it is not explained."""
    if marker not in SHORTHAND:
        raise WordingError(
            f"The shorthand {marker!r} has no explanation. Add it to SHORTHAND in "
            "publications/wording/format.py and to publications/words/en/shorthand.toml; "
            f"the letters are {', '.join(SHORTHAND)}."
        )
    return f"[{marker}]"


def plain(value: Value, words: Words, decimals: int = 0) -> str:
    """Write a value without its marker; the empty text when there is none."""
    if value is None:
        return ""
    return day(value, words) if isinstance(value, date) else number(value, decimals)


def shown(figure: Figure, column: Column, words: Words) -> str:
    """Write a figure as readers see it: `8,800`, `1 October 2025`, `[c]` or `1 July 2025 [e]`."""
    parts = [plain(figure.value, words, column.decimals)] if figure.value is not None else []
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


def number_in_words(count: int, words: Words) -> str:
    """Write a small number in words, `three`; a larger one in figures, `24`."""
    known = words.listed("format.numbers.words")
    return known[count] if 0 <= count < len(known) else number(count)


def capital(text: str) -> str:
    """Write the first letter as a capital where the text starts with a letter."""
    return text[:1].upper() + text[1:]


def in_sentence(label: str, words: Words) -> str:
    """Write a label as it stands within a sentence: `Job starts` as `job starts`, names as is.

    Names are those of places, and what the catalogue lists: whole words, at the start of a label.
    """
    is_name = label[1:2].isupper() or label in place_names() or _begins_with_name(label, words)
    return label if is_name else label[:1].lower() + label[1:]


def _begins_with_name(label: str, words: Words) -> bool:
    return any(
        label.startswith(name) and not label[len(name) : len(name) + 1].isalnum()
        for name in words.listed("format.names")
    )


def status(recorded: str, words: Words, of: str = OF_RETURNS) -> str:
    """Write a recorded status, or reason of withholding, as readers see it: `not received`.

    `of` is the section of the catalogue. Raises `WordingError` for a status that it has not.
    """
    return words.say(f"{of}.{recorded.replace(' ', '_')}")


def known_status(recorded: str, words: Words) -> str | None:
    """Write a status or reason of any kind as readers see it; None for any other text."""
    ids = (f"{of}.{recorded.replace(' ', '_')}" for of in (OF_RETURNS, OF_RELEASES, OF_REASONS))
    return next((words.say(key) for key in ids if key in words.texts), None)


def series(items: Sequence[str], words: Words) -> str:
    """Write a list of one or more: `a`, `a and b`, `a, b and c`."""
    if len(items) == 1:
        return items[0]
    joined = words.say("format.lists.separator").join(items[:-1])
    return words.say("format.lists.last", items=joined, last=items[-1])


def heading(column: Column, words: Words) -> str:
    """Write a column heading with its unit where the title does not say it: `Starts (people)`."""
    if not column.unit or column.unit in column.title.lower():
        return column.title
    return words.say("format.heading", title=column.title, unit=column.unit)


def slug(quarter: Quarter) -> str:
    """Write a quarter for file names: `2026-27-q2`."""
    return f"{quarter.financial_year}-q{quarter.number}"
