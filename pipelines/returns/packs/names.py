"""The name of a pack: its delivery area, quarter and sequence."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = re.compile(
    r"(?P<area>CTW-[A-Z]{2}[0-9]{2})_(?P<period>[0-9]{4}-[0-9]{2}Q[1-4])_v(?P<sequence>[0-9]{1,2})",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True)
class PackName:
    """What the name of a pack says: `<delivery_area_code>_<period_id>_v<sequence>`.

    Its text can be shown: the pattern leaves no room for a name or number of a person. Letters may
    be small; its text has those of the template.
    """

    delivery_area_code: str
    period_id: str
    submission_sequence: int

    @classmethod
    def parse(cls, name: str) -> PackName | None:
        """Read the name of a pack, None when it has another form."""
        match = _NAME.fullmatch(name)
        if match is None:
            return None
        return cls(match["area"].upper(), match["period"].upper(), int(match["sequence"]))

    @classmethod
    def of_dropped(cls, name: str, *, is_folder: bool) -> PackName | None:
        """Read the name of what was dropped: a folder's own, a file's without its last suffix."""
        stem, dot, suffix = name.rpartition(".")
        is_plain = not dot or (is_folder and suffix.lower() != "zip")
        return cls.parse(name if is_plain else stem)

    def __str__(self) -> str:
        return f"{self.delivery_area_code}_{self.period_id}_v{self.submission_sequence}"
