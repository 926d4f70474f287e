"""What asset definitions share: owners, rooms, tags and the list of populations."""

from __future__ import annotations

from typing import TypedDict

import dagster as dg

from assets.partitions import QUARTERLY
from publications.tables import TABLES, populations

TEAM = "connect-to-work-statistics"
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
    partitions_def: dg.PartitionsDefinition[str]
    tags: dict[str, str]


def room(name: str, **tags: str) -> Common:
    """Return what every asset of a room is declared with; `tags` are added to those of the room.

    Raises `KeyError` for a room that is not declared in `CONFIDENTIAL`.
    """
    return Common(
        group_name=name,
        owners=[f"team:{TEAM}"],
        partitions_def=QUARTERLY,
        tags={"room": name, "confidential": CONFIDENTIAL[name], **tags},
    )
