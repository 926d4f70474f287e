"""The return pack as declarations: what areas send, what is checked, what leaves the room."""

from schemas.returns.declaration import Derived, Pack, Pseudonym, Return, Rule, Severity
from schemas.returns.landing import LandedColumn, judged_columns, landing_columns, polars_schema
from schemas.returns.pack import PACK
from schemas.returns.rule_list import CATALOGUE_VERSION, catalogue, rule_id, rules

__all__ = [
    "CATALOGUE_VERSION",
    "PACK",
    "LandedColumn",
    "Derived",
    "Pack",
    "Pseudonym",
    "Return",
    "Rule",
    "Severity",
    "catalogue",
    "judged_columns",
    "landing_columns",
    "polars_schema",
    "rule_id",
    "rules",
]
