"""The parts of a spreadsheet file, unpacked piece by piece within limits."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

MIB = 1024 * 1024
MOST_UNPACKED, MOST_PARTS = 64 * MIB, 200
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
CONTENT = "content.xml"
REPEATED = re.compile(rb"number-(?:rows|columns)-repeated\s*=")
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, LookupError, OSError, RuntimeError)


def unpacked(packed: bytes) -> dict[str, bytes]:
    """Return the parts of a spreadsheet file by name.

    Raises `ValueError` when it is none, or unpacks to more than the limits. What the file says of
    its own sizes is not believed. A row or cell that says how often it is repeated is refused:
    a few bytes can stand for any number of cells, and a release writes every cell.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            parts = _parts(archive)
    except UNREADABLE as fault:
        raise ValueError(f"it is no spreadsheet file: {type(fault).__name__}") from fault
    if REPEATED.search(parts.get(CONTENT, b"")):
        raise ValueError(f"{CONTENT} repeats rows or columns by number, and should hold each cell")
    return parts


def _parts(archive: zipfile.ZipFile) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    entries = archive.infolist()
    if len({entry.filename for entry in entries}) < len(entries) or len(entries) > MOST_PARTS:
        raise ValueError(f"it holds a part twice, or more than {MOST_PARTS} parts")
    room = MOST_UNPACKED
    for entry in entries:
        if entry.compress_type not in METHODS:
            raise ValueError(f"{entry.filename} is packed otherwise than spreadsheets are")
        with archive.open(entry) as part:
            content = part.read(room + 1)
        room -= len(content)
        if room < 0:
            raise ValueError(f"it unpacks to more than {MOST_UNPACKED:,} bytes, the limit")
        parts[entry.filename] = content
    return parts


def packed_again(parts: dict[str, bytes]) -> bytes:
    """Return a file of these parts as they are: another reader gets nothing but them."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()
