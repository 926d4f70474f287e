"""What follows from figures and sums: intervals, exact values, linear programs.

`deduction` and `words` need numpy only. The rest needs scipy and HiGHS; other packages take the
names below from here, so that these are imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from disclosure.lazy import entrance

if TYPE_CHECKING:
    from disclosure.inference.derivation import combination
    from disclosure.inference.programs import Extremes, components
    from disclosure.inference.reach import tolerance
else:
    __getattr__ = entrance(
        __name__,
        {
            "Extremes": "programs",
            "combination": "derivation",
            "components": "programs",
            "tolerance": "reach",
        },
    )

__all__ = ["Extremes", "combination", "components", "tolerance"]
