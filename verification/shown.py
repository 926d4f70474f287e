"""What readers are shown beside the open data: pages, charts and dates, each with its own check."""

from __future__ import annotations

import csv
from collections.abc import Callable

from lxml import etree

from verification.dates import dates
from verification.drawings import drawings
from verification.findings import INTEGRITY, Finding, cause
from verification.folder import Folder
from verification.pages import pages

UNREADABLE = (
    *(ArithmeticError, AttributeError, LookupError, RecursionError, SyntaxError, TypeError),
    *(ValueError, csv.Error, etree.LxmlError),
)
CHECKS: dict[str, Callable[[Folder], list[Finding]]] = {
    "pages": pages,
    "charts": drawings,
    "dates": dates,
}


def shown(folder: Folder) -> list[Finding]:
    """List what pages, charts and dates show otherwise than the records of the release."""
    return [finding for name, check in CHECKS.items() for finding in _found(name, check, folder)]


def _found(name: str, check: Callable[[Folder], list[Finding]], folder: Folder) -> list[Finding]:
    try:
        return check(folder)
    except UNREADABLE as fault:
        return [Finding(INTEGRITY, f"The {name} of the release cannot be read ({cause(fault)}).")]
