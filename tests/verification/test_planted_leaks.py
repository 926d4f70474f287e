"""Leaks planted in a drawn release: each one is found, and a safe release raises no alarm."""

import re
from pathlib import Path

import pytest

from tests.verification.drawn import (
    AREAS,
    BEFORE,
    CLAIMED,
    LATEST,
    SETTINGS,
    Drawn,
    rounded,
    settings_of,
    withhold,
    world,
    write,
)
from verification import verify

GOLDEN = Path(__file__).parents[1] / "golden" / "release"
LEFT_OUT = {("total", "A3"), ("total", "A4")}
MERSEY = "Table 21, GP surgery, Mersey, 2026-27 Q2, Settings"


def test_a_safe_release_raises_no_alarm(reported, tables):
    assert reported(tables) == []


@pytest.mark.slow
def test_the_golden_release_raises_no_alarm():
    assert verify(GOLDEN).findings == ()


def test_a_shown_cell_beside_a_withheld_one_gives_it_by_a_sum(reported, tables):
    tables[21].put("GP_PRACTICE", "A4", LATEST, SETTINGS, value=15)
    assert reported(tables) == [
        f"{MERSEY}: [c] can be calculated: 34 (North West) - 15 (Ribble) - 7 (Lune) = 12.",
        "Table 21, Primary care network, Ribble, 2026-27 Q2, Settings: [c] can be calculated: "
        "28 (GP surgeries and networks) - 15 (GP surgery) = 13.",
        "Table 21, Primary care network, Mersey, 2026-27 Q2, Settings: [c] can be calculated: "
        "23 (GP surgeries and networks) - 12 (GP surgery) = 11.",
    ]


def test_a_total_that_another_table_shows_is_reported(reported, tables):
    for kind in ("total", "GP", "HOSPITAL"):
        tables[21].withhold(*((kind, area, LATEST, SETTINGS) for area in ("A3", "A4")))
    shown = tables.pop(22)
    assert reported(tables) == []
    tables[22] = shown
    assert reported(tables)[0] == (
        "Table 21, All health settings, Mersey, 2026-27 Q2, Settings: [c], "
        "but Table 22, Mersey, 2026-27 Q2, Settings shows 34."
    )


def test_a_cell_follows_from_two_tables_together(reported, tables):
    for kind in ("total", "GP"):
        tables[21].withhold(*((kind, area, LATEST, SETTINGS) for area in ("A3", "A4")))
    without = {p: f for p, f in tables[21].figures.items() if p[:2] not in LEFT_OUT}
    tables[21].figures = without
    shown = tables.pop(22)
    assert reported(tables) == []
    tables[22] = shown
    assert reported(tables)[0] == (
        "Table 21, GP surgeries and networks, Mersey, 2026-27 Q2, Settings: [c] can be "
        "calculated: 34 (Table 22) - 11 (Hospital) = 23."
    )


def test_a_cell_follows_from_several_sums_in_turn(reported, tables):
    kinds = ("GP", "GP_PRACTICE", "PCN")
    tables[21].withhold(*((kind, "A3", LATEST, SETTINGS) for kind in kinds))
    tables[21].put("PCN", "A4", LATEST, SETTINGS, value=13)
    found = reported(tables)
    assert any(words.startswith(f"{MERSEY}: [c] can be calculated: ") for words in found)
    assert all(words.endswith((" = 12.", " = 11.", " = 15.", " = 23.")) for words in found)


def test_a_count_that_can_only_be_nothing_or_one_is_reported(reported):
    few = {("GP_PRACTICE", "A1", LATEST): 1, ("PCN", "A1", LATEST): 0}
    tables = world(settings=few)
    withhold(tables[21], areas=("A1", "A2"))
    assert sorted(reported(tables)) == [
        f"Table 21, {place}, 2026-27 Q2, Settings: [c] can only be {range_}, "
        "by the 4 sums that tie it to published figures."
        for place, range_ in (
            ("GP surgery, Tees", "9 to 10"),
            ("GP surgery, Tyne", "0 to 1"),
            ("Primary care network, Tees", "8 to 9"),
            ("Primary care network, Tyne", "0 to 1"),
        )
    ]


