"""Whether every file says what the manifest says of the whole: a rehearsal, synthetic data.

A file of data says it in the description beside it. A release of an earlier form says in some
files only that its data are synthetic (`SILENT_ONCE`).
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping

from lxml import etree
from lxml.html import document_fromstring

from verification.findings import INTEGRITY, Finding
from verification.folder import SUMS, Folder
from verification.unpacking import unpacked

REHEARSAL, SYNTHETIC = "rehearsal", "synthetic"
MEANING = {
    REHEARSAL: "that the release was made in a rehearsal",
    SYNTHETIC: "that the data are synthetic",
}
DESCRIPTION = "-metadata.json"
SHEET = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}table"
SILENT_ONCE = re.compile(r"charts/.*|calendar\.json|facts\.json|figures\.json")
"""Files that did not say that data are synthetic: all of these do, or none of an earlier form."""


def statements(folder: Folder) -> dict[str, str]:
    """Return what the manifest says of the whole release, by name; empty where it says nothing."""
    said = {name: folder.manifest.get(name) for name in MEANING}
    return {name: text for name, text in said.items() if isinstance(text, str) and text}


def unsaid(folder: Folder) -> list[Finding]:
    """List the files that do not say what the manifest says of the whole release."""
    found: list[str] = []
    for name, text in statements(folder).items():
        wanted = text if name == REHEARSAL else re.split("[:.]", text)[0]
        silent = list(_silent(folder.files, wanted))
        if name == SYNTHETIC and REHEARSAL not in statements(folder):
            silent = _of_today(silent, folder.files)
        found += [f"{path} does not say {MEANING[name]}." for path in silent]
    return [Finding(INTEGRITY, message) for message in found]


def _of_today(silent: list[str], files: Mapping[str, bytes]) -> list[str]:
    """Leave out what a release of an earlier form did not say, if it says it nowhere."""
    once = [path for path in sorted(files) if SILENT_ONCE.fullmatch(path)]
    if not set(once) <= set(silent):
        return silent
    return [path for path in silent if path not in once]


def _silent(files: Mapping[str, bytes], wanted: str) -> Iterator[str]:
    for path in sorted(files.keys() - {SUMS}):
        holder = f"{path}{DESCRIPTION}" if path.endswith(".csv") else path
        parts = list(_parts(holder, files.get(holder, b"")))
        if not parts or not all(wanted in " ".join(part.split()) for part in parts):
            yield path


def _parts(path: str, content: bytes) -> Iterator[str]:
    """Give the texts of a file of which each must hold a statement: one, or one per worksheet."""
    if path.endswith(".html"):
        page = document_fromstring(content.decode().strip() or "<p>")
        yield _read(page.iterfind("body/section"))
    elif path.endswith(".json"):
        yield " ".join(_values(json.loads(content or b"null")))
    elif path.endswith(".ods"):
        book = etree.fromstring(unpacked(content)["content.xml"])
        yield from ("".join(map(str, sheet.itertext())) for sheet in book.iter(SHEET))
    elif path.endswith(".ics"):
        yield from content.decode().replace("\r\n ", "").split("BEGIN:VEVENT")[1:]
    elif path.endswith(".svg"):
        yield _read(etree.fromstring(content).iter("{*}text"))
    else:
        yield html.unescape(content.decode(errors="replace"))


def _read(elements: Iterable[etree._Element]) -> str:
    return " ".join(str(text) for one in elements for text in one.itertext())


def _values(record: object) -> Iterator[str]:
    """Give the texts at the head of a record, and the notes of a description."""
    if isinstance(record, dict):
        notes = record.get("notes") or []
        yield from (one for one in record.values() if isinstance(one, str))
        yield from (str(one.get("text")) for one in notes if isinstance(one, dict))
