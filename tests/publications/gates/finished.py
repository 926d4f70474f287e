"""A finished release before one gate: what the gate says of files of which one place was edited."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from publications.gates.expected import expected_of
from publications.gates.screener import GATES, screened


def problems_of(gate, release, files) -> list[str]:
    """What a gate says of the files, as the screen and the command show it."""
    return screened(expected_of(release), files, {gate: GATES[gate]})[gate]


def with_text(files, path, old, new):
    """The files with the first such text of one of them replaced."""
    content = files[path].decode()
    assert old in content, f"{old} is not in {path}"
    return {**files, path: content.replace(old, new, 1).encode()}


def with_json(files, path, edit: Callable[[Any], object]):
    """The files with one JSON document edited in place."""
    document = json.loads(files[path])
    edit(document)
    return {**files, path: json.dumps(document).encode()}
