"""Gates on the manifest, the list of facts and the descriptions of the data files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from publications.data.manifest import describes, media_type
from publications.data.open_data import as_json
from publications.data.stated_words import stated_words
from publications.gates.agreement import unbound, unlike
from publications.gates.expected import Expected
from publications.gates.reading import Files, json_of, leaves, lines_of
from publications.gates.shape import misshapen
from publications.gates.shapes import MANIFEST_SHAPE
from publications.views.layout import Layout
from publications.wording.explanations import rehearsal, synthetic
from publications.wording.naming import series_title
from publications.words import Words

DESCRIPTION = "-metadata.json"
FREE = ("/@context", "/dc:license", "/dialect")


def same_as_release(release: Expected, files: Files) -> list[str]:
    """Every entry of the manifest and of the list of facts is that of the release."""
    manifest = json_of(files, "manifest.json")
    stated = stated_words(release.words)
    rest = {name: part for name, part in manifest.items() if name not in stated}
    wrong = list(misshapen(rest, MANIFEST_SHAPE))
    if as_json(manifest) != files["manifest.json"]:
        wrong.append("it is not written as a release writes it: a key may stand there twice.")
    if wrong:
        return [f"manifest.json: {problem}" for problem in wrong]
    quarter, next_day = release.quarter, release.next_release
    expected = {
        "/release": f"connect-to-work-{quarter.id}",
        "/title": series_title(release.quarter, release.words),
        "/version": release.version,
        "/designation": release.words.say("release.designation"),
        "/synthetic": synthetic(release),
        "/rehearsal": rehearsal(release),
        "/release_at": release.release_at.isoformat(),
        "/period/id": quarter.id,
        "/period/label": quarter.label,
        "/period/start": quarter.start.isoformat(),
        "/period/end": quarter.end.isoformat(),
        "/next_release": next_day.isoformat() if next_day else None,
        "/code_version": release.code_version,
    }
    problems = unlike("manifest.json", dict(leaves(manifest)), expected)
    if any(manifest.get(name) != part for name, part in stated.items()):
        problems.append("manifest.json: the words are not those of its language. Build it again.")
    problems += _recorded(manifest, release.records)
    problems += _listed(manifest["files"], files, release.words)
    problems += _totals(manifest["tables"], release.layouts)
    problems += _periods(manifest["tables"])
    listed = {fact["text"]: fact["source"] for fact in json_of(files, "facts.json")["facts"]}
    if listed != release.facts:
        problems.append("facts.json does not state the facts of this release. Build it again.")
    return problems


def _recorded(manifest: Mapping[str, Any], records: Mapping[str, Any]) -> Iterator[str]:
    """Compare policies, populations and tables with those of the release, value by value."""
    found = dict(leaves({name: manifest[name] for name in records}))
    expected = dict(leaves(json.loads(as_json(records))))
    yield from unlike("manifest.json", found, expected)
    if found.keys() - expected.keys():
        yield "manifest.json: it has more entries than the release."


def _listed(entries: Sequence[Mapping[str, Any]], files: Files, words: Words) -> Iterator[str]:
    """Compare what the manifest says of each file with the file."""
    paths = [entry["path"] for entry in entries]
    if paths != sorted(set(paths)):
        yield "manifest.json: the files are not listed once each, in the order of their paths."
    for entry in entries:
        path = entry["path"]
        expected = {
            "bytes": len(files.get(path, b"")),
            "media_type": media_type(path),
            "describes": describes(path, words),
        }
        yield from unlike(f"manifest.json, {path}", entry, expected)


def _periods(entries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Name the tables that are said to show the latest quarter and show no quarters."""
    for entry in entries:
        shows = any(dimension["source"] == "quarters" for dimension in entry["dimensions"])
        if entry["is_latest"] and not shows:
            yield (
                f"manifest.json: table {entry['number']} is said to be of the latest quarter, "
                "and has no quarters. Build the release again."
            )


def _totals(entries: Sequence[Mapping[str, Any]], laid_out: Sequence[Layout]) -> Iterator[str]:
    """Compare the label of each total with the map of codes."""
    for entry, layout in zip(entries, laid_out, strict=True):
        for dimension, axis in zip(entry["dimensions"], layout.axes, strict=True):
            expected = {"total": axis.codes.labels[axis.root]}
            yield from unlike(f"manifest.json, {entry['id']}, {axis.name}", dimension, expected)


def same_in_descriptions(release: Expected, files: Files) -> list[str]:
    """Every description of a data file states its columns, the planned release, no other number."""
    problems: list[str] = []
    facts = release.facts
    for path in files:
        data = path.removesuffix(DESCRIPTION)
        if data == path:
            continue
        found = dict(leaves(json_of(files, path)))
        expected = {
            "/url": data.rpartition("/")[2],
            "/dc:available/@value": release.release_at.isoformat(),
        }
        problems += unlike(path, found, expected)
        described = json_of(files, path)["tableSchema"]["columns"]
        columns = [column["name"] for column in described]
        free = [name for name in found if name.startswith(FREE)]
        problems += unbound(path, found, [*expected, *free], {*facts, *columns})
        if data not in files or not _are_headings(described, lines_of(files, data)[0]):
            problems.append(f"{path}: the columns are not those of {data}.")
    return problems


def _are_headings(columns: Sequence[Mapping[str, Any]], headings: Sequence[str]) -> bool:
    """Whether columns are described in the order of the headings, by their name or by a title."""
    named = [{column["name"], *sum(column["titles"].values(), [])} for column in columns]
    return len(named) == len(headings) and all(map(set.__contains__, named, headings))
