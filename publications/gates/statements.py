"""The gate on statements: every file says that it is of a rehearsal or of synthetic data.

Each kind of file has its own places for them (`PLACES`). A kind that is not listed must hold them
as text, so that a new kind of file says them too, or no release with it goes out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lxml import etree

from publications.data.manifest import SUMS
from publications.gates.expected import Expected
from publications.gates.pages import text_of
from publications.gates.reading import Files, json_of, page_of, part_of
from publications.wording.explanations import statements

DESCRIPTION = "-metadata.json"
BANNER = ".//section[@class='synthetic']"
SHEET = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}table"
Place = tuple[str, str]
"""Where in a file a statement is looked for, and the text that stands there."""


def every_file_says_so(release: Expected, files: Files) -> list[str]:
    """Every file says that it is of a rehearsal, and that the data are synthetic, if they are."""
    needed = list(statements(release))
    said = {
        "rehearsal": release.words.say("release.rehearsal"),
        "synthetic": release.words.say("release.synthetic.name"),
    }
    about = {
        "rehearsal": "that it was made in a rehearsal",
        "synthetic": "that the data are synthetic",
    }
    return [
        f"{where} does not say {about[name]}."
        for path in sorted(files.keys() - {SUMS} if needed else ())
        for where, text in _places(path, files)
        for name in needed
        if said[name] not in text
    ]


def _places(path: str, files: Files) -> Iterator[Place]:
    """Give the places of a file that a reader cannot overlook, each with its text."""
    ending = path[path.rfind(".") :]
    found = list(PLACES.get(ending, _whole)(path, files)) or [("", "")]
    return ((f"{path}{where}", text) for where, text in found)


def _whole(path: str, files: Files) -> Iterator[Place]:
    yield "", files[path].decode(errors="replace")


def _page(path: str, files: Files) -> Iterator[Place]:
    """Give the banners at the head of a page: what stands lower can be overlooked."""
    yield "", " ".join(text_of(banner) for banner in page_of(files, path).iterfind(BANNER))


def _record(path: str, files: Files) -> Iterator[Place]:
    """Give the keys of the statements or, of a description, its notes."""
    content: dict[str, Any] = json_of(files, path)
    notes = content.get("notes", ()) if path.endswith(DESCRIPTION) else ()
    keys = (content.get(name) or "" for name in ("rehearsal", "synthetic"))
    yield "", " ".join((*keys, *(note["text"] for note in notes)))


def _data(path: str, files: Files) -> Iterator[Place]:
    """Give the description beside a file of data, in which a statement would be a row."""
    beside = f"{path}{DESCRIPTION}"
    return _record(beside, files) if beside in files else iter([("", "")])


def _drawing(path: str, files: Files) -> Iterator[Place]:
    """Give what is drawn, and what is read out in its place."""
    drawing = etree.fromstring(files[path])
    yield "", " ".join(map(text_of, drawing.iter("{*}text")))
    yield ", where it is described,", " ".join(map(text_of, drawing.iter("{*}desc")))


def _events(path: str, files: Files) -> Iterator[Place]:
    text = files[path].decode().replace("\r\n ", "").replace("\\,", ",")
    for number, line in enumerate(re.findall(r"(?m)^DESCRIPTION:(.*)$", text), start=1):
        yield f", event {number},", line


def _sheets(path: str, files: Files) -> Iterator[Place]:
    content = etree.fromstring(part_of(files[path], "content.xml").encode())
    for number, sheet in enumerate(content.iter(SHEET), start=1):
        yield f", worksheet {number},", " ".join(map(text_of, sheet.iter("{*}p")))


PLACES: Mapping[str, Callable[[str, Files], Iterator[Place]]] = {
    ".html": _page,
    ".json": _record,
    ".csv": _data,
    ".svg": _drawing,
    ".ics": _events,
    ".ods": _sheets,
}
"""The places of a statement, by the ending of the path."""