def test_a_narrow_range_is_no_finding_where_a_certificate_is_stated(tmp_path):
    """Of cells that rules withhold, the certificate proves a wide range: the others are cover."""
    few = {("GP_PRACTICE", "A1", LATEST): 1, ("PCN", "A1", LATEST): 0}
    tables = world(settings=few)
    withhold(tables[21], areas=("A1", "A2"))
    verdict = verify(write(tmp_path, tables, proved="interval"))
    assert verdict.findings == ()
    assert "4 withheld cells lie in a narrow range. If the certificate holds" in str(
        verdict.remarks
    )


def test_a_cell_that_sums_give_is_reported_whatever_certificate_is_stated(tmp_path, tables):
    tables[21].withhold(("HOSPITAL", "A3", LATEST, SETTINGS))
    found = verify(write(tmp_path, tables, proved="interval")).findings
    assert any("Hospital, Mersey" in f.message and "can be calculated" in f.message for f in found)


@pytest.mark.parametrize("proved", [None, "interval"])
def test_a_cell_with_one_possible_value_is_reported_whatever_certificate_is_stated(
    tmp_path, proved
):
    """No sum gives it; that two others are 0 and none is below leaves it one value."""
    none = {("GP_PRACTICE", "A3", LATEST): 0, ("HOSPITAL", "A4", LATEST): 0}
    tables = world(settings=none)
    practices = settings_of("A4", "GP_PRACTICE", LATEST)
    tables[21].put("GP_PRACTICE", "A4", LATEST, SETTINGS, value=practices)
    ring = {
        "A3": ("GP_PRACTICE", "PCN"),
        "A4": ("PCN", "HOSPITAL"),
        "A5": ("HOSPITAL", "GP_PRACTICE"),
    }
    places = [(kind, area) for area, kinds in ring.items() for kind in kinds]
    places += [("GP", "A4"), ("GP", "A5")]
    tables[21].withhold(*((*place, LATEST, SETTINGS) for place in places))
    verdict = verify(write(tmp_path, tables, proved=proved))
    reported = [finding.message for finding in verdict.findings]
    assert len(reported) == len(places) - len(none)
    assert all(re.search(r"\[c\] can only be [1-9]\d*, by the ", words) for words in reported)
    assert any(words.startswith("Table 21, Primary care network, Mersey, ") for words in reported)


def test_withheld_cells_under_a_total_of_nothing_are_cover(reported, tmp_path):
    none = dict.fromkeys([("GP_PRACTICE", "A1", LATEST), ("PCN", "A1", LATEST)], 0)
    tables = world(settings=none)
    tables[21].withhold(*((kind, "A1", LATEST, SETTINGS) for kind in ("GP_PRACTICE", "PCN")))
    assert reported(tables) == []
    assert "2 withheld cells are surely 0" in verify(tmp_path / "now").remarks[-1]


def test_two_tables_that_show_a_cell_differently_are_reported(reported, tables):
    tables[9].put("E92000001", "total", "starts", value=2_945)
    assert reported(tables) == [
        "Table 9, England, All, Starts: 2,945, but "
        "Table 6, England, Programme to date, Starts shows 2,940."
    ]


def test_figures_that_do_not_add_up_are_reported(reported, tables):
    tables[21].put("HOSPITAL", "W1", BEFORE, SETTINGS, value=70)
    assert reported(tables) == [
        "Table 21, Hospital, Wales, 2026-27 Q1, Settings: 17, but its parts add up to 80.",
        "Table 21, All health settings, Gwynedd, 2026-27 Q1, Settings: 30, "
        "but its parts add up to 93.",
    ]


def test_a_release_is_read_with_its_own_methods(tmp_path, tables):
    write(tmp_path / "tens", tables, readings={"starts": rounded(10)})
    assert any("no multiple of 10" in f.message for f in verify(tmp_path / "tens").findings)


