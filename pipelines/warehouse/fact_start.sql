-- One row per episode started; the first start of each participant is marked.
select
    episode_id,
    participant_id,
    delivery_area,
    start_quarter as quarter,
    start_date,
    row_number() over (
        partition by participant_id
        order by start_date, delivery_area, episode_no, episode_id
    ) as start_number
from episodes
where start_quarter is not null
