"""The release folder: one function per kind of file, and all of them together."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from publications.data.codes import codes
from publications.data.facts import facts
from publications.data.headed import headed
from publications.data.manifest import sealed
from publications.data.open_data import open_data
from publications.errors import IntegrityError
from publications.pages.announcements import calendar, notices
from publications.pages.bulletin import bulletin
from publications.pages.charts import charts
from publications.pages.cited import check_words
from publications.pages.disclosure_control import disclosure_control
from publications.pages.methodology import methodology
from publications.pages.quality import quality
from publications.pages.work_programme import work_programme
from publications.release.model import Release
from publications.spreadsheet.ods import spreadsheet
from publications.tables import TABLES

Part = Callable[[Release], dict[str, bytes]]

check_words(TABLES)


PARTS: Mapping[str, Part] = {
    "spreadsheet": spreadsheet,
    "open_data": open_data,
    "codes": codes,
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
    """Put parts together and seal them with the manifest; no two parts may write one path.

    Raises `IntegrityError` when two do, and for anything that is not a `Release`.
    """
    if type(release) is not Release:
        raise IntegrityError(f"A {type(release).__name__} is no Release, so nothing is written.")
    files: dict[str, bytes] = {}
    for part in parts:
        twice = files.keys() & part.keys()
        if twice:
            raise IntegrityError(f"Two parts of the release write {', '.join(sorted(twice))}.")
        files |= part
    files = headed(release, files)
    files |= sealed(release, files)
    return dict(sorted(files.items()))


__all__ = [
    "PARTS",
    "Part",
    "assemble",
    "bulletin",
    "calendar",
    "charts",
    "codes",
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
