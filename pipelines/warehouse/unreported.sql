-- One row per delivery area, quarter and measure that the pack that counts should give and does not.
-- Claims are to date in the financial year, so a later figure of that year gives the quarters before
-- it. A pack without a row (a nil return) has no settings and no claims: these are zero, not unknown.
with expected as (
    select
        availability.delivery_area,
        availability.quarter,
        dim_period.financial_year,
        dim_submission.rows_received = 0 as is_nil
    from availability
    join dim_period on dim_period.quarter = availability.quarter
    join current_submissions
        on current_submissions.delivery_area = availability.delivery_area
    join dim_submission
        on dim_submission.submission_id = current_submissions.submission_id
    where availability.mark = ''
)
select
    delivery_area,
    quarter,
    'SETTINGS_EMBEDDED' as measure_code
from expected
where not is_nil
    and not exists (
        from current_aggregates
        where current_aggregates.delivery_area = expected.delivery_area
            and current_aggregates.measure_code = 'SETTINGS_EMBEDDED'
            and current_aggregates.quarter = expected.quarter
    )
union all
select
    delivery_area,
    quarter,
    'FUNDING_CLAIMED' as measure_code
from expected
where not is_nil
    and not exists (
        from current_aggregates
        where current_aggregates.delivery_area = expected.delivery_area
            and current_aggregates.measure_code = 'FUNDING_CLAIMED'
            and current_aggregates.breakdown_1_value = expected.financial_year
            and current_aggregates.quarter >= expected.quarter
    )
union all
select
    delivery_area,
    quarter,
    'FUNDING_ALLOCATED' as measure_code
from expected
where not exists (
    from fact_allocation
    where fact_allocation.delivery_area = expected.delivery_area
        and fact_allocation.financial_year = expected.financial_year
)
