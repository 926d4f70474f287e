-- One row per participant who has reached the lower threshold: the first time.
select
    fact_outcome.delivery_area,
    fact_outcome.quarter,
    characteristics.*
from fact_outcome
join characteristics on characteristics.episode_id = fact_outcome.episode_id
where fact_outcome.event_type = 'OUTCOME_LOWER'
    and fact_outcome.outcome_number = 1
