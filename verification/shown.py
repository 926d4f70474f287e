"""What readers are shown beside the open data, such as pages and charts: one check for each."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable

from lxml import etree

from verification.dates import dates
from verification.drawings import drawings
from verification.findings import INTEGRITY, Finding, cause
from verification.folder import Folder
from verification.pages import pages
from verification.statements import unsaid

UNREADABLE = (
    *(ArithmeticError, AttributeError, LookupError, RecursionError, SyntaxError, TypeError),
    *(ValueError, csv.Error, etree.LxmlError),
)


def described(folder: Folder) -> list[Finding]:
    """List the descriptions of data files that state another language than the manifest."""
    found = []
    for path in sorted(one for one in folder.files if one.endswith("-metadata.json")):
        context = json.loads(folder.files[path]).get("@context")
        tag = context[1]["@language"] if context else folder.words.tag
        if tag != folder.words.tag:
            said = f"{path} states the language {tag!r}, manifest.json {folder.words.tag!r}."
            found.append(Finding(INTEGRITY, said))
    return found


CHECKS: dict[str, Callable[[Folder], list[Finding]]] = {
    "pages": pages,
    "charts": drawings,
    "dates": dates,
    "descriptions": described,
    "statements": unsaid,
}


def shown(folder: Folder) -> list[Finding]:
    """List what pages, charts and dates show otherwise than the records of the release."""
    return [finding for name, check in CHECKS.items() for finding in _found(name, check, folder)]


def _found(name: str, check: Callable[[Folder], list[Finding]], folder: Folder) -> list[Finding]:
    try:
        return check(folder)
    except UNREADABLE as fault:
        return [Finding(INTEGRITY, f"The {name} of the release cannot be read ({cause(fault)}).")]
