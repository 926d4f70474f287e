-- One row per delivery area and quarter from its opening to the reference quarter.
-- An area whose opening the register does not date has one row, of the reference quarter: its plan
-- by then is not known, and null.
select
    delivery_area,
    planned_quarter as quarter,
    planned_starts,
    is_estimate
from fact_plan
where planned_quarter <= $quarter
union all
select
    delivery_area,
    $quarter as quarter,
    cast(null as bigint) as planned_starts,
    true as is_estimate
from dim_delivery_area
where is_current
    and opened_on is null
