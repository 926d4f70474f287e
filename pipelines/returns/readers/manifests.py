"""Read `manifest.json`: the fields of a pack as they stand there. No value is judged here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pipelines.returns.errors import PackFault
from schemas.returns import PACK

MANIFEST = "manifest.json"
PACKED = (".zip", ".7z", ".rar", ".gz", ".tar")
DEEPEST = 20
"""How deep values of a manifest may lie in each other; those of the template lie three deep."""


def json_manifest(files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return what `manifest.json` holds; raises `PackFault` when it is missing or no such file."""
    if files and all(name.lower().endswith(PACKED) for name in files):
        found = "It holds nothing but another packed file: take that one out, and send it."
        raise PackFault("pack_is_of_a_known_kind", found=found)
    if MANIFEST not in files:
        raise PackFault("manifest_is_there", MANIFEST, also_there(MANIFEST, files))
    try:
        text = files[MANIFEST].decode("utf-8-sig")
        manifest = json.loads(text, object_pairs_hook=_once_each)
    except (ValueError, RecursionError) as trouble:
        raise PackFault("manifest_is_json", MANIFEST, _where(trouble)) from trouble
    if not isinstance(manifest, dict):
        found = "It holds a list or a single value, and no fields between { and }."
        raise PackFault("manifest_is_json", MANIFEST, found)
    if _is_deep(manifest):
        found = f"Its fields hold lists or fields within each other, more than {DEEPEST} deep."
        raise PackFault("manifest_is_json", MANIFEST, found)
    return manifest


def _is_deep(manifest: object) -> bool:
    """Whether values lie deeper within each other than those of any manifest need to."""
    level = [manifest]
    for _ in range(DEEPEST):
        inner = [list(v.values()) if isinstance(v, dict) else v for v in level]
        level = [value for held in inner if isinstance(held, list) for value in held]
    return any(isinstance(value, dict | list) for value in level)


def also_there(expected: str, files: Mapping[str, bytes]) -> str:
    """Say where a file that is missing may be: in a folder inside the pack."""
    if any(name.lower().endswith(f"/{expected}") for name in files):
        return "There is one in a folder inside the pack; put it beside manifest.json."
    return ""


def given_twice(names: list[str]) -> PackFault:
    """Return the fault of a field that stands twice in a manifest; it shows names of ours alone."""
    known = [n for declared in PACK.returns for n in (*declared.names, "files")]
    twice = sorted({name for name in names if names.count(name) > 1 and name in known})
    found = f"It gives {', '.join(twice)} more than once." if twice else ""
    return PackFault("manifest_gives_each_field_once", MANIFEST, found)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the fields of an object; raises `PackFault` when one stands twice."""
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise given_twice([name for name, _ in pairs])
    return fields


def _where(trouble: Exception) -> str:
    """Say where a manifest stops being JSON. What stands there is not shown."""
    if isinstance(trouble, json.JSONDecodeError):
        return f"It cannot be read from line {trouble.lineno}, column {trouble.colno}."
    return "It is not text in UTF-8." if isinstance(trouble, UnicodeDecodeError) else ""
