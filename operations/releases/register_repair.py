"""Putting the registers back from their copies, and the copies from the registers."""

from __future__ import annotations

import hashlib
from pathlib import Path

from operations.errors import RecordError
from operations.home.durable import replace_file
from operations.home.locks import exclusive
from operations.home.settings import Settings
from operations.releases.quarter_records import KINDS, QuarterRecords
from operations.releases.register import (
    LAST,
    NAME,
    NONE_BEFORE,
    Words,
    as_text,
    canonical,
    copies,
    copy_of,
    digest,
    lines_of,
    lines_of_version,
    lock_of,
    unsealed,
    write,
)
from schemas.quarter import Quarter


def restore(settings: Settings) -> int:
    """Put the registers and their copies back from each other.

    Returns the number of lines of the register of releases. What was there and differs is kept in
    `registers/damaged`. Raises `RecordError` when no copy of some line is left.
    """
    with exclusive(lock_of(settings)):
        held = _whole(settings)
        _set_aside(settings, held)
        for words in held:
            replace_file(copy_of(settings, words), as_text(lines_of_version(held, words)))
        if held:
            write(settings, held)
    for kind in KINDS:
        with exclusive(settings.home / "registers" / f".{kind.folder}"):
            for quarter in kind.quarters(settings):
                _put_back(settings, kind, quarter)
    return len(held)


def _put_back(settings: Settings, kind: QuarterRecords, quarter: Quarter) -> None:
    """Write the longest chain that the records of a quarter or their copy begin with."""
    files = (kind.place(settings, quarter), kind.copy(settings, quarter))
    held = [lines_of(file) for file in files]
    whole = max((lines[: len(kind.believed(settings, quarter, lines))] for lines in held), key=len)
    for file in files:
        if set(lines_of(file)) - set(whole):
            _keep(settings, file, f"{kind.folder}.{file.name}")
    if whole:
        kind.write(settings, quarter, whole)


def _whole(settings: Settings) -> list[Words]:
    """Return the chain that the lines of the register and of all copies make together."""
    texts = [*lines_of(settings.home / NAME), *(line for _, line in copies(settings))]
    sealed = {line: words for line in texts if (words := unsealed(settings, line))}
    lines = sorted(sealed, key=lambda line: (sealed[line]["number"], line))
    before = NONE_BEFORE
    for number, line in enumerate(lines, start=1):
        if (sealed[line]["number"], sealed[line]["before"]) != (number, before):
            raise RecordError(
                f"Line {number} of {NAME} cannot be put back: no copy of it is left. Take the "
                "folders registers and releases from a backup."
            )
        before = digest(line)
    return [sealed[line] for line in lines]


def _set_aside(settings: Settings, held: list[Words]) -> None:
    """Keep every file of records with a line that is not in the chain, under its hash."""
    known = {canonical(words) for words in held}
    beside = (settings.home / "releases").glob("*/v*.records.jsonl")
    for file in [settings.home / NAME, settings.home / LAST, *beside]:
        if set(lines_of(file)) - known:
            _keep(settings, file, file.name)


def _keep(settings: Settings, file: Path, name: str) -> None:
    """Keep a file as it is in `registers/damaged`, under its hash and a name."""
    content = file.read_bytes()
    kept = f"{hashlib.sha256(content).hexdigest()[:12]}.{name}"
    replace_file(settings.home / "registers" / "damaged" / kept, content)
