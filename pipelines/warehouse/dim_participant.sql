-- One row per episode and span of time in which its attributes were reported unchanged.
-- Known from the receipt of the first submission that said so until the receipt of the next that
-- said otherwise or left the episode out; known_to is null while it is still said.
with counted as (
    select
        submission_id,
        delivery_area,
        known_from,
        known_to,
        row_number() over (
            partition by delivery_area order by known_from, quarter, submission_sequence
        ) as nth
    from dim_submission
    where known_from is not null
),
reported as (
    select
        submission_id,
        episode_id,
        hash(*columns(lambda name: name in $participant_attributes)) as attributes
    from participants
),
compared as (
    select
        reported.submission_id,
        reported.episode_id,
        counted.delivery_area,
        counted.known_from,
        counted.known_to,
        counted.nth,
        reported.attributes is distinct from lag(reported.attributes) over in_time
            or counted.nth is distinct from lag(counted.nth) over in_time + 1 as is_first,
        lead(counted.nth) over in_time is distinct from counted.nth + 1
            or lead(reported.attributes) over in_time is distinct from reported.attributes
            as is_last
    from reported
    join counted on counted.submission_id = reported.submission_id
    window in_time as (partition by reported.episode_id order by counted.nth)
),
-- The first and the last report of every span: one row when the span is one report long.
ends as (
    select
        compared.*,
        count(*) filter (where is_first) over in_time as participant_version,
        case when is_last then known_to else lead(known_to) over in_time end as superseded_at
    from compared
    where is_first or is_last
    window in_time as (partition by episode_id order by nth)
)
select
    participants.* exclude (
        submission_id, delivery_area_code, period_id, submission_sequence, row_number, number_id,
        birth_id
    ),
    ends.delivery_area,
    ends.known_from,
    ends.participant_version,
    ends.superseded_at as known_to,
    ends.superseded_at is null as is_current
from ends
join participants
    on participants.submission_id = ends.submission_id
    and participants.episode_id = ends.episode_id
where ends.is_first
