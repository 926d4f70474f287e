-- One row per participant who has started: the first start, in the area that made it.
select
    fact_start.delivery_area,
    fact_start.quarter,
    characteristics.*
from fact_start
join characteristics on characteristics.episode_id = fact_start.episode_id
where fact_start.start_number = 1
