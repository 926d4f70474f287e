"""The release folder: one function a kind of file, and all of them together."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from publications.announcements import calendar, notices
from publications.bulletin import bulletin
from publications.charts import charts
from publications.disclosure_control import disclosure_control
from publications.errors import IntegrityError
from publications.facts import facts
from publications.manifest import sealed
from publications.methodology import methodology
from publications.model import Release
from publications.naming import workbook_path
from publications.ods import write_ods
from publications.open_data import open_data
from publications.quality import quality
from publications.work_programme import work_programme
from publications.workbook import workbook

Part = Callable[[Release], dict[str, bytes]]


def spreadsheet(release: Release) -> dict[str, bytes]:
    """Write all tables as one accessible spreadsheet."""
    return {workbook_path(release.quarter): write_ods(workbook(release))}


PARTS: Mapping[str, Part] = {
    "spreadsheet": spreadsheet,
    "open_data": open_data,
    "charts": charts,
    "bulletin": bulletin,
    "facts": facts,
    "methodology": methodology,
    "quality": quality,
    "disclosure_control": disclosure_control,
    "calendar": calendar,
    "work_programme": work_programme,
    "notices": notices,
}


def render(release: Release) -> dict[str, bytes]:
    """Write every file of a release: path and content, in the order of the paths."""
    return assemble(release, [part(release) for part in PARTS.values()])


def assemble(release: Release, parts: list[dict[str, bytes]]) -> dict[str, bytes]:
    """Put parts together and seal them with the manifest; no two parts may write one path."""
    files: dict[str, bytes] = {}
    for part in parts:
        twice = files.keys() & part.keys()
        if twice:
            raise IntegrityError(f"Two parts of the release write {', '.join(sorted(twice))}.")
        files |= part
    files |= sealed(release, files)
    return dict(sorted(files.items()))


__all__ = [
    "PARTS",
    "Part",
    "assemble",
    "bulletin",
    "calendar",
    "charts",
    "disclosure_control",
    "facts",
    "methodology",
    "notices",
    "open_data",
    "quality",
    "render",
    "spreadsheet",
    "work_programme",
]
