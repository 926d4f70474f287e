"""The public site on disk: every published version as it was published, checked each time."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from operations.errors import SignOffError
from operations.home.audiences import share
from operations.home.durable import lay
from operations.home.rehearsal import said_so
from operations.home.settings import Settings
from operations.releases.known_errors import tables_known_wrong
from operations.releases.release_records import Publication
from operations.releases.release_store import MANIFEST, files_in, folder_of, manifest_hash
from publications.data.manifest import manifest_hash as hash_of
from publications.data.manifest import verify_folder
from publications.pages.edition import Edition
from publications.pages.site import site_pages
from publications.pages.standing import standing


def lay_site(settings: Settings, published: Iterable[Publication]) -> Path:
    """Lay the whole site out anew in a folder that nobody sees yet, and return the folder.

    Raises `SignOffError` naming every version that is not, byte for byte, what was published.
    """
    editions, faults = [], []
    for made in published:
        files = files_in(folder_of(settings, made.quarter, made.version))
        faults += altered(made, files)
        editions.append(edition_of(made, files, tables_known_wrong(settings, made)))
    if faults:
        raise SignOffError(f"{' '.join(faults)} The site stays as it is.")
    fresh = _next_build(settings)
    words = settings.words
    for edition in editions:
        lay(fresh / edition.address, standing(edition, editions))
    lay(fresh, said_so(settings, site_pages(editions, words)))
    share(settings.home, fresh)
    return fresh


def edition_of(
    made: Publication, files: dict[str, bytes], known_wrong: tuple[str, ...] = ()
) -> Edition:
    """Return a published version as the site's own pages need it."""
    about = (made.published_at, made.reason, made.severity, known_wrong)
    return Edition(made.quarter, made.version, files, *about)


def altered(made: Publication, files: dict[str, bytes]) -> list[str]:
    """Say in what way files are not those that were published; nothing when they are."""
    problems = verify_folder(files)
    if MANIFEST in files and hash_of(files) != made.manifest_sha256:
        problems.insert(0, _other(made, hash_of(files)))
    return [f"{made.label} is not what was published. {' '.join(problems)} {BACK}"] * bool(problems)


def check_manifest(settings: Settings, made: Publication) -> None:
    """Raise `SignOffError` when the manifest of a version is not the one that was published."""
    held = manifest_hash(folder_of(settings, made.quarter, made.version))
    if held != made.manifest_sha256:
        raise SignOffError(f"{made.label} is not what was published. {_other(made, held)} {BACK}")


def _other(made: Publication, held: str) -> str:
    return f"Its manifest was {made.manifest_sha256[:16]} and is now {held[:16]}."


BACK = "Put its folder back from a backup, or from the site."


def show(settings: Settings, fresh: Path) -> None:
    """Point the link of the site at a folder that was laid out, in one step."""
    link = settings.home / ".site.new"
    link.unlink(missing_ok=True)
    link.symlink_to(fresh.relative_to(settings.home))
    link.replace(settings.site)
    for old in _builds(settings)[:-2]:
        shutil.rmtree(old)


def _next_build(settings: Settings) -> Path:
    numbers = [int(folder.name) for folder in _builds(settings)]
    return settings.home / "site_builds" / f"{max(numbers, default=0) + 1:06d}"


def _builds(settings: Settings) -> list[Path]:
    folder = settings.home / "site_builds"
    found = [
        p for p in folder.glob("*") if p.name.isdecimal() and p.is_dir() and not p.is_symlink()
    ]
    return sorted(found, key=lambda build: int(build.name))
