"""Leaks of a whole release that the attacker finds: tables, quarters, rates and revisions."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from disclosure.attacker.what_is_shown import Reading, ShownRate, ShownTable
from disclosure.attacker.whole_release import ShownRelease, attack_release
from disclosure.errors import TableError
from disclosure.inference import programs as programs_module
from disclosure.perturbation.ptable import design
from disclosure.perturbation.readings import Distribution, Range

AREA = {"area": [{"A": "All", "B": "All", "C": "All"}], "sex": [{"M": "T", "F": "T"}]}

EXACT = {"starts": Reading(small=5)}


def table(name: str, text: str, statistic: str = "starts") -> ShownTable:
    lines = [line.split() for line in text.strip().splitlines()]
    names, rows = lines[0], lines[1:]
    frame = pl.DataFrame(rows, schema=names, orient="row")
    figure = pl.col("value").cast(pl.Int64, strict=False)
    status = pl.when(figure.is_null()).then(pl.col("value")).otherwise(pl.lit(""))
    cells = frame.with_columns(statistic=pl.lit(statistic), value=figure, status=status)
    return ShownTable(name, tuple(n for n in names if n != "value"), cells)


def words(*tables: ShownTable, readings=EXACT, hierarchies=AREA, **more) -> list[str]:
    report = attack_release(ShownRelease(tables, hierarchies, readings, **more))
    return [f"{fact.kind}: {fact.derivation}" for fact in report.facts]


def test_a_cell_withheld_in_one_table_and_shown_in_another():
    found = words(
        table("Table 3", "area value\nAll 40\nA 15\nB c\nC c"),
        table("Table 5", "area value\nB 12"),
        readings={"starts": Reading()},
    )
    assert found == [
        "exact: starts, area=B is 12: Table 3 row 3 shows it",
        "exact: starts, area=C is 13: Table 3 row 1 (40) minus Table 3 row 2 (15) "
        "minus Table 3 row 3 (12) is 13",
    ]


def test_a_group_that_no_table_shows_is_found_by_overlapping_geographies():
    overlapping = {
        "area": [
            {"a": "Region", "b": "Region", "c": "Region"},
            {"a": "District", "b": "District"},
        ]
    }
    found = words(
        table("Table 3", "area value\nRegion 40"),
        table("Table 5", "area value\nDistrict 38"),
        hierarchies=overlapping,
    )
    assert found == ["small: starts, area=c is 2: Table 3 row 1 (40) minus Table 5 row 1 (38) is 2"]


def test_two_quarters_that_differ_by_one_person():
    found = words(
        table("March, Table 1", "quarter value\ntoQ1 23"),
        table("June, Table 1", "quarter value\ntoQ2 24"),
        hierarchies={"quarter": [{"toQ1": "toQ2", "Q2": "toQ2"}]},
    )
    assert found == [
        "small: starts, quarter=Q2 is 1: "
        "June, Table 1 row 1 (24) minus March, Table 1 row 1 (23) is 1"
    ]


def test_a_revision_by_one_person_and_a_cell_withheld_too_late():
    now = table("Table 1", "area value\nAll 41\nA c\nB 16\nC c")
    before = table("Table 1", "area value\nAll 40\nA 14\nB 16\nC c")
    found = words(now, previous=[before])
    assert found == [
        "previous: starts, area=All: Table 1 row 1 now (41) minus Table 1 row 1 before (40) is 1",
        "previous: starts, area=A: Table 1 row 2 now is withheld, Table 1 row 2 before was 14",
    ]


def test_rounded_parts_that_pin_their_total():
    reading = {"starts": Reading(Range(2, 2), small=5)}
    # each part is at least 8 of a total of at most 17: eight or nine of each
    found = words(table("Table 1", "area value\nAll 15\nA 5\nB 5\nC 5"), readings=reading)
    assert found == []
    found = words(table("Table 1", "area value\nAll 10\nA 10\nB 5\nC 0"), readings=reading)
    assert found == [
        "small: starts, area=B is 3 to 4: Table 1 row 3 is 3 to 4 from Table 1 row 1 (11 to 12), "
        "less Table 1 row 2 (8 to 9), less Table 1 row 4 (0 to 1)"
    ]


def test_perturbed_figures_are_read_by_their_table():
    reading = {"starts": Reading(Distribution(design(5, 8.0, 9)), small=5)}
    assert words(table("Table 1", "area value\nAll 30\nA 10\nB 15\nC 0"), readings=reading) == []
    found = words(table("Table 1", "area value\nAll 0\nA 15\nB 5\nC 0"), readings=reading)
    assert [w.split(":")[0] for w in found] == ["small"]
    assert "area=B is 1 to 3" in found[0]


def test_an_attacker_who_knows_the_rule_finds_more():
    shown = table("Table 1", "area value\nAll 20\nA 16\nB c\nC c")
    assert words(shown, readings={"starts": Reading()}) == []
    knowing = {"starts": Reading(withheld=(2, 4))}
    found = words(shown, readings=knowing)
    assert [w.split(" is ")[1].split(":")[0] for w in found] == ["2", "2"]


def test_a_rate_gives_the_count_back():
    rate = ShownRate(
        "Table 7 row 2", 66.7, 1, {"statistic": "starts", "area": "A"}, {"statistic": "starts"}
    )
    shown = table("Table 1", "area value\nAll c\nA c\nB 0\nC 1")
    found = words(shown, readings={"starts": Reading(withheld=(1, 4), small=0)}, rates=[rate])
    assert found[0].startswith("exact: starts, area=All is 3")
    assert found[1].startswith("exact: starts, area=A is 2")


def test_rates_of_large_or_unknown_counts_reveal_nothing():
    rate = ShownRate(
        "Table 7 row 2", 50.0, 0, {"statistic": "starts", "area": "A"}, {"statistic": "starts"}
    )
    shown = table("Table 1", "area value\nAll c\nA c\nB 0\nC 100")
    assert words(shown, readings={"starts": Reading()}, rates=[rate]) == []
    assert rate.fits(1, 2)
    assert not rate.fits(1, 3)


def test_a_rate_that_no_counts_give_is_an_error():
    rate = ShownRate(
        "Table 7 row 2", 10.0, 1, {"statistic": "starts", "area": "A"}, {"statistic": "starts"}
    )
    with pytest.raises(TableError, match="No counts give the figure of Table 7 row 2"):
        words(table("Table 1", "area value\nAll 7\nA c\nB c\nC c"), rates=[rate])


def test_a_release_that_contradicts_itself_is_an_error():
    with pytest.raises(TableError, match="contradicts itself"):
        words(table("Table 1", "area value\nAll 7\nA 9\nB c\nC c"))


def test_the_same_cell_shown_differently():
    found = words(
        table("Table 1", "area value\nA 15"),
        table("Table 2", "area value\nA 17"),
        readings={"starts": Reading()},
    )
    assert found == [
        "disagreement: Table 2 row 1 (17) minus Table 1 row 1 (15) is 2, but they are the same cell"
    ]


def test_a_statistic_without_a_reading_is_read_as_exact():
    found = words(table("Table 3", "area value\nAll 40\nA 15\nB 13\nC c"), readings={})
    assert [sentence.split(":")[0] for sentence in found] == ["exact"]


def test_a_withheld_amount_that_is_known_too_closely():
    shown = table("Table 1", "area value\nAll 1000\nA 890\nB c\nC c", statistic="claimed")
    close = {"claimed": Reading(withheld=(50, None), narrow_percent=10)}
    found = words(shown, readings=close)
    assert [w.split(":")[0] for w in found] == ["interval", "interval"]
    assert words(shown, readings={"claimed": Reading(narrow_percent=10)}) == []


def test_marks_are_read_as_the_notes_say():
    shown = table("Table 1", "area value\nAll 20\nA c\nB x\nC 16")
    assert words(shown, readings={"starts": Reading()}) == []
    noted = {"starts": Reading(absent_is_zero=True)}
    assert words(shown, readings=noted)[0].startswith("exact: starts, area=A is 4")
    zero = table("Table 1", "area value\nAll 20\nA c\nB z\nC 16")
    assert words(zero, readings={"starts": Reading()})[0].startswith("exact: starts, area=A is 4")


def test_every_cell_of_the_cross_is_attacked_though_only_margins_are_shown():
    found = words(
        table("Table 1", "area value\nAll 30\nA 10\nB 10\nC 10"),
        table("Table 2", "sex value\nT 30\nM 20\nF 10"),
        table("Table 3", "area sex value\nA M 8"),
    )
    assert found == [
        "small: starts, area=A, sex=F is 2: Table 1 row 2 (10) minus Table 3 row 1 (8) is 2"
    ]


def test_a_cell_that_no_table_shows_is_named_by_its_codes():
    shown = table("Table 1", "area value\nAll 10\nA 6\nB c")
    found = words(shown, readings={"starts": Reading(small=5, withheld=(1, 4))})
    assert found[-1] == (
        "small: starts, area=B is 1 to 4: Table 1 row 3 is 1 to 4 from Table 1 row 1 (10), "
        "less Table 1 row 2 (6), less the cell that no table shows (starts, area=C) (0 to 3)"
    )


def test_open_cells_need_no_exact_ends_and_failures_are_reported(monkeypatch):
    shown = table("Table 1", "area value\nAll 20\nA 16\nB c\nC c")
    release = ShownRelease([shown], AREA, {"starts": Reading(small=5)})
    for programs in (0, 400):
        report = attack_release(release, programs=programs)
        assert (report.facts, report.complete) == ((), True)
        assert (report.low[2], report.high[2]) == (0, 4)
    failed = "Time limit reached", np.zeros(0)
    monkeypatch.setattr(programs_module, "whole_steps", lambda *_, **__: failed)
    assert not attack_release(release).complete


def test_a_dimension_with_several_roots_keeps_tables_apart():
    report = attack_release(
        ShownRelease(
            [table("Table 1", "quarter value\nQ1 9\nQ2 c"), table("Table 2", "area value\nAll 9")],
            {"area": AREA["area"]},
            {"starts": Reading()},
        )
    )
    assert report.facts == ()
