"""The Dagster definitions: every asset, check, job and sensor of the system."""

from __future__ import annotations

import dagster as dg

from assets import (
    attack,
    correct,
    explain,
    feedback,
    known_wrong,
    protected,
    publications,
    reconciliation,
    reminder,
    returns,
    sign_off,
    statistics,
    treat,
    waive,
    warehouse,
)
from assets.executor import in_turn
from assets.io import ConfidentialStore, EditionStore, FileStore, ProtectedStore
from assets.jobs import JOBS
from assets.rehearsed import rehearsed
from assets.sensors import SENSORS

ROOMS = (
    returns,
    reminder,
    waive,
    warehouse,
    reconciliation,
    statistics,
    protected,
    attack,
    publications,
    explain,
    treat,
    correct,
    known_wrong,
    sign_off,
    feedback,
)

defs = dg.Definitions(
    assets=[asset for room in ROOMS for asset in room.ASSETS],
    asset_checks=[check for room in ROOMS for check in getattr(room, "CHECKS", [])],
    jobs=JOBS,
    sensors=SENSORS,
    resources={
        "confidential_store": ConfidentialStore(),
        "protected_store": ProtectedStore(),
        "file_store": FileStore(),
        "edition_store": EditionStore(),
    },
    executor=in_turn,
    metadata=rehearsed(),
)
