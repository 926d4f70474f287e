"""The gate on all that follows from the data: it is written again and compared, byte for byte.

The open data, the manifest and the reports are what it is written from. The other gates read the
same files with code of their own, so that a fault of the writers is not simply repeated.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import zip_longest
from typing import Any

from publications.data.codes import described_codes
from publications.data.facts import facts_of
from publications.data.headed import headed
from publications.data.manifest import MANIFEST, SUMS
from publications.data.open_data import as_json, open_data
from publications.gates.expected import Expected
from publications.gates.limits import limits_of_use
from publications.gates.reading import Files, json_of
from publications.gates.unpacking import unpacked
from publications.pages.announcements import calendar, notices
from publications.pages.bulletin import bulletin
from publications.pages.charts import charts
from publications.pages.disclosure_control import report_of
from publications.pages.methodology import methodology_of
from publications.pages.quality import quality
from publications.pages.work_programme import work_programme
from publications.spreadsheet.ods import spreadsheet
from publications.wording.naming import CODES

WRITERS = (
    *(open_data, spreadsheet, charts, bulletin, quality),
    *(calendar, work_programme, notices),
)
COMPARED_ELSEWHERE = {MANIFEST, SUMS, CODES}
REPORT = "disclosure-control.json"
AS_MADE = (
    "Build the release again, or check it with the version of the code that its manifest names."
)
SHOWN = 60


def written_again(release: Expected, files: Files) -> list[str]:
    """Every file that follows from the data is byte for byte as it is written from them."""
    written = {**_of_figures(release), **_of_records(release, files)}
    again = headed(release, written)
    known = again.keys() | COMPARED_ELSEWHERE
    problems = [f"{path} is no file of a release." for path in sorted(files.keys() - known)]
    problems += [f"{path} is missing." for path in sorted(known - files.keys())]
    for path in sorted(again.keys() & files.keys()):
        problems += [f"{path}{said} {AS_MADE}" for said in _unlike(path, files[path], again[path])]
    return problems


@lru_cache(maxsize=2)
def _of_figures(release: Expected) -> Mapping[str, bytes]:
    """Write what follows from the open data and the facts beside it."""
    return {path: content for write in WRITERS for path, content in write(release).items()}


def _of_records(release: Expected, files: Files) -> Mapping[str, bytes]:
    """Write what follows from the records in the manifest and in the disclosure-control report."""
    records: Mapping[str, Any] = release.records or json_of(files, MANIFEST)
    record = {name: records[name] for name in records if name != "files"}
    populations = json_of(files, REPORT)["populations"]
    return _of_recorded(release, json.dumps(record), json.dumps(populations))


@lru_cache(maxsize=2)
def _of_recorded(release: Expected, records: str, populations: str) -> Mapping[str, bytes]:
    """Write what follows from records given as JSON; files of which none changed are written once.

    The list of the other files and their hashes is no part of these records.
    """
    record = json.loads(records)
    tried = list(release.words.listed("protection.attack.tried"))
    report = {"populations": json.loads(populations), "tried": tried}
    return {
        **methodology_of(release, record, report, limits_of_use(release)),
        **report_of(release, report),
        **facts_of(release.facts),
        f"{CODES}-metadata.json": as_json(described_codes(release)),
    }


def _unlike(path: str, found: bytes, expected: bytes) -> Iterator[str]:
    """Say where a file differs from the same file written again; a spreadsheet part by part."""
    if not path.endswith(".ods"):
        yield from _different("", found, expected)
        return
    parts, wanted = unpacked(found), unpacked(expected)
    if list(parts) != list(wanted):
        yield f" has other parts than {', '.join(wanted)}."
        return
    for name, content in wanted.items():
        yield from _different(f" ({name})", parts[name], content)


def _different(where: str, found: bytes, expected: bytes) -> Iterator[str]:
    """Say in which line and from which letter on a file differs, and what should stand there.

    What does stand there is not said, since it may be anything.
    """
    lines = zip_longest(found.split(b"\n"), expected.split(b"\n"))
    for number, (one, other) in enumerate(lines, start=1):
        if one != other:
            yield f"{where} differs from the data behind it in line {number}{_should(one, other)}."
            return


def _should(found: bytes | None, expected: bytes | None) -> str:
    if expected is None:
        return ", which should not be there"
    start = next(
        (i for i, (a, b) in enumerate(zip(found or b"", expected, strict=False)) if a != b),
        min(len(found or b""), len(expected)),
    )
    text = expected[max(0, start - SHOWN // 2) : start + SHOWN // 2].decode(errors="ignore")
    return f", which should read {text!r}" if text else ""
