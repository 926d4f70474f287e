"""Which return packs lie in the drop folder, by quarter and content, and since when."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from itertools import chain
from pathlib import Path

import dagster as dg

from assets.wishes import PACKS, Wish
from operations.errors import LandingError
from operations.home.settings import rehearsal_clock
from operations.landing.receipts import put_aside, quarter_named
from operations.landing.receive import dropped_packs
from pipelines.returns import PackName
from pipelines.returns.errors import PackFault
from pipelines.returns.packs.plain_files import LIMITS, file_hash, seen_in
from schemas.quarter import Quarter


def settling_seconds(environment: Mapping[str, str]) -> float:
    """Return for how many seconds no pack of a quarter may change before it is built.

    In a rehearsal somebody waits for that.
    """
    return 15.0 if rehearsal_clock(environment) else 120.0


SETTLED = settling_seconds(os.environ)


@dataclass(frozen=True)
class Dropped:
    """The packs of a quarter: a digest of their content, and when the last of them changed."""

    digest: str
    changed_at: float

    @property
    def is_growing(self) -> bool:
        """Whether a pack of the quarter may still be on its way."""
        return time.time() - self.changed_at < SETTLED


def packs_in(folder: Path, store: Path) -> dict[Quarter, Dropped]:
    """Return what was dropped for each quarter, here or before; its digest is of names and content.

    It changes when a pack comes, goes, grows or gets another content. It stays when a file is only
    copied again, and when a pack is moved into the `store` with its receipt: such a pack does not
    grow any more. Raises `LandingError` when there is no folder, or nothing in it or in the store.
    """
    marks: dict[Quarter, set[bytes]] = {}
    changed: dict[Quarter, float] = {}
    for path in dropped_packs(folder, store):
        name = PackName.of_dropped(path.name, is_folder=False)
        period = quarter_named(name.period_id) if name else None
        if name is not None and period is not None:
            for mark, at in _marks(path, name):
                marks.setdefault(period, set()).add(mark)
                changed[period] = max(changed.get(period, 0.0), at)
    for name, path in put_aside(store):
        period = quarter_named(name.period_id)
        if period is not None:
            marks.setdefault(period, set()).update(mark for mark, _ in _marks(path, name))
    return {
        quarter: Dropped(
            sha256(b"\0".join(sorted(found))).hexdigest()[:16], changed.get(quarter, 0.0)
        )
        for quarter, found in marks.items()
    }


def _marks(pack: Path, name: PackName) -> Iterator[tuple[bytes, float]]:
    """Yield what identifies each file of a pack, and when it changed; links are not followed.

    Of a folder it is what is hashed of a pack, within the same limits.
    """
    own = ((e.path, e.name, e.within) for e in seen_in(pack) if not stat.S_ISDIR(e.mode))
    for path, file, within in chain([(".", str(pack), None)], own):
        try:
            found = os.stat(file, dir_fd=within, follow_symlinks=False)
            signs = found.st_ino, found.st_size, found.st_ctime_ns
            content = _content(_File(str(pack), path, *signs, found.st_mode, file, within))
        except (OSError, PackFault):  # it went while we looked
            continue
        yield f"{name}/".encode() + os.fsencode(path) + content, found.st_ctime


@dataclass(frozen=True)
class _File:
    """A file of a pack as it was found; `name` and `within` say how to open it for now."""

    pack: str
    path: str
    node: int
    size: int
    changed: int
    mode: int
    name: str = field(compare=False)
    within: int | None = field(compare=False)


@lru_cache(maxsize=4096)
def _content(file: _File) -> bytes:
    """Return the hash of a file, which is read again only when it has changed.

    Of a file that no pack may hold, as it is too large, the size stands for the content.
    """
    if not stat.S_ISREG(file.mode):
        return b""
    if file.size > LIMITS.unpacked_bytes:
        return str(file.size).encode()
    return file_hash(file.name, file.within)


def digest_of(folder: Path, store: Path, quarter: Quarter) -> str:
    """Return the digest of what was dropped for a quarter; "" when nothing was."""
    try:
        packs = packs_in(folder, store).get(quarter)
    except LandingError:
        return ""
    return packs.digest if packs else ""


def note_packs(
    context: dg.AssetExecutionContext, folder: Path, store: Path, quarter: Quarter
) -> None:
    """Tag a run with the packs that it finds, so that no second build is requested for them."""
    packs = packs_in(folder, store).get(quarter)
    if packs:
        context.instance.add_run_tags(context.run_id, {PACKS: packs.digest})


def build_with(quarter: Quarter, packs: Dropped) -> Wish:
    """Return the wish for a build of a quarter with these packs."""
    return Wish(quarter, PACKS, packs.digest, done="was built with these packs")
