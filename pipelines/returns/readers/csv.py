"""Read a CSV file of a pack as text, and account for every line of it. No value is judged here."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping, Sequence

import polars as pl

from pipelines.returns.errors import PackFault
from pipelines.returns.readers.reader import Sheet
from schemas.returns import Pack, Return

# A record that goes over more lines than this has lost a quotation mark.
LONGEST_RECORD = 20
# A finding names this many columns, and counts the others.
MOST_LISTED = 10


class CsvReader:
    """Packs with one CSV file for each return, in UTF-8, UTF-16 or Windows-1252."""

    def knows(self, names: Collection[str]) -> bool:
        """Say whether there is a CSV file among these names."""
        return any(name.lower().endswith(".csv") for name in names)

    def files(self, pack: Pack) -> tuple[str, ...]:
        """List the CSV files of a pack."""
        return tuple(declared.file for declared in pack.files)

    def count(self, files: Mapping[str, bytes], pack: Pack) -> int:
        """Count the lines of the CSV files that are there and not blank, less their headers."""
        return sum(count_lines(files[name]) for name in self.files(pack) if name in files)

    def read(
        self, files: Mapping[str, bytes], declared: Return, optional: Sequence[str] = ()
    ) -> Sheet:
        """Read the CSV file of one return; see `Reader.read`."""
        return parse(files[declared.file], declared.file, declared.names, optional)


def parse(data: bytes, file: str, columns: Sequence[str], optional: Sequence[str] = ()) -> Sheet:
    """Read a file whose header must be `columns`, in any order, less some of `optional`.

    Raises `PackFault` when the file is no text, is empty, or has another header.
    """
    content, is_windows_1252 = decode(data, file)
    header_line, _, body = content.partition(b"\n")
    header = _header(header_line, file)
    wrong = _differences(header, columns, optional)
    if wrong:
        raise PackFault("columns_are_those_of_the_template", file, " ".join(wrong))
    body = body.rstrip(b"\n")
    read = _fast(body, header)
    rows, broken = _slow(body, header) if read is None else (read, {})
    absent = [pl.lit(None, pl.String).alias(name) for name in columns if name not in header]
    return Sheet(
        file,
        rows.with_columns(absent).select("row_number", *columns),
        broken,
        ("encoding_is_utf8",) if is_windows_1252 else (),
    )


def decode(data: bytes, file: str) -> tuple[bytes, bool]:
    """Return the file in UTF-8 with plain line ends, and whether it was Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return _plain(data.decode("utf-16").encode()), False
        except UnicodeDecodeError as trouble:
            found = "It begins as UTF-16 and does not go on so."
            raise PackFault("file_is_text", file, found) from trouble
    data = data.removeprefix(b"\xef\xbb\xbf")
    if not data.strip():
        raise PackFault("file_is_not_empty", file)
    if b"\0" in data:
        found = "It holds bytes that no text has, as workbooks and programs do."
        raise PackFault("file_is_text", file, found)
    try:
        data.decode("utf-8")
        return _plain(data), False
    except UnicodeDecodeError:
        pass
    try:
        return _plain(data.decode("cp1252").encode()), True
    except UnicodeDecodeError as trouble:
        raise PackFault("file_is_text", file, "It is not UTF-8 or Windows-1252.") from trouble


def count_lines(data: bytes) -> int:
    """Count the rows of a file that is not parsed: its lines that are not blank, less the header.

    Used for packs that are refused before their files are read.
    """
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    return max(sum(1 for line in lines if line.strip()) - 1, 0)


def _plain(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data


def _header(line: bytes, file: str) -> list[str]:
    try:
        names = next(csv.reader([line.decode()], strict=True), [])
    except csv.Error as trouble:
        found = "A quotation mark in the header is not closed."
        raise PackFault("columns_are_those_of_the_template", file, found) from trouble
    return [name.strip().lower() for name in names]


def _differences(
    header: Sequence[str], columns: Sequence[str], optional: Sequence[str]
) -> list[str]:
    """Say how a header differs from the template, in sentences without a name that was sent."""
    lacking = [name for name in columns if name not in header and name not in optional]
    unknown = [at for at, name in enumerate(header, start=1) if name not in columns]
    twice = [name for name in columns if header.count(name) > 1]
    sentences = (
        (lacking, f"It lacks {_listed(lacking)}."),
        (unknown, f"The template does not have its columns number {_listed(unknown)}."),
        (twice, f"It has {_listed(twice)} more than once."),
    )
    return [sentence for names, sentence in sentences if names]


def _listed(names: Sequence[object]) -> str:
    """List a few names or numbers, and say how many more there are."""
    more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
    return ", ".join(map(str, names[:MOST_LISTED])) + more


def _fast(body: bytes, header: list[str]) -> pl.DataFrame | None:
    """Read all rows at once; None unless every line and every comma is accounted for."""
    schema = dict.fromkeys(header, pl.String())
    if not body:
        return _numbered(pl.DataFrame(schema=schema))
    try:
        rows = pl.read_csv(body, has_header=False, schema=schema, glob=False)
    except pl.exceptions.PolarsError:
        return None
    lines, commas = body.count(b"\n") + 1, body.count(b",")
    if b'"' in body:
        quoted = rows.select(
            pl.sum_horizontal(pl.all().str.count_matches(",", literal=True)).sum()
        ).item()
        commas -= quoted
    if rows.height != lines or commas != rows.height * (len(header) - 1):
        return None
    return _numbered(rows)


def _slow(body: bytes, header: list[str]) -> tuple[pl.DataFrame, dict[int, str]]:
    """Read row by row, keep the good ones, and say by line what is wrong with the others."""
    lines = body.decode().split("\n")
    numbers: list[int] = []
    records: list[list[str]] = []
    broken: dict[int, str] = {}
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        record, taken = _record(lines, at, len(header))
        if record is None:
            broken[at + 2] = _why(lines[at], len(header))
        else:
            numbers.append(at + 2)
            records.append(record)
        at += taken
    schema = {"row_number": pl.Int64(), **dict.fromkeys(header, pl.String())}
    rows = pl.DataFrame(
        [(number, *record) for number, record in zip(numbers, records, strict=True)],
        schema=schema,
        orient="row",
    )
    return rows.with_columns(pl.col(pl.String).replace("", None)), broken


def _record(lines: list[str], at: int, width: int) -> tuple[list[str] | None, int]:
    """Read the record that starts at a line, and how many lines it takes; None when broken."""
    text = lines[at]
    taken = 1
    while text.count('"') % 2 and taken < LONGEST_RECORD and at + taken < len(lines):
        following = lines[at + taken]
        if _fields(following, width) is not None:
            return None, 1
        text += "\n" + following
        taken += 1
    record = _fields(text, width)
    return (record, taken) if record is not None else (None, 1)


def _why(line: str, width: int) -> str:
    """Say why a line holds no record of `width` fields."""
    try:
        found = len(next(csv.reader([line], strict=True), []))
    except csv.Error:
        return "A quotation mark is not closed, or stands within a field."
    return f"It has {found} fields; {width} were expected."


def _fields(text: str, width: int) -> list[str] | None:
    """Return the fields of one record, None unless there are `width` of them, all closed."""
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return None
    return records[0] if len(records) == 1 and len(records[0]) == width else None


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the line each row starts on; the header is line 1."""
    return rows.select(
        pl.int_range(2, pl.len() + 2, dtype=pl.Int64).alias("row_number"),
        pl.all().replace("", None),
    )
