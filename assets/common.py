"""What asset definitions share: owners, rooms, tags and the list of populations."""

from __future__ import annotations

import warnings
from typing import TypedDict

import dagster as dg

from assets.partitions import QUARTERLY
from assets.rehearsed import rehearsed
from publications.tables import TABLES, populations

TEAM = "connect-to-work-statistics"
# Owners of jobs and sensors are new in this Dagster, whose version the lock file holds. Its
# warnings would stand on the screen of everybody who builds.
warnings.filterwarnings("ignore", category=dg.BetaWarning, message=".*`owners`")
OWNERS = [f"team:{TEAM}"]
"""Who owns every asset, job and sensor."""
CONFIDENTIAL = {
    "returns": "yes",
    "warehouse": "yes",
    "statistics": "yes",
    "protected": "until-published",
    "publications": "until-published",
}
"""The rooms, which are the groups of assets, and whether what they hold is confidential."""
POPULATIONS = sorted(populations(TABLES), key=lambda population: population.relation)


class Common(TypedDict):
    """The arguments that every asset of a room has."""

    group_name: str
    owners: list[str]
    metadata: dict[str, str]
    partitions_def: dg.PartitionsDefinition[str]
    tags: dict[str, str]


def room(name: str, **tags: str) -> Common:
    """Return what every asset of a room is declared with; `tags` are added to those of the room.

    Raises `KeyError` for a room that is not declared in `CONFIDENTIAL`.
    """
    return Common(
        group_name=name,
        owners=OWNERS,
        metadata=rehearsed(),
        partitions_def=QUARTERLY,
        tags={"room": name, "confidential": CONFIDENTIAL[name], **tags},
    )
