-- One row per episode referred, in the quarter of the referral.
select
    episodes.delivery_area,
    episodes.referral_quarter as quarter,
    characteristics.*
from episodes
join characteristics on characteristics.episode_id = episodes.episode_id
where episodes.referral_quarter is not null
