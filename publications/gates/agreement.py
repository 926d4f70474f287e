"""What the gates on records share: values beside what they should be, and numbers left over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from publications.gates.binding import is_vouched
from publications.gates.reading import leaves


def unlike(where: str, found: Mapping[str, Any], expected: Mapping[str, object]) -> list[str]:
    """List the values that are not as expected."""
    return [
        f"{where}: {name} is {found.get(name)!r}, not {value!r}."
        for name, value in expected.items()
        if found.get(name) != value
    ]


def unbound(where: str, found: Mapping[str, Any], known: Iterable[str], facts: Any) -> list[str]:
    """List the numbers outside the known entries that belong to no fact."""
    rest = {name: value for name, value in found.items() if name not in set(known)}
    return [
        f"{where}: {value!r} holds a number bound to no record."
        for _, value in leaves(rest)
        if not is_vouched(str(value), facts)
    ]
