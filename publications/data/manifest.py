"""The manifest: every file of a release with its hash, and the check that a folder is whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from publications.data.open_data import as_json
from publications.data.records import records
from publications.data.stated_words import stated_words
from publications.release.model import Release
from publications.wording.explanations import rehearsal, synthetic
from publications.wording.naming import CODES, series_title
from publications.words import Words

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
MEDIA_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".csv": "text/csv",
    ".json": "application/json",
    ".md": "text/markdown",
    ".ics": "text/calendar",
    ".svg": "image/svg+xml",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}
DESCRIBES = (
    ("-metadata.json", "description"),
    (CODES, "codes"),
    ("-table-", "data"),
    ("-returns.csv", "returns"),
    ("-revisions.csv", "revisions"),
    ("figures.json", "figures"),
    ("tables/", "tables"),
    ("charts/", "charts"),
    ("index.html", "bulletin"),
    ("methodology.html", "methodology"),
    ("quality.", "quality"),
    ("facts.json", "facts"),
    ("disclosure-control", "disclosure_control"),
    ("calendar", "calendar"),
    ("statistical-work-programme", "work_programme"),
    ("pre-release-access.html", "access"),
    ("accessibility.html", "accessibility"),
    ("", "any"),
)


def sealed(release: Release, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the manifest and the list of hashes of these files. Neither depends on the time."""
    manifest = as_json(_manifest(release, files))
    sums = {**{path: sha256(content) for path, content in files.items()}}
    sums[MANIFEST] = sha256(manifest)
    lines = "".join(f"{sums[path]}  {path}\n" for path in sorted(sums))
    return {MANIFEST: manifest, SUMS: lines.encode()}


def _manifest(release: Release, files: Mapping[str, bytes]) -> dict[str, Any]:
    said = rehearsal(release)
    return {
        **({"rehearsal": said} if said else {}),
        "release": f"connect-to-work-{release.quarter.id}",
        "title": series_title(release.quarter, release.words),
        "version": release.version,
        "designation": release.designation,
        "synthetic": synthetic(release),
        "release_at": release.release_at.isoformat(),
        "period": {
            "id": release.quarter.id,
            "label": release.quarter.label,
            "start": release.quarter.start.isoformat(),
            "end": release.quarter.end.isoformat(),
        },
        "next_release": release.next_release.isoformat() if release.next_release else None,
        "code_version": release.code_version,
        **stated_words(release.words),
        **records(release),
        "files": [
            {
                "path": path,
                "sha256": sha256(files[path]),
                "bytes": len(files[path]),
                "media_type": media_type(path),
                "describes": describes(path, release.words),
            }
            for path in sorted(files)
        ],
    }


def sha256(content: bytes) -> str:
    """Return the SHA-256 of some content in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def media_type(path: str) -> str:
    """Return the media type of a file by its suffix."""
    return MEDIA_TYPES.get(path[path.rfind(".") :], "application/octet-stream")


def describes(path: str, words: Words) -> str:
    """Say what a file is."""
    kind = next(kind for part, kind in DESCRIBES if part in path)
    return words.section("data.files")[kind]


def manifest_hash(files: Mapping[str, bytes]) -> str:
    """Return the hash that a sign-off names: that of the manifest, which holds all the others."""
    return sha256(files[MANIFEST])


def fingerprints(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the fingerprint of each protected population that these files were made from."""
    listed = json.loads(files[MANIFEST])["populations"]
    return {name: population["fingerprint"] for name, population in listed.items()}


def verify_folder(files: Mapping[str, bytes]) -> list[str]:
    """List what is wrong with a release folder, in plain English; empty when it is whole."""
    if MANIFEST not in files:
        return [f"{MANIFEST} is missing, so nothing can be checked. Build the release again."]
    try:
        listed = {_text(entry["path"]): entry for entry in json.loads(files[MANIFEST])["files"]}
        for entry in listed.values():
            _text(entry["sha256"]), _text(entry["describes"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return [f"{MANIFEST} cannot be read. Build the release again."]
    problems = [
        f"{path} is missing. It should hold {entry['describes']}."
        for path, entry in listed.items()
        if path not in files
    ]
    problems += [
        f"{path} was altered after the release was made: its content does not match the manifest."
        for path, entry in listed.items()
        if path in files and sha256(files[path]) != entry["sha256"]
    ]
    problems += [
        f"{path} is not part of the release. Remove it."
        for path in sorted(files.keys() - listed.keys() - {MANIFEST, SUMS})
    ]
    return problems + _sums(files, listed)


def _text(value: object) -> str:
    """Return a text of the manifest; raises `TypeError` for anything else."""
    if not isinstance(value, str):
        raise TypeError("a path, hash or description that is no text")
    return value


def _sums(files: Mapping[str, bytes], listed: Mapping[str, Any]) -> list[str]:
    if SUMS not in files:
        return [f"{SUMS} is missing. It should hold the hash of every file."]
    expected = {path: entry["sha256"] for path, entry in listed.items()}
    expected[MANIFEST] = sha256(files[MANIFEST])
    lines = "".join(f"{expected[path]}  {path}\n" for path in sorted(expected))
    if files[SUMS] != lines.encode():
        return [f"{SUMS} does not agree with the manifest. Build the release again."]
    return []
