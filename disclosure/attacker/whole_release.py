"""The attack on a whole release: all its tables at once, and what was published before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from disclosure import inference
from disclosure.attacker.likely import likely_facts
from disclosure.attacker.linked import Linked, disagreements, link
from disclosure.attacker.one_system import AttackReport, Fact
from disclosure.attacker.tuning import TUNING
from disclosure.attacker.what_is_shown import Hierarchies, Reading, ShownRate, ShownTable
from disclosure.errors import TableError
from disclosure.inference.deduction import Floats, computable, propagate, reduced
from disclosure.inference.words import between, closest_sum, equation, plain


@dataclass(frozen=True)
class ShownRelease:
    """What the attacker has: everything that is shown in a release, and in those before.

    `readings` are by statistic. `previous` are tables of earlier releases that show the same cells.
    A cumulative count to an earlier quarter is another cell: give "to Q2" the parts "to Q1" and
    "Q2" in `hierarchies`, and both releases in `tables`.
    """

    tables: Sequence[ShownTable]
    hierarchies: Hierarchies
    readings: Mapping[str, Reading]
    rates: Sequence[ShownRate] = ()
    previous: Sequence[ShownTable] = ()


def attack_release(
    release: ShownRelease, programs: int = TUNING.cells_examined_first
) -> AttackReport:
    """Return the facts that a release exposes, each with its derivation.

    Figures are read as intervals, and tightened by all sums of all tables and by rates until
    nothing changes. Then every cell that could still be exposed is examined by linear programs: the
    narrowest cells, as many as `programs` says, for both their ends, the others until some table
    shows that they are not exposed. `complete`: no linear program failed.

    These are exposed: a withheld cell whose value is certain, or known more closely than its
    reading allows; a count that is certain to be small, shown or not; a count that the figures of
    one sum make likelier to be small, or zero, than its reading allows; a cell that two places show
    differently; and a cell withheld now whose value an earlier release showed.
    """
    linked = link(release.tables, release.hierarchies, release.readings, release.rates)
    low, high = tightened(linked, release)
    extremes = inference.Extremes(linked, low, high)
    doubted = narrowest(linked, release.readings, low, high)
    for number, row in enumerate(doubted):
        if number < programs or not harmless(linked, release, row, *extremes.seen(row)):
            extremes.examine(row, -np.inf, np.inf)
    facts = [fact for row in range(len(low)) for fact in exposed(linked, release, extremes, row)]
    facts += [
        Fact(row, "disagreement", float(linked.low[row]), float(linked.high[row]), words)
        for row, words in disagreements(linked)
    ]
    certain = {fact.cell for fact in facts}
    facts += [fact for fact in likely_facts(linked, release.readings) if fact.cell not in certain]
    facts += facts_from_before(linked, release)
    return AttackReport(tuple(facts), extremes.low, extremes.high, not extremes.unsettled)


def tightened(linked: Linked, release: ShownRelease) -> tuple[Floats, Floats]:
    """Return the interval that figures, sums and rates together allow for every cell."""
    low, high = linked.low.copy(), linked.high.copy()
    while True:
        low, high = propagate(linked, low, high)
        low, high = np.ceil(low - TUNING.slack), np.floor(high + TUNING.slack)
        if (low > high).any():
            row = int(np.flatnonzero(low > high)[0])
            raise TableError(f"The release contradicts itself at {linked.words(row)}.", (row,))
        before = low.copy(), high.copy()
        for rate in release.rates:
            tighten_by_rate(linked, release, rate, low, high)
        if np.array_equal(before[0], low) and np.array_equal(before[1], high):
            return low, high


def tighten_by_rate(
    linked: Linked, release: ShownRelease, rate: ShownRate, low: Floats, high: Floats
) -> None:
    """Tighten numerator and denominator to the whole numbers that give the published rate."""
    top, bottom = (
        linked.find(release.hierarchies, side) for side in (rate.numerator, rate.denominator)
    )
    if top is None or bottom is None or not high[bottom] - low[bottom] <= TUNING.widest_denominator:
        return
    pairs = [
        (n, d)
        for d in range(max(int(low[bottom]), 1), int(high[bottom]) + 1)
        for n in range(
            max(ceil((rate.percent - rate.half) * d / 100), int(low[top])),
            int(min(floor((rate.percent + rate.half) * d / 100), high[top])) + 1,
        )
        if rate.fits(n, d)
    ]
    if not pairs:
        raise TableError(f"No counts give the figure of {rate.where}.")
    for row, place in ((top, 0), (bottom, 1)):
        low[row] = max(low[row], min(pair[place] for pair in pairs))
        high[row] = min(high[row], max(pair[place] for pair in pairs))


def narrowest(
    linked: Linked, readings: Mapping[str, Reading], low: Floats, high: Floats
) -> list[int]:
    """Return the cells to examine by programs: withheld ones, and counts that could be small.

    Cells that follow exactly come first, then the narrowest.
    """
    rows = computable(reduced(linked, low < high))
    certain = set(rows)
    columns = linked.cells.select("statistic", "withheld").iter_rows()
    for row, (statistic, withheld) in enumerate(columns):
        small = readings.get(statistic, Reading()).small
        doubtful = withheld or low[row] < small
        if doubtful and low[row] < high[row] and row not in certain:
            rows.append(row)
    return sorted(rows, key=lambda row: (row not in certain, high[row] - low[row], row))


def exposed(
    linked: Linked, release: ShownRelease, extremes: inference.Extremes, row: int
) -> list[Fact]:
    """Return the fact that is exposed about one cell, if there is one."""
    low, high = extremes.interval(row)
    cell = linked.cells.row(row, named=True)
    kind = kind_of(release, cell["statistic"], low, high, withheld=cell["withheld"])
    if not kind:
        return []
    why = derivation_of(linked, release, extremes, row)
    words = f"{linked.codes(row)} is {between(low, high)}: {why}"
    place = {name: cell[name] for name in (*linked.dimensions, "statistic")}
    return [Fact(row, kind, low, high, words, place)]


def kind_of(
    release: ShownRelease, statistic: str, low: float, high: float, *, withheld: bool
) -> str:
    """Return how a cell between these ends is exposed; "" if it is not."""
    reading = release.readings.get(statistic, Reading())
    if withheld and low == high:
        return "exact"
    if low >= 1 and high < reading.small:
        return "small"
    if withheld and (high - low) * 50 < reading.narrow_percent * (high + low) / 2:
        return "interval"
    return ""


def harmless(linked: Linked, release: ShownRelease, row: int, low: float, high: float) -> bool:
    """Say whether the feasible values found so far are already far enough apart."""
    statistic, withheld = linked.cells["statistic"][row], linked.cells["withheld"][row]
    return low <= high and not kind_of(release, statistic, low, high, withheld=withheld)


def derivation_of(
    linked: Linked, release: ShownRelease, extremes: inference.Extremes, row: int
) -> str:
    """Return how the interval of a cell follows: from an exact sum, or from the closest one."""
    if linked.low[row] == linked.high[row]:
        return f"{linked.words(row)} shows it"
    parts = inference.components(linked, linked.low < linked.high)
    factors = inference.combination(linked, parts, row)
    if factors is not None:
        return equation(factors, linked.low.tolist(), linked.words)
    rates = [
        f"; {rate.where} ({plain(rate.percent)} %) allows no other"
        for rate in release.rates
        for side in (rate.numerator, rate.denominator)
        if linked.find(release.hierarchies, side) == row
    ]
    return closest_sum(linked, extremes.low, extremes.high, row, linked.words) + "".join(rates)


def facts_from_before(linked: Linked, release: ShownRelease) -> list[Fact]:
    """Return the cells withheld now but shown before, and exact counts that changed by a few."""
    if not release.previous:
        return []
    before = link(release.previous, release.hierarchies, release.readings)
    keys = [*before.dimensions, "statistic"]
    facts = []
    for row in range(before.cells.height):
        cell = before.cells.row(row, named=True)
        now = linked.find(release.hierarchies, {key: cell[key] for key in keys})
        reading = release.readings.get(cell["statistic"], Reading())
        was = float(before.low[row])
        if now is None or was != before.high[row] or not cell["shown"]:
            continue
        place = f"{linked.codes(now)}: {linked.words(now)} now"
        earlier = f"{before.words(row)} before"
        if linked.cells["withheld"][now]:
            words = f"{place} is withheld, {earlier} was {plain(was)}"
            facts.append(Fact(now, "previous", was, was, words))
        change = linked.low[now] - was
        if linked.low[now] == linked.high[now] and 0 < abs(change) < reading.small:
            shown = f"{place} ({plain(linked.low[now])}) minus {earlier} ({plain(was)})"
            words = f"{shown} is {plain(change)}"
            facts.append(Fact(now, "previous", float(change), float(change), words))
    return facts
