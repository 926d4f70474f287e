"""The site's own pages: releases, the versions of each, and notices of what was corrected.

The pages of a version are signed and never change; these are made anew from the records of
publication each time something is published.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import groupby, pairwise
from typing import Any

from publications.data.manifest import MANIFEST
from publications.pages.corrections import changes, changes_csv, in_words
from publications.pages.templating import page, statement, when
from publications.wording.format import counted
from publications.wording.naming import SERIES
from schemas.quarter import Quarter

CORRECTIONS = "corrections.html"
SHOWN = 30
# what publication itself may take after the planned minute
PROMPT = timedelta(minutes=5)


@dataclass(frozen=True)
class Edition:
    """One published version: its files, when it was published, and why it replaced another."""

    quarter: Quarter
    version: int
    files: Mapping[str, bytes]
    published_at: datetime
    reason: str = ""

    @property
    def address(self) -> str:
        """The folder of the version on the site, which never changes."""
        return f"{self.quarter.id}/v{self.version}"

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What its manifest says."""
        words: dict[str, Any] = json.loads(self.files[MANIFEST])
        return words

    @property
    def planned_at(self) -> datetime:
        """The time of release that was announced and signed."""
        return datetime.fromisoformat(self.manifest["release_at"])


def site_pages(editions: Iterable[Edition]) -> dict[str, bytes]:
    """Write every page of the site that belongs to no version, by its path."""
    ordered = sorted(editions, key=lambda e: (e.quarter, e.version), reverse=True)
    releases = [list(found) for _, found in groupby(ordered, key=lambda e: e.quarter)]
    pages = {"index.html": site_index(releases)}
    for versions in releases:
        pages |= {f"{versions[0].quarter.id}/{p}": c for p, c in _release(versions).items()}
    return pages


def site_index(releases: Sequence[Sequence[Edition]]) -> bytes:
    """Write the front page: the newest version of each release, the latest quarter first."""
    context = {
        "home": "index.html",
        "breadcrumbs": [("Home", "index.html")],
        "synthetic": _synthetic(edition for versions in releases for edition in versions),
        "organisation": SERIES,
        "releases": [_listed(versions) for versions in releases],
    }
    return page("site-index.html", SERIES, "All releases of the statistics.", _own(context))


def _release(versions: Sequence[Edition]) -> dict[str, bytes]:
    """Write the page of one release and, when it was corrected, its notices and their figures."""
    newest = versions[0]
    shared = {
        "home": "../index.html",
        "synthetic": _synthetic(versions),
        "organisation": SERIES,
        "entry": _listed(versions),
        "versions": [_version(edition, versions) for edition in versions],
    }
    title = f"Versions - {newest.manifest['title']}"
    summary = "All published versions of this release, and what was corrected."
    crumbs = {"breadcrumbs": [("Home", "../index.html")]}
    pages = {"index.html": page("release-versions.html", title, summary, _own(shared | crumbs))}
    if len(versions) > 1:
        pages |= _notices(versions, shared)
    return pages


def _notices(versions: Sequence[Edition], shared: dict[str, Any]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    notices = []
    for new, old in pairwise(versions):
        found = changes(old.files, new.files)
        name = f"corrections-v{new.version}.csv"
        if found:
            files[name] = changes_csv(found)
        notices.append(
            {
                **_version(new, versions),
                "replaces": old.version,
                "name": name,
                "counted": counted(len(found), "figure"),
                "is_cut": len(found) > SHOWN,
                "changes": [
                    {"change": c, "old": in_words(c.old), "new": in_words(c.new)}
                    for c in found[:SHOWN]
                ],
            }
        )
    crumbs = [("Home", "../index.html"), (shared["entry"]["title"], "index.html")]
    context = shared | {"breadcrumbs": crumbs, "notices": notices, "at_most": SHOWN}
    title = f"Corrections - {shared['entry']['title']}"
    summary = "What was corrected in this release: each figure as it was and as it is."
    return files | {CORRECTIONS: page("corrections.html", title, summary, _own(context))}


def _own(context: dict[str, Any]) -> dict[str, Any]:
    """Add what pages of the site lack that those of a version have."""
    return {"pages": [], "version": None} | context


def _listed(versions: Sequence[Edition]) -> dict[str, Any]:
    """Describe a release by its newest version, with the time at which its first came out."""
    newest, first = versions[0], versions[-1]
    return {
        "address": f"{newest.quarter.id}/index.html",
        "title": newest.manifest["title"],
        "label": newest.quarter.label,
        "designation": newest.manifest["designation"],
        "newest": _version(newest, versions),
        "first": _version(first, versions),
        "planned": when(first.planned_at),
        "is_late": first.published_at - first.planned_at > PROMPT,
        "is_corrected": len(versions) > 1,
        "corrections": f"{newest.quarter.id}/{CORRECTIONS}",
    }


def _version(edition: Edition, versions: Sequence[Edition]) -> dict[str, Any]:
    later = [other.version for other in versions if other.version > edition.version]
    return {
        "number": edition.version,
        "address": f"v{edition.version}/index.html",
        "published": when(edition.published_at),
        "reason": edition.reason,
        "superseded_by": min(later, default=None),
    }


def _synthetic(editions: Iterable[Edition]) -> str:
    return statement() if any(edition.manifest["synthetic"] for edition in editions) else ""
