-- One row per episode and quarter, from its referral to the last quarter its area reported.
with reached as (
    select
        episode_id,
        min(event_date) filter (where event_type = 'JOB_START') as first_job_date,
        min(event_date) filter (where event_type = 'OUTCOME_LOWER') as first_lower_date,
        min(event_date) filter (where event_type = 'OUTCOME_HIGHER') as first_higher_date
    from current_events
    group by episode_id
)
select
    episodes.episode_id,
    episodes.participant_id,
    episodes.delivery_area,
    dim_period.quarter,
    episodes.start_date,
    episodes.referral_quarter = dim_period.quarter as is_referred_in_quarter,
    coalesce(episodes.start_quarter = dim_period.quarter, false) as is_started_in_quarter,
    coalesce(episodes.start_date <= dim_period.quarter_end, false) as is_started,
    coalesce(episodes.end_date <= dim_period.quarter_end, false) as is_ended,
    coalesce(
        episodes.start_date <= dim_period.quarter_end
        and coalesce(episodes.end_date > dim_period.quarter_end, true),
        false
    ) as is_in_support,
    coalesce(reached.first_job_date <= dim_period.quarter_end, false) as has_job_start,
    coalesce(reached.first_lower_date <= dim_period.quarter_end, false) as has_lower_outcome,
    coalesce(reached.first_higher_date <= dim_period.quarter_end, false) as has_higher_outcome
from episodes
join dim_period
    on dim_period.quarter between episodes.referral_quarter and episodes.reported_quarter
left join reached on reached.episode_id = episodes.episode_id
