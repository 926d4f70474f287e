-- One row per delivery area, quarter and organisation that claimed, and one per year allocated.
select
    fact_funding.delivery_area,
    fact_funding.quarter,
    fact_funding.contributor,
    coalesce(dim_provider.contributor_is_public, false) as contributor_is_public,
    cast(0 as bigint) as funding_allocated,
    cast(sum(fact_funding.funding_claimed) as bigint) as funding_claimed
from fact_funding
left join dim_provider on dim_provider.contributor = fact_funding.contributor
group by
    fact_funding.delivery_area,
    fact_funding.quarter,
    fact_funding.contributor,
    dim_provider.contributor_is_public
union all
select
    delivery_area,
    quarter,
    null as contributor,
    true as contributor_is_public,
    funding_allocated,
    cast(0 as bigint) as funding_claimed
from fact_allocation
