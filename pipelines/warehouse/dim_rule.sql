-- One row per rule of the return, as the catalogue stands.
select
    rule_id,
    file,
    field,
    category,
    severity,
    message
from rules
