"""Files that the desk serves as they lie: below declared folders, and no link is followed."""

from __future__ import annotations

import io
import os
import re
import stat
import zipfile
from contextlib import ExitStack
from pathlib import Path

from operations.errors import NoPageError, StoreError
from operations.home.audiences import ON_DESK
from operations.home.settings import Settings
from operations.releases.plain_files import LARGEST_FILE
from schemas.quarter import Quarter

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]*")
REPORTS = ("report.html", "report.csv", "report.xlsx")


def draft_file(settings: Settings, quarter: Quarter, version: int, path: str) -> bytes:
    """Read a file of the draft of a version; raises `StoreError` when it cannot be served."""
    return served(settings.home, f"drafts/{quarter.id}/v{version}", path)


def docs_file(settings: Settings, quarter: Quarter, path: str) -> bytes:
    """Read a file of a quarter's Data Docs; raises `StoreError` when it cannot be served."""
    return served(settings.home, f"data_docs/{quarter.id}", path)


def site_file(settings: Settings, path: str) -> bytes:
    """Read a file of what is public; raises `StoreError` when there is none that can be served."""
    if not settings.site.is_symlink():
        raise NoPageError("Nothing was published yet.")
    place = f"{path}index.html" if not path or path.endswith("/") else path
    return served(settings.home, str(settings.site.readlink()), place)


def report_file(settings: Settings, quarter: Quarter, submission_id: str, name: str) -> bytes:
    """Read the report on one pack; raises `StoreError` when there is none that can be read."""
    folder = settings.reports / quarter.id
    found = [p.name for p in folder.glob("*") if p.name.rpartition(".")[2] == submission_id]
    if name not in REPORTS or len(found) != 1:
        raise StoreError(
            f"There is no report on the pack {legible_id(submission_id)} of {quarter.label}. A "
            f"build writes one for each pack that it judges: ctw build {quarter.id}"
        )
    content = served(settings.home, f"landing/reports/{quarter.id}", f"{found[0]}/{name}")
    if not _is_whole(name, content):
        raise StoreError(
            f"The report on the pack {submission_id} of {quarter.label} is damaged: it is empty or "
            f"holds no text. Build again to write it anew: ctw build {quarter.id}"
        )
    return content


def _is_whole(name: str, content: bytes) -> bool:
    """Say whether a report is a workbook, or text, as its name says."""
    if name.endswith(".xlsx"):
        return zipfile.is_zipfile(io.BytesIO(content))
    try:
        return bool(content.decode("utf-8").strip())
    except UnicodeDecodeError:
        return False


def legible_id(submission_id: str) -> str:
    """Return the number of a pack when it has the form of one, else nothing of it."""
    return submission_id if re.fullmatch(r"[0-9a-f]{16}", submission_id) else "of that number"


def served(home: Path, folder: str, path: str) -> bytes:
    """Read a plain file below a folder that the desk may serve.

    Raises `StoreError` for any other folder, for a path that leaves it or goes through a link, and
    for what is no plain file of at most 64 MiB.
    """
    if not any(f"{folder}/".startswith(f"{name}/") for name in ON_DESK):
        raise StoreError("The desk does not show that.")
    parts = [*folder.split("/"), *path.split("/")]
    if not all(PLAIN.fullmatch(part) for part in parts):
        raise NoPageError("There is no such page on the desk.")
    try:
        return _read(home, parts)
    except OSError:
        raise StoreError(
            f"{folder}/ holds no plain file of that name. What is there is listed on the page of "
            "the quarter."
        ) from None


def _read(home: Path, parts: list[str]) -> bytes:
    """Read a file by going down one folder at a time, so that a link on the way is an error."""
    with ExitStack() as opened:
        place = _open(opened, str(home), FOLDER, None)
        for part in parts[:-1]:
            place = _open(opened, part, FOLDER, place)
        file = _open(opened, parts[-1], FILE, place)
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST_FILE:
            raise OSError
        with os.fdopen(os.dup(file), "rb") as content:
            return content.read(LARGEST_FILE)


def _open(opened: ExitStack, name: str, flags: int, place: int | None) -> int:
    handle = os.open(name, flags, dir_fd=place)
    opened.callback(os.close, handle)
    return handle
