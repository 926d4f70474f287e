"""How the warehouse is made: SQL relations in DuckDB, staged, checked, promoted."""

from pipelines.warehouse.builds import newest_build, served
from pipelines.warehouse.checks import Failure, failures
from pipelines.warehouse.errors import PromotionError, RelationError, WarehouseError
from pipelines.warehouse.landing import land, load_reference, prepare
from pipelines.warehouse.promotion import copy_for_analysts, promote, promoted, read_relation
from pipelines.warehouse.rotation import kept_record_keys, rotate, under_key
from pipelines.warehouse.run import build_staging
from pipelines.warehouse.status_changes import transitions

__all__ = [
    "Failure",
    "PromotionError",
    "RelationError",
    "WarehouseError",
    "build_staging",
    "copy_for_analysts",
    "failures",
    "kept_record_keys",
    "land",
    "load_reference",
    "newest_build",
    "prepare",
    "promote",
    "promoted",
    "read_relation",
    "rotate",
    "served",
    "transitions",
    "under_key",
]
