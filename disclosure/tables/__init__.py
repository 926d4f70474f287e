"""Cells, hierarchies, the sums that tie them, and the keys of the people in them.

Table systems, their sums as matrices and linked tables need scipy; other packages take the names
below from here, so that it is imported on first use. The other modules need Polars and numpy only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from disclosure.lazy import entrance

if TYPE_CHECKING:
    from disclosure.tables.knowledge import known_together, one_contributor
    from disclosure.tables.sums import relation_matrix
    from disclosure.tables.system import TableSystem
    from disclosure.tables.united import with_sums
else:
    __getattr__ = entrance(
        __name__,
        {
            "TableSystem": "system",
            "relation_matrix": "sums",
            "known_together": "knowledge",
            "one_contributor": "knowledge",
            "with_sums": "united",
        },
    )

__all__ = ["TableSystem", "known_together", "one_contributor", "relation_matrix", "with_sums"]
