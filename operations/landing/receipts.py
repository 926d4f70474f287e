"""The immutable landing: what is kept of each pack that was received, and its receipt."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from operations.errors import LandingError
from operations.home.durable import replace_file
from operations.home.trees import bytes_in, make_private, remove
from pipelines.returns import (
    Fault,
    LandedPack,
    PackName,
    Receipt,
    quarter_in_manifest,
    shown,
    zipped,
)
from schemas.errors import PeriodError
from schemas.quarter import PROGRAMME_START, Quarter

RECEIPT = "receipt.json"
KEPT = "pack.zip"
PURGED = "purged"
DROPPED = "dropped"
"""What lay in the drop folder, beside its receipt: a file, a folder or whatever else it was."""
# The rule of today for each rule that receipts of earlier versions name.
_RULES_BEFORE = {
    "pack_is_safe_to_unpack": "pack_can_be_read",
    "pack_is_a_folder_or_zip_file": "pack_is_of_a_known_kind",
}


def quarter_named(period: str | None) -> Quarter | None:
    """Read a quarter of the programme; None when the text is missing or names no such quarter."""
    quarter = _any_quarter(period)
    return quarter if quarter and quarter >= PROGRAMME_START else None


def _any_quarter(period: str | None) -> Quarter | None:
    try:
        return Quarter.parse(period) if period else None
    except PeriodError:
        return None


def keep(receipt: Receipt, store: Path, quarter: Quarter, at: datetime, dropped: Path) -> str:
    """Write the very bytes that were hashed, then the receipt; return the receipt's number.

    Of a pack that is refused nothing but the receipt is written. Names of folders and files in
    landing are ours, never those that somebody sent: of the name in the drop folder the receipt
    has the hash.
    """
    number = receipt.number(at)
    place = place_of(receipt, store, at)
    if place.exists():  # an interrupted copy: no receipt was written
        remove(place)
    if receipt.fault is None:
        replace_file(place / KEPT, zipped(receipt.contents))
        (place / KEPT).chmod(0o400)
    words = {
        "number": number,
        "name": str(receipt.name) if receipt.name else None,
        "sha256": receipt.sha256,
        "received_at": at.isoformat(),
        "quarter": _answered_in(receipt, quarter).id,
        "dropped_as": hash_of_name(dropped.name),
        "fault": receipt.fault.rule if receipt.fault else None,
        "found": receipt.fault.found if receipt.fault else None,
    }
    replace_file(place / RECEIPT, json.dumps(words, indent=1).encode())
    return number


def place_of(receipt: Receipt, store: Path, at: datetime) -> Path:
    """Return the folder of a pack in the store: below the day on which it came, in UTC.

    A process that was stopped finds the place again that was begun on whatever day. Earlier
    versions had no folders of days.
    """
    name = f"{receipt.name or 'unnamed'}.{receipt.sha256}"
    begun = (place for place in (store / name, *store.glob(f"*/{name}")) if place.exists())
    return next(begun, store / f"{at.astimezone(UTC):%Y-%m-%d}" / name)


def hash_of_name(name: str) -> str:
    """Return the SHA-256 of the name by which something lay in the drop folder."""
    return hashlib.sha256(os.fsencode(name)).hexdigest()


def put_away(dropped: Path, place: Path) -> bool:
    """Move what was dropped beside its receipt and make it private; say whether it was moved.

    Nothing is copied and no link is followed. It stays where the system does not let us move it:
    on another device, or when it belongs to somebody else.
    """
    number = sum(1 for _ in place.glob(f"{DROPPED}*"))
    target = place / (f"{DROPPED}-{number + 1}" if number else DROPPED)
    try:
        dropped.rename(target)
    except OSError:
        return False
    make_private(target)
    return True


@dataclass(frozen=True)
class Kept:
    """A pack of which something is still kept beside its receipt; `bytes` says how much."""

    receipt: Path
    number: str
    quarter: Quarter | None
    received_at: datetime
    bytes: int


def kept(store: Path) -> list[Kept]:
    """List the packs of which more than the receipt is there, in the order of their receipts."""
    found = []
    for words in _receipts(store):
        folder = words["path"].parent
        raw = [path for path in folder.iterdir() if path.name != RECEIPT]
        if raw:
            at = datetime.fromisoformat(words["received_at"])
            quarter = _any_quarter(words["quarter"])
            size = sum(map(bytes_in, raw))
            found.append(Kept(folder / RECEIPT, words["number"], quarter, at, size))
    return found


def purge(pack: Kept, at: datetime, name: str, role: str) -> None:
    """Remove what a pack held, and leave its receipt, which says when that was and who did it.

    The receipt is written first: what an interrupted purge leaves is removed by the next.
    """
    words = json.loads(pack.receipt.read_text())
    purged = words.get(PURGED) or {"at": at.isoformat(), "name": name, "role": role}
    replace_file(pack.receipt, json.dumps({**words, PURGED: purged}, indent=1).encode())
    for path in pack.receipt.parent.iterdir():
        if path.name != RECEIPT:
            remove(path)


def purged(store: Path) -> frozenset[str]:
    """Return the numbers of the receipts whose packs were removed for good."""
    return frozenset(words["number"] for words in _receipts(store) if words.get(PURGED))


def put_aside(store: Path) -> Iterator[tuple[PackName, Path]]:
    """Yield what was moved out of the drop folder and is named as a pack, with that name."""
    for words in _receipts(store):
        name = PackName.parse(words["name"]) if words["name"] else None
        if name is not None:
            yield from ((name, path) for path in sorted(words["path"].parent.glob(f"{DROPPED}*")))


def _answered_in(receipt: Receipt, quarter: Quarter) -> Quarter:
    """Return the quarter in whose build a pack is judged and answered.

    It is the one that the name gives. A pack whose name gives none of the programme, or another
    than its manifest, is answered in the quarter that is being built: else nobody would get a
    report on it.
    """
    named = quarter_named(receipt.name.period_id if receipt.name else None)
    in_manifest = quarter_named(quarter_in_manifest(receipt.contents))
    return named if named and in_manifest in (None, named) else quarter


def numbers(store: Path) -> dict[tuple[str | None, str], str]:
    """Return the number of every receipt by the name and the hash of the pack."""
    return {(words["name"], words["sha256"]): words["number"] for words in _receipts(store)}


def places(store: Path) -> dict[tuple[str | None, str], Path]:
    """Return the folder of every receipt by the name and the hash of the pack."""
    return {(w["name"], w["sha256"]): w["path"].parent for w in _receipts(store)}


def names_received(store: Path) -> frozenset[str]:
    """Return the names of packs that were received, and the hashes of the names of all else."""
    found = ((words["name"], words.get("dropped_as")) for words in _receipts(store))
    return frozenset(name for both in found for name in both if name)


def opened_packs(store: Path) -> frozenset[str]:
    """Return the hashes of the packs that were opened on receipt, and not refused.

    Only these are hashes of what a pack holds. That of a refused pack is one of bytes that somebody
    chose, and those can be written so that another pack has the same.
    """
    return frozenset(words["sha256"] for words in _receipts(store) if words["fault"] is None)


def landed(store: Path) -> Iterator[LandedPack]:
    """Yield every pack in the immutable store, by name and then by time of receipt."""
    found = _receipts(store)
    for words in sorted(found, key=lambda r: (r["name"] or "", r["received_at"], r["sha256"])):
        name = PackName.parse(words["name"]) if words["name"] else None
        yield LandedPack(
            path=words["path"],
            name=shown(name, words["number"]),
            sha256=words["sha256"],
            received_at=datetime.fromisoformat(words["received_at"]),
            number=words["number"],
            fault=_fault(words),
            quarter=quarter_named(words["quarter"]),
        )


def _fault(words: dict[str, Any]) -> Fault | None:
    """Return why a pack was refused on receipt; receipts of earlier versions say no more."""
    rule = words["fault"]
    if rule is None:
        return None
    return Fault(_RULES_BEFORE.get(rule, rule), found=words.get("found") or "")


def _receipts(store: Path) -> list[dict[str, Any]]:
    """Read all receipts, those of earlier versions of this program included."""
    files = [*store.glob(f"*/{RECEIPT}"), *store.glob(f"*/*/{RECEIPT}")]
    return [_read(file) for file in sorted(files)]


def _read(file: Path) -> dict[str, Any]:
    try:
        words: dict[str, Any] = json.loads(file.read_text())
    except ValueError:
        raise LandingError(
            f"{file} cannot be read, so nobody knows what came there. Put it back from a backup. "
            f"Without one, move {file.parent} away, and what it holds as {DROPPED} back into the "
            "drop folder under its name: it is received again."
        ) from None
    if "number" in words:
        return words | {"path": file.parent / KEPT}
    return _of_earlier_version(words) | {"path": file.parent / words["name"]}


def _of_earlier_version(words: dict[str, Any]) -> dict[str, Any]:
    """Return an earlier receipt in today's form: it gave the raw name, and the pack lies by it."""
    raw = words["name"]
    name = PackName.of_dropped(raw, is_folder=not raw.lower().endswith(".zip"))
    identity = f"{raw}|{words['sha256']}|{words['received_at']}|{raw}"
    return words | {
        "number": hashlib.blake2b(identity.encode(), digest_size=8).hexdigest(),
        "name": str(name) if name else None,
        "quarter": name.period_id if name else None,
        "fault": None,
    }
