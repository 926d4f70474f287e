"""One published version as the site's own pages know it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from publications.data.manifest import MANIFEST
from schemas.quarter import Quarter


@dataclass(frozen=True)
class Edition:
    """One published version: its files, when it was published, why it replaced another.

    `severity` is that of a correction, "" where none was asked for. `known_wrong` are the ids of
    the tables with figures that are known to be wrong and stay until the next scheduled release.
    """

    quarter: Quarter
    version: int
    files: Mapping[str, bytes]
    published_at: datetime
    reason: str = ""
    severity: str = ""
    known_wrong: tuple[str, ...] = ()

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
