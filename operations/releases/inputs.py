"""What changed of the inputs of a public version since it was built: packs, code, explanations."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from operations.errors import SignOffError
from operations.home.settings import Settings
from operations.landing.receive import unreceived
from operations.releases.corrections import newest_public
from operations.releases.explanations import explanations, lacking
from operations.releases.release_store import code_of, files_in, folder_of
from operations.stores.returns import known_submissions
from publications.data.published import Published
from schemas.quarter import Quarter
from schemas.texts import counted


def check_changed(settings: Settings, quarter: Quarter, folder: Path) -> list[str]:
    """Say what changed since the newest public version of a quarter was built, one line for each.

    `folder` is where packs are dropped. Raises `SignOffError` when no version is public, and when
    nothing changed: a build would come to the same files.
    """
    public = newest_public(settings, quarter)
    changed = changes(settings, quarter, public.version, folder)
    if not changed:
        raise SignOffError(
            f"Nothing that {public.label} was built from has changed: no return came since, the "
            "code is the same, and no explanation is new. Put the corrected pack into "
            f"{folder} first; a pack that an area sends again has the next number in its name."
        )
    return changed


def changes(settings: Settings, quarter: Quarter, version: int, folder: Path) -> list[str]:
    """Say what changed since a version was built, one line for each kind; nothing for no change."""
    place = folder_of(settings, quarter, version)
    dropped = unreceived(folder, settings.received, quarter)
    areas = _areas(settings, Published(quarter, version, files_in(place)))
    made_by, said = code_of(place), _explained(settings, quarter, version)
    lines = {
        f"{counted(dropped, 'pack is', 'packs are')} new in {folder}": dropped > 0,
        f"{counted(areas, 'area has', 'areas have')} another return that counts": areas > 0,
        f"code {settings.code_version} in place of {made_by}": made_by != settings.code_version,
        f"{counted(said, 'explanation is', 'explanations are')} new": said > 0,
    }
    return [line for line, holds in lines.items() if holds]


def _areas(settings: Settings, public: Published) -> int:
    """Count the areas whose return that counts is not the one that a version used."""
    used = public.returns_used
    now = _returns_now(settings, public.quarter)
    if used is None:
        return len(now)
    return sum(one != used.get(area, "") for area, one in now.items())


def _returns_now(settings: Settings, quarter: Quarter) -> dict[str, str]:
    """Return the return of each area that counts for a quarter by now, as releases name it."""
    of_area = pl.col("period_id").max().over("delivery_area_code")
    counting = (
        known_submissions(settings)
        .filter((pl.col("period_id") <= quarter.id) & pl.col("is_current"))
        .filter(pl.col("period_id") == of_area)
    )
    named = pl.format("{} v{}", "period_id", "submission_sequence")
    return dict(counting.select("delivery_area_code", named.alias("used")).iter_rows())


def _explained(settings: Settings, quarter: Quarter, version: int) -> int:
    """Count what has another explanation by now than a version shows."""
    held = explanations(settings, quarter)
    return sum(
        one.about in held and held[one.about].text != one.explanation
        for one in lacking(settings, quarter, version)
    )
