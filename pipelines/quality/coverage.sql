-- One row per delivery area that is open in the quarter: whether a return of it counts, and its rows.
-- last_starts are those of the last quarter that the area has reported, null where it never did;
-- planned_starts those that the register plans for this quarter, null where it has no plan.
with last_reported as (
    select
        delivery_area,
        max(quarter) as quarter
    from availability
    where mark = '' and quarter <= $quarter
    group by delivery_area
),
last_starts as (
    select
        last_reported.delivery_area,
        count(starts.episode_id) as last_starts
    from last_reported
    left join starts
        on starts.delivery_area = last_reported.delivery_area
        and starts.quarter = last_reported.quarter
    group by last_reported.delivery_area
)
select
    availability.delivery_area as delivery_area_code,
    dim_delivery_area.delivery_area_name,
    fact_return_quality.status,
    availability.mark = '' as has_return,
    fact_return_quality.rows_received,
    fact_return_quality.rows_accepted,
    last_starts.last_starts,
    plans.planned_starts
from availability
join dim_delivery_area
    on dim_delivery_area.delivery_area = availability.delivery_area
    and dim_delivery_area.is_current
join fact_return_quality
    on fact_return_quality.delivery_area = availability.delivery_area
    and fact_return_quality.quarter = availability.quarter
left join last_starts on last_starts.delivery_area = availability.delivery_area
left join plans
    on plans.delivery_area = availability.delivery_area
    and plans.quarter = availability.quarter
where availability.quarter = $quarter
    and availability.mark <> 'z'
order by delivery_area_code
