"""All faults that are planted, and the rules that no pack can break."""

from __future__ import annotations

from pipelines.synthetic.faults.declared import PlantedPackFault, RowFault, SendingWay
from pipelines.synthetic.faults.of_containers import CONTAINER_FAULTS
from pipelines.synthetic.faults.of_events import EVENT_FAULTS
from pipelines.synthetic.faults.of_figures import FIGURE_FAULTS
from pipelines.synthetic.faults.of_files import FILE_FAULTS
from pipelines.synthetic.faults.of_history import HISTORY_FAULTS
from pipelines.synthetic.faults.of_manifests import manifest_faults
from pipelines.synthetic.faults.of_participants import PARTICIPANT_FAULTS
from pipelines.synthetic.faults.of_workbooks import WORKBOOK_FAULTS

# The rules that are never planted, and why a pack alone cannot break them.
NEVER = {
    "pack.pack_is_new": "The same files under the same name are known at the door, which receives "
    "them once; under another name their manifest does not agree with it.",
    "pack.pack_can_be_judged": "It is found when our own program fails on a pack. A pack that "
    "makes it fail is a fault of ours, to be mended and not to be planted.",
    "pack.pack_is_as_received": "It is found when a pack was changed in landing after its receipt. "
    "Nothing that an area sends does that.",
}
ROW_FAULTS: tuple[RowFault, ...] = (*PARTICIPANT_FAULTS, *EVENT_FAULTS, *FIGURE_FAULTS)
PACK_FAULTS: tuple[PlantedPackFault, ...] = (
    *manifest_faults(),
    *FILE_FAULTS,
    *CONTAINER_FAULTS,
    *WORKBOOK_FAULTS,
    *HISTORY_FAULTS,
)
# A rejected participant is planted often, and this is found on each of its events.
LEFT_OUT = "events.episode_was_accepted"


def sent(way: SendingWay) -> tuple[RowFault, ...]:
    """Return the faults of rows that are sent in one of the ways."""
    return tuple(fault for fault in ROW_FAULTS if fault.way is way)
