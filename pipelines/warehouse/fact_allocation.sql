-- One row per delivery area and financial year: the grant allocated, as last reported.
-- The quarter is the first of that year in which the area reported the allocation.
select
    delivery_area,
    breakdown_1_value as financial_year,
    least(
        greatest(min(quarter), breakdown_1_value || 'Q1'),
        breakdown_1_value || 'Q4'
    ) as quarter,
    cast(round(arg_max(value, quarter)) as bigint) as funding_allocated
from current_aggregates
where measure_code = 'FUNDING_ALLOCATED'
    and breakdown_1_value || 'Q1' <= $quarter
group by delivery_area, breakdown_1_value
