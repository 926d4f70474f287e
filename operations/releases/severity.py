"""Whether a version changes no more than the severity of its correction allows."""

from __future__ import annotations

from operations.errors import SignOffError
from operations.home.settings import Settings
from operations.releases.corrections import correction_of
from operations.releases.release_store import files_in, folder_of
from publications.pages.effects import Pages, bulletin_changed
from schemas.quarter import Quarter
from schemas.severity import MAJOR, severity_named

SHOWN = 5


def check_severity(settings: Settings, quarter: Quarter, version: int) -> None:
    """Raise `SignOffError` when a correction changes sentences and its severity allows none."""
    asked = correction_of(settings, quarter, version)
    severity = severity_named(asked.severity) if asked else None
    if asked is None or severity is None or severity.may_change_sentences:
        return
    old, new = (
        Pages(files_in(folder_of(settings, quarter, one))) for one in (asked.replaces, version)
    )
    changed = bulletin_changed(old, new)
    if changed:
        shown = " ".join(f'"{text}"' for text in changed[:SHOWN])
        more = f" and {len(changed) - SHOWN} more" if len(changed) > SHOWN else ""
        raise SignOffError(
            f"{quarter.label} v{version} may not go out as a {severity.name} correction of "
            f"v{asked.replaces}, since then {severity.when}. It changes what the bulletin says: "
            f"{shown}{more}. Ask for it again: ctw correct {quarter.id} --severity {MAJOR.name}"
        )
