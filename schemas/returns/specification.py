"""The specification of the return for machines: a Frictionless data package for each version.

`versions/` keeps what was published of every version, so that a version never changes afterwards.
Write that of the current version, and the list of changes, with
`python -m schemas.returns.specification`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from schemas.fields import Field
from schemas.returns.declaration import Pack, Return, as_numbers
from schemas.returns.dictionary import ILLUSTRATIVE
from schemas.returns.pack import PACK

VERSIONS = Path(__file__).with_name("versions")
CHANGES = Path("docs/return-versions.md")
Descriptor = Mapping[str, Any]


def data_package(pack: Pack = PACK, version: str = "") -> dict[str, Any]:
    """Return the specification of a version of the return, the current one unless it is named.

    There is one resource for each CSV file; the manifest is a resource of one row. What Table
    Schema has no word for is in words: `filled` says when a field has to be filled, `expected` what
    it holds, `introduced` which version brought it.
    """
    wanted = version or pack.template_version
    returns = (pack.manifest, pack.organisations, *pack.files)
    return {
        "profile": "data-package",
        "name": pack.template_id,
        "title": "Connect to Work return",
        "description": f"{ILLUSTRATIVE}. Generated from the declarations in schemas/returns.",
        "version": wanted,
        "resources": [_resource(one, pack, wanted) for one in returns],
    }


def _resource(declared: Return, pack: Pack, version: str) -> dict[str, Any]:
    fields = [f for f in declared.fields if as_numbers(f.introduced) <= as_numbers(version)]
    is_file = declared in pack.files
    schema: dict[str, Any] = {"fields": [_field(f) for f in fields], "missingValues": [""]}
    if is_file and not any(_is_optional(declared.field(name)) for name in declared.key):
        schema["primaryKey"] = list(declared.key)
    return {
        "profile": "tabular-data-resource",
        "name": declared.name,
        "title": declared.title,
        "description": f"One row: {declared.grain}.",
        "path": declared.file,
        "sheet": "Cover" if declared is pack.manifest else declared.sheet,
        "encoding": "utf-8",
        "schema": schema,
    }


def _is_optional(field: Field) -> bool:
    return field.required is not True


def _field(field: Field) -> dict[str, Any]:
    described = dict(field.kind.table_schema)
    constraints = {**described.pop("constraints", {}), "required": field.required is True}
    return {
        "name": field.name,
        "description": field.description,
        **described,
        "constraints": constraints,
        "filled": field.needed,
        "expected": field.kind.expected,
        "introduced": field.introduced,
    }


def as_json(package: Descriptor) -> str:
    """Return a specification as the text of its file."""
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"


def published(version: str) -> dict[str, Any]:
    """Return what was published of a version."""
    kept: dict[str, Any] = json.loads(_file(version).read_text(encoding="utf-8"))
    return kept


def published_versions() -> tuple[str, ...]:
    """List the versions that were published, oldest first."""
    names = (path.stem.removeprefix(f"{PACK.template_id}-") for path in VERSIONS.glob("*.json"))
    return tuple(sorted(names, key=as_numbers))


def changes(before: Descriptor, after: Descriptor) -> tuple[str, ...]:
    """Say what a version added, changed and removed, one sentence per field and file."""
    old, new = _by_name(before["resources"]), _by_name(after["resources"])
    lines = [f"Removed: the file {name}." for name in old if name not in new]
    lines += [f"Added: the file {name}." for name in new if name not in old]
    for name in new:
        if name in old:
            lines += _changes_of(name, old[name]["schema"], new[name]["schema"])
    return tuple(lines)


def _changes_of(file: str, before: Descriptor, after: Descriptor) -> Iterator[str]:
    old, new = _by_name(before["fields"]), _by_name(after["fields"])
    for name, field in new.items():
        if name not in old:
            yield f"Added: `{name}` of {file}: {field['expected']}. Filled: {field['filled']}."
        elif field != old[name]:
            parts = sorted(p for p in field | old[name] if field.get(p) != old[name].get(p))
            yield f"Changed: `{name}` of {file}: its {', '.join(parts)}."
    for name in old:
        if name not in new:
            yield f"Removed: `{name}` of {file}."
    if before.get("primaryKey") != after.get("primaryKey"):
        yield f"Changed: the key of {file}."


def _by_name(listed: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in listed}


def changelog(pack: Pack = PACK) -> str:
    """Return the changes between all published versions as Markdown, newest first."""
    versions = published_versions()
    parts = [
        f"# Versions of the return `{pack.template_id}`",
        f"**{ILLUSTRATIVE}.** This page is written from the specifications in "
        "`schemas/returns/versions/`; do not edit it. Write it again with "
        "`python -m schemas.returns.specification`.",
        f"Accepted now: {' and '.join(pack.accepted_versions)}. A pack of an older version is read "
        "with the fields that came later left blank.",
    ]
    for at in range(len(versions) - 1, -1, -1):
        lines = changes(published(versions[at - 1]), published(versions[at])) if at else ()
        said = [f"- {line}" for line in lines] or ["The first version." if not at else "No change."]
        parts.append(f"## {versions[at]}\n\n" + "\n".join(said))
    return "\n\n".join(parts) + "\n"


def write_specification(pack: Pack = PACK) -> None:
    """Write the specification of the current version, and the page of changes."""
    VERSIONS.mkdir(exist_ok=True)
    _file(pack.template_version).write_text(as_json(data_package(pack)), encoding="utf-8")
    CHANGES.write_text(changelog(pack), encoding="utf-8")


def _file(version: str) -> Path:
    return VERSIONS / f"{PACK.template_id}-{version}.json"


if __name__ == "__main__":
    write_specification()
