"""The seal of protected tables. Only `protect` and `store` may import it.

It guards against mistakes. File permissions and a separate process guard against a determined
colleague.
"""

from __future__ import annotations

from typing import Final


class Seal:
    """A token without content; `SEAL` is the only one that counts."""

    __slots__ = ()


SEAL: Final = Seal()
