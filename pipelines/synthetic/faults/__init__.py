"""Faults of synthetic return packs: every rule broken by a declaration, and the truth about it."""

from pipelines.synthetic.faults.lists import NEVER, PACK_FAULTS, ROW_FAULTS
from pipelines.synthetic.faults.planting import HOW, RateError, check_rate, faulty_areas, plant
from pipelines.synthetic.faults.truth import (
    Planted,
    TruthError,
    TruthKind,
    read_truth,
    truth_of,
    with_world,
    write_truth,
)

__all__ = [
    "HOW",
    "NEVER",
    "PACK_FAULTS",
    "ROW_FAULTS",
    "TruthKind",
    "Planted",
    "RateError",
    "TruthError",
    "check_rate",
    "faulty_areas",
    "plant",
    "read_truth",
    "truth_of",
    "with_world",
    "write_truth",
]
