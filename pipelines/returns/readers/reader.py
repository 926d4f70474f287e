"""What every reader does, and what comes out of it: text with the places where it stood."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import polars as pl

from pipelines.returns.errors import Fault
from schemas.returns import Pack, Return


@dataclass(frozen=True)
class ReturnSheet:
    """The rows of one return, every value text, null where blank.

    `file` is the file that they stand in, and the column `row_number` the row of that file which
    each starts on; the header is row 1. `broken` says what was found in each row that holds no
    readable record: counts, and no value.
    `remarks` lists the pack rules that the file breaks and that cost it nothing, with what was
    found. `blank` counts the rows with separators and nothing between them, which are left out.
    """

    file: str
    rows: pl.DataFrame
    broken: Mapping[int, str] = field(default_factory=dict)
    remarks: tuple[Fault, ...] = ()
    blank: int = 0

    @property
    def received(self) -> int:
        """How many rows the sheet holds, readable or not."""
        return self.rows.height + len(self.broken)


class Reader(Protocol):
    """One format that returns arrive in. No value is judged here.

    `lists_files` says whether the manifest of the format gives the SHA-256 and the number of rows
    of each file. `called` gives the words by which a sender knows what findings name as a CSV file.
    """

    @property
    def lists_files(self) -> bool:
        """Whether the manifest lists files."""
        ...

    @property
    def called(self) -> Mapping[str, str]:
        """What holds the rows of each return, and the manifest, in the words of a sender."""
        ...

    def knows(self, names: Collection[str]) -> bool:
        """Say whether a pack whose files have these names is in this format."""
        ...

    def files(self, pack: Pack) -> tuple[str, ...]:
        """List the files that hold the rows of a pack in this format."""
        ...

    def missing(self, files: Mapping[str, bytes], pack: Pack) -> list[Fault]:
        """List what a pack in this format lacks, one fault for each file or sheet."""
        ...

    def manifest(self, files: Mapping[str, bytes], pack: Pack) -> dict[str, Any]:
        """Return the fields of the manifest as they were sent; raises `PackFault` without one."""
        ...

    def notes(self, files: Mapping[str, bytes], pack: Pack) -> list[Fault]:
        """List what a pack holds beyond the template, inside its files, and that costs nothing."""
        ...

    def beside(self, files: Mapping[str, bytes], pack: Pack) -> Iterator[tuple[str, str]]:
        """Yield every text that the files hold beside fields, after where it stands.

        Places are given in words of ours. Those of names have the word name in them.
        """
        ...

    def count(self, files: Mapping[str, bytes], pack: Pack) -> int:
        """Count the rows that the files seem to hold, whatever is wrong with them.

        It is the count reported for packs that are refused before their rows are read.
        """
        ...

    def read(
        self, files: Mapping[str, bytes], declared: Return, optional: Sequence[str] = ()
    ) -> ReturnSheet:
        """Read the rows of one return, with its columns in their declared order.

        The file must have these columns, in any order, less some of `optional`, which become
        null. Raises `PackFault` when the file holds no text, or other columns.
        """
        ...
