"""Statements at the head of every record: it is of a rehearsal, its data are synthetic."""

from __future__ import annotations

import json
from collections.abc import Mapping

from publications.data.open_data import as_json
from publications.release.public import PublicRelease
from publications.wording.explanations import statements

DESCRIPTION = "-metadata.json"
"""The end of the path of a description, which has the statements among its notes."""


def headed(release: PublicRelease, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Copy the files of a release with its statements as the first keys of every JSON object.

    A key that an object has already stays as it is; other files do too.
    """
    said = statements(release)
    return {
        path: _headed(content, said) if said and _is_record(path) else content
        for path, content in files.items()
    }


def _is_record(path: str) -> bool:
    return path.endswith(".json") and not path.endswith(DESCRIPTION)


def _headed(record: bytes, said: Mapping[str, str]) -> bytes:
    content = json.loads(record)
    return as_json({name: said[name] for name in said if name not in content} | content)
