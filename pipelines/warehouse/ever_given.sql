-- One row per delivery area, measure and first two breakdowns that any accepted return gave.
-- It says for which quarter first and for which last, up to the quarter. Returns that no longer
-- count are among them: what they gave does not stop being known.
select
    dim_submission.delivery_area,
    aggregate.measure_code,
    aggregate.breakdown_1_value,
    aggregate.breakdown_2_value,
    min(quarters.quarter) as first_quarter,
    max(quarters.quarter) as last_quarter
from aggregate
join dim_submission on dim_submission.submission_id = aggregate.submission_id
join quarters on quarters.quarter_end = aggregate.as_at
where dim_submission.is_accepted
    and quarters.quarter <= $quarter
group by
    dim_submission.delivery_area,
    aggregate.measure_code,
    aggregate.breakdown_1_value,
    aggregate.breakdown_2_value
