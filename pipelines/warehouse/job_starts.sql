-- One row per participant who has started a job: the first job start since referral.
select
    fact_job.delivery_area,
    fact_job.quarter,
    characteristics.*
from fact_job
join characteristics on characteristics.episode_id = fact_job.episode_id
where fact_job.job_number = 1
