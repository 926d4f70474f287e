-- One row per dated event of the packs that count, with the participant it happened to.
select
    events.event_id,
    events.episode_id,
    episodes.participant_id,
    episodes.delivery_area,
    quarters.quarter,
    events.event_type,
    events.event_date,
    events.employment_type,
    events.weekly_hours,
    events.hourly_pay,
    events.sector_sic_section,
    events.employer_size,
    events.evidence_type,
    events.cumulative_earnings,
    events.weeks_in_work,
    events.measure_type,
    events.attended
from events
join current_submissions on current_submissions.submission_id = events.submission_id
join episodes on episodes.episode_id = events.episode_id
join quarters on events.event_date between quarters.quarter_start and quarters.quarter_end
