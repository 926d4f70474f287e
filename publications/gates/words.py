"""Gates on words: headings, shorthand, identifiers, the synthetic statement, the manifest."""

from __future__ import annotations

import csv
import io
import re
from functools import lru_cache

from publications.data.manifest import verify_folder
from publications.gates.expected import Expected
from publications.gates.language_read import DESCRIPTION
from publications.gates.reading import (
    KEPT,
    Files,
    header,
    json_of,
    known_sheets,
    parts_with_paths,
    rows_of,
)
from publications.wording.naming import csv_path

IDENTIFIER = re.compile(
    r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ ]?\d{2}[ ]?\d{2}[ ]?\d{2}[ ]?[A-D]\b", re.IGNORECASE
)
LETTER = re.compile(r"\[([a-z])\]")
MEANT = re.compile(r"(?:^|; )([a-z]): ")
"""What stands before each meaning in the description of the column of markers."""


def whole_folder(release: Expected, files: Files) -> list[str]:
    """Every file is as the manifest says."""
    return verify_folder(files)


def unique_headers(release: Expected, files: Files) -> list[str]:
    """Every CSV and every worksheet has one header row with no heading empty or twice."""
    problems = []
    for path, content in files.items():
        if path.endswith(".csv"):
            problems += _headings(path, next(csv.reader(io.StringIO(content.decode()))))
    for name, rows in known_sheets(files, release).items():
        if name != release.words.say("spreadsheet.sheets.cover"):
            problems += _headings(f"worksheet {name}", header(rows))
    return problems


def _headings(where: str, headings: list[str]) -> list[str]:
    twice = {heading for heading in headings if headings.count(heading) > 1}
    problems = [f"{where}: the heading {heading!r} stands there twice." for heading in twice]
    return problems + ([f"{where}: a heading is empty."] if "" in headings else [])


def explained_shorthand(release: Expected, files: Files) -> list[str]:
    """Every shorthand on a worksheet is explained on it, and all come from the list.

    The letters and their meanings are those that the release itself describes in its open data:
    today's may be others than those of the code that made it.
    """
    problems = []
    meanings = _meanings(release, files)
    for name, rows in known_sheets(files, release).items():
        texts = [str(cell) for row in rows for cell in row]
        used = {letter for text in texts for letter in LETTER.findall(text)}
        explained = {letter for letter, meaning in meanings if _explains(texts, letter, meaning)}
        problems += [
            f"worksheet {name}: [{letter}] is used and not explained there."
            for letter in sorted(used - explained)
        ]
    for table in release.tables:
        path = csv_path(release.quarter, table)
        unknown = {row["marker"] for row in rows_of(files, path)} - {m[0] for m in meanings} - {""}
        problems += [f"{path}: the marker {letter!r} is not shorthand." for letter in unknown]
    return problems


def _meanings(release: Expected, files: Files) -> set[tuple[str, str]]:
    """Return each letter with its meaning, where the descriptions of all tables have the same."""
    found = []
    for table in release.tables:
        described = json_of(files, f"{csv_path(release.quarter, table)}{DESCRIPTION}")
        columns = {one["name"]: one for one in described["tableSchema"]["columns"]}
        parts = MEANT.split(columns["marker"]["dc:description"])
        found.append(set(zip(parts[1::2], parts[2::2], strict=True)))
    return set.intersection(*found) if found else set()


def _explains(texts: list[str], letter: str, meaning: str) -> bool:
    """Whether one of the texts has the letter in brackets and all of its meaning."""
    return bool(meaning) and any(f"[{letter}]" in text and meaning in text for text in texts)


def no_identifiers(release: Expected, files: Files) -> list[str]:
    """No file holds anything that looks like a National Insurance number."""
    return [
        f"{path} holds text that looks like a National Insurance number. Do not publish; find the "
        "return that it came from."
        for path, content in parts_with_paths(files)
        if _names_someone(content)
    ]


@lru_cache(maxsize=KEPT)
def _names_someone(content: bytes) -> bool:
    return bool(IDENTIFIER.search(content.decode(errors="replace")))


def said_synthetic(release: Expected, files: Files) -> list[str]:
    """When the data are synthetic, every page and worksheet says so."""
    if not release.synthetic:
        return []
    name_of_it = release.words.say("release.synthetic.name")
    pages = [
        f"{path} does not say that the data are synthetic."
        for path, content in files.items()
        if path.endswith((".html", ".md", "-metadata.json")) and name_of_it.encode() not in content
    ]
    silent = [
        f"worksheet {name} does not say that the data are synthetic."
        for name, rows in known_sheets(files, release).items()
        if not any(str(row[0]).startswith(name_of_it) for row in rows if row)
    ]
    return pages + silent
