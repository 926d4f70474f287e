"""The addresses of the desk: one for each page of a quarter, as paths and for other programs."""

from __future__ import annotations

from typing import Literal

from operations.home.settings import Settings
from schemas.quarter import Quarter

DESK = "/desk/"
Page = Literal["", "returns/", "reports/", "docs/", "comparison/", "withheld/"]


def path_of(quarter: Quarter, page: Page = "", version: int | None = None) -> str:
    """Return the path of a page of a quarter: of one version, or of the newest."""
    return f"{DESK}{quarter.id}/{f'v{version}/' if version else ''}{page}"


def address_of(settings: Settings, quarter: Quarter, page: Page = "", part: str = "") -> str:
    """Return the absolute address of a page of a quarter; `part` is a place within the page."""
    place = f"#{part}" if part else ""
    served_at = settings.ui_address or f"http://127.0.0.1:{settings.ui_port}"
    return f"{served_at}{path_of(quarter, page)}{place}"
