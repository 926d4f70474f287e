"""The drop folder and the immutable landing: packs are copied in once, with a receipt."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assets.errors import LandingError
from pipelines.returns import LandedPack, receive
from schemas.errors import PeriodError
from schemas.quarter import Quarter

RECEIPT = "receipt.json"
_NAME = re.compile(r"(?P<area>[A-Z0-9-]+)_(?P<period>\d{4}-\d{2}Q\d)_v(?P<sequence>\d+)(\.zip)?")


@dataclass(frozen=True)
class Received:
    """What a look into the drop folder found: packs by name."""

    new: tuple[str, ...]
    known: tuple[str, ...]
    later: tuple[str, ...]


def period_of(name: str) -> Quarter | None:
    """Return the quarter in a pack's name, or None when the name says none."""
    match = _NAME.fullmatch(name)
    try:
        return Quarter.parse(match["period"]) if match else None
    except PeriodError:
        return None


def candidates(folder: Path) -> list[Path]:
    """List what was dropped, by name; raises `LandingError` when there is no folder or nothing."""
    if not folder.is_dir():
        raise LandingError(
            f"There is no landing folder {folder}. Make it and put the areas' return packs in it, "
            "or name another with --landing."
        )
    dropped = sorted(
        path
        for path in folder.iterdir()
        if not path.name.startswith(".") and (path.is_dir() or path.suffix == ".zip")
    )
    if not dropped:
        raise LandingError(
            f"The landing folder {folder} holds no return pack. A pack is a folder or zip named "
            "<delivery_area_code>_<period_id>_v<sequence>."
        )
    return dropped


def receive_all(folder: Path, store: Path, quarter: Quarter, at: datetime) -> Received:
    """Copy every pack up to `quarter` into the immutable store, once, with a receipt."""
    found: dict[str, list[str]] = {"new": [], "known": [], "later": []}
    for path in candidates(folder):
        period = period_of(path.name)
        if period is not None and period > quarter:
            found["later"].append(path.name)
            continue
        state = "new" if _keep(path, store, at) else "known"
        found[state].append(path.name)
    return Received(**{state: tuple(names) for state, names in found.items()})


def _keep(path: Path, store: Path, at: datetime) -> bool:
    """Copy one pack under its hash; False when it is there already."""
    receipt = receive(path)
    place = store / f"{path.name}.{receipt.sha256[:16]}"
    if (place / RECEIPT).exists():
        return False
    if place.exists():  # an interrupted copy: no receipt was written
        shutil.rmtree(place)
    place.mkdir(parents=True)
    copied = place / path.name
    if path.is_dir():
        shutil.copytree(path, copied)
    else:
        shutil.copy2(path, copied)
    for one in [copied, *copied.rglob("*")]:
        one.chmod(0o700 if one.is_dir() else 0o400)
    words = {"name": path.name, "sha256": receipt.sha256, "received_at": at.isoformat()}
    (place / RECEIPT).write_text(json.dumps(words, indent=1))
    return True


def landed(store: Path) -> Iterator[LandedPack]:
    """Yield every pack in the immutable store, by name and then by time of receipt."""
    receipts = [
        json.loads(file.read_text()) | {"at": file.parent} for file in store.glob(f"*/{RECEIPT}")
    ]
    for words in sorted(receipts, key=lambda r: (r["name"], r["received_at"], r["sha256"])):
        yield LandedPack(
            path=words["at"] / words["name"],
            name=words["name"],
            sha256=words["sha256"],
            received_at=datetime.fromisoformat(words["received_at"]),
        )


def of_quarter(packs: list[LandedPack], quarter: Quarter) -> list[LandedPack]:
    """Return the packs of a quarter, and those whose name says no quarter."""
    return [pack for pack in packs if period_of(pack.name) in (quarter, None)]


def latest_before(packs: list[LandedPack], quarter: Quarter, areas: set[str]) -> list[LandedPack]:
    """Return, for each of `areas`, its packs of the last quarter before `quarter` that has any."""
    chosen: list[LandedPack] = []
    for area in sorted(areas):
        earlier: dict[Quarter, list[LandedPack]] = {}
        for pack in packs:
            period = period_of(pack.name)
            if period is not None and period < quarter and pack.name.startswith(f"{area}_"):
                earlier.setdefault(period, []).append(pack)
        if earlier:
            chosen += earlier[max(earlier)]
    return chosen
