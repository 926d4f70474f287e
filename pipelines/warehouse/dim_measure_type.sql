-- One row per support measure valid on the last day of the quarter, groups included.
select
    code as measure_type,
    label,
    parent,
    is_leaf
from codes
where code_list = 'measure_type'
    and valid_from <= $quarter_end
    and coalesce(valid_to, $quarter_end) >= $quarter_end
