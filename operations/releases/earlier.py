"""What readers have already: every published version of this quarter and of those before."""

from __future__ import annotations

from dataclasses import replace

from operations.home.settings import Settings, settings
from operations.releases.release_records import publications
from operations.releases.release_store import files_in, folder_of
from operations.releases.site_store import check_manifest
from operations.stores.cells import held_tables
from publications.data.manifest import fingerprints
from publications.data.published import Published
from publications.risk.earlier import Earlier
from schemas.quarter import Quarter


def earlier(quarter: Quarter) -> tuple[Earlier, ...]:
    """Return what published versions up to a quarter showed, newest first.

    Raises `SignOffError` when one of them has another manifest than was published.
    """
    state = settings()
    found = [made for made in publications(state) if made.quarter <= quarter]
    for made in found:
        check_manifest(state, made)
    return tuple(shown_by(state, made.quarter, made.version) for made in found)


def before(quarter: Quarter) -> tuple[Earlier, ...]:
    """Return the same without the tables that the quarter's protected ones still are."""
    known = [_changed(past) if past.quarter == quarter else past for past in earlier(quarter)]
    return tuple(e for e in known if e.quarter < quarter or e.protected or e.lost)


def _changed(past: Earlier) -> Earlier:
    """Return what a version showed of the populations that are protected otherwise by now."""
    now = held_tables(past.quarter, {table.name: None for table in past.protected})
    return replace(past, protected=tuple(t for t in past.protected if now[t.name] != t))


def shown_by(state: Settings, quarter: Quarter, version: int) -> Earlier:
    """Return the tables of a published version, as far as the store holds them.

    Every protected table is kept under its fingerprint; one that is missing is named as lost.
    """
    files = files_in(folder_of(state, quarter, version))
    tables = held_tables(quarter, fingerprints(files))
    lost = tuple(name for name, table in tables.items() if table is None)
    held = tuple(table for table in tables.values() if table is not None)
    return Earlier(quarter, held, version, lost, Published(quarter, version, files).gaps)
