-- One row per dated event of the packs that count, with the participant it happened to.
-- An event counts no earlier than the quarter in which its episode counts as started.
select
    events.event_id,
    events.episode_id,
    episodes.participant_id,
    episodes.delivery_area,
    greatest(quarters.quarter, episodes.start_quarter, episodes.referral_quarter) as quarter,
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
left join quarters
    on events.event_date between quarters.quarter_start and quarters.quarter_end
