"""Suppression: what is withheld, at what loss, in what time, and what is proven of it.

Small instances are those of the tests; large ones come from a seeded generator. `--instances DIR`
reads others (.npz: values, row, col, coef, m, primary, lpl, upl, weight, fixed). Each runs in a
process of its own: CPU seconds of `suppress` alone (compiled before), peak memory in MB. The
instance tables_839k comes through `TableSystem.from_tables`, in "linked_s" CPU seconds.

"known" are sensitive cells that the published ones determine, found by an elimination of the final
pattern with another seed; "open" are those without a witness; with `--audit` a linear program of
scipy's looks at every sensitive cell, and "under" counts those whose interval is too short.

With `--peer-gconfid PYTHON` (or GCONFID_PYTHON), the Python of an environment where `gconfid` is
installed, Statistics Canada's G-Confid runs on the same files, for five minutes at most. Its
"under" counts the sensitive cells that our attacker finds exposed, within two minutes.
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
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from scipy import sparse

from disclosure import TableSystem, suppress, verify
from disclosure.algebra.basis import constraint_basis, difference_basis
from disclosure.algebra.elimination import eliminate
from disclosure.attacker.one_system import attack
from disclosure.errors import CertificateError

SMALL = Path(__file__).parent.parent / "tests" / "disclosure" / "instances"
COLUMNS = [
    "instance",
    "cells",
    "sensitive",
    "protect",
    "linked_s",
    "cpu_s",
    "peak_mb",
    "complementary",
    "withheld",
    "bound",
    "gap",
    "known",
    "open",
    "under",
    "verified",
    "verify_s",
]
PEER_SECONDS, ATTACK_SECONDS = 300, 120
SHAPES: dict[str, tuple[dict[str, list[int]], int, str, float]] = {
    "made_11k": ({"geo": [9, 9], "age": [4, 4], "ben": [5]}, 150_000, "interval", 5),
    "made_34k": ({"geo": [9, 9], "age": [4, 4], "ben": [5], "sex": [2]}, 300_000, "interval", 25),
    "made_91k": (
        {"geo": [11, 12], "age": [4, 4], "ben": [3, 2], "sex": [2]}, 1_000_000, "interval", 45,
    ),
    "made_839k": (
        {"geo": [32, 31], "age": [4, 4], "ben": [3, 3], "sex": [2]}, 5_000_000, "exact", 0,
    ),
}  # fmt: skip
SHAPES["tables_839k"] = SHAPES["made_839k"]


def made(shapes: dict[str, list[int]], total: int, seed: int = 20_240_613) -> TableSystem:
    """Return all crossings of regular hierarchies, filled with `total` persons, unevenly."""
    random = np.random.default_rng(seed)
    parents = [_parents(widths) for widths in shapes.values()]
    leaves = [int(np.prod(widths)) for widths in shapes.values()]
    shares = [random.dirichlet(np.full(count, 0.8)) for count in leaves]
    crossing = reduce(np.multiply.outer, shares)
    crossing = crossing * random.gamma(2.0, size=crossing.shape)
    cells = random.poisson(total * crossing / crossing.sum())
    for axis, parent in enumerate(parents):
        cells = _with_totals(cells, parent, axis)
    values = cells.ravel()
    sensitive = (values > 0) & (values < 5)
    ones = np.ones(len(values))
    return TableSystem(
        values, _sums(parents), sensitive, ones, ones, values.astype(float), values == 0,
        basis=difference_basis(parents),
    )  # fmt: skip


def tables(shapes: dict[str, list[int]], total: int) -> tuple[pl.DataFrame, dict[str, Any]]:
    """Return the crossings of `made` as a table, and the hierarchies of its variables."""
    system, parents = made(shapes, total), [_parents(widths) for widths in shapes.values()]
    places = np.indices([len(parent) for parent in parents], dtype=np.int16)
    frame = pl.DataFrame({"value": system.values, "is_sensitive": system.sensitive})
    codes = zip(shapes, places, strict=True)
    frame = frame.with_columns(
        pl.Series(name, place.ravel()).cast(pl.String) for name, place in codes
    )
    hierarchies = {
        name: {str(code): str(up) if up >= 0 else None for code, up in enumerate(parent)}
        for name, parent in zip(shapes, parents, strict=True)
    }
    return frame, hierarchies


def linked(shapes: dict[str, list[int]], total: int) -> tuple[TableSystem, float]:
    """Return the system of these tables, and the CPU seconds that it took to link them."""
    frame, hierarchies = tables(shapes, total)
    cpu = time.process_time()
    system = TableSystem.from_tables({"all": frame}, hierarchies)
    return system, time.process_time() - cpu


def _parents(widths: list[int]) -> np.ndarray:
    """Return each code's parent, the top first, level by level."""
    parents, level = [-1], [0]
    for width in widths:
        parents += [code for code in level for _ in range(width)]
        level = list(range(len(parents) - len(level) * width, len(parents)))
    return np.array(parents)


