-- One row per episode of the packs that count, with the quarters of referral, start and end.
-- A participant is the person where the National Insurance number is known, else the episode.
select
    participants.episode_id,
    coalesce(participants.person_id, participants.episode_id) as participant_id,
    current_submissions.delivery_area,
    participants.episode_no,
    participants.referral_date,
    participants.start_date,
    participants.end_date,
    referred.quarter as referral_quarter,
    started.quarter as start_quarter,
    ended.quarter as end_quarter,
    current_submissions.quarter as reported_quarter,
    participants.specialist_id
from participants
join current_submissions on current_submissions.submission_id = participants.submission_id
left join quarters as referred
    on participants.referral_date between referred.quarter_start and referred.quarter_end
left join quarters as started
    on participants.start_date between started.quarter_start and started.quarter_end
left join quarters as ended
    on participants.end_date between ended.quarter_start and ended.quarter_end
