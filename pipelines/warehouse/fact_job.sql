-- One row per job start, with the end of that job where one was reported before the next job.
-- A job with fewer usual hours than count as a job start has no number.
with jobs as (
    select
        event_id,
        event_type,
        event_date,
        lead(event_type) over (
            partition by episode_id order by event_date, event_type, event_id
        ) as next_type,
        lead(event_date) over (
            partition by episode_id order by event_date, event_type, event_id
        ) as next_date
    from current_events
    where event_type in ('JOB_START', 'JOB_END')
)
select
    current_events.event_id,
    current_events.episode_id,
    current_events.participant_id,
    current_events.delivery_area,
    current_events.quarter,
    current_events.event_date as job_start_date,
    case when jobs.next_type = 'JOB_END' then jobs.next_date end as job_end_date,
    current_events.employment_type,
    current_events.weekly_hours,
    current_events.hourly_pay,
    current_events.sector_sic_section,
    current_events.employer_size,
    current_events.evidence_type,
    case
        when current_events.weekly_hours >= $job_start_hours then row_number() over (
            partition by
                current_events.participant_id,
                current_events.weekly_hours >= $job_start_hours
            order by
                current_events.event_date, current_events.delivery_area, current_events.event_id
        )
    end as job_number
from current_events
join jobs on jobs.event_id = current_events.event_id
where current_events.event_type = 'JOB_START'
