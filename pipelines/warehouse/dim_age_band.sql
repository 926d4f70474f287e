-- One row per age band, with its youngest and oldest age in whole years; the last has no oldest.
select
    code as age_band,
    label,
    cast(split_part(code, '_', 1) as bigint) as age_from,
    try_cast(split_part(code, '_', 2) as bigint) as age_to
from codes
where code_list = 'age_band'
    and valid_from <= $quarter_end
    and coalesce(valid_to, $quarter_end) >= $quarter_end
