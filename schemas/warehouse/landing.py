"""What the warehouse is made from: the tables of the returns room and of the reference data."""

from __future__ import annotations

from schemas.returns import judged_columns
from schemas.warehouse.column_list import columns
from schemas.warehouse.shape import Relation, RelationColumn

_GRAINS = {
    "submissions": "One row per submission: a pack received once.",
    "participants": "One row per submission and episode of a participant.",
    "events": "One row per submission and dated event.",
    "aggregate": "One row per submission, measure, breakdown and quarter end.",
    "organisations": "One row per submission and organisation that delivers or is paid.",
    "findings": "One row per submission and finding.",
    "quarantine": "One row per submission and row that was not accepted.",
}

RETURNS: tuple[Relation, ...] = tuple(
    Relation(
        name,
        "returns",
        _GRAINS[name],
        tuple(RelationColumn(c.name, c.sql_type, c.comment) for c in landed),
    )
    for name, landed in judged_columns().items()
)

TRANSITIONS = Relation(
    "transitions",
    "returns",
    "One row per submission and change of its status.",
    (
        RelationColumn("submission_id", "VARCHAR", "The submission: one pack received once"),
        RelationColumn("number", "BIGINT", "1 for the first status, then 2, 3"),
        RelationColumn("before", "VARCHAR", "The status until then; null for the first"),
        RelationColumn("after", "VARCHAR", "The status from then on"),
        RelationColumn("changed_at", "TIMESTAMP WITH TIME ZONE", "When it was judged so"),
    ),
)

ROTATIONS = Relation(
    "rotations",
    "returns",
    "One row per rotation of the pseudonym key.",
    (
        RelationColumn("fingerprint", "VARCHAR", "Of the key that pseudonyms are under since then"),
        RelationColumn(
            "rotated_at", "TIMESTAMP WITH TIME ZONE", "When the rows were brought under it"
        ),
        RelationColumn("name", "VARCHAR", "Who did it"),
        RelationColumn("role", "VARCHAR", "In which role"),
    ),
)
RECORD_KEYS = Relation(
    "record_keys",
    "returns",
    "One row per person or episode that had another pseudonym when it was first counted.",
    (
        RelationColumn("name", "VARCHAR", "Which pseudonym it is: episode_id or person_id"),
        RelationColumn("pseudonym", "VARCHAR", "The pseudonym of today"),
        RelationColumn("record_key", "BIGINT", "The number that the noise of figures is made from"),
    ),
)
KEPT = (TRANSITIONS, ROTATIONS, RECORD_KEYS)
"""What a home keeps of its returns beside what was judged."""


def _reference(name: str, grain: str, names: str) -> Relation:
    return Relation(name, "reference", grain, columns(names))


REFERENCE: tuple[Relation, ...] = (
    _reference(
        "quarters",
        "One row per quarter from the start of the programme to its last planned start.",
        "quarter quarter_label financial_year quarter_number quarter_start quarter_end "
        "is_of_programme",
    ),
    _reference(
        "releases",
        "One row per quarter with a release in the calendar.",
        "quarter returns_due returns_lock release_date state",
    ),
    _reference(
        "codes",
        "One row per code list and code.",
        "code_list code label parent is_leaf valid_from valid_to",
    ),
    _reference(
        "regions",
        "One row per region, Wales included.",
        "region region_name nation valid_from valid_to",
    ),
    _reference(
        "delivery_areas",
        "One row per delivery area and span of validity.",
        "delivery_area delivery_area_name nation region accountable_body funding_route "
        "funding_announced valid_from valid_to",
    ),
    _reference(
        "local_authorities",
        "One row per lower-tier or unitary authority and span of validity.",
        "la_code la_name upper_tier_code region delivery_area valid_from valid_to",
    ),
    _reference(
        "retired_authorities",
        "One row per retired authority code and successor.",
        "old_code old_name new_code effective_date",
    ),
    _reference(
        "rollout_register",
        "One row per delivery area and span of validity of the register.",
        "delivery_area funding_announced_on opened_on open_mark planned_participants "
        "planned_mark valid_from valid_to",
    ),
    _reference(
        "profiles",
        "One row per delivery area, quarter and span of validity of a profile of starts.",
        "delivery_area quarter planned_starts mark valid_from valid_to",
    ),
    _reference(
        "rules",
        "One row per rule of the catalogue.",
        "rule_id file field category severity message",
    ),
)
