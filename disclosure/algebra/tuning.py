"""The numbers that steer elimination and the solvers.

They say at which sizes the algebra changes its ways, and how long its work is estimated to take, in
seconds of a reference machine.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tuning:
    """Sizes and estimated seconds of the algebra."""

    plain_columns: int = 3_000
    """Up to this many columns the plain engine is quicker than starting the compiled one."""

    two_orders_cells: int = 100_000
    """Up to this many cells a basis is made in two orders, and the sparser one kept."""

    clock_factor: float = 5.0
    """The clock ends a run after this many times its budget, and `clock_grace` seconds."""

    clock_grace: float = 60.0
    """Seconds on the clock beyond `clock_factor` times the budget."""

    spare_part: int = 4
    """A row that is moved reserves 1 / this of its entries more, so that it is moved less often."""

    smallest_hash_table: int = 8
    """The places of the smallest table of ratios; a power of two, as all sizes are."""

    places_per_label: int = 4
    """A table of ratios has at least this many places per watched label, so that few collide."""

    absolute_gap: float = 1e-6
    """A growing whole-number program is solved when the bound is this close to its cost."""

    unpresolved_columns: int = 4_000
    """Linear programs of at most this many columns are solved sooner than they are simplified."""

    bound_iterations: int = 1_000_000
    """Simplex iterations that a linear program for a bound may take."""

    iterations_per_branch: int = 1_000
    """A whole-number program may take one branching node for this many of its iterations."""

    seconds_per_program: float = 6e-4
    """To set up and solve a linear program, beside its iterations."""

    seconds_per_program_entry: float = 1e-7
    """To do so, for each entry of its matrix."""

    seconds_per_step: float = 4e-9
    """For each simplex iteration and each row and column, where steps are sought."""

    seconds_per_bound_step: float = 8e-9
    """For each simplex iteration and each row and column, where prices are sought."""

    seconds_per_whole_program: float = 0.02
    """To set up a whole-number program."""

    whole_program_factor: float = 15.0
    """An iteration of a whole-number program takes this many times one of a linear program."""

    seconds_per_whole_branch: float = 0.01
    """For each branching node of a whole-number program."""

    seconds_per_growing_program: float = 2e-3
    """To solve a growing linear program again, beside its iterations."""

    seconds_per_growing_step: float = 2e-9
    """For each of its simplex iterations and each row and column."""

    seconds_per_search_iteration: float = 3e-8
    """For each iteration of a growing whole-number program and each entry of its rows."""

    seconds_per_search_node: float = 1e-3
    """For each branching node of a growing whole-number program, beside its iterations."""

    iterations_per_node: int = 100
    """Iterations that a node of such a search is expected to take, if earlier ones took no more."""

    nodes_of_the_root: int = 5
    """The root of such a search counts as this many nodes."""


TUNING = Tuning()
"""The values that the algebra uses."""
