-- One row per delivery area, quarter end and support model: staff in post and their caseload.
select
    delivery_area,
    quarter,
    breakdown_1_value as model,
    cast(sum(value) filter (where measure_code = 'SPECIALISTS_HEADCOUNT') as bigint)
        as specialists_headcount,
    sum(value) filter (where measure_code = 'SPECIALISTS_FTE') as specialists_fte,
    sum(value) filter (where measure_code = 'VACANCIES_FTE') as vacancies_fte,
    sum(value) filter (where measure_code = 'TEAM_LEADS_FTE') as team_leads_fte,
    cast(sum(value) filter (where measure_code = 'CASELOAD') as bigint) as reported_caseload
from current_aggregates
where measure_code in (
    'SPECIALISTS_HEADCOUNT', 'SPECIALISTS_FTE', 'VACANCIES_FTE', 'TEAM_LEADS_FTE', 'CASELOAD'
)
group by delivery_area, quarter, breakdown_1_value
