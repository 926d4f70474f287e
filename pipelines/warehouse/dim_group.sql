-- One row per specified disadvantaged group valid on the last day of the quarter, groups included.
select
    code as disadvantaged_group,
    label,
    parent,
    is_leaf
from codes
where code_list = 'disadvantaged_group'
    and valid_from <= $quarter_end
    and coalesce(valid_to, $quarter_end) >= $quarter_end
