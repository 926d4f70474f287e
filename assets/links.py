"""Links from what Dagster shows to the page of the desk that says more."""

from __future__ import annotations

from collections.abc import Mapping

import dagster as dg

from assets.rehearsed import rehearsed
from operations.desk.addresses import Page, address_of
from operations.home.settings import settings
from schemas.quarter import Quarter

DESK = "desk"
CHECKS = "checks"
ROOMS: Mapping[str, Page] = {
    "returns": "returns/",
    "warehouse": "docs/",
    "statistics": "withheld/",
    "protected": "withheld/",
    "publications": "",
}
"""The page of the desk that shows most of what a room makes."""
PAGES: Mapping[str, Page] = {
    "returns/reports": "reports/",
    "protected/quality": "returns/",
    "publications/edition": "comparison/",
    "publications/folder": "comparison/",
}
"""The page of an asset that has another one than its room."""


Beside = dict[str, "dg.UrlMetadataValue | str"]


def desk_page(quarter: Quarter, key: dg.AssetKey) -> Beside:
    """Return the metadata that leads from an asset of a quarter to its page on the desk.

    A rehearsal is marked beside it, as beside a check.
    """
    page = PAGES.get(key.to_user_string(), ROOMS[key.path[0]])
    return {DESK: dg.MetadataValue.url(address_of(settings(), quarter, page)), **rehearsed()}


def desk_checks(quarter: Quarter) -> Beside:
    """Return the metadata that leads from a check of a quarter to the panel of gates."""
    link = dg.MetadataValue.url(address_of(settings(), quarter, "", CHECKS))
    return {DESK: link, **rehearsed()}
