"""The register of releases: one line for each sign-off and publication, sealed and chained.

A line holds the hash of the line before it and a seal (HMAC-SHA256) made with a key of this home.
So a line that was written by hand, edited, moved, replayed or removed is found and named.
Copies of the lines lie beside the versions that they are about, and one of the last line beside
the register, so that a loss is noticed and can be put right.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from operations.errors import RecordError
from operations.home.clock import true_time
from operations.home.durable import replace_file
from operations.home.fingerprints import REGISTER_KEY
from operations.home.keys import secret
from operations.home.locks import exclusive
from operations.home.settings import Settings
from operations.releases.typed_words import check_every_text
from schemas.quarter import Quarter

NONE_BEFORE = "0" * 64
NAME, LAST = "registers/releases.jsonl", "registers/releases.last.json"
SIGN_OFF, PUBLICATION = "sign-off", "publication"
RESTORE = "To put it back from the copies: ctw records --restore"

Words = dict[str, Any]


def read(settings: Settings) -> list[Words]:
    """Return what the register holds, oldest first: each line as a mapping.

    Raises `RecordError` naming the first line that this home did not write, that is not in its
    place, or that is lost.
    """
    lines = lines_of(settings.home / NAME)
    found: list[Words] = []
    before, key = NONE_BEFORE, key_kept(settings)
    for number, line in enumerate(lines, start=1):
        words = unsealed(settings, line, key=key)
        if words is None:
            raise RecordError(
                f"Line {number} of {NAME}{_named(line)} was not written by this system, or was "
                f"changed since. {RESTORE}"
            )
        if (words["number"], words["before"]) != (number, before):
            raise RecordError(
                f"Line {number} of {NAME}{_named(line)} is not the line that was written there: "
                f"a line was removed, moved or added. {RESTORE}"
            )
        _check_kind(settings, words)
        found.append(words)
        before = digest(line)
    _check_nothing_lost(settings, lines)
    return found


def append(settings: Settings, act: str, quarter: Quarter, version: int, words: Words) -> None:
    """Write the next line of the register, and its copies.

    Raises `RecordError` for a register that is not as it was written, and for a clock that is
    behind its last line; `TypeError` for a text that did not pass the gate for what people type.
    """
    check_every_text(words)
    with exclusive(lock_of(settings)):
        held = read(settings)
        line = {
            "number": len(held) + 1,
            "before": digest(lines_of(settings.home / NAME)[-1]) if held else NONE_BEFORE,
            "recorded_at": true_time().isoformat(timespec="seconds"),
            "rehearsal": settings.is_rehearsal,
            "act": act,
            "quarter": quarter.id,
            "version": version,
            **words,
        }
        _check_clock(held, line)
        write(settings, [*held, sealed(settings, line)])


def write(settings: Settings, held: list[Words]) -> None:
    """Write the register, the copies beside the version of its last line, and the last line."""
    texts = [canonical(words) for words in held]
    replace_file(settings.home / NAME, as_text(texts))
    replace_file(copy_of(settings, held[-1]), as_text(lines_of_version(held, held[-1])))
    replace_file(settings.home / LAST, as_text(texts[-1:]))


def lock_of(settings: Settings) -> Path:
    """Name the file that is locked while the register is written."""
    return settings.home / "registers" / ".lock"


def copy_of(settings: Settings, words: Words) -> Path:
    """Name the file beside a version that holds a copy of its lines."""
    folder = settings.releases(Quarter.parse(words["quarter"]))
    return folder / f"v{words['version']}.records.jsonl"


def damaged_copies(settings: Settings, quarter: Quarter, held: list[Words]) -> list[str]:
    """List, in plain English, the copies of a quarter's lines that do not agree with the register.

    A copy that is missing, or behind by whole lines, is no fault: the next record completes it.
    """
    faults = []
    for file in sorted(settings.releases(quarter).glob("v*.records.jsonl")):
        expected = [canonical(w) for w in held if copy_of(settings, w) == file]
        lines = lines_of(file)
        if not lines or lines != expected[: len(lines)]:
            faults.append(
                f"releases/{quarter.id}/{file.name} does not agree with {NAME}. {RESTORE}"
            )
    return faults


def lines_of(file: Path) -> list[str]:
    """Return the lines of a file; none when there is no such file."""
    if not file.is_file():
        return []
    text = file.read_bytes().decode(errors="replace")
    return [line for line in text.split("\n") if line]


def unsealed(
    settings: Settings,
    line: str,
    acts: tuple[str, ...] = (SIGN_OFF, PUBLICATION),
    key: Callable[[], bytes] | None = None,
) -> Words | None:
    """Return what a line says when this home sealed exactly that; None for any other line.

    A line of another act counts as None: records of one kind never stand for another. `key` gives
    the key of the seals, where many lines are read with it.
    """
    try:
        words = json.loads(line)
    except ValueError:
        return None
    if not isinstance(words, dict) or not isinstance(words.get("seal"), str):
        return None
    own = key() if key else secret(settings, REGISTER_KEY)
    expected = _seal(own, {name: w for name, w in words.items() if name != "seal"})
    is_ours = hmac.compare_digest(words["seal"].encode(), expected.encode())
    is_of_kind = words.get("act") in acts
    return words if is_ours and is_of_kind and canonical(words) == line else None


def sealed(settings: Settings, words: Words) -> Words:
    """Return the words of a line with the seal of this home."""
    return {**words, "seal": _seal(secret(settings, REGISTER_KEY), words)}


def canonical(words: Mapping[str, Any]) -> str:
    """Write a line in the one way that is sealed: names sorted, no spaces, ASCII."""
    return json.dumps(words, sort_keys=True, separators=(",", ":"))


def digest(line: str) -> str:
    """Return the hash by which the next line names this one."""
    return hashlib.sha256(line.encode()).hexdigest()


def key_kept(settings: Settings) -> Callable[[], bytes]:
    """Return what gives the key of the seals: it is looked for once, when a line needs it."""
    return cache(lambda: secret(settings, REGISTER_KEY))


def _seal(key: bytes, words: Words) -> str:
    return hmac.new(key, canonical(words).encode(), hashlib.sha256).hexdigest()


def as_text(lines: Iterable[str]) -> bytes:
    """Write lines as the content of a file."""
    return "".join(f"{line}\n" for line in lines).encode()


def lines_of_version(held: list[Words], words: Words) -> list[str]:
    """Return the lines that are about the same version as these words."""
    same = ("quarter", "version")
    return [canonical(w) for w in held if all(w[name] == words[name] for name in same)]


def check_clock(settings: Settings) -> None:
    """Raise `RecordError` when a line written now would be older than the last one."""
    _check_clock(read(settings), {"recorded_at": true_time().isoformat(timespec="seconds")})


def _check_clock(held: list[Words], line: Words) -> None:
    """Raise when a line would be older than the one before it."""
    times = [datetime.fromisoformat(words["recorded_at"]) for words in (*held[-1:], line)]
    if times[-1] < times[0]:
        raise RecordError(
            f"The clock says {line['recorded_at']}, but the last line of {NAME} was written at "
            f"{held[-1]['recorded_at']}. Put the clock right and run this again."
        )


def _check_kind(settings: Settings, words: Words) -> None:
    """Raise `RecordError` for a line of a rehearsal in an everyday home, or the other way."""
    rehearsal = words.get("rehearsal", False)
    if rehearsal != settings.is_rehearsal:
        made, found = ("a rehearsal", "no rehearsal")[:: 1 if rehearsal else -1]
        raise RecordError(
            f"Line {words['number']} of {NAME} was recorded in {made}, but {settings.home} is "
            f"{found}. Releases of the two are never mixed: build in a home of the right kind."
        )


def _check_nothing_lost(settings: Settings, lines: list[str]) -> None:
    """Raise when a copy holds a line that the register does not, or the last line has no copy."""
    last = lines_of(settings.home / LAST)
    if len(lines) > 1 and not last:
        raise RecordError(f"{LAST} is lost, so nobody can say if {NAME} is whole. {RESTORE}")
    known = set(lines)
    for place, line in copies(settings):
        if line in known:
            continue
        if unsealed(settings, line) is not None:
            raise RecordError(f"{NAME} has lost a line{_named(line)}: {place} holds it. {RESTORE}")
        if place == LAST:
            raise RecordError(f"{LAST} was changed since it was written. {RESTORE}")


def copies(settings: Settings) -> list[tuple[str, str]]:
    """List every line that is kept beside the register, with the place of its file."""
    beside = sorted((settings.home / "releases").glob("*/v*.records.jsonl"))
    files = [settings.home / LAST, *beside]
    return [(f.relative_to(settings.home).as_posix(), line) for f in files for line in lines_of(f)]


def _named(line: str) -> str:
    """Say what a line is about, as far as it can be read: ` (publication of 2026-27 Q2 v1)`."""
    found = re.search(r'"act":\s*"(publication|sign-off)"', line)
    quarter = re.search(r'"quarter":\s*"(\d{4}-\d\dQ[1-4])"', line)
    version = re.search(r'"version":\s*(\d{1,4})\b', line)
    if not (found and quarter and version):
        return ""
    return f" ({found[1]} of {quarter[1][:7]} {quarter[1][7:]} v{version[1]})"
