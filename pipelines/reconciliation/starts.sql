-- One row per delivery area and quarter: its starts as accepted, as explained and as published.
-- What was accepted is told from the returns alone. A start that is not published is explained when
-- the person has a start that is: as one who started again in the area after the time before was
-- over, or as one who moved from another area. The person must be of one sex and age.
with counting as (
    select submission_id, delivery_area_code as delivery_area
    from submissions
    where status in ('accepted', 'accepted with queries', 'partially accepted')
        and period_id <= $quarter
    qualify row_number() over (
        partition by delivery_area_code
        order by period_id desc, submission_sequence desc, received_at desc
    ) = 1
),
accepted as (
    select
        counting.delivery_area,
        coalesce(fact_start.quarter, quarters.quarter) as quarter,
        fact_start.participant_id,
        participants.episode_id,
        participants.sex,
        participants.age_years,
        participants.start_date,
        participants.start_date < max(coalesce(participants.end_date, date '9999-12-31')) over (
            partition by fact_start.participant_id, counting.delivery_area
            order by participants.start_date, participants.end_date
            rows between unbounded preceding and 1 preceding
        ) as is_at_once
    from participants
    join counting on counting.submission_id = participants.submission_id
    left join fact_start on fact_start.episode_id = participants.episode_id
    left join quarters
        on participants.start_date between quarters.quarter_start and quarters.quarter_end
    where participants.start_date is not null
),
firsts as (
    select accepted.*
    from accepted
    semi join starts on starts.episode_id = accepted.episode_id
),
traced as (
    select
        accepted.delivery_area,
        accepted.quarter,
        accepted.is_at_once,
        firsts.delivery_area as counted_in,
        firsts.episode_id <> accepted.episode_id
        and firsts.sex = accepted.sex
        and abs(
            12 * (accepted.age_years - firsts.age_years)
            - date_diff('month', firsts.start_date, accepted.start_date)
        ) <= 12 as is_counted_elsewhere
    from accepted
    left join firsts on firsts.participant_id = accepted.participant_id
),
explained as (
    select
        delivery_area,
        quarter,
        count(*) as accepted,
        count(*) filter (
            where is_counted_elsewhere
                and counted_in = delivery_area
                and not coalesce(is_at_once, false)
        ) as started_again,
        count(*) filter (where is_counted_elsewhere and counted_in <> delivery_area) as moved
    from traced
    group by delivery_area, quarter
),
published as (
    select delivery_area, quarter, count(*) as published
    from starts
    group by delivery_area, quarter
)
select
    coalesce(explained.delivery_area, published.delivery_area) as delivery_area,
    coalesce(explained.quarter, published.quarter) as quarter,
    coalesce(explained.accepted, 0) as accepted,
    coalesce(explained.started_again, 0) as started_again,
    coalesce(explained.moved, 0) as moved,
    coalesce(published.published, 0) as published
from explained
full join published
    on published.delivery_area = explained.delivery_area
    and published.quarter = explained.quarter
order by delivery_area, quarter
