"""What the command line says of a file of declarations that Python cannot make sense of."""

from __future__ import annotations

from pathlib import Path

from assets.loading import places_of
from operations.home.settings import ROOT
from schemas.declared import shown_path

ROOMS = ("publications", "reference", "schemas")
"""The rooms whose modules declare: policies, populations, tables, fields, charts and the like."""


def fault_of_declaration(error: BaseException) -> str:
    """Say in which file and line a declaration is wrong, and why; "" for an error elsewhere.

    That is the last module of these rooms that was being read when the error came. A word that is
    not declared, a parameter that a method refuses or does not know, and what is no Python are all
    found so.
    """
    found = [place for place in places_of(error) if _declares(Path(place[0]))]
    if not found:
        return ""
    file, line, why = found[-1]
    return (
        f"{shown_path(file)}, line {line}: {why.rstrip('.')}. Put this declaration right, and run "
        "the same again."
    )


def _declares(file: Path) -> bool:
    """Whether a file lies in a room that declares."""
    return file.is_relative_to(ROOT) and file.relative_to(ROOT).parts[0] in ROOMS
