"""Which run wrote a version: a record beside it, and the check that what lies there is of it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from assets.errors import SignOffError
from assets.release_store import folder_of, manifest_hash
from assets.settings import Settings
from schemas.quarter import Quarter


@dataclass(frozen=True)
class Run:
    """The whole run that wrote a version. `finished_at` is ISO 8601 with offset."""

    run_id: str
    code_version: str
    finished_at: str
    manifest_sha256: str


def record_run(settings: Settings, quarter: Quarter, version: int, run: Run) -> None:
    """Record that a run of every step wrote a version, in one step."""
    file = _file(settings, quarter, version)
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(run), indent=1) + "\n", encoding="utf-8")
    fresh.replace(file)


def run_of(settings: Settings, quarter: Quarter, version: int) -> Run | None:
    """Return the run that wrote a version; None without a record that can be read."""
    try:
        return Run(**json.loads(_file(settings, quarter, version).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def check_built(settings: Settings, quarter: Quarter, version: int) -> None:
    """Raise `SignOffError` unless a run of which every step passed wrote a version as it is."""
    run = run_of(settings, quarter, version)
    found = manifest_hash(folder_of(settings, quarter, version))
    if run is None:
        raise SignOffError(
            f"{quarter.label} v{version} has no record of a run that was done to its end, so "
            f"nobody knows that every check passed. Build it again: ctw build {quarter.id}"
        )
    if run.manifest_sha256 != found:
        raise SignOffError(
            f"{quarter.label} v{version} has the manifest {found[:12]}, but run {run.run_id[:8]} "
            f"wrote the manifest {run.manifest_sha256[:12]}. Build it again: ctw build {quarter.id}"
        )


def _file(settings: Settings, quarter: Quarter, version: int) -> Path:
    return settings.releases(quarter) / f"v{version}.run.json"
