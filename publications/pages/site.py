"""The site's own pages: releases, the versions of each, and notices of what was corrected.

The pages of a version are signed and never change; these are made anew from the records of
publication each time something is published.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import groupby, pairwise
from typing import Any

from publications.pages.edition import Edition
from publications.pages.notices import CORRECTIONS, notice_of, notice_page
from publications.pages.templating import render_page, statement, when
from publications.wording.naming import series_name
from publications.words import Words

# what publication itself may take after the planned minute
PROMPT = timedelta(minutes=5)


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
        "organisation": series_name(words),
        "releases": [_listed(versions, words) for versions in releases],
    }
    summary = words.say("site.all")
    return render_page("site-index.html", series_name(words), summary, words, _own(context))


def _release(versions: Sequence[Edition], words: Words) -> dict[str, bytes]:
    """Write the page of one release and, when it was corrected, its notices and their figures."""
    newest = versions[0]
    shared = {
        "home": "../index.html",
        "synthetic": _synthetic(versions, words),
        "organisation": series_name(words),
        "entry": _listed(versions, words),
        "versions": [_version(edition, versions, words) for edition in versions],
    }
    title = words.say("site.versions_title", release=newest.manifest["title"])
    summary = words.say("site.versions_summary")
    context = _own(shared | {"breadcrumbs": [(words.say("page.home"), "../index.html")]})
    pages = {"index.html": render_page("release-versions.html", title, summary, words, context)}
    if len(versions) > 1:
        pages |= _notices(versions, shared, words)
    return pages


def _notices(versions: Sequence[Edition], shared: dict[str, Any], words: Words) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    notices = []
    for new, old in pairwise(versions):
        notice, changed = notice_of(old, new, words)
        files |= changed
        notices.append({**_version(new, versions, words), **notice})
    crumbs = [(words.say("page.home"), "../index.html"), (shared["entry"]["title"], "index.html")]
    context = _own(shared | {"breadcrumbs": crumbs})
    return files | {CORRECTIONS: notice_page(notices, shared["entry"]["title"], context, words)}


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
        "severity": words.section("corrections.severities").get(edition.severity, ""),
        "known_wrong": bool(edition.known_wrong),
        "superseded_by": min(later, default=None),
    }


def _synthetic(editions: Iterable[Edition], words: Words) -> str:
    return statement(words) if any(edition.manifest["synthetic"] for edition in editions) else ""
