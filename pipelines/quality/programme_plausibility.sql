-- One row: the returns of the quarter and the programme as a whole, beside the quarter before.
with dates as (
    select
        max(quarter_end) filter (where quarter = $quarter) as quarter_end,
        max(quarter_start) filter (where quarter = $quarter) as quarter_start,
        max(quarter_end) filter (where quarter = $previous) as previous_end,
        max(quarter_start) filter (where quarter = $previous) as previous_start
    from dim_period
),
received as (
    select
        100.0 * count(*) filter (
            where status in ('accepted', 'accepted with queries', 'partially accepted')
        ) / nullif(count(*) filter (where status <> 'not yet open'), 0) as received_percent,
        100.0 * count(*) filter (where days_late = 0)
            / nullif(count(*) filter (where submission_count > 0 and days_late is not null), 0)
            as on_time_percent,
        100.0 * sum(rows_rejected) / nullif(sum(rows_received), 0) as rejected_rows_percent
    from fact_return_quality
    where quarter = $quarter
),
reporting as (
    select delivery_area
    from availability
    where quarter = $quarter
        and mark = ''
),
opened as (
    select
        sum(
            date_diff('day', greatest(dim_delivery_area.opened_on, dates.quarter_start),
                dates.quarter_end) + 1
        ) as days_open,
        sum(
            greatest(
                date_diff('day', greatest(dim_delivery_area.opened_on, dates.previous_start),
                    dates.previous_end) + 1,
                0
            )
        ) as days_open_before
    from dim_delivery_area
    join reporting on reporting.delivery_area = dim_delivery_area.delivery_area
    cross join dates
    where dim_delivery_area.is_current
),
started as (
    select
        count(*) filter (where starts.quarter = $quarter) as starts,
        count(*) filter (where starts.quarter = $previous) as starts_before
    from starts
    join reporting on reporting.delivery_area = starts.delivery_area
),
-- The submission of each area that counted just before the one that counts now.
superseded as (
    select
        current_submissions.delivery_area,
        before.known_from
    from current_submissions
    join dim_submission as before
        on before.delivery_area = current_submissions.delivery_area
        and before.known_to = current_submissions.received_at
),
stated as (
    select
        count(*) filter (
            where dim_participant.known_from <= superseded.known_from
                and coalesce(dim_participant.known_to > superseded.known_from, true)
        ) as starts_stated,
        count(*) filter (where dim_participant.is_current) as starts_restated
    from dim_participant
    join superseded on superseded.delivery_area = dim_participant.delivery_area
    cross join dates
    where dim_participant.start_date <= dates.previous_end
)
select
    received.received_percent,
    received.on_time_percent,
    received.rejected_rows_percent,
    case
        when started.starts_before >= 50
            then 100.0 * started.starts * opened.days_open_before
                / (started.starts_before * opened.days_open) - 100
    end as starts_change_percent,
    case
        when stated.starts_stated >= 50
            then 100.0 * (stated.starts_restated - stated.starts_stated) / stated.starts_stated
    end as restated_starts_percent
from received
cross join opened
cross join started
cross join stated
