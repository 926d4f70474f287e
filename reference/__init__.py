"""Facts from outside, as CSV with their source and validity dates, and the few readers of them."""

from reference.readers import (
    ENGLAND_AND_WALES,
    CodeList,
    ReferenceError,
    about_code_list,
    bank_holidays,
    code_list,
    code_lists,
    delivery_areas,
    fine_places,
    geography,
    leaves,
    local_authorities,
    releases,
    retired_authorities,
    rollout,
    source,
)

__all__ = [
    "ENGLAND_AND_WALES",
    "CodeList",
    "ReferenceError",
    "about_code_list",
    "bank_holidays",
    "code_list",
    "code_lists",
    "delivery_areas",
    "fine_places",
    "geography",
    "leaves",
    "local_authorities",
    "releases",
    "retired_authorities",
    "rollout",
    "source",
]
