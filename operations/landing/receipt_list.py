"""The list of receipts that a transfer service keeps beside the packs: when each arrived."""

from __future__ import annotations

import csv
import os
import stat
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from operations.errors import LandingError
from operations.landing.receipts import hash_of_name, quarter_named
from pipelines.returns import PackName
from schemas.quarter import PROGRAMME_START

RECEIPTS = ".receipts.csv"
BESIDE = "receipts.csv"
"""The list for the drop folder of a home lies beside it: who sends packs cannot write there."""
COLUMNS = ["pack", "received_at"]
NOT_A_RECEIPT = (
    "it needs two values, the name of a pack and a time with its zone, such as "
    "2026-10-20T09:30:00+01:00"
)
FAULTS_SHOWN = 10


@dataclass(frozen=True)
class ReceiptLine:
    """One line of a list of receipts that can be read: what arrived, and when, in UTC."""

    number: int
    pack: str
    at: datetime


@dataclass(frozen=True)
class Imported:
    """What a list says: times of receipt by the name of what was dropped, and what is wrong."""

    times: Mapping[str, datetime]
    faults: str = ""


def list_for(folder: Path, *, is_ours: bool) -> Path:
    """Return where the list for a drop folder lies: in it, or beside that of the home."""
    return folder.parent / BESIDE if is_ours else folder / RECEIPTS


def unread_lists(incoming: Path) -> list[str]:
    """Warn of a list in the drop folder of the home, which is not read there; empty for none."""
    old = incoming / RECEIPTS
    if not old.exists() and not old.is_symlink():
        return []
    return [
        f"Receipts   {old} is not read, since those who send packs can write there. If it is the "
        f"list of the transfer service, move it to {list_for(incoming, is_ours=True)}"
    ]


def imported(
    file: Path, dropped: Collection[Path], received: Collection[str], at: datetime
) -> Imported:
    """Read a list of receipts: the time of receipt by the name of what was dropped.

    It is the list that a transfer service keeps: the columns `pack` (the name in the drop folder)
    and `received_at` (a time with its zone). Empty when there is none. `dropped` lie there, and
    what `received` says was received before: names of packs, and hashes of names of all else.
    Lines that cannot be are left out and named by number, never with what stands in them: no name
    and time, a name of nothing, a name twice, or a time after `at` or before the quarter of the
    pack. A list that somebody else can write is not believed. Raises `LandingError` for one that
    is no list.
    """
    if not file.exists() and not file.is_symlink():
        return Imported({})
    if not _is_own(file):
        return Imported(
            {},
            f"{file} is not believed, and the times of the files were taken: it is a link, belongs "
            "to somebody else or can be written by others. Put a list of your own there and close "
            "it with chmod go-w.",
        )
    lines, faults = _lines(file)
    names = {path.name for path in dropped}
    seen: dict[str, int] = {}
    for line in lines:
        fault = _fault(line, at, seen) or _named_nothing(line.pack, names, received)
        if fault:
            faults[line.number] = fault
        seen.setdefault(line.pack, line.number)
    sentences = [
        f"Line {number} of {file} is not a receipt: {faults[number]}."
        for number in sorted(faults)[:FAULTS_SHOWN]
    ]
    if faults:
        sentences.append(f"{len(faults)} in all. What they name arrived at the times of its files.")
    named = {line.pack: line.at for line in lines if line.number not in faults}
    return Imported(named, " ".join(sentences))


def _is_own(file: Path) -> bool:
    """Whether a plain file belongs to this user, and nobody else can write it."""
    found = file.lstat()
    is_closed = not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and is_closed


def _lines(file: Path) -> tuple[list[ReceiptLine], dict[int, str]]:
    """Read the lines of a list, and what is wrong with those that cannot be read, by number."""
    found: list[ReceiptLine] = []
    faults: dict[int, str] = {}
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            rows = csv.reader(text, strict=True)
            if next(rows, None) != COLUMNS:
                raise LandingError(f"{file} needs a first line with the columns pack,received_at.")
            for row in filter(None, rows):
                at = _time(row[1]) if len(row) == len(COLUMNS) and row[0] else None
                if at is None:
                    faults[rows.line_num] = NOT_A_RECEIPT
                else:
                    found.append(ReceiptLine(rows.line_num, row[0], at))
    except (csv.Error, UnicodeDecodeError):
        raise LandingError(f"{file} is not a CSV file in UTF-8. Save it as one.") from None
    return found, faults


def _time(text: str) -> datetime | None:
    """Read a time with its zone, in UTC; None for any other text."""
    try:
        time = datetime.fromisoformat(text)
        return time.astimezone(UTC) if time.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _fault(line: ReceiptLine, at: datetime, seen: Mapping[str, int]) -> str:
    """Say why a line cannot be, whatever was dropped; "" when it can."""
    if line.pack in seen:
        return f"it names the same pack as line {seen[line.pack]}"
    if line.at > at:
        return f"its time is later than now ({at:%Y-%m-%dT%H:%M%z})"
    name = PackName.of_dropped(line.pack, is_folder=False)
    quarter = quarter_named(name.period_id if name else None) or PROGRAMME_START
    if (line.at.year, line.at.month) < (quarter.start.year, quarter.start.month):
        return f"its time is before {quarter.label}, the quarter of the pack"
    return ""


def _named_nothing(pack: str, names: Collection[str], received: Collection[str]) -> str:
    """Say that a name is of nothing that lies there or, as a pack, was received; else ""."""
    name = PackName.of_dropped(pack, is_folder=False)
    if pack in names or hash_of_name(pack) in received or (name and str(name) in received):
        return ""
    return "it names nothing that was dropped or received before"
