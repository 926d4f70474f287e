"""Witnesses and certificates: the proof that a pattern is safe, checked without the engine.

Needs scipy; other packages take the names below from here, so that it is imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from disclosure.lazy import entrance

if TYPE_CHECKING:
    from disclosure.proof.arrays import arrays_of, certificate_of
    from disclosure.proof.certificate import Certificate
    from disclosure.proof.checking import verify
else:
    __getattr__ = entrance(
        __name__,
        {
            "Certificate": "certificate",
            "arrays_of": "arrays",
            "certificate_of": "arrays",
            "verify": "checking",
        },
    )

__all__ = ["Certificate", "arrays_of", "certificate_of", "verify"]