def _with_totals(cells: np.ndarray, parent: np.ndarray, axis: int) -> np.ndarray:
    """Return the cells with every code along one axis, from those of its leaves."""
    leaves = np.setdiff1d(np.arange(len(parent)), parent)
    shape = list(cells.shape)
    shape[axis] = len(parent)
    full = np.zeros(shape, dtype=np.int64)
    full = np.moveaxis(full, axis, 0)
    full[leaves] = np.moveaxis(cells, axis, 0)
    for code in range(len(parent) - 1, 0, -1):
        full[parent[code]] += full[code]
    return np.moveaxis(full, 0, axis)


def _sums(parents: list[np.ndarray]) -> sparse.csr_matrix:
    """Return one sum for each parent along each variable, in every combination of the others."""
    blocks = []
    for axis, parent in enumerate(parents):
        totals = np.unique(parent[1:])
        own = np.zeros((len(totals), len(parent)), dtype=np.int8)
        own[np.arange(len(totals)), totals] = 1
        own[np.searchsorted(totals, parent[1:]), np.arange(1, len(parent))] = -1
        factors = [sparse.identity(len(other), dtype=np.int8) for other in parents]
        factors[axis] = sparse.csr_matrix(own)
        blocks.append(reduce(lambda left, right: sparse.kron(left, right, "csr"), factors))
    return sparse.csr_matrix(sparse.vstack(blocks))


def read(path: Path) -> TableSystem:
    """Return the system of an instance file."""
    with np.load(path) as held:
        count, sums = len(held["values"]), int(held["m"])
        entries = (held["coef"], (held["row"], held["col"]))
        whole = bool((held["lpl"] == np.floor(held["lpl"])).all())
        return TableSystem(
            held["values"], sparse.csr_matrix(entries, shape=(sums, count)), held["primary"],
            held["lpl"], held["upl"], held["weight"], held["fixed"], integer=whole,
        )  # fmt: skip


def known(system: TableSystem, suppressed: np.ndarray) -> int:
    """Count the sensitive cells that the published ones determine."""
    published = np.flatnonzero(~suppressed)
    watched = np.flatnonzero(system.sensitive)
    basis = system.basis
    if basis is None:
        basis = constraint_basis(system.constraints, system.cost)
    return len(eliminate(basis, published, len(published), watched, seed=99).lost)


def under(system: TableSystem, suppressed: np.ndarray) -> int:
    """Count the sensitive cells whose interval, by scipy's linear programs, is too short."""
    from scipy.optimize import linprog

    values = system.values.astype(float)
    withheld = np.flatnonzero(suppressed)
    sums = system.columns[:, withheld].tocsr().astype(float)
    sums = sums[np.diff(sums.indptr) > 0]
    target = sums @ values[withheld]
    failed = 0
    for place in np.flatnonzero(system.sensitive[withheld]):
        cell = withheld[place]
        for way, level in ((1, -system.down[cell]), (-1, system.up[cell])):
            goal = np.zeros(len(withheld))
            goal[place] = way
            found = linprog(goal, A_eq=sums, b_eq=target, bounds=(0, values.max() * 4))
            if found.status or way * found.fun * way > way * (values[cell] + level) + 1e-6:
                failed += 1
                break
    return failed


