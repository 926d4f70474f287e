-- One row per delivery area, quarter, funding category and organisation: the grant claimed.
-- Returns give what was claimed to date in the financial year; the difference is the quarter's.
-- An organisation that the area lists under several codes with one national identifier is one.
with claimed as (
    select
        current_aggregates.delivery_area,
        current_aggregates.quarter,
        current_aggregates.breakdown_1_value as financial_year,
        current_aggregates.breakdown_2_value as funding_category,
        coalesce(
            dim_provider.contributor,
            current_aggregates.delivery_area || '/' || current_aggregates.breakdown_3_value
        ) as contributor,
        cast(sum(round(current_aggregates.value)) as bigint) as funding_claimed_to_date
    from current_aggregates
    left join dim_provider
        on dim_provider.delivery_area = current_aggregates.delivery_area
        and dim_provider.delivery_org_code = current_aggregates.breakdown_3_value
    where current_aggregates.measure_code = 'FUNDING_CLAIMED'
    group by all
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
