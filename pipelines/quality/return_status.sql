-- One row per delivery area: what became of its return of the quarter, and which return is used.
-- `return_used` is the quarter of that return and its number, such as "2026-27Q2 v1"; "" for none.
select
    dim_delivery_area.delivery_area as delivery_area_code,
    dim_delivery_area.delivery_area_name,
    fact_return_quality.status,
    coalesce(
        dim_submission.quarter || ' v' || dim_submission.submission_sequence, ''
    ) as return_used
from fact_return_quality
join dim_delivery_area
    on dim_delivery_area.delivery_area = fact_return_quality.delivery_area
    and dim_delivery_area.is_current
left join dim_submission
    on dim_submission.delivery_area = fact_return_quality.delivery_area
    and dim_submission.is_current
where fact_return_quality.quarter = $quarter
order by delivery_area_code
