-- One row per referral route valid on the last day of the quarter, groups included.
select
    code as referral_route,
    label,
    parent,
    is_leaf
from codes
where code_list = 'referral_route'
    and valid_from <= $quarter_end
    and coalesce(valid_to, $quarter_end) >= $quarter_end
