"""Steps: relations that others are made from."""

from __future__ import annotations

from schemas.warehouse.declare import CHARACTERISTICS, step

STEPS = (
    step(
        "current_submissions",
        "One row per delivery area with an accepted return: the submission that counts for the "
        "quarter.",
        "delivery_area",
        "delivery_area submission_id quarter submission_sequence received_at",
    ),
    step(
        "episodes",
        "One row per episode of the packs that count, with the quarters of referral, start and "
        "end.",
        "episode_id",
        "episode_id participant_id delivery_area episode_no referral_date start_date end_date "
        "referral_quarter start_quarter end_quarter reported_quarter specialist_id",
        required="participant_id delivery_area referral_quarter",
    ),
    step(
        "characteristics",
        "One row per episode of the packs that count: its coded characteristics, 'NS' where not "
        "stated.",
        "episode_id",
        CHARACTERISTICS,
    ),
    step(
        "current_events",
        "One row per dated event of the packs that count, with the participant it happened to.",
        "event_id",
        "event_id episode_id participant_id delivery_area quarter event_type event_date "
        "employment_type weekly_hours hourly_pay sector_sic_section employer_size evidence_type "
        "cumulative_earnings weeks_in_work measure_type attended",
        required="episode_id participant_id delivery_area quarter",
    ),
    step(
        "current_aggregates",
        "One row per measure, breakdown and quarter end of the packs that count, up to the "
        "quarter.",
        "delivery_area quarter measure_code breakdown_1_value breakdown_2_value breakdown_3_value",
        "delivery_area quarter measure_code breakdown_1_value breakdown_2_value "
        "breakdown_3_value value unit",
        open="breakdown_1_value breakdown_2_value breakdown_3_value",
    ),
    step(
        "ever_given",
        "One row per delivery area, measure and first two breakdowns that any accepted return "
        "gave.",
        "delivery_area measure_code breakdown_1_value breakdown_2_value",
        "delivery_area measure_code breakdown_1_value breakdown_2_value first_quarter last_quarter",
        required="first_quarter last_quarter",
        open="breakdown_1_value breakdown_2_value",
    ),
    step(
        "unreported",
        "One row per delivery area, quarter, measure and category that the pack that counts lacks.",
        "delivery_area quarter measure_code setting_type funding_category",
        "delivery_area quarter measure_code setting_type funding_category",
        open="setting_type funding_category",
    ),
)
