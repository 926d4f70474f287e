"""Build `ctw-check.pyz`: one file with the modules that checking a pack needs, and no others."""

from __future__ import annotations

import ast
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

from operations.checking import start
from operations.errors import CheckingError

PROJECT = "connect-to-work-statistics"
NAME = "ctw-check.pyz"
ROOT = Path(__file__).parents[2]
# What is packed: files, and folders with all that is below them.
PARTS = (
    "reference",
    "schemas/*.py",
    "schemas/fields",
    "schemas/returns",
    "pipelines/__init__.py",
    "pipelines/returns",
    "disclosure/__init__.py",
    "disclosure/lazy.py",
    "operations/__init__.py",
    "operations/errors.py",
    "operations/checking",
    "operations/landing/__init__.py",
    "operations/landing/arrival.py",
)
SUFFIXES = {".py", ".csv", ".html", ".toml"}
# Time zones, which not every machine has.
ALWAYS = ("tzdata",)
_FIRST_LINE = b"#!/usr/bin/env python3\n"


def archive() -> bytes:
    """Return the file: an archive that `python ctw-check.pyz PACK` runs; the same bytes each time.

    `needs.json` in it gives the requirement of each package that it imports.
    """
    files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in packed()}
    files["__main__.py"] = Path(start.__file__).read_bytes()
    files[start.NEEDS] = json.dumps(needs(), indent=2).encode()
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in sorted(files.items()):
            out.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return _FIRST_LINE + data.getvalue()


def packed() -> list[Path]:
    """List the files that are packed."""
    found = (one for part in PARTS for one in _of_part(part))
    return sorted({path for path in found if path.suffix in SUFFIXES})


def _of_part(part: str) -> Iterable[Path]:
    return (ROOT / part).rglob("*") if (ROOT / part).is_dir() else ROOT.glob(part)


def needs() -> dict[str, str]:
    """Return the requirement of every package that the packed modules import, by module.

    Raises `CheckingError` when the project declares no requirement for one.
    """
    declared = {_distribution(line): line for line in metadata.requires(PROJECT) or ()}
    modules = sorted({*ALWAYS, *_imported()})
    unknown = [name for name in modules if name.replace("_", "-") not in declared]
    if unknown:
        raise CheckingError(
            f"Modules that {NAME} packs import {', '.join(unknown)}, which pyproject.toml does not "
            "name. Add the package there, or leave it out of these modules."
        )
    return {name: declared[name.replace("_", "-")] for name in modules}


def _distribution(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9_.-]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def _imported() -> Iterator[str]:
    """Return the packages of others that the packed modules import when they are imported."""
    ours = {part.split("/")[0] for part in PARTS}
    for path in packed():
        if path.suffix == ".py":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for name in _names(tree.body):
                top = name.split(".")[0]
                if top not in ours and top not in sys.stdlib_module_names:
                    yield top


def _names(body: Iterable[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
