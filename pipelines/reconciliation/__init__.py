"""Whether the starts that are counted are those that were accepted, so that nobody is lost."""

from pipelines.reconciliation.reconcile import Difference, differences, reconciled

__all__ = ["Difference", "differences", "reconciled"]
