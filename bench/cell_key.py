"""Cell-key perturbation of 10 million records into 3,200 cells, beside the package of ONS.

Each form runs in a process of its own, from the file of records to the perturbed cells, and prints
CPU seconds, wall seconds and peak memory; what a process costs that only imports is taken off
neither. `--peer PYTHON` names the interpreter of an environment with `cell-key-perturbation`
and pandas (or the variable CELL_KEY_PEER). All forms of ours must give the same cells.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

RECORDS = 10_000_000
SHAPE = (50, 8, 8)  # areas, ages, routes: 3,200 cells
NAMES = ("area", "age", "route")
SECRET = b"a secret of the benchmark alone"

PEER = """
import json, resource, sys, time
from pathlib import Path
import numpy as np
import pandas as pd
from cell_key_perturbation.create_perturbed_table import create_perturbed_table
from cell_key_perturbation.utils.generate_test_ptable import generate_ptable_10_5_rule
folder = Path(sys.argv[1])
ptable = generate_ptable_10_5_rule()
cpu, wall = time.process_time(), time.perf_counter()
data = pd.DataFrame({n: np.load(folder / f"{n}.npy") for n in ("area", "age", "route")})
data["record_key"] = np.load(folder / "small_key.npy")
table = create_perturbed_table(
    data=data, ptable=ptable, geog=["area"], tab_vars=["age", "route"], record_key="record_key",
    use_existing_ons_id=False, threshold=0,
)
cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([len(table), 0, cpu, wall, memory]))
"""


def write_records(folder: Path, records: int) -> None:
    """Write the records: a Parquet file for ours, plain arrays for the peer."""
    import numpy as np
    import polars as pl

    from disclosure import KEY_MODULUS

    rng = np.random.default_rng(20260401)
    columns = {
        n: rng.integers(0, size, records, dtype=np.int16)
        for n, size in zip(NAMES, SHAPE, strict=True)
    }
    key = rng.integers(0, KEY_MODULUS, records, dtype=np.int64)
    for name, column in columns.items():
        np.save(folder / f"{name}.npy", column)
    np.save(folder / "small_key.npy", (key % 256).astype(np.int16))
    pl.DataFrame({**columns, "record_key": key}).write_parquet(folder / "records.parquet")


def by_polars(folder: Path) -> list[tuple[int, ...]]:
    """Count and perturb with Polars, streaming."""
    import polars as pl

    from disclosure import CellKey, cell_keys
    from disclosure.methods.cell_key import cells, perturbed

    counted = cells(pl.scan_parquet(folder / "records.parquet"), NAMES)
    found = counted.with_columns(name=pl.concat_str(*NAMES, separator=" "))
    found = found.collect(engine="streaming")
    keys = cell_keys(found["name"], found["people_key"], SECRET)
    made = perturbed(found.lazy().with_columns(keys), CellKey().ptable)
    return made.select(*NAMES, "published").collect().sort(NAMES).rows()


def by_duckdb(folder: Path) -> list[tuple[int, ...]]:
    """Count and perturb with DuckDB, on one thread with little memory."""
    import duckdb

    from disclosure import (
        CELL_KEYS_SQL,
        PEOPLE_KEY_SQL,
        PERTURB_SQL,
        CellKey,
        key_parameters,
        look_up_parameters,
    )

    ptable = CellKey().ptable
    with duckdb.connect() as connection:
        connection.register("ptable", ptable.frame.to_arrow())
        connection.execute(
            f"create table cells as select area, age, route, count(*) as value, "
            f"concat_ws(' ', area, age, route) as name, {PEOPLE_KEY_SQL} as people_key "
            "from read_parquet($file) group by all",
            {"file": str(folder / "records.parquet")},
        )
        keyed = connection.sql(CELL_KEYS_SQL, params=key_parameters(SECRET)).to_arrow_table()
        connection.execute("drop table cells")
        connection.register("cells", keyed)
        rows = connection.execute(PERTURB_SQL, look_up_parameters(ptable)).fetchall()
    return sorted((*row[:3], row[-1]) for row in rows)


FORMS: dict[str, Callable[[Path], list[tuple[int, ...]]]] = {
    "polars": by_polars,
    "duckdb": by_duckdb,
}


def measure(form: str, folder: Path) -> None:
    """Run one form here and print cells, a checksum, CPU and wall seconds, and peak MB."""
    cpu, wall = time.process_time(), time.perf_counter()
    rows = FORMS[form](folder)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([len(rows), hash(tuple(rows)), cpu, wall, memory]))


def run(command: list[str]) -> tuple[int, int, float, float, float]:
    """Run a process that measures itself, and read what it printed last."""
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise SystemExit(f"{command[0]} failed: {done.stderr.strip().splitlines()[-1:]}")
    cells, check, cpu, wall, memory = json.loads(done.stdout.strip().splitlines()[-1])
    return cells, check, cpu, wall, memory


def main() -> None:
    """Print one line for each form."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=RECORDS)
    parser.add_argument("--peer", default=os.environ.get("CELL_KEY_PEER", ""))
    parser.add_argument("--form", choices=FORMS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options, _ = parser.parse_known_args()
    if options.form:
        measure(options.form, options.folder)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_records(folder, options.records)
        print(f"{'form':28} {'records':>12} {'cells':>6} {'cpu s':>7} {'wall s':>7} {'peak MB':>8}")
        checks = set()
        module = [sys.executable, "-m", "bench.cell_key", "--folder", name, "--form"]
        commands = {f"ours, {form}": [*module, form] for form in FORMS}
        if options.peer:
            commands["ONS cell-key-perturbation"] = [options.peer, "-c", PEER, name]
        for label, command in commands.items():
            cells, check, cpu, wall, memory = run(command)
            if label.startswith("ours"):
                checks.add(check)
            print(
                f"{label:28} {options.records:12,} {cells:6,} {cpu:7.2f} {wall:7.2f} {memory:8.0f}"
            )
        print("our forms agree" if len(checks) == 1 else "OUR FORMS DIFFER")


if __name__ == "__main__":
    main()
