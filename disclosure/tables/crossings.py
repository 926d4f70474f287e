"""The difference basis of cells that are all crossings of their codes, block by block.

A block is a set of cells that sums can tie: one statistic, population and period, and codes in the
same trees. Where a block contains every combination of its codes, a sum along one variable exists
in all combinations of the other codes, or in none. The null space is then the tensor product of
those of the variables. If any block is not complete, there is no such basis.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from disclosure.algebra.basis import difference_basis
from disclosure.tables.coordinates import Coordinates, numbered
from disclosure.tables.variables import Variable

Tree = tuple[int, ...]
"""For each of some codes, the place of its parent among them; -1 where no sum contains it."""


def crossing_basis(cells: Coordinates) -> sparse.csr_matrix | None:
    """Return a basis of the null space of the `sums` of the cells, if every block is a crossing.

    None otherwise, and where cells use a variable with several hierarchies: its codes are no tree.
    """
    axes = list(zip(cells.variables, cells.codes, strict=True))
    if any(variable.trees > 1 and codes.any() for variable, codes in axes):
        return None
    blocks, count = _blocks(cells)
    columns = [(codes, variable.size) for variable, codes in axes]
    order = np.argsort(numbered([(blocks, count), *columns]))
    bounds = np.searchsorted(blocks[order], np.arange(count + 1))
    held = [_codes_by_block(blocks, count, *column) for column in columns]
    combinations = np.ones(count)
    for codes in held:
        combinations *= [len(each) for each in codes]
    if (combinations != np.diff(bounds)).any():
        return None
    alike: dict[tuple[Tree, ...], list[np.ndarray]] = {}
    for block, trees in enumerate(_trees_by_block(cells.variables, held, count)):
        alike.setdefault(trees, []).append(order[bounds[block] : bounds[block + 1]])
    parts = [_placed(trees, np.array(places), len(cells)) for trees, places in alike.items()]
    return sparse.csr_matrix(sparse.vstack(parts))


def _blocks(cells: Coordinates) -> tuple[np.ndarray, int]:
    """Return the block of each cell, and how many blocks there are."""
    columns = [(cells.identity, len(cells.identities))]
    for variable, codes in zip(cells.variables, cells.codes, strict=True):
        present = np.unique(codes)
        top = np.zeros(variable.size, dtype=np.int64)
        top[present] = present[_tops(_tree(variable, present))]
        columns.append((top[codes], variable.size))
    found, blocks = np.unique(numbered(columns), return_inverse=True)
    return blocks, len(found)


def _tree(variable: Variable, codes: np.ndarray) -> Tree:
    """Return the tree of the sums that exist where these codes are present."""
    place = {code: at for at, code in enumerate(codes.tolist())}
    families = dict(variable.families)
    tree = [-1] * len(place)
    for code, at in place.items():
        children = families[code].tolist() if code in families else []
        if all(child in place for child in children):
            for child in children:
                tree[place[child]] = at
    return tuple(tree)


def _tops(tree: Tree) -> np.ndarray:
    """Return, for each code, the place of the top of its tree."""
    top = np.arange(len(tree))
    above = np.where(np.array(tree) < 0, top, tree)
    while not np.array_equal(above, top):
        top, above = above, above[above]
    return top


def _codes_by_block(
    blocks: np.ndarray, count: int, codes: np.ndarray, size: int
) -> list[np.ndarray]:
    """Return the codes that occur in each block, in order."""
    pairs = np.unique(blocks * size + codes)
    bounds = np.searchsorted(pairs // size, np.arange(1, count))
    return np.split(pairs % size, bounds)


def _trees_by_block(
    variables: Sequence[Variable], held: Sequence[Sequence[np.ndarray]], count: int
) -> list[tuple[Tree, ...]]:
    """Return the trees of each block, without the variables of which it has only one code."""
    known: dict[tuple[int, bytes], Tree] = {}

    def tree(along: int, codes: np.ndarray) -> Tree:
        key = along, codes.tobytes()
        if key not in known:
            known[key] = _tree(variables[along], codes)
        return known[key]

    return [
        tuple(
            tree(along, codes[block]) for along, codes in enumerate(held) if len(codes[block]) > 1
        )
        for block in range(count)
    ]


def _placed(trees: Sequence[Tree], places: np.ndarray, cells: int) -> sparse.csr_matrix:
    """Return the basis of blocks that are alike; `places` has one row of cells per block."""
    basis = difference_basis([np.array(tree) for tree in trees] or [np.array([-1])])
    indices = places.astype(np.int32)[:, basis.indices].ravel()
    data = np.tile(basis.data, len(places))
    bounds = np.append(0, np.cumsum(np.tile(np.diff(basis.indptr), len(places))))
    return sparse.csr_matrix((data, indices, bounds), shape=(len(bounds) - 1, cells))
