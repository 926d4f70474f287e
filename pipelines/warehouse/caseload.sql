-- One row per participant in support on the last day of a quarter, in the area of the latest start.
with in_support as (
    select
        episode_id,
        delivery_area,
        quarter,
        row_number() over (
            partition by participant_id, quarter
            order by start_date desc, delivery_area, episode_id
        ) as latest
    from fact_participant_quarter
    where is_in_support
)
select
    in_support.delivery_area,
    in_support.quarter,
    characteristics.*
from in_support
join characteristics on characteristics.episode_id = in_support.episode_id
where in_support.latest = 1
