-- One row per support model valid on the last day of the quarter, groups included.
select
    code as model,
    label,
    parent,
    is_leaf
from codes
where code_list = 'model'
    and valid_from <= $quarter_end
    and coalesce(valid_to, $quarter_end) >= $quarter_end
