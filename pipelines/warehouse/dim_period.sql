-- One row per quarter from the start of the programme to the reference quarter.
select
    quarters.quarter,
    quarters.quarter_label,
    quarters.financial_year,
    quarters.quarter_number,
    quarters.quarter_start,
    quarters.quarter_end,
    releases.returns_due,
    releases.returns_lock,
    releases.release_date,
    quarters.quarter = $quarter as is_reference_quarter
from quarters
left join releases on releases.quarter = quarters.quarter
where quarters.quarter <= $quarter
