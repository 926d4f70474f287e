-- One row per submission, rule and field with findings: how many there were.
select
    fact_submission.submission_id,
    fact_submission.delivery_area,
    fact_submission.quarter,
    findings.rule_id,
    coalesce(findings.field, '') as field,
    findings.severity,
    count(*) as finding_count
from findings
join fact_submission on fact_submission.submission_id = findings.submission_id
group by all
