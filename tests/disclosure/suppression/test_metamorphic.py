"""What must hold between two runs, and between the whole library and plain linear algebra."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import product
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure import (
    KEY_MODULUS,
    CellKey,
    CellTable,
    ComplementarySuppression,
    GroupDisclosure,
    MinimumContributors,
    Round,
    Threshold,
    WithholdCertain,
    protect,
    record_keys,
)
from disclosure.attacker.one_system import Knowledge, attack
from disclosure.attacker.what_is_shown import Reading, ShownRate, ShownTable
from disclosure.attacker.whole_release import ShownRelease, attack_release
from disclosure.methods.complementary import figures, system
from disclosure.methods.treated import untreated
from disclosure.perturbation.readings import Range
from disclosure.tables.sums import relation_matrix
from tests.disclosure.exact_sums import determined

quick = settings(max_examples=25, deadline=None)
HIERARCHIES = {
    "area": {
        "North": "All",
        "South": "All",
        "A": "North",
        "B": "North",
        "C": "South",
        "D": "South",
    },
    "sex": {"M": "T", "F": "T"},
}
LEAVES = list(product("ABCD", "MF"))
BACKGROUND = [("A", "M"), ("B", "F"), ("C", "M"), ("D", "F")] * 6
SECRET = b"a secret for tests, long enough"


def up(code: str, hierarchy: dict[str, str]) -> list[str]:
    return [code, *up(hierarchy[code], hierarchy)] if code in hierarchy else [code]


def from_people(people: list[tuple[str, str]], ids: list[str] | None = None) -> CellTable:
    """The cell table of people, one (area, sex) each, every margin and every zero in it."""
    names = ids or [f"person {i}" for i in range(len(people))]
    keys = record_keys(pl.Series("id", names, dtype=pl.String), SECRET).to_list()
    cells = {(a, s): [0, 0, 0] for a in ["All", "North", "South", *"ABCD"] for s in ["T", "M", "F"]}
    for (area, sex), key in zip(people, keys, strict=True):
        for margin in product(up(area, HIERARCHIES["area"]), up(sex, HIERARCHIES["sex"])):
            cells[margin][0] += 1
            cells[margin][1] = (cells[margin][1] + key) % KEY_MODULUS
            cells[margin][2] += 1
    rows = [(a, s, "people", v, k, n, None, None, "") for (a, s), (v, k, n) in cells.items()]
    schema = {"area": pl.String, "sex": pl.String, "statistic": pl.String}
    schema |= dict.fromkeys(
        ["value", "cell_key", "contributors", "largest", "largest_other"], pl.Int64
    )
    frame = pl.DataFrame(rows, schema=schema | {"mark": pl.String}, orient="row")
    return CellTable("people", ("area", "sex"), HIERARCHIES, ("people",), frame)


people = st.lists(st.sampled_from(LEAVES), max_size=60)
PEOPLE = (CellKey(), Round(5), GroupDisclosure(("sex",)), WithholdCertain())
SUPPRESSED = (Threshold(4), ComplementarySuppression())


def figures_of(table: CellTable, methods) -> dict[tuple[str, str], tuple[int | None, str]]:
    cells = protect(table, methods).cells
    return {(a, s): (v, c) for a, s, _, v, c in cells.iter_rows()}


def calculable(table: CellTable, hidden: list[int]) -> set[int]:
    """The hidden cells that the shown ones determine, in fractions, nothing of the library's."""
    return determined(relation_matrix(table.relations, table.cells.height), hidden)


@quick
@given(people, st.randoms(use_true_random=False))
def test_the_order_of_people_and_of_cells_changes_nothing(given_people, random):
    ids = [f"person {i}" for i in range(len(given_people))]
    table = from_people(given_people, ids)
    paired = list(zip(given_people, ids, strict=True))
    random.shuffle(paired)
    shuffled = from_people([p for p, _ in paired], [i for _, i in paired])
    assert figures_of(table, PEOPLE) == figures_of(shuffled, PEOPLE)


