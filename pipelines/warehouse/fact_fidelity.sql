-- One row per delivery area, support model, reviewer and day of a fidelity review: the last score.
select
    delivery_area,
    breakdown_1_value as model,
    breakdown_2_value as reviewer,
    cast(breakdown_3_value as date) as review_date,
    arg_max(value, quarter) as fidelity_score
from current_aggregates
where measure_code = 'FIDELITY_SCORE'
group by delivery_area, breakdown_1_value, breakdown_2_value, breakdown_3_value
