"""How the quality of a quarter is judged: plausibility of aggregates, status of returns.

Great Expectations takes eight seconds to import, so other packages take these names from here as
`quality.judge`, when they use them; inside the package all imports stand at the top.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from disclosure.lazy import entrance

if TYPE_CHECKING:
    from pipelines.quality.floors import Coverage, coverage
    from pipelines.quality.frames import aggregates
    from pipelines.quality.limits import areas_outside, outside
    from pipelines.quality.missing import MissingStarts, missing_starts
    from pipelines.quality.suites import judge
    from pipelines.quality.whole_quarter import QuarterQuality, quality
else:
    __getattr__ = entrance(
        __name__,
        {
            "Coverage": "floors",
            "MissingStarts": "missing",
            "QuarterQuality": "whole_quarter",
            "aggregates": "frames",
            "areas_outside": "limits",
            "coverage": "floors",
            "judge": "suites",
            "missing_starts": "missing",
            "outside": "limits",
            "quality": "whole_quarter",
        },
    )

__all__ = [
    "Coverage",
    "MissingStarts",
    "QuarterQuality",
    "aggregates",
    "areas_outside",
    "coverage",
    "judge",
    "missing_starts",
    "outside",
    "quality",
]
