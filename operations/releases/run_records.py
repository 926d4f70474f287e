"""Which run wrote a version: a sealed record beside it, checked against the files.

The seal is made with the key of the register, so that a record written by hand is no record.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path

from operations.errors import SignOffError
from operations.home.durable import replace_file
from operations.home.settings import Settings
from operations.releases.register import as_text, canonical, lines_of, sealed, unsealed
from operations.releases.release_store import folder_of, manifest_hash
from schemas.quarter import Quarter

RUN = "run"


@dataclass(frozen=True)
class Run:
    """The whole run that wrote a version. `finished_at` is ISO 8601 with offset."""

    run_id: str
    code_version: str
    finished_at: str
    manifest_sha256: str


def record_run(settings: Settings, quarter: Quarter, version: int, run: Run) -> None:
    """Record that a run of every step wrote a version, in one step."""
    words = {"act": RUN, "quarter": quarter.id, "version": version, **asdict(run)}
    words["rehearsal"] = settings.is_rehearsal
    line = canonical(sealed(settings, words))
    replace_file(_file(settings, quarter, version), as_text([line]))


def run_of(settings: Settings, quarter: Quarter, version: int) -> Run | None:
    """Return the run that wrote a version; None without a record that this home made of it."""
    lines = lines_of(_file(settings, quarter, version))
    words = unsealed(settings, lines[0], (RUN,)) if lines else None
    if words is None or (words["quarter"], words["version"]) != (quarter.id, version):
        return None
    if words["rehearsal"] != settings.is_rehearsal:
        return None
    return Run(**{field.name: words[field.name] for field in fields(Run)})


def check_built(settings: Settings, quarter: Quarter, version: int) -> None:
    """Raise `SignOffError` unless a run that passed every step wrote a version as it now is."""
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
