-- One row per submission of a period up to the quarter, with the span of time in which it counted.
-- A submission counts from its receipt, when it is accepted and no other of a later period or
-- higher sequence came before it, until the next such submission. An area that does not exist is
-- null: such a submission was refused and counts nowhere. One of a period before the programme,
-- which earlier versions kept under that period, is left out.
with received as (
    select
        submissions.submission_id,
        delivery_areas.delivery_area,
        submissions.period_id as quarter,
        submissions.submission_sequence,
        submissions.template_version,
        submissions.status,
        submissions.status in ('accepted', 'accepted with queries', 'partially accepted') as is_accepted,
        submissions.received_at,
        submissions.prepared_at,
        submissions.rows_received,
        submissions.rows_accepted,
        submissions.rows_rejected,
        submissions.queries,
        submissions.synthetic
    from submissions
    left join (select distinct delivery_area from dim_delivery_area) as delivery_areas
        on delivery_areas.delivery_area = submissions.delivery_area_code
    where submissions.period_id between (select min(quarter) from quarters) and $quarter
        and submissions.received_at <= coalesce($known_at, submissions.received_at)
),
accepted as (
    select
        submission_id,
        delivery_area,
        received_at,
        row_number() over (
            partition by delivery_area
            order by quarter, submission_sequence, received_at, submission_id
        ) as precedence
    from received
    where is_accepted
),
in_time as (
    select
        submission_id,
        delivery_area,
        received_at,
        precedence,
        max(precedence) over (
            partition by delivery_area
            order by received_at, precedence
            rows between unbounded preceding and current row
        ) as highest_so_far
    from accepted
),
counted as (
    select
        submission_id,
        received_at as known_from,
        lead(received_at) over (
            partition by delivery_area order by received_at, precedence
        ) as known_to
    from in_time
    where precedence = highest_so_far
)
select
    received.submission_id,
    received.delivery_area,
    received.quarter,
    received.submission_sequence,
    received.template_version,
    received.status,
    received.is_accepted,
    received.received_at,
    received.prepared_at,
    received.rows_received,
    received.rows_accepted,
    received.rows_rejected,
    received.queries,
    received.synthetic,
    counted.known_from,
    counted.known_to,
    counted.known_from is not null and counted.known_to is null as is_current
from received
left join counted on counted.submission_id = received.submission_id