@quick
@given(people)
def test_other_names_for_codes_change_no_perturbed_figure(given_people):
    table = from_people(given_people)
    renamed = {code: f"z{code}" for code in ["All", "North", "South", *"ABCD"]}
    hierarchy = {renamed[c]: renamed[p] for c, p in HIERARCHIES["area"].items()}
    cells = table.cells.with_columns(pl.col("area").replace_strict(renamed))
    other = CellTable(
        "people",
        ("area", "sex"),
        {"area": hierarchy, "sex": HIERARCHIES["sex"]},
        ("people",),
        cells,
    )
    methods = PEOPLE[:2]
    found = {(renamed[a], s): f for (a, s), f in figures_of(table, methods).items()}
    assert found == figures_of(other, methods)


@quick
@given(people, st.sampled_from(LEAVES))
def test_one_more_person_changes_only_the_cells_that_hold_them(given_people, one):
    before = figures_of(from_people(given_people), PEOPLE[:2])
    after = figures_of(from_people([*given_people, one]), PEOPLE[:2])
    theirs = set(product(up(one[0], HIERARCHIES["area"]), up(one[1], HIERARCHIES["sex"])))
    assert {cell for cell in before if before[cell] != after[cell]} <= theirs


@quick
@given(people)
def test_a_second_statistic_changes_nothing_of_the_first(given_people):
    table = from_people(given_people)
    both = pl.concat([table.cells, table.cells.with_columns(statistic=pl.lit("twice"))])
    double = CellTable("people", ("area", "sex"), HIERARCHIES, ("people", "twice"), both)
    alone = protect(table, PEOPLE).cells
    within = protect(double, PEOPLE).cells.filter(statistic="people")
    assert within.equals(alone)


@quick
@given(people)
def test_no_withheld_part_of_a_group_is_a_sum_of_shown_cells(given_people):
    """By plain rank, as if perturbed figures added, and only where the split was withheld."""
    table = from_people(given_people)
    treated = untreated(table)
    for method in PEOPLE[:3]:
        treated = method.treat(treated)
    hidden = [int(i) for i in np.flatnonzero(treated.withheld)]
    assert not calculable(table, hidden) & set(np.flatnonzero(treated.sensitive).tolist())


@settings(max_examples=25, deadline=None)
@given(people)
def test_nothing_suppressed_can_be_recalculated(given_people):
    table = from_people(given_people)
    protected = protect(table, SUPPRESSED)
    rows = {(a, s): i for i, (a, s) in enumerate(table.cells.select("area", "sex").iter_rows())}
    hidden = [
        rows[a, s] for a, s in protected.cells.filter(status="c").select("area", "sex").iter_rows()
    ]
    small = table.cells.select(pl.col("value").is_between(1, 3)).to_series().arg_true().to_list()
    assert set(small) <= set(hidden)
    assert not calculable(table, hidden) & set(small)
    shown = protected.cells.filter(status="").join(table.cells, on=["area", "sex"])
    assert (shown["value"] == shown["value_right"]).all()


@quick
@given(people, st.data())
def test_knowing_more_never_exposes_less(given_people, data):
    table = from_people(given_people)
    treated = Threshold(4).treat(untreated(table))
    chosen = system(treated)
    hidden = treated.withheld[figures(treated)].copy()
    if not hidden.any():
        return
    extra = data.draw(st.sets(st.integers(0, len(hidden) - 1), max_size=6))
    hidden[list(extra)] = True
    little = Knowledge.of_pattern(chosen, hidden)
    revealed = data.draw(st.sampled_from(np.flatnonzero(hidden).tolist()))
    value = float(chosen.values[revealed])
    more = little.assuming(np.arange(len(hidden)) == revealed, value, value)
    before = {fact.cell for fact in attack(chosen, little).facts if fact.kind != "own"}
    after = {fact.cell for fact in attack(chosen, more).facts}
    assert before <= after | {revealed}


def test_published_sums_are_right_on_average():
    """Over 2,000 cells of 1 to 60 people the mean error is within four standard errors of none."""
    rng = np.random.default_rng(11)
    counts = rng.integers(1, 60, 2_000)
    keys = rng.integers(0, KEY_MODULUS, 2_000)
    error = CellKey().ptable.perturb(counts, keys) - counts
    assert abs(error.mean()) < 4 * np.sqrt(8 / 2_000)
    assert 6 < error.var() < 8.8


