-- One row per delivery area, quarter and type of health setting.
with staff as (
    select
        delivery_area,
        quarter,
        cast(sum(specialists_headcount) as bigint) as staff
    from fact_staffing_stock
    group by delivery_area, quarter
)
select
    fact_setting_stock.delivery_area,
    fact_setting_stock.quarter,
    fact_setting_stock.setting_type,
    coalesce(fact_setting_stock.settings_embedded, 0) as settings_embedded,
    coalesce(staff.staff, 0) as staff
from fact_setting_stock
left join staff
    on staff.delivery_area = fact_setting_stock.delivery_area
    and staff.quarter = fact_setting_stock.quarter
