-- One row per delivery area and quarter: whether it was open to participants on the last day.
select
    dim_delivery_area.delivery_area,
    dim_period.quarter,
    cast(coalesce(dim_delivery_area.opened_on <= dim_period.quarter_end, false) as bigint) as areas_open
from dim_delivery_area
cross join dim_period
where dim_delivery_area.is_current
