"""Sign-off and publication: what must be true before the public sees a release."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from assets.audiences import share
from assets.clock import recorded
from assets.errors import EmbargoError, SignOffError
from assets.release_store import (
    MANIFEST,
    SignOff,
    files_in,
    folder_of,
    latest,
    manifest_hash,
    mark_published,
    published_at,
    sign,
    sign_offs,
    versions,
)
from assets.run_records import check_built
from assets.settings import Settings
from publications.calendar import release_at
from publications.manifest import fingerprints, verify_folder
from publications.preview import marked, preview
from publications.site import site_index
from schemas.quarter import Quarter

REPORT = "disclosure-control.json"


def sign_off(
    settings: Settings, quarter: Quarter, name: str, role: str, note: str, at: datetime
) -> tuple[int, SignOff]:
    """Approve the newest version of a quarter's release, exactly as it now is.

    Raises `SignOffError` for a blank name or role and for files that are not as their manifest
    says.
    """
    if not (name.strip() and role.strip()):
        raise SignOffError("A sign-off needs the name and the role of the person who approves.")
    version = latest(settings, quarter)
    check_built(settings, quarter, version)
    check_attacked(settings, quarter, version)
    folder = folder_of(settings, quarter, version)
    problems = verify_folder(files_in(folder))
    if problems:
        raise SignOffError(
            f"{quarter.label} v{version} cannot be signed off: {' '.join(problems)} Build it again."
        )
    approval = SignOff(
        name=name.strip(),
        role=role.strip(),
        note=note.strip(),
        signed_at=at.isoformat(),
        manifest_sha256=manifest_hash(folder),
        **asdict(recorded(settings)),
    )
    sign(settings, quarter, version, approval)
    return version, approval


def publish(settings: Settings, quarter: Quarter, at: datetime) -> tuple[int, Path]:
    """Put the newest version of a quarter's release on the public site, in one atomic switch.

    Raises `SignOffError` without an approval of exactly these files, and `EmbargoError` before
    the time of release.
    """
    version = latest(settings, quarter)
    check_built(settings, quarter, version)
    check_signed(settings, quarter, version)
    check_embargo(quarter, at)
    if published_at(settings, quarter, version) is None:
        check_attacked(settings, quarter, version)
        mark_published(settings, quarter, version, at)
    switch_site(settings)
    return version, settings.site


def lay_draft(settings: Settings, quarter: Quarter, version: int) -> Path:
    """Lay out the copy that people read before publication: embargoed on every page."""
    place = settings.home / "drafts" / quarter.id / f"v{version}"
    shutil.rmtree(place, ignore_errors=True)
    files = files_in(folder_of(settings, quarter, version))
    lay(place, _rehearsed(settings, preview(files, release_at(quarter))))
    return place


def check_signed(settings: Settings, quarter: Quarter, version: int) -> None:
    """Raise unless someone approved the files exactly as they are."""
    folder = folder_of(settings, quarter, version)
    approvals = sign_offs(settings, quarter, version)
    if not approvals:
        raise SignOffError(
            f"{quarter.label} v{version} is not signed off. Read it, then: "
            f"ctw sign-off {quarter.id} --name NAME --role ROLE --note TEXT"
        )
    problems = verify_folder(files_in(folder))
    held = manifest_hash(folder)
    if problems or held not in [a.manifest_sha256 for a in approvals]:
        raise SignOffError(
            f"{quarter.label} v{version} was signed off with the manifest "
            f"{approvals[-1].manifest_sha256[:12]} but now has {held[:12]}. {' '.join(problems)} "
            "Build it again and have it signed off as it is."
        )


def check_attacked(settings: Settings, quarter: Quarter, version: int) -> None:
    """Raise when the attack on a version did not know a release that readers have by now.

    A version of the same quarter with the same protected tables tells nothing that it does not.
    """
    folder = folder_of(settings, quarter, version)
    report = folder / REPORT
    attack = json.loads(report.read_text(encoding="utf-8"))["attack"] if report.is_file() else {}
    known = (attack or {}).get("earlier") or []
    public = [
        f"{found.label} v{number}"
        for found, number in every_published(settings)
        if found <= quarter
        and not (found == quarter and is_alike(settings, quarter, number, version))
    ]
    if set(known) != set(public):
        raise SignOffError(
            f"{quarter.label} v{version} was protected and attacked beside "
            f"{', '.join(known) or 'no earlier release'}, but readers have "
            f"{', '.join(public) or 'none'} by now. "
            "Build it again and have it signed off as it is."
        )


def is_alike(settings: Settings, quarter: Quarter, one: int, other: int) -> bool:
    """Whether two versions of a quarter were made from the same protected tables."""
    tables = [fingerprints(files_in(folder_of(settings, quarter, v))) for v in (one, other)]
    return one == other or tables[0] == tables[1]


def check_embargo(quarter: Quarter, at: datetime) -> None:
    """Raise before the time of release."""
    due = release_at(quarter)
    if at < due:
        raise EmbargoError(
            f"{quarter.label} is under embargo until {due:%H:%M on %-d %B %Y} (London); it is now "
            f"{at:%H:%M on %-d %B %Y}. Publish it then."
        )


def switch_site(settings: Settings) -> None:
    """Lay the whole site out anew beside the old one and point the link at it in one step."""
    builds = settings.home / "site_builds"
    builds.mkdir(parents=True, exist_ok=True)
    number = max((int(p.name) for p in builds.iterdir() if p.name.isdigit()), default=0) + 1
    fresh = builds / f"{number:06d}"
    manifests = {}
    for quarter, version in published(settings):
        files = files_in(folder_of(settings, quarter, version))
        manifests[quarter.id] = json.loads(files[MANIFEST])
        lay(fresh / quarter.id, files)
    lay(fresh, _rehearsed(settings, {"index.html": site_index(manifests)}))
    share(settings.home, fresh)
    link = settings.home / ".site.new"
    link.unlink(missing_ok=True)
    link.symlink_to(fresh.relative_to(settings.home))
    link.replace(settings.site)
    for old in sorted(builds.iterdir())[:-2]:
        shutil.rmtree(old)


def _rehearsed(settings: Settings, files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Return files of which each page says that it is a rehearsal; as they are if it is none."""
    if not settings.is_rehearsal:
        return files
    return marked(files, "Rehearsal. Nothing here is published.")


def published(settings: Settings) -> list[tuple[Quarter, int]]:
    """List the newest published version of each quarter, latest quarter first."""
    newest: dict[Quarter, int] = {}
    for quarter, version in every_published(settings):
        newest.setdefault(quarter, version)
    return list(newest.items())


def every_published(settings: Settings) -> list[tuple[Quarter, int]]:
    """List every published version, latest quarter and version first."""
    folder = settings.home / "releases"
    ids = [p.name for p in folder.iterdir()] if folder.is_dir() else []
    found = [(q, v) for q in map(Quarter.parse, ids) for v in versions(settings, q)]
    public = [(q, v) for q, v in found if published_at(settings, q, v)]
    return sorted(public, reverse=True)


def lay(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files below a folder."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
