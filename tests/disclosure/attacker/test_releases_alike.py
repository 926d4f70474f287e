"""A release described in two ways gives the same away, and a further table never hides anything.

Metamorphic: only the relation between two answers is known beforehand.
"""

from __future__ import annotations

import polars as pl
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from disclosure.attacker.what_is_shown import Reading, ShownRate, ShownTable
from disclosure.attacker.whole_release import ShownRelease, attack_release
from disclosure.perturbation.readings import Range

quick = settings(max_examples=20)


def page(name: str, codes: list[str], values: list[int | None]) -> ShownTable:
    frame = pl.DataFrame(
        {
            "area": codes,
            "statistic": "starts",
            "value": values,
            "status": ["c" if value is None else "" for value in values],
        },
        schema_overrides={"value": pl.Int64},
    )
    return ShownTable(name, ("area",), frame)


ONE_TOTAL = {"area": [dict.fromkeys("ABC", "All")]}

EXACT = {"starts": Reading(small=5)}

three = st.lists(st.integers(0, 9), min_size=3, max_size=3)


def kinds(*tables: ShownTable, hierarchies=ONE_TOTAL, readings=EXACT, **more) -> list[tuple]:
    report = attack_release(ShownRelease(tables, hierarchies, readings, **more))
    return sorted((fact.kind, fact.low, fact.high) for fact in report.facts)


@quick
@given(three, st.sampled_from("ABC"))
def test_a_release_split_over_pages_gives_the_same_away(parts, missing):
    codes, values = ["All", *"ABC"], [sum(parts), *parts]
    shown = [None if code == missing else v for code, v in zip(codes, values, strict=True)]
    whole = kinds(page("Table 1", codes, shown))
    split = kinds(page("Table 1", codes[:2], shown[:2]), page("Table 2", codes[2:], shown[2:]))
    assert whole == split


@quick
@given(three)
def test_a_page_that_repeats_another_gives_nothing_more_away(parts):
    codes, values = ["All", *"ABC"], [sum(parts), *parts]
    once = kinds(page("Table 1", codes, values))
    assert kinds(page("Table 1", codes, values), page("Table 2", codes[1:], values[1:])) == once


@quick
@given(three, st.permutations(range(4)))
def test_the_order_of_rows_on_a_page_changes_no_fact(parts, order):
    codes, values = ["All", *"ABC"], [sum(parts), *parts]
    values[1] = None
    mixed = page("Table 1", [codes[i] for i in order], [values[i] for i in order])
    assert kinds(mixed) == kinds(page("Table 1", codes, values))


@quick
@given(three, st.integers(0, 3))
def test_coarser_rounding_never_reveals_more(parts, reach):
    values = [sum(parts), *parts]
    shown = page("Table 1", ["All", *"ABC"], values)
    fine = attack_release(
        ShownRelease([shown], ONE_TOTAL, {"starts": Reading(Range(reach, reach))})
    )
    coarse = attack_release(
        ShownRelease([shown], ONE_TOTAL, {"starts": Reading(Range(reach + 1, reach + 1))})
    )
    assert (coarse.low <= fine.low).all()
    assert (coarse.high >= fine.high).all()


@quick
@given(three)
def test_a_rate_never_widens_a_range_and_never_excludes_the_truth(parts):
    values = [sum(parts), None, None, None]
    shown = page("Table 1", ["All", *"ABC"], values)
    base = attack_release(ShownRelease([shown], ONE_TOTAL, {"starts": Reading()}))
    assume(sum(parts) > 0)
    named = {"statistic": "starts", "area": "A"}
    percent = round(100 * parts[0] / sum(parts), 1)
    rate = ShownRate("Table 2 row 1", percent, 1, named, {"statistic": "starts"})
    with_rate = attack_release(ShownRelease([shown], ONE_TOTAL, {"starts": Reading()}, [rate]))
    assert (with_rate.low >= base.low).all()
    assert (with_rate.high <= base.high).all()
    assert with_rate.low[1] <= parts[0] <= with_rate.high[1]
    assert rate.fits(parts[0], sum(parts))


@quick
@given(three, three)
def test_a_revision_reveals_the_same_in_either_order(now, before):
    codes = ["All", *"ABC"]
    new = page("Table 1", codes, [sum(now), *now])
    old = page("Table 1", codes, [sum(before), *before])
    calm = {"starts": Reading(small=5)}

    def changed(first, second):
        report = attack_release(ShownRelease([first], ONE_TOTAL, calm, previous=[second]))
        return {fact.cell for fact in report.facts if fact.kind == "previous"}

    assert changed(new, old) == changed(old, new)
    small = {
        place
        for place, (a, b) in enumerate(zip([sum(now), *now], [sum(before), *before], strict=True))
        if 0 < abs(a - b) < 5
    }
    assert changed(new, old) == small


def test_counts_of_a_release_in_two_statistics_do_not_mix():
    """The same codes under another statistic are other cells and reveal nothing about the first."""
    shown = page("Table 1", ["All", "A", "B", "C"], [20, None, None, 8])
    other = ShownTable(
        "Table 2", ("area",), shown.cells.with_columns(statistic=pl.lit("ends"), value=pl.lit(9))
    )
    loose = {"starts": Reading(), "ends": Reading(Range(9, 9))}
    alone = attack_release(ShownRelease([shown], ONE_TOTAL, loose))
    both = attack_release(ShownRelease([shown, other], ONE_TOTAL, loose))
    assert both.low[:4].tolist() == alone.low[:4].tolist()
    assert both.high[:4].tolist() == alone.high[:4].tolist()
