-- One row per delivery area and quarter: the status of its latest return and what it held.
with latest as (
    select
        fact_submission.*,
        row_number() over (
            partition by delivery_area, quarter
            order by (status <> 'rejected') desc, submission_sequence desc, submission_id
        ) as nth,
        count(*) over (partition by delivery_area, quarter) as submission_count,
        -- A refused pack is no return: it is the first only where nothing else came.
        coalesce(
            min(days_late) filter (where status <> 'rejected')
                over (partition by delivery_area, quarter),
            min(days_late) over (partition by delivery_area, quarter)
        ) as first_days_late
    from fact_submission
)
select
    dim_delivery_area.delivery_area,
    dim_period.quarter,
    case
        -- What is refused says nothing of an area that is not open: anybody can name it.
        when coalesce(latest.status, 'rejected') = 'rejected'
            and coalesce(dim_delivery_area.opened_on > dim_period.quarter_end, true)
            then 'not yet open'
        else coalesce(latest.status, 'not received')
    end as status,
    coalesce(latest.submission_count, 0) as submission_count,
    coalesce(latest.rows_received, 0) as rows_received,
    coalesce(latest.rows_accepted, 0) as rows_accepted,
    coalesce(latest.rows_rejected, 0) as rows_rejected,
    coalesce(latest.queries, 0) as queries,
    latest.first_days_late as days_late
from dim_delivery_area
cross join dim_period
left join latest
    on latest.delivery_area = dim_delivery_area.delivery_area
    and latest.quarter = dim_period.quarter
    and latest.nth = 1
where dim_delivery_area.is_current
