"""From true cells to cells that may be published: the only way, and it ends with the audit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import InitVar, dataclass, field
from typing import NoReturn

import polars as pl

from disclosure import proof
from disclosure.errors import SealError
from disclosure.methods.changes import ShownToDate, guard_changes
from disclosure.methods.method import Method, Record, record
from disclosure.methods.treated import untreated
from disclosure.protection._seal import SEAL, Seal
from disclosure.protection.audit import audit
from disclosure.protection.report import DisclosureReport
from disclosure.tables.cells import CellTable


@dataclass(frozen=True)
class ProtectedTable:
    """The cells of one population as they may be published. One row per cell.

    `cells`: the dimensions, "statistic", "value" (Int64, null exactly when there is a status) and
    "status" ("" shown, "c" withheld, "x" not available, "z" not applicable; a cell that would have
    several has the first of z, x, c). Only `protect` makes one and only `store.restore` brings one
    back. The fingerprint covers everything in it and is checked whenever it is made or read. It
    contains no true count, nor the hash of one. `methods` are the records of what was done, in
    order.
    """

    name: str
    dimensions: tuple[str, ...]
    statistics: tuple[str, ...]
    frame: pl.DataFrame = field(repr=False, compare=False)
    methods: tuple[Record, ...]
    report: DisclosureReport
    fingerprint: str
    seal: InitVar[Seal]

    def __post_init__(self, seal: Seal) -> None:
        if seal is not SEAL:
            raise SealError(
                f"{self.name}: a ProtectedTable is made by disclosure.protect or read back by "
                "disclosure.protection.store.restore, and in no other way."
            )
        self.check()

    @property
    def is_recorded(self) -> bool:
        """Whether the methods have records; older tables hold each method as a text."""
        return all(isinstance(method, dict) for method in self.methods)

    @property
    def cells(self) -> pl.DataFrame:
        """One row per cell, checked against the fingerprint; a copy, so changes do no harm."""
        self.check()
        return self.frame.clone()

    def check(self) -> None:
        """Raise SealError unless the content is what was protected."""
        found = fingerprint(
            self.name, self.dimensions, self.statistics, self.frame, self.methods, self.report
        )
        if found != self.fingerprint:
            raise SealError(
                f"{self.name}: the protected cells were altered after disclosure control "
                f"(fingerprint {found[:12]}, expected {self.fingerprint[:12]}). Protect it again."
            )

    def __reduce__(self) -> NoReturn:
        raise SealError(
            f"{self.name}: write a ProtectedTable with disclosure.protection.store.dump."
        )


def require_sealed(tables: Iterable[object]) -> None:
    """Raise SealError unless all are protected tables whose content is what was protected."""
    for table in tables:
        if not isinstance(table, ProtectedTable):
            raise SealError(
                f"A {type(table).__name__} is no protected table. Only what disclosure.protect "
                "makes, or disclosure.protection.store.restore reads back, may be published."
            )
        table.check()


def protect(table: CellTable, methods: Sequence[Method]) -> ProtectedTable:
    """Apply `methods` in turn, attack the result, and seal it.

    Raises ExposureError when the closing audit can derive anything that it should not. No
    population can leave the audit out, since it is not a method.
    """
    return protect_and_prove(table, methods)[0]


def protect_and_prove(
    table: CellTable,
    methods: Sequence[Method],
    standing: pl.DataFrame | None = None,
    to_date: Sequence[ShownToDate] = (),
) -> tuple[ProtectedTable, proof.Certificate | None]:
    """Return what `protect` returns, and the certificate of its pattern, which is CONFIDENTIAL.

    The certificate is None where the engine suppressed nothing. `standing` are cells (dimensions
    and "statistic") that readers have from an earlier release with the same values: withholding
    them protects nothing, so complementary suppression does not. `to_date` are figures to date of
    earlier releases: the rules for amounts judge what was added since.
    """
    treated = untreated(table, standing)
    for method in methods:
        if to_date and method.proves is not None:
            treated = guard_changes(treated, to_date)
        treated = method.treat(treated)
    report = audit(treated)
    keys = [*table.dimensions, "statistic"]
    frame = treated.cells.select(*keys, pl.col("published").alias("value"), "status").sort(keys)
    records = tuple(map(record, methods))
    mark = fingerprint(table.name, table.dimensions, table.statistics, frame, records, report)
    made = ProtectedTable(
        table.name, table.dimensions, table.statistics, frame, records, report, mark, SEAL
    )
    return made, None if treated.pattern is None else treated.pattern.certificate


def fingerprint(
    name: str,
    dimensions: tuple[str, ...],
    statistics: tuple[str, ...],
    frame: pl.DataFrame,
    methods: tuple[Record, ...],
    report: DisclosureReport,
) -> str:
    """Return the SHA-256 of what is published: names, methods, report and the cells in order."""
    words = [name, dimensions, statistics, methods, report.as_dict(), frame.columns]
    digest = hashlib.sha256(json.dumps(words, sort_keys=True).encode())
    digest.update(frame.write_csv(quote_style="non_numeric").encode())
    return digest.hexdigest()
