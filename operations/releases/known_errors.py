"""Figures that are known to be wrong and stay until the next scheduled release: sealed records."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from operations.home.settings import Settings
from operations.releases.quarter_records import KNOWN_ERRORS
from operations.releases.release_records import Publication
from schemas.quarter import Quarter


@dataclass(frozen=True)
class KnownError:
    """That a public version, with this manifest, has figures that are wrong, by their tables.

    `reason` is for those who answer for the release: readers see the tables only. `said_at` is
    ISO 8601 with offset; `account` and `known_by` are those of `Account`.
    """

    version: int
    manifest_sha256: str
    tables: tuple[str, ...]
    reason: str
    name: str
    role: str
    said_at: str
    account: str = ""
    known_by: str = ""


def record(settings: Settings, quarter: Quarter, error: KnownError) -> None:
    """Seal a record below those that are held."""
    KNOWN_ERRORS.add(settings, quarter, [asdict(error)])


def known_errors(settings: Settings, quarter: Quarter) -> list[KnownError]:
    """Return what is recorded of a quarter, oldest first; raises as `QuarterRecords.read`."""
    return KNOWN_ERRORS.read_as(settings, quarter, KnownError)


def tables_known_wrong(settings: Settings, made: Publication) -> tuple[str, ...]:
    """Return the ids of the tables of a public version with figures that are known to be wrong."""
    named = (
        table
        for error in known_errors(settings, made.quarter)
        if (error.version, error.manifest_sha256) == (made.version, made.manifest_sha256)
        for table in error.tables
    )
    return tuple(dict.fromkeys(named))
