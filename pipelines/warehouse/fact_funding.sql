-- One row per delivery area, quarter, funding category and organisation: the grant claimed.
-- Returns give what was claimed to date in the financial year; the difference is the quarter's.
with claimed as (
    select
        delivery_area,
        quarter,
        breakdown_1_value as financial_year,
        breakdown_2_value as funding_category,
        delivery_area || '/' || breakdown_3_value as contributor,
        cast(round(value) as bigint) as funding_claimed_to_date
    from current_aggregates
    where measure_code = 'FUNDING_CLAIMED'
)
select
    delivery_area,
    quarter,
    financial_year,
    funding_category,
    contributor,
    funding_claimed_to_date,
    funding_claimed_to_date - coalesce(
        lag(funding_claimed_to_date) over (
            partition by delivery_area, financial_year, funding_category, contributor
            order by quarter
        ),
        0
    ) as funding_claimed
from claimed
