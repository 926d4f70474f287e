"""A release with what it revises of the versions that readers have."""

from __future__ import annotations

from operations.errors import SignOffError
from operations.home.settings import Settings
from operations.releases.explanations import REVISIONS, explanations
from operations.releases.release_records import Publication, publications
from operations.releases.release_store import files_in, folder_of
from operations.releases.site_store import altered
from publications.data.published import Published
from publications.data.revised import with_revisions
from publications.release.model import Release
from schemas.quarter import Quarter


def versions_before(settings: Settings, quarter: Quarter, version: int) -> tuple[Publication, ...]:
    """Return the public versions that a version of a quarter is compared with, newest first."""
    return tuple(
        made
        for made in publications(settings, (quarter, version))
        if made.quarter < quarter or (made.quarter == quarter and made.version < version)
    )


def explanation_of(settings: Settings, quarter: Quarter) -> str:
    """Return what somebody said of revisions without a reason on record; "" for nothing."""
    given = explanations(settings, quarter).get(REVISIONS)
    return given.text if given else ""


def revised(
    settings: Settings, release: Release, before: tuple[Publication, ...], explanation: str
) -> Release:
    """Return a release with what it revises of the versions `before`.

    Raises `SignOffError` when one of them is not what was published.
    """
    earlier = [_as_published(settings, made) for made in before]
    return with_revisions(release, earlier, explanation)


def _as_published(settings: Settings, made: Publication) -> Published:
    files = files_in(folder_of(settings, made.quarter, made.version))
    faults = altered(made, files)
    if faults:
        raise SignOffError(" ".join(faults))
    return Published(made.quarter, made.version, files)
