"""Does what is counted agree with what was accepted? Nobody vanishes between the two."""

from pipelines.reconciliation.reconcile import Difference, differences, reconciled

__all__ = ["Difference", "differences", "reconciled"]
