"""Made-up return packs: no real person is in them, and every National Insurance number says so."""

from pipelines.synthetic.simulate import simulate

__all__ = ["simulate"]
