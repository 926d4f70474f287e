-- One row per support measure offered to a participant.
select
    event_id,
    episode_id,
    participant_id,
    delivery_area,
    quarter,
    event_date,
    measure_type,
    attended
from current_events
where event_type = 'SUPPORT_MEASURE'
