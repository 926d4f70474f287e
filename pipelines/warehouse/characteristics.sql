-- One row per episode of the packs that count: its coded characteristics, 'NS' where not stated.
-- The columns are the coded fields that the return declares: a new field needs no change here.
with stated as (
    select
        participants.submission_id,
        participants.episode_id,
        participants.age_years,
        coalesce(columns(lambda name: name in $with_not_stated), 'NS'),
        columns(lambda name: name in $without_not_stated)
    from participants
)
select
    stated.* exclude (submission_id, age_years),
    dim_age_band.age_band
from stated
join current_submissions on current_submissions.submission_id = stated.submission_id
left join dim_age_band
    on stated.age_years between dim_age_band.age_from
    and coalesce(dim_age_band.age_to, stated.age_years)
