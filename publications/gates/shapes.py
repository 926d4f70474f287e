"""The declared shapes of the manifest and of the disclosure-control report."""

from __future__ import annotations

from dataclasses import fields
from types import NoneType
from typing import Any

from disclosure import DisclosureReport
from publications.gates.shape import Each, OneOf

DECISION = {"name": str, "value": str, "because": str}
POLICY = {
    "because": str,
    "users_lose": str,
    "minimum_denominator": int,
    "minimum_behind_change": int,
    "decisions": Each(DECISION),
}
_WITHIN = {"kind": str, "base": int, "below": int, "above": int}
READING = OneOf(
    (
        {"kind": str},
        _WITHIN,
        {"kind": str, "thousandths": int},
        {"kind": str, "base": int, "before": dict},
    )
)
_POPULATION = {
    "title": str,
    "unit": str,
    "people": bool,
    "policy": str,
    "methods": Each(dict),
    "words": Each(str),
    "readings": Each(READING),
    "small_figures": str,
    "certificate": (str, NoneType),
    "fingerprint": str,
}
POPULATION = OneOf(({**_POPULATION, "settles_after": int}, _POPULATION))
"""A release of an earlier form does not say after how many quarters figures are settled."""
_COLUMN = {"id": str, "title": str, "kind": str, "unit": str, "decimals": int}
MEASURE = OneOf(
    (
        {**_COLUMN, "population": str, "statistic": str},
        {**_COLUMN, "numerator": str, "denominator": str, "per": int},
    )
)
TABLE = {
    "number": int,
    "id": str,
    "title": str,
    "is_latest": bool,
    "dimensions": Each({"id": str, "title": str, "total": str, "source": str, "code_list": str}),
    "measures": Each(MEASURE),
    "notes": Each(str),
    "reading": Each(str),
}
FILE = {"path": str, "sha256": str, "bytes": int, "media_type": str, "describes": str}
_MANIFEST: dict[str, Any] = {
    "release": str,
    "title": str,
    "version": int,
    "designation": str,
    "synthetic": (str, NoneType),
    "release_at": str,
    "period": {"id": str, "label": str, "start": str, "end": str},
    "next_release": (str, NoneType),
    "code_version": str,
    "policies": Each(POLICY),
    "populations": Each(POPULATION),
    "tables": Each(TABLE),
    "files": Each(FILE),
}
MANIFEST_SHAPE = OneOf((_MANIFEST, {**_MANIFEST, "rehearsal": str}))
"""Only a release that was made in a rehearsal says that it was."""
_NUMBERS = {field.name: (int, float, NoneType) for field in fields(DisclosureReport)}
PROTECTED = {
    "name": str,
    "title": str,
    "policy": str,
    "methods": Each({"record": dict, "words": str}),
    "decisions": Each(DECISION),
    **_NUMBERS,
    "by_reason": Each(int),
    "certified": bool,
    "attacker": Each(str),
    "certificate": str,
    "fingerprint": str,
}
