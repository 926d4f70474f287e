-- One row per health condition valid on the last day of the quarter, groups included.
select
    code as condition,
    label,
    parent,
    is_leaf
from codes
where code_list = 'condition'
    and valid_from <= $quarter_end
    and coalesce(valid_to, $quarter_end) >= $quarter_end