def test_a_sum_of_many_figures_is_reported_in_short(reported):
    regions = {f"R{i}": (f"Region {i}", "Category") for i in range(12)}
    codes = {"total": ("All", "Total"), **regions}
    table = Drawn(24, "funding", {"region": codes}, {CLAIMED: ("Funding claimed", "pounds")})
    table.figures = {(code, CLAIMED): [10, ""] for code in codes}
    table.put("total", CLAIMED, value=120)
    table.withhold(("R0", CLAIMED))
    assert reported({24: table}) == [
        "Table 24, Region 0, Funding claimed: [c] can be calculated: 120 (All) - 10 (Region 1) - "
        "10 (Region 2) - 10 (Region 3) - 10 (Region 4) - 10 (Region 5) - 10 (Region 6) - "
        "10 (Region 7) and 4 more figures = 10."
    ]


def test_sums_that_contradict_each_other_are_reported(tmp_path, tables):
    shown = tables[21].figures["PCN", "E12000002", LATEST, SETTINGS][0]
    tables[21].put("PCN", "E12000002", LATEST, SETTINGS, value=shown + 1)
    verdict = verify(write(tmp_path, tables))
    assert [finding.message for finding in verdict.findings] == [
        "Table 21, Primary care network, England, 2026-27 Q2, Settings: 55, "
        "but its parts add up to 56.",
        "Table 21, GP surgeries and networks, North West, 2026-27 Q2, Settings: 73, "
        "but its parts add up to 74.",
    ]
    assert "4 sums contradict each other: not attacked." in verdict.remarks


def test_one_wrong_figure_does_not_hide_a_leak(reported, tables):
    tables[21].put("HOSPITAL", "W1", BEFORE, SETTINGS, value=70)
    tables[21].put("GP_PRACTICE", "A4", LATEST, SETTINGS, value=15)
    found = reported(tables)
    assert "Wales, 2026-27 Q1, Settings: 17, but its parts add up to 80." in found[0]
    assert (
        f"{MERSEY}: [c] can be calculated: 34 (North West) - 15 (Ribble) - 7 (Lune) = 12." in found
    )


def alike(count):
    """A total and regions of 10 each, of which the first is withheld."""
    regions = {f"R{i}": (f"Region {i}", "Category") for i in range(count)}
    codes = {"total": ("All", "Total"), **regions}
    table = Drawn(24, "funding", {"region": codes}, {CLAIMED: ("Funding claimed", "pounds")})
    table.figures = {(code, CLAIMED): [10, ""] for code in codes}
    table.put("total", CLAIMED, value=10 * count)
    table.withhold(("R0", CLAIMED))
    return {24: table}


def test_a_calculation_says_how_many_figures_it_leaves_out(reported):
    """Eight figures are spelled out; one more is counted, so that readers know of it."""
    (eight,), (nine,) = reported(alike(8)), reported(alike(9))
    assert "more figure" not in eight
    assert eight.count(" - 10 (") == 7
    assert nine.count(" - 10 (") == 7
    assert nine.endswith(" and 1 more figure = 10.")


@pytest.mark.parametrize(("right", "is_believed"), [(9, True), (8, False)])
def test_of_sums_of_one_kind_nine_in_ten_must_hold(reported, right, is_believed):
    """With one wrong total beside nine right ones the total is wrong; beside eight, the codes."""
    kinds = {f"K{i}": (f"Kind {i}", "Category") for i in range(right + 1)}
    areas = {code: AREAS[code] for code in ("W92000004", "W1", "W2")}
    table = Drawn(24, "funding", {"delivery_area": areas, "kind": kinds},
                  {CLAIMED: ("Funding claimed", "pounds")})  # fmt: skip
    for place, kind in enumerate(kinds):
        for area, value in (("W92000004", 30), ("W1", 10), ("W2", 20)):
            table.figures[area, kind, CLAIMED] = [value + (area == "W92000004" and not place), ""]
    odd = ("total of kind", "K0 of kind")  # the kinds have no total, so the first stands for one
    found = [m for m in reported({24: table}) if not any(words in m for words in odd)]
    assert len(found) == 1
    assert found[0].startswith("Table 24, Wales, Kind 0") == is_believed
    assert ("data/codes.csv" in found[0]) != is_believed
