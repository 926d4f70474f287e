"""The formats that returns arrive in: one reader for each, the files of a pack in, sheets out.

Readers know no folder, no rule about rows and no other room. A further format is one more reader,
named in `READERS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipelines.returns.readers.csv import CsvReader
from pipelines.returns.readers.reader import Reader, ReturnSheet
from pipelines.returns.readers.workbook import ODS, XLSX

__all__ = ["READERS", "Reader", "ReturnSheet", "reader_of"]

READERS: Sequence[Reader] = (CsvReader(), XLSX, ODS)


def reader_of(names: Iterable[str], readers: Sequence[Reader] = READERS) -> Reader:
    """Return the reader of a pack whose files have these names.

    It is the first one that knows the format. A pack in no known format gets the first reader,
    which then says what the pack lacks.
    """
    known = list(names)
    return next((reader for reader in readers if reader.knows(known)), readers[0])
