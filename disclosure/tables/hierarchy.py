"""Code hierarchies: code -> parent code. No cells here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache

from disclosure.errors import TableError


def check_hierarchy(dimension: str, hierarchy: Mapping[str, str]) -> None:
    """Raise if a code is its own ancestor."""
    for code in hierarchy:
        seen, at = {code}, hierarchy[code]
        while at in hierarchy and at not in seen:
            seen.add(at)
            at = hierarchy[at]
        if at in seen:
            raise TableError(f"The hierarchy of {dimension} has a cycle through {at!r}.")


def members(hierarchy: Mapping[str, str]) -> set[str]:
    """Return every code that the hierarchy names."""
    return set(hierarchy) | set(hierarchy.values())


def children(hierarchy: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the parts of each code that has parts, in the order of the hierarchy."""
    parts: dict[str, list[str]] = {}
    for code, parent in hierarchy.items():
        parts.setdefault(parent, []).append(code)
    return parts


def covers(
    hierarchy: Mapping[str, str], present: Collection[str]
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return how the codes in `present` add up: code -> its parts, and code -> missing parts.

    A part that is absent is replaced by its own parts. A code with no parts present is in neither;
    a code with only some of them present is in the second.
    """
    parts, here = children(hierarchy), set(present)

    @cache
    def cover(code: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        found: list[str] = []
        lost: list[str] = []
        for part in parts.get(code, ()):
            if part in here:
                found.append(part)
                continue
            below, missing = cover(part)
            found += below
            lost += missing if below else (part,)
        return tuple(found), tuple(lost)

    complete, partial = {}, {}
    for code in present:
        found, lost = cover(code)
        if found and lost:
            partial[code] = list(lost)
        elif found:
            complete[code] = list(found)
    return complete, partial
