"""Made-up return packs: no real person is in them, and every National Insurance number says so."""

from pipelines.synthetic.simulation import simulate

__all__ = ["simulate"]
