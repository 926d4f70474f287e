"""Which return packs lie in the drop folder, by quarter and content, and since when."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import dagster as dg

from assets.wishes import PACKS, Wish
from operations.errors import LandingError
from operations.landing.receive import candidates, period_of
from pipelines.returns.packs.plain_files import LIMITS
from schemas.quarter import PROGRAMME_START, Quarter

# Packs of a quarter are gathered until none of them has changed for so many seconds.
SETTLED = 120.0


@dataclass(frozen=True)
class Dropped:
    """The packs of a quarter: a digest of their content, and when the last of them changed."""

    digest: str
    changed_at: float

    @property
    def is_growing(self) -> bool:
        """Whether a pack of the quarter may still be on its way."""
        return time.time() - self.changed_at < SETTLED


def packs_in(folder: Path) -> dict[Quarter, Dropped]:
    """Return what was dropped for each quarter; its digest is of names and content.

    It changes when a pack comes, goes, grows or gets another content, and stays when a file is
    only copied again. Raises `LandingError` when there is no folder or nothing in it.
    """
    found: dict[Quarter, list[tuple[bytes, float]]] = {}
    for path in candidates(folder):
        period = period_of(path.name)
        if period is not None and period >= PROGRAMME_START:
            found.setdefault(period, []).extend(_marks(path))
    return {
        quarter: Dropped(
            sha256(b"\0".join(sorted(mark for mark, _ in marks))).hexdigest()[:16],
            max((at for _, at in marks), default=0.0),
        )
        for quarter, marks in found.items()
    }


def _marks(pack: Path) -> Iterator[tuple[bytes, float]]:
    """Yield what identifies each file of a pack, and when it changed; links are not followed."""
    inside = (Path(at, name) for at, _, names in os.walk(pack) for name in names)
    for path in (pack, *inside):
        try:
            found = path.lstat()
            content = _content(path, found.st_ino, found.st_size, found.st_ctime_ns)
        except OSError:  # it went while we looked
            continue
        yield os.fsencode(path.relative_to(pack.parent)) + content, found.st_ctime


@lru_cache(maxsize=4096)
def _content(path: Path, node: int, size: int, changed: int) -> bytes:
    """Return the hash of a file, which is read again only when it has changed.

    Of a file that no pack may hold, as it is too large, the size stands for the content.
    """
    del node, changed  # part of the key
    if not path.is_file() or path.is_symlink():
        return b""
    if size > LIMITS.unpacked_bytes:
        return str(size).encode()
    with path.open("rb") as file:
        digest = sha256()
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.digest()


def digest_of(folder: Path, quarter: Quarter) -> str:
    """Return the digest of what was dropped for a quarter; "" when nothing was."""
    try:
        packs = packs_in(folder).get(quarter)
    except LandingError:
        return ""
    return packs.digest if packs else ""


def note_packs(context: dg.AssetExecutionContext, folder: Path, quarter: Quarter) -> None:
    """Tag a run with the packs that it finds, so that no second build is requested for them."""
    packs = packs_in(folder).get(quarter)
    if packs:
        context.instance.add_run_tags(context.run_id, {PACKS: packs.digest})


def build_with(quarter: Quarter, packs: Dropped) -> Wish:
    """Return the wish for a build of a quarter with these packs."""
    return Wish(quarter, PACKS, packs.digest, done="was built with these packs")
