"""The front page of the site: every published release, the latest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from publications.naming import SERIES
from publications.templating import page, statement, when


def site_index(manifests: Mapping[str, Mapping[str, Any]], organisation: str = SERIES) -> bytes:
    """Write the front page from the manifests of published releases, by their folders.

    Of several versions of one quarter the newest is listed; the order is that of publication.
    """
    listed = [
        {
            "address": f"{folder}/index.html",
            "title": manifest["title"],
            "designation": manifest["designation"],
            "sort": (manifest["release_at"], manifest["version"]),
            **when(datetime.fromisoformat(manifest["release_at"])),
        }
        for folder, manifest in _newest(manifests).items()
    ]
    context = {
        "home": "index.html",
        "breadcrumbs": [("Home", "index.html")],
        "pages": [],
        "synthetic": statement() if _any_synthetic(manifests.values()) else "",
        "organisation": organisation,
        "releases": sorted(listed, key=lambda entry: entry["sort"], reverse=True),
    }
    return page("site-index.html", SERIES, "All releases of the statistics.", context)


def _newest(manifests: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    best: dict[str, str] = {}
    for folder, manifest in sorted(manifests.items()):
        name = manifest["release"]
        if name not in best or manifests[best[name]]["version"] < manifest["version"]:
            best[name] = folder
    return {folder: manifests[folder] for folder in best.values()}


def _any_synthetic(manifests: Iterable[Mapping[str, Any]]) -> bool:
    return any(manifest["synthetic"] for manifest in manifests)
