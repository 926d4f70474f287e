"""Whether somebody who has one file of a release reads a text there, by kind of file."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

from python_calamine import CalamineWorkbook

DESCRIPTION = "-metadata.json"


def kind(path: str) -> str:
    """The ending of a path; that of a description is longer."""
    return DESCRIPTION if path.endswith(DESCRIPTION) else Path(path).suffix


def says(files, path, text):
    """Whether a file says it; data are read with their description, which stands beside them."""
    described = f"{path}{DESCRIPTION}"
    held = described if described in files else path
    return SAYS.get(kind(held), says_as_text)(files[held], text)


def says_as_text(content, text):
    return text in content.decode()


def says_in_banner(content, text):
    head = content.decode().partition("<main")[0].partition("<body")[2]
    return text in " ".join(re.sub("<[^>]*>", " ", head).split())


def says_in_record(content, text):
    return any(text in str(one) for one in json.loads(content).values())


def says_in_notes(content, text):
    return any(text in note["text"] for note in json.loads(content)["notes"])


def says_on_every_sheet(content, text):
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    return all(any(text in str(cell) for row in rows for cell in row) for rows in sheets)


def says_in_every_event(content, text):
    events = content.decode().replace("\r\n ", "").split("BEGIN:VEVENT")[1:]
    return bool(events) and all(text in event for event in events)


def says_where_drawn(content, text):
    described, _, drawn = content.decode().partition("</desc>")
    return text in described and text in drawn


SAYS = {
    ".html": says_in_banner,
    ".json": says_in_record,
    DESCRIPTION: says_in_notes,
    ".ods": says_on_every_sheet,
    ".xlsx": says_on_every_sheet,
    ".ics": says_in_every_event,
    ".svg": says_where_drawn,
}
"""How a kind of file is read; any other is read as text."""
