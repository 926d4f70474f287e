"""Arithmetic modulo a prime, elimination, bases and solvers; no disclosure control.

Needs numba, scipy and HiGHS; other packages take the names below from here, so that these are
imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from disclosure.lazy import entrance

if TYPE_CHECKING:
    from disclosure.algebra.basis import constraint_basis
    from disclosure.algebra.elimination import eliminate
    from disclosure.algebra.whole_program import cheapest_whole
else:
    __getattr__ = entrance(
        __name__,
        {
            "cheapest_whole": "whole_program",
            "constraint_basis": "basis",
            "eliminate": "elimination",
        },
    )

__all__ = ["cheapest_whole", "constraint_basis", "eliminate"]
