"""What readers have already: the newest published release of an earlier quarter."""

from __future__ import annotations

from assets.io import protected_table, settings
from assets.publishing import published
from assets.release_store import files_in, folder_of
from assets.settings import Settings
from assets.statistics import POPULATIONS
from publications.earlier import Earlier
from publications.manifest import fingerprints
from schemas.quarter import Quarter


def earlier(quarter: Quarter) -> Earlier | None:
    """Return what the newest published release of an earlier quarter showed, if there is one."""
    state = settings()
    before = [found for found in published(state) if found[0] < quarter]
    return shown_then(state, *before[0]) if before else None


def shown_then(state: Settings, quarter: Quarter, version: int) -> Earlier:
    """Return the tables of a published version, as far as the store still holds exactly these.

    A population that was protected anew since is not what readers have, and is left out.
    """
    marks = fingerprints(files_in(folder_of(state, quarter, version)))
    held = (
        protected_table(quarter, population.relation)
        for population in POPULATIONS
        if population.relation in marks
    )
    return Earlier(quarter, tuple(t for t in held if marks[t.name] == t.fingerprint))
