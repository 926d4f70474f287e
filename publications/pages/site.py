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
from publications.wording.format import in_words as number_in_words
from publications.wording.naming import series
from publications.words import Words
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
        manifest: dict[str, Any] = json.loads(self.files[MANIFEST])
        return manifest

    @property
    def planned_at(self) -> datetime:
        """The time of release that was announced and signed."""
        return datetime.fromisoformat(self.manifest["release_at"])


def site_pages(editions: Iterable[Edition], words: Words) -> dict[str, bytes]:
    """Write every page of the site that belongs to no version, by its path."""
    ordered = sorted(editions, key=lambda e: (e.quarter, e.version), reverse=True)
    releases = [list(found) for _, found in groupby(ordered, key=lambda e: e.quarter)]
    pages = {"index.html": site_index(releases, words)}
    for versions in releases:
        pages |= {f"{versions[0].quarter.id}/{p}": c for p, c in _release(versions, words).items()}
    return pages


def site_index(releases: Sequence[Sequence[Edition]], words: Words) -> bytes:
    """Write the front page: the newest version of each release, the latest quarter first."""
    context = {
        "home": "index.html",
        "breadcrumbs": [(words.say("page.home"), "index.html")],
        "synthetic": _synthetic((one for versions in releases for one in versions), words),
        "organisation": series(words),
        "releases": [_listed(versions, words) for versions in releases],
    }
    summary = words.say("site.all")
    return page("site-index.html", series(words), summary, words, _own(context))


def _release(versions: Sequence[Edition], words: Words) -> dict[str, bytes]:
    """Write the page of one release and, when it was corrected, its notices and their figures."""
    newest = versions[0]
    shared = {
        "home": "../index.html",
        "synthetic": _synthetic(versions, words),
        "organisation": series(words),
        "entry": _listed(versions, words),
        "versions": [_version(edition, versions, words) for edition in versions],
    }
    title = words.say("site.versions_title", release=newest.manifest["title"])
    summary = words.say("site.versions_summary")
    context = _own(shared | {"breadcrumbs": [(words.say("page.home"), "../index.html")]})
    pages = {"index.html": page("release-versions.html", title, summary, words, context)}
    if len(versions) > 1:
        pages |= _notices(versions, shared, words)
    return pages


def _notices(versions: Sequence[Edition], shared: dict[str, Any], words: Words) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    notices = []
    for new, old in pairwise(versions):
        found = changes(old.files, new.files, words)
        name = f"corrections-v{new.version}.csv"
        if found:
            files[name] = changes_csv(found, words)
        notices.append(
            {
                **_version(new, versions, words),
                "replaces": old.version,
                "name": name,
                "counted": _counted(len(found), words),
                "is_cut": len(found) > SHOWN,
                "changes": [
                    {"change": c, "old": in_words(c.old, words), "new": in_words(c.new, words)}
                    for c in found[:SHOWN]
                ],
            }
        )
    crumbs = [(words.say("page.home"), "../index.html"), (shared["entry"]["title"], "index.html")]
    context = shared | {"breadcrumbs": crumbs, "notices": notices, "at_most": SHOWN}
    title = words.say("corrections.page_title", release=shared["entry"]["title"])
    summary = words.say("corrections.summary")
    notice = page("corrections.html", title, summary, words, _own(context))
    return files | {CORRECTIONS: notice}


def _counted(changed: int, words: Words) -> str:
    """Say how many figures changed."""
    return words.say("corrections.counted", count=changed, number=number_in_words(changed, words))


def _own(context: dict[str, Any]) -> dict[str, Any]:
    """Add the template values that pages of a version have and the site's own pages lack."""
    return {"pages": [], "version": None} | context


def _listed(versions: Sequence[Edition], words: Words) -> dict[str, Any]:
    """Describe a release by its newest version, with the time at which its first came out."""
    newest, first = versions[0], versions[-1]
    return {
        "address": f"{newest.quarter.id}/index.html",
        "title": newest.manifest["title"],
        "label": newest.quarter.label,
        "designation": newest.manifest["designation"],
        "newest": _version(newest, versions, words),
        "first": _version(first, versions, words),
        "planned": when(first.planned_at, words),
        "is_late": first.published_at - first.planned_at > PROMPT,
        "is_corrected": len(versions) > 1,
        "corrections": f"{newest.quarter.id}/{CORRECTIONS}",
    }


def _version(edition: Edition, versions: Sequence[Edition], words: Words) -> dict[str, Any]:
    later = [other.version for other in versions if other.version > edition.version]
    return {
        "number": edition.version,
        "address": f"v{edition.version}/index.html",
        "published": when(edition.published_at, words),
        "reason": edition.reason,
        "superseded_by": min(later, default=None),
    }


def _synthetic(editions: Iterable[Edition], words: Words) -> str:
    return statement(words) if any(edition.manifest["synthetic"] for edition in editions) else ""
