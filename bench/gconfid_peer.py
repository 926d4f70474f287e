"""Statistics Canada's G-Confid on one instance: run by `bench.disclosure`, in its own place.

    python gconfid_peer.py INSTANCE.npz PATTERN.npy

Needs `gconfid` from PyPI and nothing of ours. Two phases: by size, then by digits, where what the
first withheld costs nothing. It knows one level, up and down alike, no larger than the value: where
up and down differ it is given the larger, and it says what it cannot be asked for. Empty cells are
left out, because it takes none. Prints the CPU seconds of the suppression, and its peak in MB.
"""

from __future__ import annotations

import os
import resource
import sys
from typing import Any

import numpy as np


def _cpu() -> float:
    """Return CPU seconds of this process and of the solver's processes."""
    return sum(os.times()[:4])


def main() -> None:
    """Read the instance, suppress, and write which cells are withheld."""
    from gconfid import Suppression

    with np.load(sys.argv[1]) as held:
        arrays = {name: held[name] for name in held.files}
    incell, sums = cells_of(arrays), sums_of(arrays)
    cpu = _cpu()
    done = Suppression(
        incell=incell, inconstraint=sums, cost_function1="Size", cost_function2="Digits",
        cost_var1="Weight", cost_var2="Weight", constraint_scale=1, trace=False,
    )  # fmt: skip
    cpu = _cpu() - cpu
    table = done.outsuppress.to_pandas()
    withheld = np.zeros(len(arrays["values"]), dtype=bool)
    withheld[table["CellId"].to_numpy(int)[table["OutStatus"] == "X"] - 1] = True
    np.save(sys.argv[2], withheld)
    print(cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def cells_of(arrays: dict[str, np.ndarray]) -> Any:
    """Return the cells that are not empty as G-Confid reads them, one row per cell, from 1."""
    import pandas as pd

    values, sensitive, fixed = arrays["values"], arrays["primary"], arrays["fixed"]
    level = np.maximum(arrays["lpl"], arrays["upl"])
    short = int((sensitive & (level > values)).sum())
    if short:
        print(f"cannot ask G-Confid for levels above the value: {short} cells", file=sys.stderr)
    return pd.DataFrame(
        {
            "CellId": np.arange(1.0, len(values) + 1),
            "TotalNoise": values,
            "Sensitivity": np.where(sensitive, np.minimum(level, values), 0.0),
            "Status": np.where(sensitive, "S", np.where(fixed, "P", "V")),
            "Type": "C",
            "Weight": arrays["weight"],
        }
    )[values > 0]


def sums_of(arrays: dict[str, np.ndarray]) -> Any:
    """Return the sums as G-Confid reads them, one row per entry: the total alone has a minus."""
    import pandas as pd

    kept = (arrays["values"] > 0)[arrays["col"]]
    sums = pd.DataFrame(
        {
            "ConstraintId": arrays["row"][kept] + 1.0,
            "CellId": arrays["col"][kept] + 1.0,
            "Coefficient": arrays["coef"][kept].astype(int),
        }
    )
    minus = (sums["Coefficient"] < 0).groupby(sums["ConstraintId"]).transform("sum")
    sums["Coefficient"] *= np.where(minus == 1, 1, -1)
    return sums


if __name__ == "__main__":
    main()
