-- One row per delivery area and quarter: 'z' before it opened, 'x' without its return, else ''.
select
    dim_delivery_area.delivery_area,
    dim_period.quarter,
    case
        when coalesce(dim_delivery_area.opened_on > dim_period.quarter_end, true) then 'z'
        when coalesce(current_submissions.quarter < dim_period.quarter, true) then 'x'
        else ''
    end as mark
from dim_delivery_area
cross join dim_period
left join current_submissions
    on current_submissions.delivery_area = dim_delivery_area.delivery_area
where dim_delivery_area.is_current
