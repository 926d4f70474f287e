-- One row per region of England and, for Wales, the nation, as valid on the last day of the quarter.
select
    region,
    region_name,
    nation
from regions
where coalesce(valid_from, $quarter_end) <= $quarter_end
    and coalesce(valid_to, $quarter_end) >= $quarter_end
