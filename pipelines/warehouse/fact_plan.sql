-- One row per delivery area and quarter from its opening to the last of the programme.
-- A quarter has the profile that the area gave for it. The other participants planned are spread
-- evenly over the other quarters, which is this project's own estimate; whole numbers, which add up
-- to the plan. A quarter keeps the plan and the profile that were in force on its last day, so that
-- a new plan does not change the past.
with opened as (
    select
        rollout_register.delivery_area,
        quarters.quarter,
        least(quarters.quarter_end, $quarter_end) as in_force
    from rollout_register
    join quarters on quarters.quarter_end >= rollout_register.opened_on
    where rollout_register.valid_from <= $quarter_end
        and coalesce(rollout_register.valid_to, $quarter_end) >= $quarter_end
        and quarters.is_of_programme
),
planned as (
    select
        opened.delivery_area,
        opened.quarter,
        rollout_register.planned_participants,
        profiles.planned_starts as profile,
        profiles.mark as profile_mark
    from opened
    left join rollout_register
        on rollout_register.delivery_area = opened.delivery_area
        and rollout_register.valid_from <= opened.in_force
        and coalesce(rollout_register.valid_to, opened.in_force) >= opened.in_force
    left join profiles
        on profiles.delivery_area = opened.delivery_area
        and profiles.quarter = opened.quarter
        and profiles.valid_from <= opened.in_force
        and coalesce(profiles.valid_to, opened.in_force) >= opened.in_force
),
spread as (
    select
        *,
        greatest(
            planned_participants
                - coalesce(sum(profile) over (partition by delivery_area), 0),
            0
        ) as others,
        row_number() over (
            partition by delivery_area, profile is null order by quarter
        ) as nth,
        count(*) over (partition by delivery_area, profile is null) as quarter_count
    from planned
)
select
    delivery_area,
    quarter as planned_quarter,
    cast(
        coalesce(
            profile,
            others * nth // quarter_count - others * (nth - 1) // quarter_count
        ) as bigint
    ) as planned_starts,
    coalesce(profile_mark, 'I') <> 'V' as is_estimate
from spread
