"""Leaks of a whole release that the attacker finds: tables, quarters, rates and revisions."""

from __future__ import annotations

import numpy as np
import pytest

from disclosure.attacker.what_is_shown import Reading, ShownRate, ShownTable
from disclosure.attacker.whole_release import ShownRelease, attack_release
from disclosure.errors import TableError
from disclosure.inference import programs as programs_module
from disclosure.perturbation.ptable import design
from disclosure.perturbation.readings import Distribution
from tests.disclosure.pages import attacked, page

AREA = {"area": [{"A": "All", "B": "All", "C": "All"}], "sex": [{"M": "T", "F": "T"}]}


def words(*tables: ShownTable, hierarchies=AREA, **given) -> list[str]:
    facts = attacked(*tables, hierarchies=hierarchies, **given).facts
    return [f"{fact.kind}: {fact.derivation}" for fact in facts]


def test_a_cell_withheld_in_one_table_and_shown_in_another():
    found = words(
        page("Table 3", "area value\nAll 40\nA 15\nB c\nC c"),
        page("Table 5", "area value\nB 12"),
        readings={"starts": Reading()},
    )
    assert found == [
        "exact: starts, area=B is 12: Table 3 row 3 shows it",
        "exact: starts, area=C is 13: Table 3 row 1 (40) minus Table 3 row 2 (15) "
        "minus Table 3 row 3 (12) is 13",
    ]


def test_perturbed_figures_are_read_by_their_table():
    reading = {"starts": Reading(Distribution(design(5, 8.0, 9)), small=5)}
    assert words(page("Table 1", "area value\nAll 30\nA 10\nB 15\nC 0"), readings=reading) == []
    found = words(page("Table 1", "area value\nAll 0\nA 15\nB 5\nC 0"), readings=reading)
    assert [w.split(":")[0] for w in found] == ["small"]
    assert "area=B is 1 to 3" in found[0]


def test_an_attacker_who_knows_the_rule_finds_more():
    shown = page("Table 1", "area value\nAll 20\nA 16\nB c\nC c")
    assert words(shown, readings={"starts": Reading()}) == []
    knowing = {"starts": Reading(withheld=(2, 4))}
    found = words(shown, readings=knowing)
    assert [w.split(" is ")[1].split(":")[0] for w in found] == ["2", "2"]


def test_rates_of_large_or_unknown_counts_reveal_nothing():
    rate = ShownRate(
        "Table 7 row 2", 50.0, 0, {"statistic": "starts", "area": "A"}, {"statistic": "starts"}
    )
    shown = page("Table 1", "area value\nAll c\nA c\nB 0\nC 100")
    assert words(shown, readings={"starts": Reading()}, rates=[rate]) == []
    assert rate.fits(1, 2)
    assert not rate.fits(1, 3)


def test_a_rate_that_no_counts_give_is_an_error():
    rate = ShownRate(
        "Table 7 row 2", 10.0, 1, {"statistic": "starts", "area": "A"}, {"statistic": "starts"}
    )
    with pytest.raises(TableError, match="No counts give the figure of Table 7 row 2"):
        words(page("Table 1", "area value\nAll 7\nA c\nB c\nC c"), rates=[rate])


def test_a_statistic_without_a_reading_is_read_as_exact():
    found = words(page("Table 3", "area value\nAll 40\nA 15\nB 13\nC c"), readings={})
    assert [sentence.split(":")[0] for sentence in found] == ["exact"]


def test_a_withheld_amount_that_is_known_too_closely():
    shown = page("Table 1", "area value\nAll 1000\nA 890\nB c\nC c", statistic="claimed")
    close = {"claimed": Reading(withheld=(50, None), narrow_percent=10)}
    found = words(shown, readings=close)
    assert [w.split(":")[0] for w in found] == ["interval", "interval"]
    assert words(shown, readings={"claimed": Reading(narrow_percent=10)}) == []


def test_a_cell_that_no_table_shows_is_named_by_its_codes():
    shown = page("Table 1", "area value\nAll 10\nA 6\nB c")
    found = words(shown, readings={"starts": Reading(small=5, withheld=(1, 4))})
    assert found[-1] == (
        "small: starts, area=B is 1 to 4: Table 1 row 3 is 1 to 4 from Table 1 row 1 (10), "
        "less Table 1 row 2 (6), less the cell that no table shows (starts, area=C) (0 to 3)"
    )


def test_open_cells_need_no_exact_ends_and_failures_are_reported(monkeypatch):
    shown = page("Table 1", "area value\nAll 20\nA 16\nB c\nC c")
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
            [page("Table 1", "quarter value\nQ1 9\nQ2 c"), page("Table 2", "area value\nAll 9")],
            {"area": AREA["area"]},
            {"starts": Reading()},
        )
    )
    assert report.facts == ()
