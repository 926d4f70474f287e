"""The numbers that steer the search for a pattern. None of them changes what a pattern proves.

They decide how far the search looks and when it stops, so another value may give another safe
pattern, or leave a cell unproven. Sizes are cells, sums or rows as each field says; seconds are
those of a reference machine, which the engine adds up instead of reading a clock.
"""

from __future__ import annotations

from dataclasses import dataclass

ALL = 1 << 60
"""As a size: every cell there is."""


@dataclass(frozen=True)
class Look:
    """How far to look for a witness.

    `size`: among how many of the nearest cells. `far`: what each doubling of a cell's cost adds to
    its distance, where the next sum adds 1. `whole`: whether to solve again in whole numbers when
    the linear solution has fractions.
    """

    size: int
    far: float
    whole: bool = False


@dataclass(frozen=True)
class Tuning:
    """Sizes, shares, tolerances and estimated seconds of the suppression engine."""

    just_over: float = 1 + 1e-9
    """A requirement is multiplied by this where rounding could otherwise just miss it."""

    just_under: float = 1 - 1e-9
    """A price is multiplied by this where rounding could otherwise just exceed it."""

    negligible: float = 1e-9
    """A gain or a remainder no larger than this counts as zero: it comes from adding floats."""

    cheaper: float = 1 - 1e-6
    """A cost is lower only below this share of the other: solvers are exact to a millionth."""

    weight_denominator: int = 5_040
    """Weights of sums are rounded to whole multiples of 1/5040, so that they can be added exactly.

    5040 is divisible by every number up to 10, so the fractions that occur in practice survive.
    """

    # engine

    budget_seconds: float = 60.0
    """Work for one table where none is named."""

    counted_share: float = 0.8
    """The share of a budget that counted work may use; elimination and checks are not counted."""

    reduced_rows: int = 4_000
    """More rows than this are not reduced against each other, since every pair is compared."""

    reduction_steps_per_row: int = 20
    """The reduction stops after this many steps for each row."""

    denominators_per_row: int = 16
    """A row whose fractions need more than this many denominators is no witness."""

    explained_cells: int = 12_000
    """In interval protection of more cells, no proof is sought that a cell cannot be protected."""

    # repair: a witness for one cell

    looks: tuple[tuple[Look, ...], ...] = (
        (Look(400, 1.0), Look(400, 0.2)),
        (Look(1_600, 1.0), Look(1_600, 0.2)),
        (Look(1_600, 0.2, whole=True), Look(6_400, 0.2, whole=True)),
        (Look(6_400, 0.05, whole=True), Look(ALL, 1.0, whole=True)),
    )
    """Rounds of looks: each round is tried for all open cells before the next one begins.

    A witness that is found for one cell often serves others too.
    """

    wide_look: Look = Look(1_600, 1.0)
    """The first look in small systems, where a wide view costs little and finds cheaper ways."""

    wide_look_cells: int = 15_000
    """Systems of fewer cells than this begin with the wide look."""

    tries_before_hopeless: int = 40
    """A kind of look is judged by its success only after this many tries."""

    hopeless_ratio: int = 6
    """A kind of look that succeeds less often than once in this many tries is skipped.

    A patient router skips none."""

    whole_number_cells: int = 400
    """Whole-number programs see this many nearest cells, and those that the linear program used."""

    grain: int = 1_000
    """Steps of magnitudes are counted in this many parts of what the cell needs."""

    largest_move: int = 64
    """No cell moves by more than this many times what the cell in question needs."""

    suppressed_price: float = 0.01
    """The price of moving a cell that is withheld already: small, so that witnesses stay short."""

    multiples: tuple[int, ...] = (1, 2, 3, 4, 6, 12)
    """A linear solution is tried in whole numbers times each of these, in turn."""

    whole_slack: float = 1e-4
    """A number no further than this from a whole one is taken as whole, and then checked."""

    least_step: float = 1e-7
    """Cells that a linear solution moves by no more than this were not moved."""

    cheap_room: int = 4
    """In counts, room of up to this many times what the cell needs makes moving a cell cheaper."""

    improvement_rounds: int = 3
    """Witnesses are sought anew this many times at most, each time for a cheaper pattern."""

    repair_iterations: int = 200_000
    """Simplex iterations that one linear program of the repair may take."""

    # areas: a part of a component is solved again

    area_cells_first: int = 200
    """How many cells an area has at first."""

    area_cells_most: int = 2_000
    """How many cells an area has at most."""

    area_growth: float = 1.6
    """Areas grow by this factor when a round brought little."""

    area_little_gain: float = 1e-3
    """A round brought little when it saved less than this share of the cost."""

    area_inner_part: int = 3
    """The nearest 1 / this of an area's cells are not the centre of another area in the round."""

    area_seconds: float = 3.0
    """Work for an area of the first size; larger areas get more, in proportion to their cells."""

    area_gap: float = 0.002
    """An area is solved to within this share of its optimum: its surroundings change again."""

    area_cost_distance: float = 0.3
    """What a doubling of a cell's cost adds to its distance from the centre of an area."""

    area_witness_cells: int = 400
    """A witness that a pattern lacks is first sought among this many withheld cells."""

    area_attacker_cells: tuple[int, ...] = (1_000,)
    """How many cells the attacker of an area sees, in turn."""

    completion_looks: tuple[Look, ...] = (Look(1_600, 1.0), Look(1_600, 0.2))
    """The looks that complete the pattern of an area; of counts the last is in whole numbers."""

    # components: the optimum and its bound

    whole_component_cells: int = 2_000
    """A component of at most this many cells is solved whole before its areas are."""

    whole_component_most: int = 5_000
    """A component of more cells is not solved whole; only the first step of its bound is taken."""

    bounded_component_most: int = 50_000
    """For a component of more cells not even that step is taken."""

    areas_share: float = 0.8
    """The share of the work left for a component that its areas may take."""

    component_attacker_cells: tuple[int, ...] = (1_000, ALL)
    """How many cells the attacker of a whole component sees, in turn: a proof needs them all."""

    shares_attacker_cells: int = 400
    """How many cells the attacker sees while cells may be withheld in shares."""

    shares_least_ratio: int = 10
    """Shares are given up when fewer than one target in this many adds an inequality."""

    # cuts: inequalities that safe patterns keep

    widest_bridgeless_sum: int = 80
    """Sums of more cells give no bridgeless inequalities, since there is one for each cell."""

    cut_cost_distance: float = 0.3
    """What a doubling of a cell's cost adds to its distance from the attacker's target."""

    least_cut_gain: float = 1e-4
    """An inequality that is broken by less than this is not added."""

    cut_share_floor: float = 1e-5
    """Every cell counts as withheld by at least this share, so that prices are never arbitrary."""

    # single contributors

    largest_random_weight: int = 1 << 20
    """Witnesses are combined with random weights below this: ratios then rarely meet by chance."""

    separated_whole_cells: int = 100_000
    """In larger systems contributors are separated pair by pair, not over all cells at once."""

    # clashes: why there is no pattern

    clash_compared_cells: int = 3_000
    """In larger systems the first proof found is reported, not the one with the fewest cells."""

    clash_near_sums: int = 500
    """This many sums around the cell are searched before all of them are."""

    clash_smallest_cells: int = 40_000
    """In larger systems the cells that clash are named without leaving out what is not needed."""

    clash_cells_named: int = 40
    """How many cells of a clashing set an error names."""

    clash_room_shares: tuple[float, ...] = (1 - 1e-6, 0.99, 0.5)
    """The room that a proof may leave the cell, in shares of its level, tried in turn."""

    clash_iterations: int = 1_000_000
    """Simplex iterations that one linear program of a proof may take."""

    least_weight: float = 1e-6
    """A cell whose weight in a proof is no larger than this is no part of the proof."""

    largest_weight: float = 1e6
    """No sum has a weight beyond this in a proof."""

    # estimated work, in seconds of the reference machine

    seconds_per_pattern: float = 1e-3
    """To look for what one pattern of an area lacks."""

    seconds_per_pool_entry: float = 2e-9
    """To do so, for each entry of the pool of witnesses."""

    seconds_per_cut: float = 4e-5
    """To hand one known inequality to the program of an area."""

    seconds_per_row_entry: float = 6e-7
    """To change one entry of a row of moves."""

    seconds_per_ratio: float = 6e-6
    """To compute one ratio of two null vectors."""

    seconds_per_cell_searched: float = 2e-8
    """To find the nearest cells, for each cell of the system."""

    seconds_per_number_searched: float = 2e-8
    """To find the witnesses within a pattern, for each number in the pool."""

    seconds_per_witness_kept: float = 1e-4
    """To try a pattern without one cell, for each witness, beside its linear programs."""


TUNING = Tuning()
"""The values that the engine uses."""
