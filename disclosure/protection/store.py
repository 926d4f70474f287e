"""Protected tables as plain frames and JSON values, and back, with a check."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from disclosure.errors import SealError
from disclosure.protection._seal import SEAL
from disclosure.protection.protect import ProtectedTable
from disclosure.protection.report import DisclosureReport


def dump(table: ProtectedTable) -> tuple[pl.DataFrame, dict[str, Any]]:
    """Return the cells, and everything else about the table as JSON values."""
    meta = {
        "name": table.name,
        "dimensions": list(table.dimensions),
        "statistics": list(table.statistics),
        "methods": list(table.methods),
        "report": table.report.as_dict(),
        "fingerprint": table.fingerprint,
        "of": table.of,
        "bond": table.bond,
    }
    return table.cells, meta


def restore(cells: pl.DataFrame, meta: Mapping[str, Any]) -> ProtectedTable:
    """Return the table that `dump` wrote; the order of rows and columns of `cells` does not matter.

    What an earlier version wrote comes back as cells of nothing that was named. Raises SealError
    when anything was altered since it was protected.
    """
    try:
        dimensions = tuple(meta["dimensions"])
        keys = [*dimensions, "statistic"]
        types = dict.fromkeys([*keys, "status"], pl.String) | {"value": pl.Int64}
        ordered = cells.select([*keys, "value", "status"]).cast(types).sort(keys)
        return ProtectedTable(
            name=meta["name"],
            dimensions=dimensions,
            statistics=tuple(meta["statistics"]),
            frame=ordered,
            kept_methods=json.dumps(meta["methods"]),
            kept_report=json.dumps(DisclosureReport.from_dict(meta["report"]).as_dict()),
            fingerprint=meta["fingerprint"],
            of=meta.get("of", ""),
            bond=meta.get("bond", ""),
            seal=SEAL,
        )
    except (KeyError, TypeError, AttributeError, pl.exceptions.PolarsError) as fault:
        raise SealError(f"What was stored is not a protected table: {fault}.") from fault
