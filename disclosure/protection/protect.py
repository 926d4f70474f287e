"""From true cells to cells that may be published: the only way, and it ends with the audit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import InitVar, dataclass, field
from typing import NoReturn, final

import polars as pl

import disclosure
from disclosure import proof
from disclosure.errors import DesignError, SealError
from disclosure.methods.changes import ShownToDate, guard_changes
from disclosure.methods.method import Method, Record, record
from disclosure.methods.treated import untreated
from disclosure.protection._seal import SEAL, Seal
from disclosure.protection.audit import audit
from disclosure.protection.report import DisclosureReport
from disclosure.tables.cells import CellTable


@final
@dataclass(frozen=True)
class ProtectedTable:
    """The cells of one population as they may be published. One row per cell.

    `cells`: the dimensions, "statistic", "value" (Int64, null exactly when there is a status) and
    "status" ("" shown, "c" withheld, "x" not available, "z" not applicable; a cell that would have
    several has the first of z, x, c). Only `protect` makes one and only `store.restore` brings one
    back. The fingerprint covers all of this, with methods and report, and is checked whenever one
    is made or its cells are read. It contains no true count, nor the hash of one. `of` says what
    the cells are of, such as a quarter ("" where nobody said), and `bond` binds it to the
    fingerprint. Two tables are equal when their content is, whatever they are of. `kept_methods`
    and `kept_report` are JSON.
    """

    name: str
    dimensions: tuple[str, ...]
    statistics: tuple[str, ...]
    frame: pl.DataFrame = field(repr=False, compare=False)
    kept_methods: str = field(repr=False, compare=False)
    kept_report: str = field(repr=False, compare=False)
    fingerprint: str
    of: str = field(compare=False)
    bond: str = field(repr=False, compare=False)
    seal: InitVar[Seal]

    def __init_subclass__(cls) -> NoReturn:
        """Refuse a class that could answer otherwise than what was protected."""
        raise SealError(
            f"{cls.__name__} is derived from ProtectedTable, but protected tables are of that "
            "class as it is. Use disclosure.protect."
        )

    def __post_init__(self, seal: Seal) -> None:
        if seal is not SEAL:
            raise SealError(
                f"{self.name}: a ProtectedTable is made by disclosure.protect or read back by "
                "disclosure.protection.store.restore, and in no other way."
            )
        self.check()

    @property
    def methods(self) -> tuple[Record, ...]:
        """The records of what was done, in order; copies, so that changes to them do no harm."""
        return tuple(json.loads(self.kept_methods))

    @property
    def report(self) -> DisclosureReport:
        """The report of what was done; a copy likewise."""
        return DisclosureReport.from_dict(json.loads(self.kept_report))

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
        """Raise SealError unless the content is what was protected, and `of` what was said then."""
        found = fingerprint(
            self.name, self.dimensions, self.statistics, self.frame, self.methods, self.report
        )
        if found != self.fingerprint:
            raise SealError(
                f"{self.name}: the protected cells were altered after disclosure control "
                f"(fingerprint {found[:12]}, expected {self.fingerprint[:12]}). Protect it again."
            )
        if bond(self.of, self.fingerprint) != self.bond:
            raise SealError(
                f"{self.name}: the protected cells are said to be of {self.of or 'nothing'}, but "
                "they were sealed as cells of something else. Protect it again."
            )

    def check_is_of(self, of: str) -> None:
        """Raise SealError unless the cells were protected as cells of this, such as a quarter."""
        if self.of != of:
            raise SealError(
                f"{self.name}: the protected cells are of {self.of or 'nothing that was named'}, "
                f"and cells of {of} are wanted. Protect {self.name} of {of}."
            )

    def __reduce__(self) -> NoReturn:
        raise SealError(
            f"{self.name}: write a ProtectedTable with disclosure.protection.store.dump."
        )


def require_sealed(tables: object) -> None:
    """Raise SealError unless this is a tuple of protected tables, each name once, as protected."""
    if type(tables) is not tuple:
        raise SealError(
            f"Protected tables were given as a {type(tables).__name__}, which can be another when "
            "it is read again. Give them as a tuple."
        )
    for table in tables:
        if type(table) is not ProtectedTable:
            raise SealError(
                f"A {type(table).__name__} is no protected table. Only what disclosure.protect "
                "makes, or disclosure.protection.store.restore reads back, may be published."
            )
        table.check()
    names = [table.name for table in tables]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SealError(f"{', '.join(twice)}: protected twice. Give one table of each name.")


def protect(table: CellTable, methods: Sequence[Method], *, of: str = "") -> ProtectedTable:
    """Apply `methods` in turn, attack the result, and seal it as cells `of`, such as a quarter.

    Raises ExposureError when the closing audit can derive anything that it should not. No
    population can leave the audit out, since it is not a method.
    """
    return protect_and_prove(table, methods, of=of)[0]


def protect_and_prove(
    table: CellTable,
    methods: Sequence[Method],
    standing: pl.DataFrame | None = None,
    to_date: Sequence[ShownToDate] = (),
    *,
    of: str = "",
) -> tuple[ProtectedTable, proof.Certificate | None]:
    """Return what `protect` returns, and the certificate of its pattern, which is CONFIDENTIAL.

    The certificate is None where the engine suppressed nothing. `standing` are cells (dimensions
    and "statistic") that readers have from an earlier release with the same values: withholding
    them protects nothing, so complementary suppression does not. `to_date` are figures to date of
    earlier releases: the rules for amounts judge what was added since.
    """
    refuse_namesakes(methods)
    treated = untreated(table, standing)
    for method in methods:
        if to_date and method.proves is not None:
            treated = guard_changes(treated, to_date)
        treated = method.treat(treated)
    report = audit(treated, methods)
    keys = [*table.dimensions, "statistic"]
    frame = treated.cells.select(*keys, pl.col("published").alias("value"), "status").sort(keys)
    records = tuple(map(record, methods))
    mark = fingerprint(table.name, table.dimensions, table.statistics, frame, records, report)
    made = ProtectedTable(
        name=table.name,
        dimensions=table.dimensions,
        statistics=table.statistics,
        frame=frame,
        kept_methods=json.dumps(records),
        kept_report=json.dumps(report.as_dict()),
        fingerprint=mark,
        of=of,
        bond=bond(of, mark),
        seal=SEAL,
    )
    return made, None if treated.pattern is None else treated.pattern.certificate


def refuse_namesakes(methods: Iterable[Method]) -> None:
    """Raise `DesignError` for a method with the name of a class of this library that is another.

    Records name a method by its class, so readers would take it for that one.
    """
    for kind in map(type, methods):
        name = kind.__name__
        if name in disclosure.__all__ and getattr(disclosure, name) is not kind:
            raise DesignError(
                f"The method {name} of {kind.__module__} is not the {name} of disclosure, and its "
                "record would pass as that one. Give the class another name."
            )


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


def bond(of: str, fingerprint: str) -> str:
    """Return the SHA-256 of what cells are of and their fingerprint; "" where nobody said what."""
    return hashlib.sha256(json.dumps([of, fingerprint]).encode()).hexdigest() if of else ""
