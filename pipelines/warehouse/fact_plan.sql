-- One row per delivery area and quarter from its opening to the last of the programme.
-- The participants planned are spread evenly; whole numbers, which add up to the plan.
with profile as (
    select
        rollout_register.delivery_area,
        quarters.quarter,
        rollout_register.planned_participants,
        rollout_register.planned_mark,
        row_number() over (
            partition by rollout_register.delivery_area order by quarters.quarter
        ) as nth,
        count(*) over (partition by rollout_register.delivery_area) as quarter_count
    from rollout_register
    join quarters on quarters.quarter_end >= rollout_register.opened_on
    where rollout_register.valid_from <= $quarter_end
        and coalesce(rollout_register.valid_to, $quarter_end) >= $quarter_end
        and quarters.is_of_programme
)
select
    delivery_area,
    quarter as planned_quarter,
    planned_participants * nth // quarter_count
        - planned_participants * (nth - 1) // quarter_count as planned_starts,
    planned_mark <> 'V' as is_estimate
from profile
