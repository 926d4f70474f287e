-- One row per lower or higher threshold outcome or job kept for four months; firsts are numbered 1.
select
    event_id,
    episode_id,
    participant_id,
    delivery_area,
    quarter,
    event_type,
    event_date,
    cumulative_earnings,
    weeks_in_work,
    row_number() over (
        partition by participant_id, event_type
        order by event_date, delivery_area, event_id
    ) as outcome_number
from current_events
where event_type in ('OUTCOME_LOWER', 'OUTCOME_HIGHER', 'RETENTION_4M')
