"""How a shown text is bound to a record: addresses, and the forms in which a value may be shown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from publications.gates.reading import Files, cell_at, json_of, leaves, lines_of
from publications.wording.format import clock, day, moment, number

NOTHING = object()
DIGIT = re.compile(r"\d")
ISO = re.compile(r"\d{4}-\d{2}-\d{2}(T.*)?")
YES, NO = frozenset({"Checked", "Passed"}), frozenset({"None needed", "Not passed"})


def is_shown(files: Files, address: str, text: str) -> bool:
    """Whether a text is a way to show what stands at an address within the release folder.

    Addresses are `data/file.csv#cell=4,9`, `file.json#/a/0` or, for a long text, `file.json`.
    """
    path, mark, place = address.partition("#")
    if path not in files:
        return False
    if not mark:
        return any(text == value for _, value in leaves(json_of(files, path)))
    if place.startswith("cell="):
        return text == _cell(files, path, address)
    return text in forms(_pointed(json_of(files, path), place))


def _cell(files: Files, path: str, address: str) -> str:
    """Return a figure of the open data as readers see it, with its marker."""
    heading = lines_of(files, path)[0]
    row, column = (int(part) for part in address.partition("=")[2].split(","))
    value = cell_at(files, address)
    if heading[column - 1] not in ("value", "date"):
        return sentence(value or "")
    marker = cell_at(files, f"{path}#cell={row},{heading.index('marker') + 1}")
    shown = [as_number(value)] if value else []
    return " ".join([*shown, *([f"[{marker}]"] if marker else [])])


def as_number(value: str) -> str:
    """Write a raw figure or day of the open data as readers see it."""
    try:
        if ISO.fullmatch(value):
            return day(date.fromisoformat(value))
        exact = Decimal(value)
    except (InvalidOperation, ValueError):
        return value
    return number(exact, max(0, -int(exact.as_tuple().exponent)))


def _pointed(content: Any, pointer: str) -> Any:
    """Return what a JSON pointer leads to; `NOTHING` where it leads nowhere."""
    for name in pointer.split("/")[1:]:
        if isinstance(content, list) and name.isdigit() and int(name) < len(content):
            content = content[int(name)]
        elif isinstance(content, dict) and name in content:
            content = content[name]
        else:
            return NOTHING
    return content


def forms(value: Any) -> frozenset[str]:
    """Return the texts that may show a recorded value."""
    if value is NOTHING:
        return frozenset()
    if value is None:
        return frozenset({"[z]"})
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, int):
        return frozenset({number(value), f"{value}%"})
    text = str(value)
    return frozenset({text, sentence(text), *_moments(text)})


def sentence(text: str) -> str:
    """Write a word of a code list with a capital and spaces: `Not received`."""
    spaced = text.replace("_", " ")
    return spaced[:1].upper() + spaced[1:]


def _moments(text: str) -> tuple[str, ...]:
    """Return how a recorded day or moment is shown; nothing when it is none."""
    try:
        at = datetime.fromisoformat(text) if ISO.fullmatch(text) else None
    except ValueError:
        return ()
    if at is None or "T" not in text:
        return (day(at.date()),) if at else ()
    machine = (at.isoformat(), at.time().isoformat("minutes"))
    return (*machine, moment(at), clock(at), f"{day(at.date())} {clock(at)}", day(at.date()))


def is_vouched(text: str, facts: Iterable[str]) -> bool:
    """Whether every digit of a text belongs to one of the facts that it may state."""
    if not DIGIT.search(text):
        return True
    return not DIGIT.search(_pattern(frozenset(facts)).sub(" ", " ".join(text.split())))


@lru_cache(maxsize=256)
def _pattern(facts: frozenset[str]) -> re.Pattern[str]:
    longest = sorted((" ".join(fact.split()) for fact in facts if fact), key=len, reverse=True)
    any_of = "|".join(map(re.escape, longest)) or r"(?!)"
    return re.compile(rf"(?<![\w.,-])(?:{any_of})(?![\w-]|[.,]\d)")
