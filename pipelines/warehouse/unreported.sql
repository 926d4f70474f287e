-- One row per delivery area, quarter, measure and category that the pack that counts lacks.
-- Type and category are null where the whole measure is missing. Else they name what an accepted
-- return gave, for that quarter or one before it: it goes on until a figure says otherwise, be it 0.
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
    'SETTINGS_EMBEDDED' as measure_code,
    null as setting_type,
    null as funding_category
from expected
where not is_nil
    and not exists (
        from current_aggregates
        where current_aggregates.delivery_area = expected.delivery_area
            and current_aggregates.measure_code = 'SETTINGS_EMBEDDED'
            and current_aggregates.quarter = expected.quarter
    )
union
select
    expected.delivery_area,
    expected.quarter,
    'SETTINGS_EMBEDDED' as measure_code,
    ever_given.breakdown_1_value as setting_type,
    null as funding_category
from expected
join ever_given
    on ever_given.delivery_area = expected.delivery_area
    and ever_given.first_quarter <= expected.quarter
where not is_nil
    and ever_given.measure_code in ('SETTINGS_EMBEDDED', 'SETTINGS_TOTAL', 'SETTING_SESSIONS')
    and not exists (
        from current_aggregates
        where current_aggregates.delivery_area = expected.delivery_area
            and current_aggregates.measure_code = 'SETTINGS_EMBEDDED'
            and current_aggregates.breakdown_1_value = ever_given.breakdown_1_value
            and current_aggregates.quarter = expected.quarter
    )
union
select
    delivery_area,
    quarter,
    'FUNDING_CLAIMED' as measure_code,
    null as setting_type,
    null as funding_category
from expected
where not is_nil
    and not exists (
        from current_aggregates
        where current_aggregates.delivery_area = expected.delivery_area
            and current_aggregates.measure_code = 'FUNDING_CLAIMED'
            and current_aggregates.breakdown_1_value = expected.financial_year
            and current_aggregates.quarter >= expected.quarter
    )
union
select
    expected.delivery_area,
    expected.quarter,
    'FUNDING_CLAIMED' as measure_code,
    null as setting_type,
    ever_given.breakdown_2_value as funding_category
from expected
join ever_given
    on ever_given.delivery_area = expected.delivery_area
    and ever_given.first_quarter <= expected.quarter
    and (
        ever_given.breakdown_1_value = expected.financial_year
        or ever_given.last_quarter >= expected.quarter
    )
where not is_nil
    and ever_given.measure_code = 'FUNDING_CLAIMED'
    and not exists (
        from current_aggregates
        where current_aggregates.delivery_area = expected.delivery_area
            and current_aggregates.measure_code = 'FUNDING_CLAIMED'
            and current_aggregates.breakdown_1_value = ever_given.breakdown_1_value
            and current_aggregates.breakdown_2_value = ever_given.breakdown_2_value
            and current_aggregates.quarter >= expected.quarter
    )
union
select
    delivery_area,
    quarter,
    'FUNDING_ALLOCATED' as measure_code,
    null as setting_type,
    null as funding_category
from expected
where not exists (
    from fact_allocation
    where fact_allocation.delivery_area = expected.delivery_area
        and fact_allocation.financial_year = expected.financial_year
)
