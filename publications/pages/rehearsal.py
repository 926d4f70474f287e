"""Releases made in a rehearsal: every kind of file says so, but for CSV, which holds figures alone.

The spreadsheet and the events of the calendar say it where they are written, the manifest too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from html import escape

from publications.data.open_data import as_json
from publications.pages.preview import SKIP
from publications.release.public import PublicRelease
from publications.wording.explanations import rehearsal


def say_rehearsal(release: PublicRelease, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Copy the files of a release with the statement in each; as they are outside a rehearsal."""
    said = rehearsal(release)
    if not said:
        return dict(files)
    return {path: _marked(path, content, said) for path, content in files.items()}


def _marked(path: str, content: bytes, said: str) -> bytes:
    for ending, mark in MARKS.items():
        if path.endswith(ending):
            return mark(content, said)
    return content


def _on_page(page: bytes, said: str) -> bytes:
    """Put a banner below the link to the main part."""
    section = f'<section class="synthetic" aria-label="{escape(said)}"><div class="width">'
    banner = f"{section}<p><strong>{escape(said)}</strong></p></div></section>\n".encode()
    return SKIP.sub(lambda skip: skip[0] + banner, page, count=1)


def _in_record(record: bytes, said: str) -> bytes:
    return as_json({"rehearsal": said, **json.loads(record)})


def _in_text(text: bytes, said: str) -> bytes:
    return f"**{said}**\n\n".encode() + text


def _in_drawing(drawing: bytes, said: str) -> bytes:
    return drawing.replace(b"</desc>", f" {escape(said)}</desc>".encode(), 1)


MARKS: Mapping[str, Callable[[bytes, str], bytes]] = {
    ".html": _on_page,
    ".json": _in_record,
    ".md": _in_text,
    ".svg": _in_drawing,
}
"""What marks a file, by the ending of its path."""
