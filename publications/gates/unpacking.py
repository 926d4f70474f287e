"""The parts of the spreadsheet of a release, unpacked piece by piece within limits.

The independent verifier has its own of these rules, since it shares no code with this system.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from functools import lru_cache

from publications.errors import IntegrityError

MIB = 1024 * 1024
MOST_UNPACKED, MOST_PARTS = 64 * MIB, 200
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
REPEATED = re.compile(rb"number-(?:rows|columns)-repeated\s*=")


@lru_cache(maxsize=2)
def unpacked(packed: bytes) -> Mapping[str, bytes]:
    """Return the parts of a spreadsheet file by name, in their order.

    Raises `IntegrityError` when it unpacks to more than the limits, whatever sizes it states, or
    states a number of repeated rows or columns, which can stand for any number of cells.
    """
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        parts = _parts(archive)
    if any(REPEATED.search(content) for content in parts.values()):
        raise IntegrityError("The spreadsheet repeats rows or columns by number; write each cell.")
    return parts


def _parts(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if len(names) < len(entries) or len(entries) > MOST_PARTS:
        raise IntegrityError(f"The spreadsheet holds a part twice, or over {MOST_PARTS} parts.")
    parts: dict[str, bytes] = {}
    room = MOST_UNPACKED
    for entry in entries:
        parts[entry.filename] = _part(archive, entry, room)
        room -= len(parts[entry.filename])
    return parts


def _part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes:
    if entry.compress_type not in METHODS or entry.flag_bits & 1:
        raise IntegrityError("A part of the spreadsheet is packed otherwise than spreadsheets are.")
    with archive.open(entry) as part:
        content = part.read(room + 1)
    if len(content) > room:
        raise IntegrityError(
            f"The spreadsheet unpacks to more than {MOST_UNPACKED:,} bytes, which is the limit."
        )
    return content


def packed_again(parts: Mapping[str, bytes]) -> bytes:
    """Return a file of these parts as they are: another reader gets nothing but them."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()
