-- One row per delivery area with an accepted return: the submission that counts for the quarter.
select
    delivery_area,
    submission_id,
    quarter,
    submission_sequence,
    received_at
from dim_submission
where is_current
