-- One row per reason of ending valid on the last day of the quarter, groups included.
select
    code as end_reason,
    label,
    parent,
    is_leaf
from codes
where code_list = 'end_reason'
    and valid_from <= $quarter_end
    and coalesce(valid_to, $quarter_end) >= $quarter_end
