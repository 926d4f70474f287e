"""Read a CSV file of a pack as text, and account for every line of it. No value is judged here."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import polars as pl

from pipelines.returns.errors import Fault
from pipelines.returns.readers.layout import SEPARATORS, FileLayout, layout, without_lead
from pipelines.returns.readers.manifests import also_there, json_manifest
from pipelines.returns.readers.reader import ReturnSheet
from pipelines.returns.readers.text import decode
from schemas.returns import Pack, Return
from schemas.texts import counted

# A record that goes over more lines than this has lost a quotation mark.
LONGEST_RECORD = 20
# No row of a return comes near this many characters.
LONGEST_LINE = 100_000
FORM = "file_has_the_form_of_the_template"
_NOTHING = ' \t\r\n"'


class CsvReader:
    """Packs with one CSV file for each return, in UTF-8, UTF-16, Windows-1252 or ISO-8859-14."""

    lists_files = True
    called: Mapping[str, str] = MappingProxyType({})

    def knows(self, names: Collection[str]) -> bool:
        """Say whether there is a CSV file among these names."""
        return any(name.lower().endswith(".csv") for name in names)

    def files(self, pack: Pack) -> tuple[str, ...]:
        """List the CSV files of a pack."""
        return tuple(declared.file for declared in pack.files)

    def missing(self, files: Mapping[str, bytes], pack: Pack) -> list[Fault]:
        """List the CSV files that are not there."""
        lacking = [name for name in self.files(pack) if name not in files]
        return [Fault("files_are_there", name, also_there(name, files)) for name in lacking]

    def manifest(self, files: Mapping[str, bytes], pack: Pack) -> dict[str, Any]:
        """Return what `manifest.json` holds."""
        return json_manifest(files)

    def notes(self, files: Mapping[str, bytes], pack: Pack) -> list[Fault]:
        """Return no note: what a CSV file holds beyond the template refuses it."""
        return []

    def beside(self, files: Mapping[str, bytes], pack: Pack) -> Iterator[tuple[str, str]]:
        """Yield nothing: what a CSV file holds beyond the template refuses it."""
        yield from ()

    def count(self, files: Mapping[str, bytes], pack: Pack) -> int:
        """Count the lines of the CSV files that are there and not blank, less their headers."""
        return sum(count_lines(files[name]) for name in self.files(pack) if name in files)

    def read(
        self, files: Mapping[str, bytes], declared: Return, optional: Sequence[str] = ()
    ) -> ReturnSheet:
        """Read the CSV file of one return; see `Reader.read`."""
        return parse(files[declared.file], declared.file, declared.names, optional)


def parse(
    data: bytes, file: str, columns: Sequence[str], optional: Sequence[str] = ()
) -> ReturnSheet:
    """Read a file whose header must be `columns`, in any order, less some of `optional`.

    Rows that hold nothing are left out and counted. Raises `PackFault` when the file is no text, is
    empty, or has another header.
    """
    content, encoding = decode(data, file)
    found = layout(content, file, columns, optional)
    read = _fast(found)
    rows, broken, blank = _slow(found) if read is None else (read, {}, 0)
    filled = rows.filter(pl.any_horizontal(pl.exclude("row_number").str.strip_chars() != ""))
    blank += rows.height - filled.height
    spare = [name for name in rows.columns if name.startswith(_SPARE)]
    broken |= _beside_the_header(filled, spare)
    kept = filled.filter(~pl.col("row_number").is_in(list(broken)))
    absent = [pl.lit(None, pl.String).alias(name) for name in columns if name not in found.header]
    empty = [f"It has {counted(blank, 'empty row', 'empty rows')}."] if blank else []
    remarks = [*found.remarks, *empty]
    faults = [Fault("encoding_is_utf8", file, f"It was read as {encoding}.")] if encoding else []
    faults += [Fault(FORM, file, " ".join(remarks))] if remarks else []
    return ReturnSheet(
        file,
        kept.with_columns(absent).select("row_number", *columns),
        broken,
        tuple(faults),
        blank,
    )


def count_lines(data: bytes) -> int:
    """Count the rows of a file that is not parsed: lines that hold anything, less the header.

    Used for packs that are refused before their files are read.
    """
    nothing = (_NOTHING + "".join(SEPARATORS)).encode()
    _, content = without_lead(data.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
    from_first_sign = re.compile(b"[^\n" + re.escape(nothing) + b"][^\n]*")
    return max(sum(1 for _ in from_first_sign.finditer(content)) - 1, 0)


_SPARE = " "  # no column of a template begins so


def _names(found: FileLayout) -> list[str]:
    """Return a name for each column; those at the right without one get a name of ours."""
    return [name or f"{_SPARE}{at}" for at, name in enumerate(found.header)]


def _beside_the_header(rows: pl.DataFrame, spare: Sequence[str]) -> dict[int, str]:
    """Say which rows hold something in a column that has no header."""
    if not spare:
        return {}
    beside = rows.filter(pl.any_horizontal(pl.col(spare).str.strip_chars() != ""))
    found = "It holds something in a column that has no header."
    return dict.fromkeys(beside["row_number"].to_list(), found)


def _fast(found: FileLayout) -> pl.DataFrame | None:
    """Read all rows at once; None unless every line and every separator is accounted for."""
    names, body = _names(found), found.body
    schema = dict.fromkeys(names, pl.String())
    if not body:
        return _numbered(pl.DataFrame(schema=schema), found.first_line)
    try:
        rows = pl.read_csv(
            body, has_header=False, schema=schema, glob=False, separator=found.separator
        )
    except pl.exceptions.PolarsError:
        return None
    lines, separators = body.count(b"\n") + 1, body.count(found.separator.encode())
    if b'"' in body:
        quoted = rows.select(
            pl.sum_horizontal(pl.all().str.count_matches(found.separator, literal=True)).sum()
        ).item()
        separators -= quoted
    if rows.height != lines or separators != rows.height * (len(names) - 1):
        return None
    return _numbered(rows, found.first_line)


def _slow(found: FileLayout) -> tuple[pl.DataFrame, dict[int, str], int]:
    """Read row by row, keep the good ones, and say by line what is wrong with the others.

    The last value is the number of lines that have separators and hold nothing.
    """
    lines = found.body.decode().split("\n")
    numbers: list[int] = []
    records: list[list[str]] = []
    broken: dict[int, str] = {}
    at = blank = 0
    nothing = _NOTHING + found.separator
    while at < len(lines):
        if not lines[at].strip(nothing) and lines[at].count('"') % 2 == 0:
            blank += bool(lines[at].strip())
            at += 1
            continue
        record, taken = _record(lines, at, found)
        if record is None:
            broken[at + found.first_line] = _why(lines[at], found)
        else:
            numbers.append(at + found.first_line)
            records.append(record)
        at += taken
    schema = {"row_number": pl.Int64(), **dict.fromkeys(_names(found), pl.String())}
    rows = pl.DataFrame(
        [(number, *record) for number, record in zip(numbers, records, strict=True)],
        schema=schema,
        orient="row",
    )
    return rows.with_columns(pl.col(pl.String).replace("", None)), broken, blank


def _record(lines: list[str], at: int, found: FileLayout) -> tuple[list[str] | None, int]:
    """Read the record that starts at a line, and how many lines it takes; None when broken."""
    text = lines[at]
    taken = 1
    while text.count('"') % 2 and taken < LONGEST_RECORD and at + taken < len(lines):
        following = lines[at + taken]
        if _fields(following, found) is not None:
            return None, 1
        text += "\n" + following
        taken += 1
    record = _fields(text, found)
    return (record, taken) if record is not None else (None, 1)


def _why(line: str, found: FileLayout) -> str:
    """Say why a line holds no record of the width of the header."""
    if len(line) > LONGEST_LINE:
        return f"It has {len(line):,} characters; at most {LONGEST_LINE:,} are read."
    try:
        width = len(next(csv.reader([line], strict=True, delimiter=found.separator), []))
    except csv.Error:
        return "A quotation mark is not closed, or stands within a field."
    return f"It has {counted(width, 'field', 'fields')}; {len(found.header)} were expected."


def _fields(text: str, found: FileLayout) -> list[str] | None:
    """Return the fields of one record, None unless there are as many as columns, all closed."""
    if len(text) > LONGEST_LINE:
        return None
    source = io.StringIO(text, newline="")
    try:
        records = list(csv.reader(source, strict=True, delimiter=found.separator))
    except csv.Error:
        return None
    return records[0] if len(records) == 1 and len(records[0]) == len(found.header) else None


def _numbered(rows: pl.DataFrame, first_line: int) -> pl.DataFrame:
    """Add the line each row starts on."""
    return rows.select(
        pl.int_range(first_line, pl.len() + first_line, dtype=pl.Int64).alias("row_number"),
        pl.all().replace("", None),
    )
