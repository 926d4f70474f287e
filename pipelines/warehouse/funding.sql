-- One row per delivery area, quarter and organisation that claimed, and one of the area itself.
-- The row of the area holds what was allocated for the year, in the quarter that reported it. Null
-- is an amount that the area did not report; 0 is an amount that the row does not stand for. An
-- organisation that several areas list is a public body when all of them say so.
with known as (
    select contributor, bool_and(contributor_is_public) as contributor_is_public
    from dim_provider
    group by contributor
),
own as (
    select
        delivery_area,
        quarter,
        funding_allocated,
        cast(0 as bigint) as funding_claimed
    from fact_allocation
    union all
    select
        delivery_area,
        quarter,
        case when measure_code <> 'FUNDING_ALLOCATED' then 0 end as funding_allocated,
        case when measure_code <> 'FUNDING_CLAIMED' then 0 end as funding_claimed
    from unreported
    where measure_code in ('FUNDING_ALLOCATED', 'FUNDING_CLAIMED')
)
select
    fact_funding.delivery_area,
    fact_funding.quarter,
    fact_funding.contributor,
    coalesce(known.contributor_is_public, false) as contributor_is_public,
    cast(0 as bigint) as funding_allocated,
    cast(sum(fact_funding.funding_claimed) as bigint) as funding_claimed
from fact_funding
left join known on known.contributor = fact_funding.contributor
group by
    fact_funding.delivery_area,
    fact_funding.quarter,
    fact_funding.contributor,
    known.contributor_is_public
union all
select
    delivery_area,
    quarter,
    null as contributor,
    true as contributor_is_public,
    case
        when bool_and(funding_allocated is not null) then cast(sum(funding_allocated) as bigint)
    end as funding_allocated,
    case
        when bool_and(funding_claimed is not null) then cast(sum(funding_claimed) as bigint)
    end as funding_claimed
from own
group by delivery_area, quarter
