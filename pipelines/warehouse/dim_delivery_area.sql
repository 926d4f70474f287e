-- One row per delivery area and span of validity, with its nation and best-fit region.
select
    delivery_areas.delivery_area,
    delivery_areas.delivery_area_name,
    delivery_areas.nation,
    delivery_areas.region,
    delivery_areas.accountable_body,
    delivery_areas.funding_route,
    rollout_register.opened_on,
    delivery_areas.valid_from,
    delivery_areas.valid_to,
    delivery_areas.valid_from <= $quarter_end
        and coalesce(delivery_areas.valid_to, $quarter_end) >= $quarter_end as is_current
from delivery_areas
left join rollout_register
    on rollout_register.delivery_area = delivery_areas.delivery_area
    and rollout_register.valid_from <= $quarter_end
    and coalesce(rollout_register.valid_to, $quarter_end) >= $quarter_end
where delivery_areas.valid_from <= $quarter_end
