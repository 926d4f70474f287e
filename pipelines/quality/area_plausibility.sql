-- One row per delivery area whose return of the quarter counts: its figures beside those before.
-- Rates are null where too few people or settings stand behind them to be judged, and where a
-- figure that they need is not known: a sum of which a part is not known is not known.
with dates as (
    select
        max(quarter_end) filter (where quarter = $quarter) as quarter_end,
        max(quarter_start) filter (where quarter = $quarter) as quarter_start,
        max(quarter_end) filter (where quarter = $previous) as previous_end,
        max(quarter_start) filter (where quarter = $previous) as previous_start,
        max(financial_year) filter (where quarter = $quarter) as financial_year
    from dim_period
),
reporting as (
    select
        availability.delivery_area,
        date_diff('day', greatest(dim_delivery_area.opened_on, dates.quarter_start),
            dates.quarter_end) + 1 as days_open,
        greatest(
            date_diff('day', greatest(dim_delivery_area.opened_on, dates.previous_start),
                dates.previous_end) + 1,
            0
        ) as days_open_before,
        -- Starts rise fast in the first months of an area.
        coalesce(dim_delivery_area.opened_on <= dates.previous_start - 60, false) as is_settled
    from availability
    cross join dates
    join dim_delivery_area
        on dim_delivery_area.delivery_area = availability.delivery_area
        and dim_delivery_area.is_current
    where availability.quarter = $quarter
        and availability.mark = ''
),
started as (
    select
        delivery_area,
        count(*) filter (where quarter = $quarter) as starts,
        count(*) filter (where quarter = $previous) as starts_before,
        count(*) as starts_to_date,
        100.0 * count(*) filter (where model = 'IPS') / count(*) as ips_percent,
        100.0 * count(*) filter (where sex = 'NS') / count(*) as sex_not_stated_percent,
        100.0 * count(*) filter (where ethnicity_code = 'NS') / count(*)
            as ethnicity_code_not_stated_percent,
        100.0 * count(*) filter (where disability_ea2010 = 'NS') / count(*)
            as disability_ea2010_not_stated_percent,
        100.0 * count(*) filter (where condition_primary = 'NS') / count(*)
            as condition_primary_not_stated_percent
    from starts
    group by delivery_area
),
referred as (
    select delivery_area, count(*) as referrals_to_date
    from referrals
    group by delivery_area
),
in_jobs as (
    select delivery_area, count(*) as job_starts_to_date
    from job_starts
    group by delivery_area
),
lower_reached as (
    select delivery_area, count(*) as lower_outcomes_to_date
    from lower_outcomes
    group by delivery_area
),
higher_reached as (
    select delivery_area, count(*) as higher_outcomes_to_date
    from higher_outcomes
    group by delivery_area
),
supported as (
    select delivery_area, count(*) as caseload
    from caseload
    where quarter = $quarter
    group by delivery_area
),
planned as (
    select
        delivery_area,
        case when bool_and(planned_starts is not null) then sum(planned_starts) end
            as planned_to_date
    from plans
    group by delivery_area
),
staffed as (
    select
        delivery_area,
        case when bool_and(specialists_fte is not null) then sum(specialists_fte) end
            as specialists_fte,
        case when bool_and(specialists_headcount is not null) then sum(specialists_headcount) end
            as specialists,
        case when bool_and(reported_caseload is not null) then sum(reported_caseload) end
            as reported_caseload
    from fact_staffing_stock
    where quarter = $quarter
    group by delivery_area
),
settled as (
    select
        delivery_area,
        case
            when bool_and(settings_embedded is not null) filter (where quarter = $quarter)
                then sum(settings_embedded) filter (where quarter = $quarter)
        end as settings,
        case
            when bool_and(settings_embedded is not null) filter (where quarter = $previous)
                then sum(settings_embedded) filter (where quarter = $previous)
        end as settings_before
    from health_settings
    group by delivery_area
),
claimed as (
    select
        delivery_area,
        case when bool_and(funding_claimed is not null) then sum(funding_claimed) end
            as claimed_to_date,
        case
            when bool_and(funding_claimed is not null) filter (where quarter = $quarter)
                then sum(funding_claimed) filter (where quarter = $quarter)
        end as claimed_in_quarter
    from funding
    group by delivery_area
),
not_given as (
    select
        delivery_area,
        bool_or(measure_code = 'FUNDING_CLAIMED' and quarter = $quarter) as lacks_claims,
        bool_or(measure_code = 'FUNDING_ALLOCATED') as lacks_allocation
    from unreported
    group by delivery_area
),
claimed_of_year as (
    select fact_funding.delivery_area, sum(fact_funding.funding_claimed) as claimed_in_year
    from fact_funding
    join dates on dates.financial_year = fact_funding.financial_year
    group by fact_funding.delivery_area
),
allocated as (
    select
        fact_allocation.delivery_area,
        sum(fact_allocation.funding_allocated) as allocated_to_date,
        sum(fact_allocation.funding_allocated)
            filter (where fact_allocation.financial_year = dates.financial_year) as allocation
    from fact_allocation
    cross join dates
    group by fact_allocation.delivery_area
),
carried as (
    select
        started.delivery_area,
        started.starts,
        started.starts_before * reporting.days_open / nullif(reporting.days_open_before, 0)
            as starts_carried,
        reporting.days_open / nullif(reporting.days_open_before, 0) as open_ratio
    from started
    join reporting on reporting.delivery_area = started.delivery_area
    where started.starts_before >= 20
        and reporting.is_settled
),
-- What an area expects: its rate of the quarter before, times the growth of all such areas.
expected as (
    select
        delivery_area,
        starts_carried * sum(starts) over () / sum(starts_carried) over () as starts_expected,
        open_ratio * sum(starts) over () / sum(starts_carried) over () as ratio
    from carried
)
select
    reporting.delivery_area,
    coalesce(referred.referrals_to_date, 0) as referrals_to_date,
    coalesce(started.starts_to_date, 0) as starts_to_date,
    coalesce(in_jobs.job_starts_to_date, 0) as job_starts_to_date,
    coalesce(lower_reached.lower_outcomes_to_date, 0) as lower_outcomes_to_date,
    coalesce(higher_reached.higher_outcomes_to_date, 0) as higher_outcomes_to_date,
    -- In standard deviations of the difference of two counts (Poisson).
    (started.starts - expected.starts_expected)
        / sqrt(expected.starts_expected * (1 + expected.ratio)) as starts_distance,
    case when started.starts_before >= 10 then started.starts end as starts_after_some,
    case
        when planned.planned_to_date >= 50
            then 100.0 * coalesce(started.starts_to_date, 0) / planned.planned_to_date
    end as starts_percent_of_plan,
    case when started.starts_to_date >= 50 then started.ips_percent end as ips_percent,
    case when started.starts_to_date >= 50 then started.sex_not_stated_percent end
        as sex_not_stated_percent,
    case when started.starts_to_date >= 50 then started.ethnicity_code_not_stated_percent end
        as ethnicity_code_not_stated_percent,
    case when started.starts_to_date >= 50 then started.disability_ea2010_not_stated_percent end
        as disability_ea2010_not_stated_percent,
    case when started.starts_to_date >= 50 then started.condition_primary_not_stated_percent end
        as condition_primary_not_stated_percent,
    coalesce(supported.caseload, 0) / nullif(staffed.specialists_fte, 0)
        as caseload_for_each_specialist,
    case
        when supported.caseload >= 20
            then 100.0 * (staffed.reported_caseload - supported.caseload) / supported.caseload
    end as caseload_difference_percent,
    case
        when settled.settings_before >= 10
            then 100.0 * (settled.settings - settled.settings_before) / settled.settings_before
    end as settings_change_percent,
    settled.settings / nullif(staffed.specialists, 0) as settings_for_each_specialist,
    case
        when not coalesce(not_given.lacks_claims, false)
            then 100.0 * claimed_of_year.claimed_in_year / nullif(allocated.allocation, 0)
    end as claimed_percent_of_allocation,
    claimed.claimed_in_quarter,
    case
        when not coalesce(not_given.lacks_allocation, false)
            then 100.0 * allocated.allocated_to_date / nullif(announcements.funding_announced, 0)
    end as allocated_percent_of_announced,
    case
        when started.starts_to_date >= 50
            then claimed.claimed_to_date / started.starts_to_date
    end as claimed_for_each_start
from reporting
left join started on started.delivery_area = reporting.delivery_area
left join expected on expected.delivery_area = reporting.delivery_area
left join referred on referred.delivery_area = reporting.delivery_area
left join in_jobs on in_jobs.delivery_area = reporting.delivery_area
left join lower_reached on lower_reached.delivery_area = reporting.delivery_area
left join higher_reached on higher_reached.delivery_area = reporting.delivery_area
left join supported on supported.delivery_area = reporting.delivery_area
left join planned on planned.delivery_area = reporting.delivery_area
left join staffed on staffed.delivery_area = reporting.delivery_area
left join settled on settled.delivery_area = reporting.delivery_area
left join claimed on claimed.delivery_area = reporting.delivery_area
left join claimed_of_year on claimed_of_year.delivery_area = reporting.delivery_area
left join allocated on allocated.delivery_area = reporting.delivery_area
left join not_given on not_given.delivery_area = reporting.delivery_area
left join announcements on announcements.delivery_area = reporting.delivery_area
