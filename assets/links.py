"""Links from what Dagster shows to the page of the desk that says more."""

from __future__ import annotations

from collections.abc import Mapping

import dagster as dg

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


def desk_page(quarter: Quarter, key: dg.AssetKey) -> dict[str, dg.UrlMetadataValue]:
    """Return the metadata that leads from an asset of a quarter to its page on the desk."""
    page = PAGES.get(key.to_user_string(), ROOMS[key.path[0]])
    return {DESK: dg.MetadataValue.url(address_of(settings(), quarter, page))}


def desk_checks(quarter: Quarter) -> dict[str, dg.UrlMetadataValue]:
    """Return the metadata that leads from a check of a quarter to the panel of gates."""
    return {DESK: dg.MetadataValue.url(address_of(settings(), quarter, "", CHECKS))}
