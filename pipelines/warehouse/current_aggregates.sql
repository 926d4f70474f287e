-- One row per measure, breakdown and quarter end of the packs that count, up to the quarter.
select
    current_submissions.delivery_area,
    quarters.quarter,
    aggregate.measure_code,
    aggregate.breakdown_1_value,
    aggregate.breakdown_2_value,
    aggregate.breakdown_3_value,
    aggregate.value,
    aggregate.unit
from aggregate
join current_submissions on current_submissions.submission_id = aggregate.submission_id
join quarters on quarters.quarter_end = aggregate.as_at
where quarters.quarter <= $quarter
