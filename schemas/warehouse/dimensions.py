"""Dimensions: what facts are about, with their history."""

from __future__ import annotations

from schemas.warehouse.declare import ATTRIBUTES, code_dimension, dimension

DIMENSIONS = (
    dimension(
        "period",
        "One row per quarter from the start of the programme to the reference quarter.",
        "quarter",
        "quarter quarter_label financial_year quarter_number quarter_start quarter_end "
        "returns_due returns_lock release_date is_reference_quarter",
    ),
    dimension(
        "region",
        "One row per region of England and, for Wales, the nation, as valid on the last day of "
        "the quarter.",
        "region",
        "region region_name nation",
    ),
    dimension(
        "delivery_area",
        "One row per delivery area and span of validity, with its nation and best-fit region.",
        "delivery_area valid_from",
        "delivery_area delivery_area_name nation region accountable_body funding_route opened_on "
        "valid_from valid_to is_current",
    ),
    dimension(
        "la",
        "One row per local authority code and successor: current codes, and retired ones until "
        "they ended.",
        "la_code successor_code",
        "la_code la_name upper_tier_code region delivery_area successor_code valid_from valid_to",
        open="successor_code",
    ),
    dimension(
        "submission",
        "One row per submission of a period up to the quarter, with the span of time in which it "
        "counted.",
        "submission_id",
        "submission_id delivery_area quarter submission_sequence template_version status "
        "is_accepted received_at prepared_at rows_received rows_accepted rows_rejected queries "
        "synthetic known_from known_to is_current",
    ),
    dimension(
        "participant",
        "One row per episode and span of time in which its attributes were reported unchanged.",
        "episode_id participant_version",
        " ".join(ATTRIBUTES) + " delivery_area known_from participant_version known_to is_current",
        required="delivery_area known_from",
    ),
    dimension(
        "provider",
        "One row per organisation that delivers or is paid in a delivery area, from the packs "
        "that count.",
        "delivery_area delivery_org_code",
        "contributor delivery_area delivery_org_code national_identifier organisation_kind "
        "contributor_is_public",
    ),
    dimension(
        "rule",
        "One row per rule of the return, as the catalogue stands.",
        "rule_id",
        "rule_id file field category severity message",
    ),
    dimension(
        "age_band",
        "One row per age band, with its youngest and oldest age in whole years; the last has no "
        "oldest.",
        "age_band",
        "age_band label age_from age_to",
    ),
    code_dimension("model", "model", "support model"),
    code_dimension("referral_route", "referral_route", "referral route"),
    code_dimension("setting_type", "setting_type", "type of health setting"),
    code_dimension("condition", "condition", "health condition"),
    code_dimension("measure_type", "measure_type", "support measure"),
    code_dimension("end_reason", "end_reason", "reason of ending"),
    code_dimension("group", "disadvantaged_group", "specified disadvantaged group"),
)
