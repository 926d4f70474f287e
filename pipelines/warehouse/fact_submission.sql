-- One row per submission of a period up to the quarter: its rows, its queries and its lateness.
-- The lateness is null where the calendar has no due date.
select
    dim_submission.submission_id,
    dim_submission.delivery_area,
    dim_submission.quarter,
    dim_submission.submission_sequence,
    dim_submission.status,
    dim_submission.is_current,
    dim_submission.rows_received,
    dim_submission.rows_accepted,
    dim_submission.rows_rejected,
    dim_submission.queries,
    case
        when dim_period.returns_due is not null
            then greatest(
                date_diff(
                    'day',
                    dim_period.returns_due,
                    cast(dim_submission.received_at at time zone 'Europe/London' as date)
                ),
                0
            )
    end as days_late
from dim_submission
join dim_period on dim_period.quarter = dim_submission.quarter
where dim_submission.delivery_area is not null
