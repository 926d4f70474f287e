-- One row per episode of the packs that count, with the quarters of referral, start and end.
-- A participant is the person where the National Insurance number is known and not in doubt, else
-- the episode: nobody is merged on a doubt. What is dated before the area opened counts in the
-- quarter in which it opened.
with opened as (
    select
        current_submissions.delivery_area,
        current_submissions.submission_id,
        current_submissions.quarter as reported_quarter,
        greatest(min(first_open.quarter), min(quarters.quarter)) as first_quarter
    from current_submissions
    cross join quarters
    left join dim_delivery_area
        on dim_delivery_area.delivery_area = current_submissions.delivery_area
        and dim_delivery_area.is_current
    left join quarters as first_open
        on dim_delivery_area.opened_on between first_open.quarter_start and first_open.quarter_end
    group by
        current_submissions.delivery_area,
        current_submissions.submission_id,
        current_submissions.quarter
)
select
    participants.episode_id,
    coalesce(participants.person_id, participants.episode_id) as participant_id,
    opened.delivery_area,
    participants.episode_no,
    participants.referral_date,
    participants.start_date,
    participants.end_date,
    least(greatest(referred.quarter, opened.first_quarter), $quarter) as referral_quarter,
    case
        when participants.start_date is not null
            then least(greatest(started.quarter, opened.first_quarter), $quarter)
    end as start_quarter,
    case
        when participants.end_date is not null
            then least(greatest(ended.quarter, opened.first_quarter), $quarter)
    end as end_quarter,
    opened.reported_quarter,
    participants.specialist_id
from participants
join opened on opened.submission_id = participants.submission_id
left join quarters as referred
    on participants.referral_date between referred.quarter_start and referred.quarter_end
left join quarters as started
    on participants.start_date between started.quarter_start and started.quarter_end
left join quarters as ended
    on participants.end_date between ended.quarter_start and ended.quarter_end
