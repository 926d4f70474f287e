-- One row per delivery area, financial year and quarter whose report changed the grant allocated.
-- What is reported before the year began stands in its first quarter, what is reported later in its
-- last. The changes add up to the allocation as last reported.
with reported as (
    select
        delivery_area,
        breakdown_1_value as financial_year,
        least(
            greatest(quarter, breakdown_1_value || 'Q1'), breakdown_1_value || 'Q4'
        ) as quarter,
        cast(round(arg_max(value, quarter)) as bigint) as funding_allocated_to_date
    from current_aggregates
    where measure_code = 'FUNDING_ALLOCATED'
        and breakdown_1_value || 'Q1' <= $quarter
    group by all
),
changes as (
    select
        delivery_area,
        financial_year,
        quarter,
        funding_allocated_to_date,
        lag(funding_allocated_to_date) over (
            partition by delivery_area, financial_year order by quarter
        ) as before
    from reported
)
select
    delivery_area,
    financial_year,
    quarter,
    funding_allocated_to_date,
    funding_allocated_to_date - coalesce(before, 0) as funding_allocated
from changes
where before is distinct from funding_allocated_to_date