def measure(
    name: str, system: TableSystem, protect: Any, budget: float, audit: bool, linking: str
) -> None:
    """Run one instance and print its line as JSON."""
    suppress(made({"a": [70], "b": [60]}, 40_000), protect, 0.1)
    cpu = time.process_time()
    pattern = suppress(system, protect, budget)
    cpu = time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    checking = time.process_time()
    try:
        verify(system, pattern.suppressed, pattern.certificate)
        verified = "yes"
    except CertificateError as error:
        verified = f"no: {error}"
    checking = time.process_time() - checking
    gap = "-" if pattern.gap is None else f"{pattern.gap:.3f}"
    bound = "-" if pattern.bound is None else f"{pattern.bound:,.0f}"
    found = known(system, pattern.suppressed)
    short = under(system, pattern.suppressed) if audit else "-"
    line = (
        name, f"{len(system):,}", f"{system.sensitive.sum():,}", protect, linking, f"{cpu:.1f}",
        f"{peak:.0f}", f"{len(pattern.reason):,}", f"{pattern.cost:,.0f}", bound, gap,
        found, len(pattern.unproven), short, verified, f"{checking:.1f}",
    )  # fmt: skip
    print(json.dumps([str(part) for part in line]))


def peer(name: str, path: Path, python: str) -> None:
    """Let G-Confid protect an instance, look at what it withholds, and print its line as JSON."""
    system, script = read(path), Path(__file__).parent / "gconfid_peer.py"
    with tempfile.TemporaryDirectory() as folder:
        pattern = Path(folder) / "pattern.npy"
        asked = [python, str(script), str(path), str(pattern)]
        try:
            done = subprocess.run(
                asked, check=False, capture_output=True, text=True, timeout=PEER_SECONDS
            )
        except subprocess.TimeoutExpired:
            print(json.dumps([f"{name} G-Confid", f"no pattern in {PEER_SECONDS} seconds"]))
            return
        if done.returncode:
            words = done.stderr.strip().splitlines()[-1:] or ["failed without a word"]
            print(json.dumps([f"{name} G-Confid", *words]))
            return
        suppressed = np.load(pattern) | system.sensitive
    cpu, peak = done.stdout.strip().splitlines()[-1].split()
    extra = suppressed & ~system.sensitive
    line = (
        f"{name} G-Confid", f"{len(system):,}", f"{system.sensitive.sum():,}", "interval", "-",
        f"{float(cpu):.1f}", peak, f"{extra.sum():,}", f"{system.cost[extra].sum():,.0f}", "-", "-",
        known(system, suppressed), "-", exposed(system, suppressed), "-", "-",
    )  # fmt: skip
    print(json.dumps([str(part) for part in line]))


def exposed(system: TableSystem, suppressed: np.ndarray) -> str:
    """Count the sensitive cells that our attacker finds exposed; at least, if time ran out."""
    report = attack(system, suppressed, budget_seconds=ATTACK_SECONDS)
    found = len({fact.cell for fact in report.facts})
    return str(found) if report.complete else f"{found} or more"


def main() -> None:
    """Run all instances, or one in this process when asked by name."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--instances", type=Path, help="a folder of .npz instances")
    options.add_argument("--budget", type=float, help="seconds for each, instead of its own")
    options.add_argument("--audit", action="store_true", help="audit every sensitive cell by LP")
    options.add_argument("--only", help="run one instance, by name")
    options.add_argument(
        "--peer-gconfid", default=os.environ.get("GCONFID_PYTHON"), help="a Python"
    )
    options.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = options.parse_args()
    folder = asked.instances or SMALL
    files = {path.stem: path for path in sorted(folder.glob("*.npz"))}
    names = [asked.only] if asked.only else [*files, *([] if asked.instances else SHAPES)]
    if asked.here:
        name = names[0]
        shapes, total, protect, budget = SHAPES.get(name, ({}, 0, "interval", 30.0))
        linking = "-"
        if name.startswith("tables"):
            system, seconds = linked(shapes, total)
            linking = f"{seconds:.1f}"
        else:
            system = read(files[name]) if name in files else made(shapes, total)
        budget = budget if asked.budget is None else asked.budget
        measure(name, system, protect, budget, asked.audit, linking)
        if asked.peer_gconfid and name in files:
            peer(name, files[name], asked.peer_gconfid)
        return
    print(" | ".join(COLUMNS))
    for name in names:
        again = [sys.executable, "-m", "bench.disclosure", "--here", "--only", name, *sys.argv[1:]]
        done = subprocess.run(again, check=False, capture_output=True, text=True)
        lines = done.stdout.strip().splitlines()
        for line in lines:
            print(" | ".join(json.loads(line)), flush=True)
        if done.returncode:
            print(done.stderr, flush=True)


if __name__ == "__main__":
    main()
