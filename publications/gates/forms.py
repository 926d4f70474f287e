"""Forms of a release's records: what came later, which a release of an earlier form lacks.

Keys that came together are there together or not at all. So a record is held to its own form, and
one that lost some of them is found out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

QUALITY = (
    frozenset({"missing", "explanation", "why"}),
    frozenset({"most_missing_starts", "treatment", "is_imputed"}),
    frozenset({"revisions"}),
    frozenset(
        {
            *("value_percent", "least_percent", "most_percent", "is_share"),
            *("value", "threshold", "effect", "done"),
        }
    ),
)
"""Of `quality.json`: explanations of missing returns and of checks that did not pass; how missing
returns were treated; what is revised; what checks saw, what was expected, and what was done."""

RANGES = (frozenset({"tolerance", "lower", "upper"}),)
"""How far figures can be off: `tolerance` of each population in `disclosure-control.json`, and the
columns of ranges in the open data, which came with it."""


def in_form_of(found: Any, expected: Any, later: Collection[frozenset[str]] = QUALITY) -> Any:
    """Return what is expected of a record, without the keys that its form did not have yet.

    `later` are the names of the keys that came together. `found` lacks them when it has none.
    """
    there = set(_names(found))
    absent = {name for together in later if not together & there for name in together}
    return _without(expected, absent)


def _names(content: Any) -> Iterator[str]:
    """Give the name of every key of a JSON document, at any depth."""
    if isinstance(content, dict):
        yield from content
    if isinstance(content, dict | list):
        for inner in content.values() if isinstance(content, dict) else content:
            yield from _names(inner)


def _without(content: Any, absent: Collection[str]) -> Any:
    if isinstance(content, dict):
        return {k: _without(inner, absent) for k, inner in content.items() if k not in absent}
    return [_without(inner, absent) for inner in content] if isinstance(content, list) else content
