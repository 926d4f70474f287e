-- One row per delivery area and quarter from its opening to the reference quarter.
select
    delivery_area,
    planned_quarter as quarter,
    planned_starts,
    is_estimate
from fact_plan
where planned_quarter <= $quarter
