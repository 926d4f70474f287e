"""What shows that a version was signed or published: the register, files beside it, the site."""

from __future__ import annotations

import json
import re
from pathlib import Path

from operations.errors import RecordError
from operations.home.settings import Settings
from operations.releases import register
from schemas.errors import PeriodError
from schemas.quarter import Quarter

Version = tuple[Quarter, int]
ADOPT = "To take over records that were made before there was a register: ctw adopt-records"


def version_of(words: register.Words) -> Version:
    """Return the version that a line of the register is about."""
    return Quarter.parse(words["quarter"]), words["version"]


def recorded_versions(settings: Settings, quarter: Quarter) -> set[int]:
    """Return the versions of a quarter that were ever signed or published, by any trace of it.

    Raises `RecordError` for a register that is not as it was written.
    """
    held = {version_of(words) for words in register.read(settings)} | shown_versions(settings)
    beside = settings.releases(quarter).glob("v*.records.jsonl")
    numbers = [version_in(file.name) for file in (*beside, *old_records(settings, quarter))]
    return {v for q, v in held if q == quarter} | {n for n in numbers if n}


def check_records(settings: Settings, quarter: Quarter) -> None:
    """Raise `RecordError` naming a file of records of this quarter that the register disowns."""
    faults = register.damaged_copies(settings, quarter, register.read(settings))
    faults += [
        f"releases/{quarter.id}/{file.name} is not in {register.NAME}, so it counts for nothing: "
        f"it was written by hand, or before the register was kept. Move it away. {ADOPT}"
        for file in old_records(settings, quarter)
    ]
    if faults:
        raise RecordError(faults[0])


def check_adopted(settings: Settings) -> None:
    """Raise `RecordError` in a home whose records were all made before there was a register."""
    found = [file for quarter in quarters(settings) for file in old_records(settings, quarter)]
    if found and not register.read(settings):
        place = found[0].relative_to(settings.home)
        raise RecordError(f"{place} is not in {register.NAME}, which holds nothing yet. {ADOPT}")


def check_shown(settings: Settings, known: set[Version]) -> None:
    """Raise `RecordError` when the site shows a version that is not among these."""
    for quarter, version in sorted(shown_versions(settings) - known):
        raise RecordError(
            f"The site shows {quarter.label} v{version}, but {register.NAME} does not hold its "
            f"publication. If its publication was interrupted: ctw publish {quarter.id} "
            f"--version {version}. If the record is lost: ctw records --restore. If that "
            f"finds no copy, put {register.NAME} back from a backup. {ADOPT}"
        )


def shown_versions(settings: Settings) -> set[Version]:
    """Return the versions that lie on the site, by the manifests there."""
    site = settings.site
    found = {(quarter_in(f.parts[-3]), version_in(f.parts[-2])) for f in site.glob(MANIFESTS[1])}
    found |= {(quarter_in(f.parts[-2]), _version_inside(f)) for f in site.glob(MANIFESTS[0])}
    return {(quarter, version) for quarter, version in found if quarter and version}


# the site held one version of a quarter, directly in its folder, before it kept all
MANIFESTS = ("*/manifest.json", "*/v*/manifest.json")


def old_records(settings: Settings, quarter: Quarter) -> list[Path]:
    """List the files of a quarter that records were kept in before there was a register."""
    folder = settings.releases(quarter)
    return sorted([*folder.glob("v*.sign-off.json"), *folder.glob("v*.published.json")])


def quarters(settings: Settings) -> list[Quarter]:
    """List the quarters that have a folder of releases; whatever else lies there is left alone."""
    folder = settings.home / "releases"
    paths = folder.iterdir() if folder.is_dir() else ()
    return sorted(quarter for path in paths if path.is_dir() and (quarter := quarter_in(path.name)))


def unknown_folders(settings: Settings) -> list[str]:
    """List the names in the folder of releases that are no quarter's."""
    folder = settings.home / "releases"
    known = {quarter.id for quarter in quarters(settings)}
    return sorted({path.name for path in folder.iterdir()} - known) if folder.is_dir() else []


def quarter_in(name: str) -> Quarter | None:
    """Return the quarter that a folder is named for, or None."""
    try:
        quarter = Quarter.parse(name)
    except PeriodError:
        return None
    return quarter if quarter.id == name else None


def version_in(name: str) -> int | None:
    """Return the version that a folder (`v2`) or file (`v2.records.jsonl`) is named for, if any."""
    found = re.fullmatch(r"v([1-9][0-9]{0,3})(\..*)?", name)
    return int(found[1]) if found else None


def _version_inside(manifest: Path) -> int | None:
    try:
        version = json.loads(manifest.read_bytes())["version"]
    except (ValueError, KeyError, TypeError):
        return None
    return version if isinstance(version, int) else None
