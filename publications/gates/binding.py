"""How a shown text is bound to a record: addresses, and the forms in which a value may be shown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from publications.gates.reading import Files, cell_at, exact, json_of, leaves, lines_of
from publications.wording.format import capital, clock, day, known_status, moment, number
from publications.words import Words

NOTHING = object()
DIGIT = re.compile(r"\d")
ISO = re.compile(r"\d{4}-\d{2}-\d{2}(T.*)?")


def is_shown(files: Files, address: str, text: str, words: Words) -> bool:
    """Whether a text is a way to show what stands at an address within the release folder.

    Addresses are `data/file.csv#cell=4,9`, `file.json#/a/0` or, for a long text, `file.json`.
    """
    path, mark, place = address.partition("#")
    if path not in files:
        return False
    if not mark:
        return any(text == value for _, value in leaves(json_of(files, path)))
    if place.startswith("cell="):
        return text == _cell(files, path, address, words)
    return text in forms(_pointed(json_of(files, path), place), words)


def _cell(files: Files, path: str, address: str, words: Words) -> str:
    """Return a figure of the open data as readers see it, with its marker."""
    heading = lines_of(files, path)[0]
    row, column = (int(part) for part in address.partition("=")[2].split(","))
    value = cell_at(files, address) or ""
    if heading[column - 1] not in ("value", "date"):
        return capital(_status(value, words) if heading[column - 1] == "status" else value)
    marker = cell_at(files, f"{path}#cell={row},{heading.index('marker') + 1}")
    shown = [as_number(value, words)] if value else []
    return " ".join([*shown, *([f"[{marker}]"] if marker else [])])


def as_number(value: str, words: Words) -> str:
    """Write a raw figure or day of the open data as readers see it."""
    try:
        if ISO.fullmatch(value):
            return day(date.fromisoformat(value), words)
        number_held = exact(value)
    except ValueError:
        return value
    return number(number_held, max(0, -int(number_held.as_tuple().exponent)))


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


def forms(value: Any, words: Words) -> frozenset[str]:
    """Return the texts that may show a recorded value."""
    if value is NOTHING:
        return frozenset()
    if value is None:
        return frozenset({"[z]"})
    if isinstance(value, bool):
        return _answers(value, words)
    if isinstance(value, int):
        return frozenset({number(value), words.say("commentary.numbers.percent", figure=value)})
    text = str(value)
    return frozenset(
        {
            text,
            capital(text),
            as_number(text, words),
            capital(_status(text, words)),
            *_moments(text, words),
        }
    )


def _answers(value: bool, words: Words) -> frozenset[str]:
    """Return how yes or no may be shown: of a certificate, or of a check."""
    of_certificate = words.section("disclosure_control.certified")["yes" if value else "no"]
    of_check = words.section("quality.results")["passed" if value else "not_passed"]
    return frozenset({of_certificate, of_check})


def _status(text: str, words: Words) -> str:
    """Return how a recorded status or reason is shown; any other text stays as it is."""
    return known_status(text, words) or text


def _moments(text: str, words: Words) -> tuple[str, ...]:
    """Return how a recorded day or moment is shown; nothing for any other text."""
    try:
        at = datetime.fromisoformat(text) if ISO.fullmatch(text) else None
    except ValueError:
        return ()
    if at is None or "T" not in text:
        return (day(at.date(), words),) if at else ()
    machine = (at.isoformat(), at.time().isoformat("minutes"))
    on, o_clock = day(at.date(), words), clock(at, words)
    announced = words.say("calendar.shown", day=on, clock=o_clock)
    return (*machine, moment(at, words), o_clock, announced, on)


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
