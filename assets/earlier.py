"""What readers have already: every published version of this quarter and of those before."""

from __future__ import annotations

from assets.errors import StoreError
from assets.io import protected_table, settings
from assets.publishing import every_published
from assets.release_store import files_in, folder_of
from assets.settings import Settings
from disclosure import ProtectedTable
from publications.earlier import Earlier
from publications.manifest import fingerprints
from schemas.quarter import Quarter


def earlier(quarter: Quarter) -> tuple[Earlier, ...]:
    """Return what published versions up to a quarter showed, newest first."""
    state = settings()
    found = [(q, version) for q, version in every_published(state) if q <= quarter]
    return tuple(shown_then(state, *one) for one in found)


def before(quarter: Quarter) -> tuple[Earlier, ...]:
    """Return the same without the version that the protected tables of a quarter are still of."""
    return tuple(e for e in earlier(quarter) if e.quarter < quarter or e.lost)


def shown_then(state: Settings, quarter: Quarter, version: int) -> Earlier:
    """Return the tables of a published version, as far as the store still holds exactly these.

    A population that was protected anew since is not what readers have, and is named as lost.
    """
    marks = fingerprints(files_in(folder_of(state, quarter, version)))
    tables = [held(quarter, name, mark) for name, mark in marks.items()]
    lost = tuple(name for name, table in zip(marks, tables, strict=True) if table is None)
    return Earlier(quarter, tuple(t for t in tables if t is not None), version, lost)


def held(quarter: Quarter, name: str, fingerprint: str) -> ProtectedTable | None:
    """Return a protected table that is still as its fingerprint says; None when it is not."""
    try:
        table = protected_table(quarter, name)
    except StoreError:
        return None
    return table if table.fingerprint == fingerprint else None
