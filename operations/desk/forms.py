"""Which forms of Dagster fit the state of a quarter, and what is filled in there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from operations.desk.front import Line
from operations.desk.outlook import Form, FormPage
from operations.desk.version import Version
from schemas.quarter import not_yet_made


def forms_on(
    line: Line, version: Version | None, page_of: FormPage, day: date
) -> list[tuple[Form, str]]:
    """Return each form that fits the state of a quarter on a day, and its address.

    A quarter that is not over, or not of the programme, has none: every job refuses it.
    """
    if not_yet_made(line.quarter, day):
        return []
    wanted = _wanted(line, version) if version is None or version.is_newest else ()
    return [(form, page_of(form, line.quarter, given)) for form, given in wanted]


def _wanted(line: Line, version: Version | None) -> Iterator[tuple[Form, dict[str, Any]]]:
    if version is not None and version.overtaken:
        return
    yield "build", {}
    if version is not None and version.published:
        yield "correct", {}
        yield "known-wrong", {}
        return
    yield "explain", {}
    if line.count("missing", "rejected"):
        yield "treat", {}
    if line.questions:
        yield "waive", {}
    if version is not None and not version.is_trial:
        yield "sign-off", {"manifest": version.manifest[:16]}
        if version.approvals:
            yield "publish", {"version": version.number}
    if version is not None and version.waiting:
        yield "publish", {"version": version.waiting}
