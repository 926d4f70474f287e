"""Sealed records of decisions about a quarter: one file of lines for each kind and quarter.

They are an input of the build, other than the register of releases, which says what was done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from operations.errors import SignOffError
from operations.home.durable import alone, replace_file
from operations.home.settings import Settings
from operations.releases.register import Words, as_text, canonical, lines_of, sealed, unsealed
from schemas.quarter import Quarter


@dataclass(frozen=True)
class QuarterRecords:
    """The records of one kind: the `act` that each line names, their folder below `registers/`.

    `again` is what a person types to give a record again, before the quarter.
    """

    act: str
    folder: str
    again: str

    def add(
        self, settings: Settings, quarter: Quarter, records: Sequence[Mapping[str, Any]]
    ) -> None:
        """Seal records and write them below those that are held."""
        words = {"act": self.act, "quarter": quarter.id, "rehearsal": settings.is_rehearsal}
        place = self._file(settings, quarter)
        with alone(settings.home / "registers" / f".{self.folder}"):
            lines = [canonical(sealed(settings, words | dict(one))) for one in records]
            replace_file(place, as_text([*lines_of(place), *lines]))

    def read(self, settings: Settings, quarter: Quarter) -> list[Words]:
        """Return the records, the first first; raises `SignOffError` for a line of another hand."""
        found = []
        for number, line in enumerate(lines_of(self._file(settings, quarter)), start=1):
            words = unsealed(settings, line, (self.act,))
            expected = (quarter.id, settings.is_rehearsal)
            if words is None or (words["quarter"], words["rehearsal"]) != expected:
                raise SignOffError(
                    f"Line {number} of registers/{self.folder}/{quarter.id}.jsonl was not written "
                    "by this system, or was changed since. Put the file back from a backup, or "
                    f"remove it and {self.again} {quarter.id}"
                )
            found.append(words)
        return found

    def _file(self, settings: Settings, quarter: Quarter) -> Path:
        return settings.home / "registers" / self.folder / f"{quarter.id}.jsonl"
