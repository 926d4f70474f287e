-- One row per delivery area that is open in the quarter: whether a return of it counts, and its rows.
select
    availability.delivery_area as delivery_area_code,
    dim_delivery_area.delivery_area_name,
    fact_return_quality.status,
    availability.mark = '' as has_return,
    fact_return_quality.rows_received,
    fact_return_quality.rows_accepted
from availability
join dim_delivery_area
    on dim_delivery_area.delivery_area = availability.delivery_area
    and dim_delivery_area.is_current
join fact_return_quality
    on fact_return_quality.delivery_area = availability.delivery_area
    and fact_return_quality.quarter = availability.quarter
where availability.quarter = $quarter
    and availability.mark <> 'z'
order by delivery_area_code
