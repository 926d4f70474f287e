"""Complementary suppression: the engine withholds further cells and certifies the result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import inf
from typing import Literal, get_args

import numpy as np
import polars as pl

from disclosure import proof, suppression, tables
from disclosure.errors import DesignError, TableError
from disclosure.methods.losses import Floats, ReaderLoss
from disclosure.methods.method import Method
from disclosure.methods.treated import TreatedTable
from disclosure.methods.tuning import TUNING
from disclosure.methods.unions import Union, sensitive_unions
from disclosure.phrase import Phrase

Protect = Literal["interval", "exact"]


@dataclass(frozen=True)
class ComplementarySuppression(Method):
    """Withhold further cells until no sensitive cell follows from sums of published ones.

    The whole population is one system: all statistics, all dimensions. What published sums tell of
    several withheld cells together must pass the rules for amounts as well: each union that does
    not pass becomes a sensitive cell of the system, and the engine is asked again, each time with
    the same budget. Marked cells have no figure and are not part of it. A zero that no rule
    withheld is published, since everybody can guess it. Of the patterns the one is sought with
    which readers lose least: `loss` says what they lose with a cell, by its codes alone; without it
    they lose its value. `protect` is "interval" (an attacker's interval must reach the protection
    of each sensitive cell) or "exact" (no sensitive cell can be calculated). The pattern is used
    only after its certificate has been checked here, without a solver: if the solver failed or ran
    out of time there is a CertificateError and no table. With `singletons`, the only contributor to
    a cell is assumed to know that cell; turn it off where `contributors` counts people who
    contribute no amount of their own (the staff of a place).

    Source: Fischetti and Salazar (2001), Solving the cell suppression problem on tabular data with
    linear constraints; Hundepool et al. (2012), section 4.4.
    """

    protect: Protect = "interval"
    budget_seconds: float = TUNING.suppression_seconds
    singletons: bool = True
    loss: ReaderLoss | None = None

    def __post_init__(self) -> None:
        if self.protect not in get_args(Protect):
            raise DesignError(
                f"Complementary suppression protects {self.protect!r}; it can protect "
                f"{' or '.join(get_args(Protect))}."
            )
        seconds = self.budget_seconds
        is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
        if not is_number or not 0 <= seconds < inf:
            raise DesignError(f"A budget is 0 seconds or more, not {seconds!r}.")
        if not isinstance(self.singletons, bool):
            raise DesignError(f"Singletons are {self.singletons!r}. Give True or False.")

    @property
    def named(self) -> tuple[str, ...]:
        """The dimension of places along which readers lose."""
        return () if self.loss is None else (self.loss.places,)

    def treat(self, table: TreatedTable) -> TreatedTable:
        """Withhold what the engine finds necessary."""
        if not table.sensitive.any():
            return table
        if not table.sensitive[figures(table)].any():
            raise TableError(
                f"{table.source.name}: {sorted(table.bases)} are rounded or perturbed; their parts "
                "do not add, so complementary suppression does not apply. Suppress first."
            )
        table, unions = self.weighed(self.assuming(table)), dict[Union, None]()
        while True:
            chosen = with_unions(table, system(table), unions)
            pattern = suppression.suppress(chosen, self.protect, self.budget_seconds, seed=0)
            proof.verify(chosen, pattern.suppressed, pattern.certificate)
            beside = over_all_cells(table, pattern.suppressed[: len(figures(table))])
            found = sensitive_unions(table, beside | table.withheld)
            if not found:
                break
            unions |= dict.fromkeys(found)
            table = without_standing(table, found)
        withheld = table.withhold(beside, "complementary suppression", least=1)
        return replace(withheld, pattern=of_cells(pattern, chosen, unions), solved=figures(table))

    @property
    def proves(self) -> Literal["interval", "exact"]:
        """What the certificate of its pattern proves."""
        return self.protect

    def assuming(self, table: TreatedTable) -> TreatedTable:
        """Return the table with whether only contributors know their own cells."""
        return replace(table, singletons=self.singletons)

    @property
    def covers_singletons(self) -> bool:
        """As the parameter says."""
        return self.singletons

    def words(self) -> Phrase:
        """Return the sentence; readers need not know how long the engine may search."""
        chosen = "" if self.loss is None else "_least_loss"
        return Phrase(f"complementary_suppression_{self.protect}{chosen}")

    def weighed(self, table: TreatedTable) -> TreatedTable:
        """Return the table with what readers lose with each cell, if that is declared."""
        return table if self.loss is None else replace(table, loss=self.loss.of(table.source))


def figures(table: TreatedTable) -> np.ndarray:
    """Return the rows of the cells that are part of the system: exact ones without a mark.

    Once solved, the system stays the same, whatever is perturbed afterwards.
    """
    if table.solved is not None:
        return table.solved
    exact = ~pl.col("statistic").is_in(list(table.bases))
    return np.flatnonzero(table.mask((pl.col("mark") == "") & exact))


def over_all_cells(table: TreatedTable, chosen: np.ndarray) -> np.ndarray:
    """Return a mask over the cells of the system as one over all cells."""
    mask = np.zeros(table.cells.height, dtype=np.bool_)
    mask[figures(table)[chosen]] = True
    return mask


def lost_with(table: TreatedTable) -> Floats:
    """Return what readers lose with each cell: the declared loss, or else the value."""
    if table.loss is not None:
        return table.loss
    return table.cells["value"].fill_null(0).to_numpy().astype(np.float64)


def system(table: TreatedTable) -> tables.TableSystem:
    """Return the cells of `table` that have figures, as the engine's system.

    A cell costs what readers lose with it. One that an earlier method withheld without finding it
    sensitive costs nothing. A cell that readers already have must be published, unless it is
    sensitive now. A zero that an earlier method withheld does not move: readers may find it out. A
    cell that no method withheld is known to be at least 1, since its zero would be published.
    """
    rows = figures(table)
    cells = table.cells[rows]
    value = cells["value"].to_numpy()
    sensitive, hidden = table.sensitive[rows], table.withheld[rows]
    lower, upper = (
        cells[name].fill_null(0).to_numpy().astype(np.float64)
        for name in ("lower_protection", "upper_protection")
    )
    known = np.zeros(len(rows), dtype=np.bool_) if table.standing is None else table.standing[rows]
    single = (cells["contributors"].fill_null(0).to_numpy() == 1) & ((value > 0) | sensitive)
    single &= table.singletons
    sums = tables.relation_matrix(table.source.relations, table.cells.height)[:, rows]
    return tables.TableSystem(
        values=value,
        constraints=sums,
        sensitive=sensitive,
        lower_protection=lower,
        upper_protection=upper,
        cost=np.where(hidden, 0.0, lost_with(table)[rows]),
        publish=((value == 0) | known & ~hidden) & ~sensitive,
        single_contributor=single,
        contributor=tables.one_contributor(sums, single),
        least=np.where(hidden, cells["least"].to_numpy(), value > 0),
        integer=True,
        tolerance=table.source.tolerance,
        labels=table.source.keys(cells),
    )


def with_unions(
    table: TreatedTable, chosen: tables.TableSystem, unions: Iterable[Union]
) -> tables.TableSystem:
    """Return the system with each union as one more sensitive cell, the sum of its cells."""
    place, listed = {int(row): at for at, row in enumerate(figures(table))}, list(unions)
    return tables.with_sums(
        chosen,
        [[place[row] for row in union.rows] for union in listed],
        [union.lower for union in listed],
        [union.upper for union in listed],
        [union.words(table) for union in listed],
    )


def of_cells(
    pattern: suppression.Pattern, chosen: tables.TableSystem, unions: Iterable[Union]
) -> suppression.Pattern:
    """Return the pattern without the unions: what it proves of the cells themselves."""
    count = len(chosen) - len(list(unions))
    whole = pattern.certificate
    kept = whole.cells < count
    named = {
        name: getattr(whole, name)[kept] for name in ("cells", "up", "up_sign", "down", "down_sign")
    }
    apart = None if whole.apart is None else whole.apart[:, :count]
    certificate = replace(whole, vectors=whole.vectors[:, :count], apart=apart, **named)
    return replace(pattern, suppressed=pattern.suppressed[:count], certificate=certificate)


def without_standing(table: TreatedTable, unions: Iterable[Union]) -> TreatedTable:
    """Return the table where cells that give a sensitive union need not be shown again.

    Readers of this release alone must not learn the union, as with a sensitive cell.
    """
    if table.standing is None:
        return table
    found = {row for union in unions for row in union.rows}
    standing = table.standing.copy()
    for total, parts in table.source.relations:
        if found & {total, *parts.tolist()}:
            standing[[total, *parts.tolist()]] = False
    return replace(table, standing=standing)
