"""The drop folder: what was dropped there, received into the immutable landing for a quarter."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from operations.errors import LandingError
from operations.landing.arrival import arrived, is_there
from operations.landing.child import receive_in_child
from operations.landing.receipt_list import imported, list_for
from operations.landing.receipts import (
    RECEIPT,
    keep,
    landed,
    names_received,
    numbers,
    opened_packs,
    place_of,
    places,
    put_away,
    quarter_named,
)
from pipelines.returns import LandedPack, PackName, is_folder, shown
from schemas.quarter import Quarter

__all__ = [
    "RECEIPT",
    "Received",
    "candidates",
    "dropped_packs",
    "landed",
    "of_quarter",
    "period_of",
    "receive_all",
    "sign_of",
    "unjudged",
    "unreceived",
    "waiting",
]


@dataclass(frozen=True)
class Received:
    """What a look into the drop folder found: packs by name, or by the number of the receipt.

    `known` hold what has a receipt already, under the same name where that is a pack's; one number
    stands there as often as its content came. `early` are those of `new` that arrived before their
    quarter was over: their time is doubtful, or what they hold is not whole. `stuck` were to be
    moved out of the drop folder and could not be. `list_faults` says what is wrong with the list
    of receipts.
    """

    new: tuple[str, ...]
    known: tuple[str, ...]
    later: tuple[str, ...]
    early: tuple[str, ...]
    stuck: tuple[str, ...] = ()
    list_faults: str = ""


def period_of(name: str) -> Quarter | None:
    """Return the quarter in the name of what was dropped, or None when the name says none."""
    pack = PackName.of_dropped(name, is_folder=False)
    return quarter_named(pack.period_id if pack else None)


def candidates(folder: Path) -> list[Path]:
    """List what was dropped, by name; raises `LandingError` when there is no folder or nothing.

    Hidden files are left out. What is no pack is listed too: it gets an answer.
    """
    if not folder.is_dir():
        raise LandingError(
            f"There is no landing folder {folder}. Make it and put the areas' return packs in it, "
            "or name another (--landing; in the UI: the field folder)."
        )
    dropped = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    if not dropped:
        raise LandingError(
            f"The landing folder {folder} holds no return pack. A pack is a folder or zip named "
            "<delivery_area_code>_<period_id>_v<sequence>."
        )
    return dropped


def lying_in(folder: Path) -> int:
    """Return how many things lie in the drop folder; 0 where there is no folder."""
    try:
        return len(candidates(folder))
    except LandingError:
        return 0


def sign_of(path: Path) -> str:
    """Return the label of a dropped pack, made from the parts of its name; never the raw name."""
    pack = PackName.of_dropped(path.name, is_folder=is_folder(path))
    if pack is not None:
        return str(pack) if is_folder(path) else f"{pack}.file"
    try:
        found = path.lstat()
    except FileNotFoundError:  # it was taken away meanwhile
        return "unnamed"
    return f"unnamed-{found.st_ino}-{found.st_mtime_ns}"


def dropped_packs(folder: Path, store: Path) -> list[Path]:
    """List what was dropped, by name; nothing when all of it was received and moved away.

    Raises `LandingError` when there is no folder, or nothing in it and nothing was ever received.
    """
    try:
        return candidates(folder)
    except LandingError:
        if folder.is_dir() and numbers(store):
            return []
        raise


def receive_all(
    folder: Path, store: Path, quarter: Quarter, at: datetime, *, empties: bool = False
) -> Received:
    """Keep every pack in the immutable store, once, with a receipt.

    A receipt gives the time when the pack arrived, which can be long before `at`, when it is found.
    A pack that is refused on receipt gets a receipt too, and stops no other. One for a quarter
    after `quarter` waits for it; it is left where it is when its time is after `at`, as in a
    rehearsal of an earlier day. A folder that this `empties` is left with that alone: what has a
    receipt is moved beside it.
    """
    found: dict[str, list[str]] = {kind: [] for kind in ("new", "known", "later", "early", "stuck")}
    known, place = numbers(store), places(store)
    dropped = dropped_packs(folder, store) if empties else candidates(folder)
    before = opened_packs(store)
    lists = list_for(folder, is_ours=empties)
    listed = imported(lists, dropped, names_received(store), at)
    receipts = listed.times
    for path in dropped:
        period = period_of(path.name)
        is_later = period is not None and period > quarter
        if is_later and not is_there(path, receipts, at):
            found["later"].append(sign_of(path))
            continue
        receipt = receive_in_child(path, tried=before)
        identity = (str(receipt.name) if receipt.name else None, receipt.sha256)
        is_new = identity not in known
        if is_new:
            came = arrived(path, receipts, at)
            known[identity] = keep(receipt, store, quarter, came, path)
            place[identity] = place_of(receipt, store, came)
            if period and came.date() <= period.end:
                found["early"].append(shown(receipt.name, known[identity]))
        state = "later" if is_later else "new" if is_new else "known"
        name = shown(receipt.name, known[identity])
        found[state].append(name)
        if empties and not put_away(path, place[identity]):
            found["stuck"].append(name)
    kinds = {state: tuple(names) for state, names in found.items()}
    return Received(**kinds, list_faults=listed.faults)


def unreceived(folder: Path, store: Path, quarter: Quarter) -> int:
    """Count the dropped packs up to a quarter that were not received yet; keeps none of them."""
    known, before = numbers(store), opened_packs(store)
    waiting = (
        receive_in_child(path, tried=before)
        for path in _dropped(folder)
        if (period := period_of(path.name)) is None or period <= quarter
    )
    names = ((str(one.name) if one.name else None, one.sha256) for one in waiting)
    return sum(identity not in known for identity in names)


def _dropped(folder: Path) -> list[Path]:
    try:
        return candidates(folder)
    except LandingError:
        return []


def of_quarter(packs: Iterable[LandedPack], quarter: Quarter) -> list[LandedPack]:
    """Return the packs of a quarter, and those that are of no quarter."""
    return [pack for pack in packs if pack.quarter in (quarter, None)]


def waiting(
    packs: Iterable[LandedPack], quarter: Quarter, answered: Collection[str]
) -> dict[Quarter, list[LandedPack]]:
    """Return the packs of each quarter after `quarter` that were not answered yet, in order.

    `answered` holds the numbers of those that were.
    """
    later: dict[Quarter, list[LandedPack]] = {}
    for pack in packs:
        if pack.quarter and pack.quarter > quarter and pack.number not in answered:
            later.setdefault(pack.quarter, []).append(pack)
    return dict(sorted(later.items()))


def unjudged(
    packs: Iterable[LandedPack], quarter: Quarter, judged: Collection[str]
) -> dict[Quarter, list[LandedPack]]:
    """Return the packs of each quarter before `quarter` that were not judged yet, in order.

    `judged` holds the numbers of those that were.
    """
    waiting: dict[Quarter, list[LandedPack]] = {}
    for pack in packs:
        if pack.quarter and pack.quarter < quarter and pack.number not in judged:
            waiting.setdefault(pack.quarter, []).append(pack)
    return dict(sorted(waiting.items()))
