-- One row per local authority code and successor: current codes, and retired ones until they ended.
select
    la_code,
    la_name,
    upper_tier_code,
    region,
    delivery_area,
    null as successor_code,
    valid_from,
    valid_to
from local_authorities
union all
select
    old_code as la_code,
    old_name as la_name,
    null as upper_tier_code,
    null as region,
    null as delivery_area,
    new_code as successor_code,
    null as valid_from,
    effective_date - 1 as valid_to
from retired_authorities
