"""The immutable landing: what is kept of each pack that was received, and its receipt."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from operations.errors import LandingError
from operations.home.durable import replace_file
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
from schemas.quarter import Quarter

RECEIPT = "receipt.json"
KEPT = "pack.zip"
# The rule of today for each rule that receipts of earlier versions name.
_RULES_BEFORE = {
    "pack_is_safe_to_unpack": "pack_can_be_read",
    "pack_is_a_folder_or_zip_file": "pack_is_of_a_known_kind",
}


def quarter_named(period: str | None) -> Quarter | None:
    """Read a quarter; None when the text is missing or is not a quarter."""
    try:
        return Quarter.parse(period) if period else None
    except PeriodError:
        return None


def keep(receipt: Receipt, store: Path, quarter: Quarter, at: datetime) -> str:
    """Write the very bytes that were hashed, then the receipt; return the receipt's number.

    Of a pack that is refused nothing but the receipt is kept. Names of folders and files in
    landing are ours, never those that somebody sent.
    """
    number = receipt.number(at)
    # without the time, so that a process that was stopped finds the place again
    place = store / f"{receipt.name or 'unnamed'}.{receipt.sha256}"
    if place.exists():  # an interrupted copy: no receipt was written
        shutil.rmtree(place)
    if receipt.fault is None:
        replace_file(place / KEPT, zipped(receipt.contents))
        (place / KEPT).chmod(0o400)
    words = {
        "number": number,
        "name": str(receipt.name) if receipt.name else None,
        "sha256": receipt.sha256,
        "received_at": at.isoformat(),
        "quarter": _answered_in(receipt, quarter).id,
        "fault": receipt.fault.rule if receipt.fault else None,
        "found": receipt.fault.found if receipt.fault else None,
    }
    replace_file(place / RECEIPT, json.dumps(words, indent=1).encode())
    return number


def _answered_in(receipt: Receipt, quarter: Quarter) -> Quarter:
    """Return the quarter in whose build a pack is judged and answered.

    It is the one that the name gives. A pack whose name gives none, or another than its manifest,
    is answered in the quarter that is being built: else nobody would get a report on it.
    """
    named = quarter_named(receipt.name.period_id if receipt.name else None)
    in_manifest = quarter_named(quarter_in_manifest(receipt.contents))
    return named if named and in_manifest in (None, named) else quarter


def numbers(store: Path) -> dict[tuple[str | None, str], str]:
    """Return the number of every receipt by the name and the hash of the pack."""
    return {(words["name"], words["sha256"]): words["number"] for words in _receipts(store)}


def tried(store: Path) -> frozenset[str]:
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
    return [_read(file) for file in sorted(store.glob(f"*/{RECEIPT}"))]


def _read(file: Path) -> dict[str, Any]:
    try:
        words: dict[str, Any] = json.loads(file.read_text())
    except ValueError:
        raise LandingError(
            f"{file} cannot be read, so nobody knows what came there. Put it back from a backup. "
            f"Without one, move {file.parent} away: the pack is received again if it lies in the "
            "drop folder still."
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
