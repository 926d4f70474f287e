"""Published codes that would leave sums unmade: in no table, without parts, or under one label."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from verification.cells import QUARTER, YEAR
from verification.codes import Codes, PublishedCode
from verification.findings import INTEGRITY, Finding
from verification.folder import Folder
from verification.tables import CODES, Table

Own = Mapping[str, PublishedCode]


@dataclass(frozen=True)
class ShownCodes:
    """The codes of one dimension that any table shows, and those that only whole tables show.

    A table that the manifest says to hold the latest quarter alone, and which shows one, is no
    whole table of quarters.
    """

    anywhere: Set[str]
    whole: Set[str]


def gaps(folder: Folder, tables: Iterable[Table], codes: Codes) -> list[Finding]:
    """List the codes that switch sums off, though they lead to the one total of their dimension.

    A level that tables show is shown whole in some table, and so are the parts of a code of which
    tables show one. Codes below what tables show, such as local authorities, are in no sum; of them
    all codes of a level have parts or none has, and none has the label of another.
    """
    latest, known = _latest(folder), tuple(tables)
    return [
        Finding(INTEGRITY, f"{CODES}: {words}")
        for name, own in codes.items()
        for words in _gaps(name, own, _shown(name, known, latest))
    ]


def _latest(folder: Folder) -> frozenset[int]:
    """Return the numbers of the tables that hold the latest quarter alone, by the manifest."""
    stated = folder.manifest.get("tables", ())
    entries = (one for one in stated if isinstance(one, dict)) if isinstance(stated, list) else ()
    return frozenset(
        number
        for one in entries
        if one.get("is_latest") is True and isinstance(number := one.get("number"), int)
    )


def _shown(name: str, tables: Iterable[Table], latest: frozenset[int]) -> ShownCodes | None:
    """Return the shown codes of a dimension; None when no table has it."""
    showing = [(table.number, table.labels[name]) for table in tables if name in table.dimensions]
    whole: set[str] = set()
    for number, labels in showing:
        quarters = {code for code in labels if QUARTER.fullmatch(code)}
        whole |= labels.keys() - (quarters if number in latest and len(quarters) == 1 else set())
    return ShownCodes({c for _, labels in showing for c in labels}, whole) if showing else None


def _gaps(name: str, own: Own, shown: ShownCodes | None) -> Iterator[str]:
    children: dict[str, list[str]] = {}
    for code, entry in own.items():
        children.setdefault(entry.parent, []).append(code)
    if shown is not None:
        yield from _in_no_table(name, own, children, shown)
        yield from _above_all(name, children, shown.anywhere)
    yield from _uneven(name, own, children)
    yield from _alike(name, own)


def _in_no_table(
    name: str, own: Own, children: Mapping[str, list[str]], shown: ShownCodes
) -> Iterator[str]:
    """Say which codes no table shows, though tables show others of their level or parent."""
    levels = {own[code].level for code in shown.whole if code in own}
    covered = _covered(own, children, shown.anywhere)
    first = {own[code].parent: code for code in reversed([*own]) if code in shown.whole}
    for code, entry in own.items():
        if code in shown.anywhere:
            continue
        if entry.level in levels:
            why = f"tables show others of its level, {entry.level}"
        elif code not in covered and entry.parent in first:
            why = f"tables show {first[entry.parent]}, which is part of {entry.parent} as well"
        else:
            continue
        yield f"{code} of {name} is in no table, but {why}. So sums with it cannot be made."


def _covered(own: Own, children: Mapping[str, list[str]], shown: Set[str]) -> set[str]:
    """Return the codes that are shown, and those of which all parts are."""
    line = [*children.get("", ())]
    for code in line:
        line += children.get(code, ())
    found: set[str] = set()
    for code in reversed(line):
        parts = children.get(code, ())
        if code in shown or (parts and found.issuperset(parts)):
            found.add(code)
    return found


def _above_all(name: str, children: Mapping[str, list[str]], shown: Set[str]) -> Iterator[str]:
    """Say when a code that no table shows stands above the total that they show.

    A table without the dimension would then be about another cell than that total.
    """
    for root in children.get("", ()):
        below = children.get(root, ())
        if root not in shown and len(below) == 1 and below[0] in shown and not _is_year(below[0]):
            yield f"{root} of {name} is in no table, but it stands above {below[0]} alone."


def _is_year(code: str) -> bool:
    """Whether a code is a financial year: the first one of a programme is all of it."""
    return bool(YEAR.fullmatch(code))


def _uneven(name: str, own: Own, children: Mapping[str, list[str]]) -> Iterator[str]:
    """Say which codes of a level have no parts where others have, or the other way round."""
    levels: dict[str, list[str]] = {}
    for code, entry in own.items():
        levels.setdefault(entry.level, []).append(code)
    for level, codes in levels.items():
        with_parts = [code for code in codes if code in children]
        without = [code for code in codes if code not in children]
        if with_parts and len(without) <= len(with_parts):
            said = f"has no parts, but {len(with_parts)} of its level, {level}, have some"
            yield from (f"{code} of {name} {said}." for code in without)
        elif with_parts:
            said = f"has parts, but {len(without)} of its level, {level}, have none"
            yield from (f"{code} of {name} {said}." for code in with_parts)


def _alike(name: str, own: Own) -> Iterator[str]:
    """Say which codes have the level and the label of another: one place stands there twice."""
    first: dict[tuple[str, str], str] = {}
    for code, entry in own.items():
        other = first.setdefault((entry.level, entry.label), code)
        if other != code:
            yield f"{code} of {name} has the label and level of {other}."
