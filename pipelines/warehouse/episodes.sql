-- One row per episode of the packs that count, with the quarters of referral, start and end.
-- A participant is the person where the National Insurance number is known and not in doubt, else
-- the episode: nobody is merged on a doubt. What is dated before the area opened counts in the
-- quarter in which it happened; a referral before the programme counts in its first quarter.
with programme as (
    select min(quarter) as first_quarter
    from quarters
),
reported as (
    select
        current_submissions.delivery_area,
        current_submissions.submission_id,
        current_submissions.quarter as reported_quarter,
        programme.first_quarter
    from current_submissions
    cross join programme
)
select
    participants.episode_id,
    coalesce(participants.person_id, participants.episode_id) as participant_id,
    reported.delivery_area,
    participants.episode_no,
    participants.referral_date,
    participants.start_date,
    participants.end_date,
    least(greatest(referred.quarter, reported.first_quarter), $quarter) as referral_quarter,
    case
        when participants.start_date is not null
            then least(greatest(started.quarter, reported.first_quarter), $quarter)
    end as start_quarter,
    case
        when participants.end_date is not null
            then least(greatest(ended.quarter, reported.first_quarter), $quarter)
    end as end_quarter,
    reported.reported_quarter,
    participants.specialist_id
from participants
join reported on reported.submission_id = participants.submission_id
left join quarters as referred
    on participants.referral_date between referred.quarter_start and referred.quarter_end
left join quarters as started
    on participants.start_date between started.quarter_start and started.quarter_end
left join quarters as ended
    on participants.end_date between ended.quarter_start and ended.quarter_end
