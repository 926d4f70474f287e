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
        participants.* exclude (delivery_area_code, period_id, submission_sequence, row_number),
        row(*columns(lambda name: name in $participant_attributes)) as attributes
    from participants
),
compared as (
    select
        reported.*,
        counted.delivery_area,
        counted.known_from,
        counted.known_to,
        counted.nth,
        reported.attributes is distinct from lag(reported.attributes) over in_time
            or counted.nth is distinct from lag(counted.nth) over in_time + 1 as is_first
    from reported
    join counted on counted.submission_id = reported.submission_id
    window in_time as (partition by reported.episode_id order by counted.nth)
),
numbered as (
    select
        compared.*,
        count(*) filter (where is_first) over (
            partition by episode_id order by nth
        ) as participant_version
    from compared
),
spans as (
    select
        numbered.* exclude (known_to, attributes, nth, submission_id),
        last_value(known_to) over (
            partition by episode_id, participant_version
            order by nth
            rows between unbounded preceding and unbounded following
        ) as known_to
    from numbered
)
select
    spans.* exclude (is_first),
    known_to is null as is_current
from spans
where is_first
