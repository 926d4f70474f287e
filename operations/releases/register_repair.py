"""Putting the register of releases back from its copies, and the copies from the register."""

from __future__ import annotations

import hashlib

from operations.errors import RecordError
from operations.home.durable import alone, replace_file
from operations.home.settings import Settings
from operations.releases.register import (
    LAST,
    NAME,
    NONE_BEFORE,
    Words,
    about,
    as_text,
    canonical,
    copies,
    copy_of,
    digest,
    lines_of,
    lock_of,
    unsealed,
    write,
)


def restore(settings: Settings) -> int:
    """Put the register and its copies back from each other; return the number of lines.

    What was there and differs is kept in `registers/damaged`. Raises `RecordError` when no copy
    of some line is left.
    """
    with alone(lock_of(settings)):
        held = _whole(settings)
        _set_aside(settings, held)
        for words in held:
            replace_file(copy_of(settings, words), as_text(about(held, words)))
        if held:
            write(settings, held)
    return len(held)


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
            content = file.read_bytes()
            name = f"{hashlib.sha256(content).hexdigest()[:12]}.{file.name}"
            replace_file(settings.home / "registers" / "damaged" / name, content)
