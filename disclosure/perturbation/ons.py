"""Perturbation tables in the form that the Office for National Statistics publishes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from disclosure.errors import DesignError
from disclosure.tables.relations import Ints

PERIOD = 250
COLUMNS = ("pcv", "ckey", "pvalue")


@dataclass(frozen=True, eq=False)
class OnsTable:
    """Changes by true count (pcv, 1 to the last row) and cell key (ckey, 0 to keys - 1).

    Counts beyond the last row reuse the last 250 rows. A cell without units stays empty.
    Source: ONS, cell key perturbation, user guide.
    """

    change: Ints

    @property
    def keys(self) -> int:
        """How many cell keys there are: sums of record keys are taken modulo this."""
        return int(self.change.shape[1])

    def perturb(self, counts: Ints, keys: Ints) -> Ints:
        """Return the published count for each true count and sum of record keys."""
        last = self.change.shape[0] - 1
        row = np.where(counts > last, (counts - 1) % PERIOD + last - PERIOD + 1, counts)
        published: Ints = counts + self.change[row, keys % self.keys]
        return published


def read_ons_table(table: pl.DataFrame) -> OnsTable:
    """Return the table with the columns pcv, ckey and pvalue, one row for each pair.

    Raises DesignError when a number is missing or not whole, a pair is missing or given twice, or a
    count would become negative.
    """
    missing = sorted(set(COLUMNS) - set(table.columns))
    if missing:
        raise DesignError(f"A perturbation table of ONS has no {missing}.")
    numbers = table.select(pl.col(COLUMNS).cast(pl.Float64, strict=False).fill_null(float("nan")))
    faulty = [name for name in COLUMNS if not (numbers[name] % 1 == 0).all() or table.is_empty()]
    if faulty:
        raise DesignError(
            f"A perturbation table of ONS needs whole numbers in each row of {faulty}."
        )
    pcv, ckey, pvalue = (numbers[name].cast(pl.Int64).to_numpy() for name in COLUMNS)
    rows, keys = int(pcv.max()) + 1, int(ckey.max()) + 1
    complete = numbers.select("pcv", "ckey").n_unique() == table.height == (rows - 1) * keys
    if not complete or pcv.min() != 1 or ckey.min() != 0:
        raise DesignError(
            f"A perturbation table needs one row for each pcv from 1 to {rows - 1} and each ckey "
            f"from 0 to {keys - 1}; this one has {table.height}."
        )
    if (rows - 1) % PERIOD:
        raise DesignError(f"The last pcv must be a multiple of {PERIOD}, not {rows - 1}.")
    if (pcv + pvalue < 0).any():
        raise DesignError("The table would publish negative counts.")
    change = np.zeros((rows, keys), dtype=np.int64)
    change[pcv, ckey] = pvalue
    return OnsTable(change)
