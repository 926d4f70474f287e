-- One row per delivery area: what became of its return of the quarter.
select
    dim_delivery_area.delivery_area as delivery_area_code,
    dim_delivery_area.delivery_area_name,
    fact_return_quality.status
from fact_return_quality
join dim_delivery_area
    on dim_delivery_area.delivery_area = fact_return_quality.delivery_area
    and dim_delivery_area.is_current
where fact_return_quality.quarter = $quarter
order by delivery_area_code
