"""Sums of cells as further sensitive cells of a table system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import sparse

from disclosure.tables.system import TableSystem


def with_sums(
    system: TableSystem,
    members: Sequence[Sequence[int]],
    lower: Sequence[int],
    upper: Sequence[int],
    labels: Sequence[str],
) -> TableSystem:
    """Return `system` with one more sensitive cell at its end for each set of `members`.

    Its value is the sum of theirs, `lower` and `upper` are its protection, and it costs nothing.
    """
    more = len(members)
    if not more:
        return system
    sizes = [len(cells) for cells in members]
    entries = (np.repeat(np.arange(more), sizes), np.concatenate([np.array(m) for m in members]))
    of = sparse.csr_matrix((np.ones(sum(sizes), np.int64), entries), shape=(more, len(system)))
    own = sparse.eye_array(more, dtype=np.int64)
    blocks = [[system.constraints.astype(np.int64), None], [-of, own]]
    known, single, contributor = system.least, system.single_contributor, system.contributor
    names = system.labels or [system.name(cell) for cell in range(len(system))]
    return replace(
        system,
        values=np.append(system.values, of @ system.values),
        constraints=sparse.csr_matrix(sparse.block_array(blocks)),
        sensitive=np.append(system.sensitive, np.ones(more, bool)),
        lower_protection=np.append(system.lower_protection, lower),
        upper_protection=np.append(system.upper_protection, upper),
        cost=np.append(system.cost, np.zeros(more)),
        publish=np.append(system.publish, np.zeros(more, bool)),
        single_contributor=None if single is None else np.append(single, np.zeros(more, bool)),
        least=None if known is None else np.append(known, of @ known),
        contributor=None
        if contributor is None
        else np.append(contributor, len(system) + np.arange(more)),
        labels=[*names, *labels],
        basis=None,
    )
