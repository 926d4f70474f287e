"""The published codes: what they lack, how they contradict the tables, and a map that is wrong."""

from __future__ import annotations

import pytest

from tests.verification.drawn import Drawn, codes_of, seal, times, world, write
from verification import verify

PATH = "data/codes.csv"
LATEST = "2026-27Q2"


@pytest.fixture
def found(tmp_path, tables):
    """What is found when the rows of codes are changed."""

    def examine(change):
        rows = [row for old in codes_of(tables) for row in change(old)]
        return [f.message for f in verify(write(tmp_path, tables, codes=rows)).findings]

    return examine


def other(code, **changed):
    """Change the row of one code; None for no row."""
    places = ("dimension", "code", "label", "level", "parent")

    def change(row):
        if row[1] != code:
            return [row]
        return [tuple(changed.get(name, cell) for name, cell in zip(places, row, strict=True))]

    return change


def test_codes_that_fit_the_tables_raise_no_alarm(found):
    assert found(lambda row: [row]) == []


WRONG = {
    "a parent that is missing": (
        other("A1", parent="E12000009"),
        f"{PATH}: A1 has the parent E12000009, which is no code of delivery_area.",
    ),
    "a loop": (
        other("E92000001", parent="E12000001"),
        f"{PATH}: E92000001 is part of itself, through E12000001, of delivery_area.",
    ),
    "a code of the tables that is not listed": (
        lambda row: [] if row[1] == "W2" else [row],
        f"{PATH}: W2 of delivery_area is not listed, but data/ctw-table-06-starts.csv has it.",
    ),
    "a dimension that is not listed": (
        lambda row: [] if row[0] == "sex" else [row],
        f"{PATH}: total of sex is not listed, but data/ctw-table-09-starts-by-sex.csv has it.",
    ),
    "a code twice": (
        lambda row: [row, row] if row[1] == "W2" else [row],
        f"{PATH}: W2 of delivery_area is listed twice.",
    ),
    "two roots": (
        other("W92000004", parent=""),
        f"{PATH}: there are 2 codes without a parent, not one, of delivery_area.",
    ),
    "another label": (
        other("W2", label="Gwynt"),
        f"{PATH}: W2 of delivery_area is Gwynt, Delivery area: not so in "
        "data/ctw-table-06-starts.csv.",
    ),
    "another level": (
        other("W2", level="Region"),
        f"{PATH}: W2 of delivery_area is Gwent, Region: not so in data/ctw-table-06-starts.csv.",
    ),
}


@pytest.mark.parametrize(("change", "message"), WRONG.values(), ids=WRONG)
def test_codes_that_contradict_themselves_or_the_tables_are_found(found, change, message):
    assert message in found(change)


def test_an_area_under_the_wrong_region_is_found_by_the_figures(found):
    reported = found(other("A1", parent="E12000002"))
    assert any(
        f"{PATH}: E12000001 of delivery_area is made up of A2, but" in message
        and "sums of starts do not hold" in message
        for message in reported
    )


def test_a_release_without_codes_is_not_sound(tmp_path, tables):
    folder = write(tmp_path, tables)
    (folder / PATH).unlink()
    seal(folder)
    assert [f.message for f in verify(folder).findings] == [
        f"{PATH} is missing, so no sums were made."
    ]


@pytest.mark.parametrize("text", ["", "code,parent\n", "dimension,code,label,level,parent\na,b\n"])
def test_codes_that_cannot_be_read_are_reported(tmp_path, tables, text):
    folder = write(tmp_path, tables)
    (folder / PATH).write_text(text)
    seal(folder)
    assert f"{PATH} cannot be read: its columns are not dimension, code" in (
        verify(folder).findings[0].message
    )


def test_a_leak_through_regions_is_found_though_figures_alone_do_not_show_the_map(reported, tables):
    """All areas of two regions are alike, so only the published codes say where each lies."""
    measure = ("settings_embedded",)
    alike = {(t, a, q): 7 for t in ("GP_PRACTICE", "PCN", "HOSPITAL")
             for a in ("A1", "A2", "A3", "A4", "A5") for q in ("2026-27Q1", LATEST)}  # fmt: skip
    changed = world(settings=alike)
    assert reported(changed) == []
    changed[21].put("PCN", "A3", LATEST, *measure, value=7)
    assert any(
        "Primary care network, Ribble, 2026-27 Q2, Settings: [c] can be" in s
        for s in reported(changed)
    )


def test_an_earlier_release_without_codes_is_read_with_the_newer_ones(tmp_path, tables):
    now, old = (
        write(tmp_path / "now", tables),
        write(tmp_path / "old", world("2026-27Q1"), "2026-27Q1"),
    )
    (old / PATH).unlink()
    seal(old, "2026-27Q1")
    verdict = verify(now, old)
    assert "The release of 2026-27Q1 publishes no codes: read with newer ones." in verdict.remarks
    assert not any("codes.csv" in f.message for f in verdict.findings)


def test_a_total_of_what_has_no_parts_is_no_sum(tmp_path):
    """What is announced for the whole programme has no figure for a year."""
    codes = times() | {"2025-26": ("2025-26", "Financial year"), "2026-27": ("2026-27", "Year")}
    table = Drawn(24, "grants", {"quarter": codes}, {"announced": ("Announced", "pounds")})
    table.figures = {(code, "announced"): [None, "z"] for code in codes}
    table.put("total", "announced", value=1_000)
    assert verify(write(tmp_path, {24: table})).findings == ()


def test_a_dimension_whose_name_ends_like_a_column_of_codes_is_read(tmp_path):
    groups = {"total": ("All", "Total"), "A": ("Asian", "Category"), "W": ("White", "Category")}
    table = Drawn(10, "ethnic", {"ethnicity_code": groups}, {"grant": ("Grant", "pounds")})
    table.figures = {(code, "grant"): [n, ""] for code, n in zip(groups, (30, 10, 20), strict=True)}
    table.withhold(("A", "grant"))
    (fault,) = verify(write(tmp_path, {10: table})).findings
    assert "Asian, Grant: [c] can be calculated: 30 (All) - 20 (White) = 10." in fault.message
