"""The seal of protected tables. Imported by `protect` and `store`, and by nobody else.

It guards against mistakes, not against a determined colleague: the wall is the file permission
and the separate process.
"""

from __future__ import annotations

from typing import Final


class Seal:
    """A token without content; `SEAL` is the only one that counts."""

    __slots__ = ()


SEAL: Final = Seal()
