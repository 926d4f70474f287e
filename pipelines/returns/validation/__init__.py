"""The validator of a return, made from its declaration.

Pandera takes two seconds to import, so other rooms take these names from here as
`validation.broken`, when they use them; inside the room all imports stand at the top.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from disclosure.lazy import entrance

if TYPE_CHECKING:
    from pipelines.returns.validation.model import broken, cast
else:
    __getattr__ = entrance(__name__, {"broken": "model", "cast": "model"})

__all__ = ["broken", "cast"]
