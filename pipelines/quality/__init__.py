"""How the quality of a quarter is judged: plausibility of aggregates, status of returns."""

from pipelines.quality.coverage import Coverage, coverage
from pipelines.quality.frames import aggregates
from pipelines.quality.judge import judge
from pipelines.quality.quality import QuarterQuality, quality

__all__ = ["Coverage", "QuarterQuality", "aggregates", "coverage", "judge", "quality"]
