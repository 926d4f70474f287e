-- One row per delivery area, quarter end and type of health setting.
select
    delivery_area,
    quarter,
    breakdown_1_value as setting_type,
    cast(sum(value) filter (where measure_code = 'SETTINGS_EMBEDDED') as bigint)
        as settings_embedded,
    cast(sum(value) filter (where measure_code = 'SETTINGS_TOTAL') as bigint) as settings_total,
    cast(sum(value) filter (where measure_code = 'SETTING_SESSIONS') as bigint) as sessions
from current_aggregates
where measure_code in ('SETTINGS_EMBEDDED', 'SETTINGS_TOTAL', 'SETTING_SESSIONS')
group by delivery_area, quarter, breakdown_1_value
