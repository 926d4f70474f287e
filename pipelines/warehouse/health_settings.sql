-- One row per delivery area, quarter and type of health setting.
-- The number is null where the area gives none: for a type that it lists without it, for one that it
-- gave before, for this quarter or an earlier one, and leaves out, and for every type where it gives
-- none at all. A type that it never gave has none. Where staff are not reported, one is assumed, so
-- that the figures are protected as those of a single person.
with staff as (
    select
        delivery_area,
        quarter,
        cast(sum(specialists_headcount) as bigint) as staff
    from fact_staffing_stock
    group by delivery_area, quarter
),
listed as (
    select
        delivery_area,
        quarter,
        setting_type,
        settings_embedded
    from fact_setting_stock
    union
    select
        unreported.delivery_area,
        unreported.quarter,
        dim_setting_type.setting_type,
        null as settings_embedded
    from unreported
    join dim_setting_type
        on coalesce(unreported.setting_type, dim_setting_type.setting_type)
            = dim_setting_type.setting_type
    where unreported.measure_code = 'SETTINGS_EMBEDDED'
        and dim_setting_type.is_leaf
)
select
    listed.delivery_area,
    listed.quarter,
    listed.setting_type,
    listed.settings_embedded,
    coalesce(staff.staff, 1) as staff
from listed
left join staff
    on staff.delivery_area = listed.delivery_area
    and staff.quarter = listed.quarter
