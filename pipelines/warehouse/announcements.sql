-- One row per delivery area: what had been announced by the last day of the quarter.
-- Null is what no source gives by then: the register is empty, or its date lies ahead.
select
    delivery_areas.delivery_area,
    case
        when coalesce(rollout_register.funding_announced_on, $quarter_end) <= $quarter_end
            then delivery_areas.funding_announced
    end as funding_announced,
    case
        when rollout_register.funding_announced_on <= $quarter_end
            then rollout_register.funding_announced_on
    end as funding_announced_on,
    case
        when rollout_register.opened_on <= $quarter_end then rollout_register.opened_on
    end as opened_on,
    rollout_register.open_mark <> 'V' as is_estimate
from delivery_areas
left join rollout_register
    on rollout_register.delivery_area = delivery_areas.delivery_area
    and rollout_register.valid_from <= $quarter_end
    and coalesce(rollout_register.valid_to, $quarter_end) >= $quarter_end
where delivery_areas.valid_from <= $quarter_end
    and coalesce(delivery_areas.valid_to, $quarter_end) >= $quarter_end
