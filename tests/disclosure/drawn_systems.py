"""Small systems for the tests of the engine: drawn, crossed from hierarchies, or linked."""

from itertools import product
from pathlib import Path

import numpy as np
import polars as pl
from scipy import sparse

from disclosure import TableSystem

INSTANCES = Path(__file__).parent / "instances"


def counts(values, sums, *, sensitive=None, **other):
    """Build a system of counts: `sums` lists (total, parts); 1 to 4 are sensitive."""
    values = np.asarray(values)
    rows = np.zeros((len(sums), len(values)), dtype=int)
    for number, (total, parts) in enumerate(sums):
        rows[number, total] = 1
        rows[number, list(parts)] = -1
    if sensitive is None:
        sensitive = (values > 0) & (values < 5)
    ones = np.ones(len(values))
    given = {
        "lower_protection": ones,
        "upper_protection": ones,
        "cost": values.astype(float),
        "publish": (values == 0) & ~np.asarray(sensitive),
    } | other
    return TableSystem(
        values=values, constraints=sparse.csr_matrix(rows), sensitive=np.asarray(sensitive), **given
    )


def grid(inner, **other):
    """Build a two-way table with its margins from the inner counts, row by row."""
    inner = np.asarray(inner)
    full = np.vstack([inner, inner.sum(axis=0)])
    full = np.hstack([full, full.sum(axis=1, keepdims=True)])
    height, width = full.shape
    place = np.arange(full.size).reshape(full.shape)
    sums = [(place[r, -1], place[r, :-1]) for r in range(height)]
    sums += [(place[-1, c], place[:-1, c]) for c in range(width)]
    return counts(full.ravel(), sums, **other)


def crossed(hierarchies, leaf_values, **other):
    """Build every crossing of the hierarchies (code -> parent), from the values of the leaves."""
    tables = cube(hierarchies, leaf_values)
    return TableSystem.from_tables({"all": tables}, hierarchies, **other)


def cube(hierarchies, leaf_values):
    """Return a frame with a row for each crossing of codes, and the sum of its leaves."""
    below = {name: _leaves_below(hierarchy) for name, hierarchy in hierarchies.items()}
    leaves = {name: sorted(set().union(*found.values())) for name, found in below.items()}
    finest = dict(zip(product(*leaves.values()), leaf_values, strict=True))
    rows = []
    for codes in product(*(sorted(found) for found in below.values())):
        parts = product(*(below[name][code] for name, code in zip(below, codes, strict=True)))
        rows.append((*codes, sum(finest[part] for part in parts)))
    frame = pl.DataFrame(rows, schema=[*hierarchies, "value"], orient="row")
    small = (pl.col("value") > 0) & (pl.col("value") < 5)
    return frame.with_columns(is_sensitive=small)


def _leaves_below(hierarchy):
    codes = set(hierarchy) | {parent for parent in hierarchy.values() if parent is not None}

    def leaves(code):
        children = [child for child, parent in hierarchy.items() if parent == code]
        return [code] if not children else [leaf for child in children for leaf in leaves(child)]

    return {code: leaves(code) for code in codes}


def instance(name, **other):
    """Read one of the small instances, or skip nothing: they are part of the tests."""
    with np.load(INSTANCES / f"{name}.npz") as held:
        count, sums = len(held["values"]), int(held["m"])
        entries = (held["coef"], (held["row"], held["col"]))
        return TableSystem(
            values=held["values"],
            constraints=sparse.csr_matrix(entries, shape=(sums, count)),
            sensitive=held["primary"],
            lower_protection=held["lpl"],
            upper_protection=held["upl"],
            cost=held["weight"],
            publish=held["fixed"],
            integer=name.startswith("f"),
            **other,
        )
