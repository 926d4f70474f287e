"""Gates on the manifest, the list of facts and the descriptions of the data files."""

from __future__ import annotations

from publications.gates.agreement import unbound, unlike
from publications.gates.expected import Expected
from publications.gates.reading import Files, json_of, leaves, lines_of
from publications.wording.naming import series_title

DESCRIPTION = "-metadata.json"
FREE = ("/@context", "/dc:license", "/dialect")


def same_as_release(release: Expected, files: Files) -> list[str]:
    """Every entry of the manifest and of the list of facts is that of the release."""
    manifest = json_of(files, "manifest.json")
    quarter, next_day = release.quarter, release.next_release
    expected = {
        "/release": f"connect-to-work-{quarter.id}",
        "/title": series_title(release.quarter, release.words),
        "/version": release.version,
        "/designation": release.designation,
        "/release_at": release.release_at.isoformat(),
        "/period/id": quarter.id,
        "/period/label": quarter.label,
        "/period/start": quarter.start.isoformat(),
        "/period/end": quarter.end.isoformat(),
        "/next_release": next_day.isoformat() if next_day else None,
        "/code_version": release.code_version,
    }
    problems = unlike("manifest.json", dict(leaves(manifest)), expected)
    problems += unlike("manifest.json", manifest, release.records)
    problems += [
        f"manifest.json: {entry['path']} has not {entry['bytes']} bytes."
        for entry in manifest["files"]
        if len(files.get(entry["path"], b"")) != entry["bytes"]
    ]
    listed = {fact["text"]: fact["source"] for fact in json_of(files, "facts.json")["facts"]}
    if listed != release.facts:
        problems.append("facts.json does not state the facts of this release. Build it again.")
    return problems


def same_in_descriptions(release: Expected, files: Files) -> list[str]:
    """Every description of a data file states its columns, the planned release, no other number."""
    problems: list[str] = []
    facts = release.facts
    for path in files:
        data = path.removesuffix(DESCRIPTION)
        if data == path:
            continue
        said = dict(leaves(json_of(files, path)))
        expected = {
            "/url": data.rpartition("/")[2],
            "/dc:available/@value": release.release_at.isoformat(),
        }
        problems += unlike(path, said, expected)
        columns = [column["name"] for column in json_of(files, path)["tableSchema"]["columns"]]
        free = [name for name in said if name.startswith(FREE)]
        problems += unbound(path, said, [*expected, *free], {*facts, *columns})
        if data not in files or columns != lines_of(files, data)[0]:
            problems.append(f"{path}: the columns are not those of {data}.")
    return problems
