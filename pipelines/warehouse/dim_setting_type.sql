-- One row per type of health setting valid on the last day of the quarter, groups included.
select
    code as setting_type,
    label,
    parent,
    is_leaf
from codes
where code_list = 'setting_type'
    and valid_from <= $quarter_end
    and coalesce(valid_to, $quarter_end) >= $quarter_end