shown_rows = st.lists(st.integers(0, 9), min_size=3, max_size=3)


@quick
@given(shown_rows, st.sampled_from([0, 1, 2]), st.integers(0, 3))
def test_the_ranges_of_a_release_hold_every_table_that_agrees(parts, reach, withheld):
    """Brute force over all tables of three parts: never too narrow, and the ends are met."""
    codes = ["All", "A", "B", "C"]
    true = [sum(parts), *parts]
    values = [None if place == withheld else v for place, v in enumerate(true)]
    status = ["c" if place == withheld else "" for place in range(4)]
    cells = pl.DataFrame(
        {"area": codes, "statistic": "starts", "value": values, "status": status},
        schema_overrides={"value": pl.Int64},
    )
    hierarchies = {"area": [dict.fromkeys("ABC", "All")]}
    release = ShownRelease(
        [ShownTable("Table 1", ("area",), cells)],
        hierarchies,
        {"starts": Reading(Range(reach, reach))},
    )
    report = attack_release(release)
    every = np.array(
        [(sum(p), *p) for p in product(range(40 if withheld else 12), repeat=3)][:64_000]
    )
    agree = np.ones(len(every), dtype=bool)
    for place in range(4):
        if place != withheld:
            agree &= np.abs(every[:, place] - true[place]) <= reach
    for place in range(4):
        assert report.low[place] == every[agree, place].min()
        assert report.high[place] == every[agree, place].max()


@quick
@given(st.integers(1, 25), st.data())
def test_a_rate_reveals_what_all_pairs_of_counts_reveal(denominator, data):
    numerator = data.draw(st.integers(0, denominator))
    percent = round(100 * numerator / denominator, 1)
    cells = pl.DataFrame(
        {
            "area": ["All", "A", "B"],
            "statistic": "starts",
            "value": [None, None, None],
            "status": ["c", "c", "c"],
        },
        schema_overrides={"value": pl.Int64},
    )
    rate = ShownRate(
        "Table 2 row 1", percent, 1, {"statistic": "starts", "area": "A"}, {"statistic": "starts"}
    )
    release = ShownRelease(
        [ShownTable("Table 1", ("area",), cells)],
        {"area": [{"A": "All", "B": "All"}]},
        {"starts": Reading(withheld=(0, 25))},
        [rate],
    )
    report = attack_release(release)
    pairs = [
        (n, d)
        for d in range(1, 26)
        for n in range(d + 1)
        if abs(100 * n / d - percent) <= 0.05 + 1e-9
    ]
    assert report.low[1] == min(n for n, _ in pairs)
    assert report.high[1] == max(n for n, _ in pairs)
    assert report.low[0] == min(d for _, d in pairs)
    assert report.high[0] == max(d for _, d in pairs)


def test_importing_the_library_loads_nothing_heavy():
    heavy = "('scipy', 'numba', 'highspy')"
    code = f"import sys, disclosure; print([m for m in {heavy} if m in sys.modules])"
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_seal_has_exactly_two_importers():
    folder = Path(__file__).parents[3]
    rooms = [
        "reference",
        "schemas",
        "pipelines",
        "disclosure",
        "publications",
        "operations",
        "assets",
    ]
    found = [
        path.name
        for room in rooms
        for path in (folder / room).rglob("*.py")
        if re.search(
            r"^\s*(from|import) .*\b_seal\b", path.read_text(encoding="utf-8"), re.MULTILINE
        )
    ]
    assert sorted(found) == ["protect.py", "store.py"]


@pytest.mark.parametrize(
    "methods", [PEOPLE, SUPPRESSED, (MinimumContributors(3), ComplementarySuppression())]
)
@pytest.mark.parametrize(
    "given_people", [[], [("A", "M")], [("A", "M")] * 50, LEAVES, BACKGROUND, LEAVES * 7]
)
def test_the_plainest_populations_are_protected(methods, given_people):
    """No people; one person; all alike; one of each; a few of some; many of each."""
    table = from_people(given_people)
    protected = protect(table, methods)
    report = protected.report
    assert report.cells == 21 == report.shown + report.withheld
    assert report.exposed == 0
