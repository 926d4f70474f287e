"""The engine that chooses what is withheld beside the sensitive cells.

Needs numba, scipy and HiGHS; other packages take `suppress` from here, so that these are imported
on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from disclosure.lazy import entrance

if TYPE_CHECKING:
    from disclosure.suppression.engine import suppress
    from disclosure.suppression.pattern import Pattern
else:
    __getattr__ = entrance(__name__, {"Pattern": "pattern", "suppress": "engine"})

__all__ = ["Pattern", "suppress"]
