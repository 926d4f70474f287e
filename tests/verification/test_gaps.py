"""Rows of codes that no table shows cannot switch sums off: they are found, or counted."""

from __future__ import annotations

import csv
import json
import shutil
import time
from pathlib import Path

import pytest

from tests.verification.drawn import AREAS, Drawn, codes_of, seal, times, world, write
from verification import verify

PATH = "data/codes.csv"
LATEST, SETTINGS = "2026-27Q2", "settings_embedded"
GOLDEN = Path(__file__).parents[1] / "golden" / "release"
COUNCILS = [
    ("delivery_area", f"L{number}", f"Council {number}", "Local authority", area)
    for number, area in enumerate(["A1", "A1", "A2", "A3", "A4", "A5", "W1", "W2"])
]


@pytest.fixture
def found(tmp_path, tables):
    """What is found when rows are added to the codes, and councils below the areas."""

    def examine(*rows, without=()):
        kept = [row for row in (*codes_of(tables), *COUNCILS) if row[1] not in without]
        return [f.message for f in verify(write(tmp_path, tables, codes=[*kept, *rows])).findings]

    return examine


def area(code, level, parent, label="Nowhere"):
    return ("delivery_area", code, label, level, parent)


def in_no_table(code, why, name="delivery_area"):
    return f"{PATH}: {code} of {name} is in no table, but {why}. So sums with it cannot be made."


OF_LEVEL = "tables show others of its level, Delivery area"


def test_councils_below_the_areas_of_tables_raise_no_alarm(found):
    assert found() == []


@pytest.mark.parametrize("parent", ["K04000001", "E92000001", "W92000004", "E12000001"])
def test_a_code_of_a_level_that_tables_show_is_found_when_no_table_has_it(found, parent):
    assert in_no_table("X1", OF_LEVEL) in found(area("X1", "Delivery area", parent))


@pytest.mark.parametrize(
    ("parent", "sibling"),
    [("K04000001", "E92000001"), ("E92000001", "E12000001"), ("W92000004", "W1")],
)
@pytest.mark.parametrize("level", ["Local authority", "County"])
def test_a_code_beside_shown_ones_is_found_whatever_its_level(found, parent, sibling, level):
    why = f"tables show {sibling}, which is part of {parent} as well"
    assert found(area("X1", level, parent)) == [in_no_table("X1", why)]


@pytest.mark.slow
def test_very_many_added_codes_are_found_in_a_moment(found):
    many = [area(f"X{i}", "County", "E12000001", f"No {i}") for i in range(20_000)]
    started = time.process_time()
    assert len(found(*many)) == len(many)
    assert time.process_time() - started < 20


def test_a_code_with_a_part_of_its_own_is_found_beside_shown_ones(found):
    why = "tables show A1, which is part of E12000001 as well"
    rows = (area("X1", "County", "E12000001"), area("X2", "Parish", "X1"))
    assert found(*rows) == [in_no_table("X1", why)]


def test_a_quarter_that_no_table_has_is_found(found):
    row = ("quarter", "2026-27Q0", "2026-27 Q0", "Quarter", "2026-27")
    assert in_no_table("2026-27Q0", "tables show others of its level, Quarter", "quarter") in (
        found(row)
    )


def test_a_code_above_the_total_of_the_tables_is_found(tmp_path, tables):
    """A table without the dimension would be about the code above, and not be held to this one."""
    rows = [
        (*row[:4], "all") if row[:2] == ("sex", "total") else row for row in codes_of(tables)
    ] + [("sex", "all", "Everybody", "All", "")]
    folder = write(tmp_path, tables, codes=rows)
    assert [f.message for f in verify(folder).findings] == [
        f"{PATH}: all of sex is in no table, but it stands above total alone."
    ]


def test_an_area_without_councils_is_found(found):
    assert found(without=("L6",)) == [
        f"{PATH}: W1 of delivery_area has no parts, but 6 of its level, Delivery area, have some."
    ]


def test_a_council_within_a_council_is_found(found):
    rows = area("L9", "Local authority", "L0", "Council 9")
    assert found(rows) == [
        f"{PATH}: L0 of delivery_area has parts, but 8 of its level, Local authority, have none."
    ]


def test_a_council_that_stands_there_twice_under_two_codes_is_found(found):
    assert found(area("L9", "Local authority", "W2", "Council 1")) == [
        f"{PATH}: L9 of delivery_area has the label and level of L1."
    ]


def test_a_council_moved_to_another_area_is_found_when_it_was_the_only_one(found):
    moved = area("L6", "Local authority", "W2", "Council 6")
    (told,) = found(moved, without=("L6",))
    assert "W1 of delivery_area has no parts" in told


def test_added_codes_do_not_make_a_leak_sound(tmp_path, tables):
    """The figure that gives a withheld one back is shown; rows that switch its sums off are not."""
    tables[21].put("GP_PRACTICE", "A4", LATEST, SETTINGS, value=15)
    leaks = [f.message for f in verify(write(tmp_path / "leak", tables)).findings]
    assert any("[c] can be calculated" in message for message in leaks)
    above = ("K04000001", "E92000001", "W92000004", "E12000001", "E12000002")
    rows = [
        *codes_of(tables),
        *(area(f"X{i}", "Delivery area", code, f"No {i}") for i, code in enumerate(above)),
    ]
    told = [f.message for f in verify(write(tmp_path / "hid", tables, codes=rows)).findings]
    assert [message for message in told if "is in no table" in message] == [
        in_no_table(f"X{i}", OF_LEVEL) for i in range(5)
    ]


def test_an_earlier_release_with_added_codes_is_found(tmp_path, tables):
    before = world("2026-27Q1")
    rows = [*codes_of(before), area("X1", "Delivery area", "E12000001")]
    now = write(tmp_path / "now", tables)
    old = write(tmp_path / "old", before, "2026-27Q1", codes=rows)
    told = [f.message for f in verify(now, old).findings]
    assert f"Release of 2026-27Q1: {in_no_table('X1', OF_LEVEL)}" in told


def latest_alone(folder, is_latest):
    """A release of one table that shows the latest quarter beside the programme to date."""
    codes = times("2026-27Q2")
    table = Drawn(1, "key", {"quarter": codes}, {"grant": ("Grant", "pounds")})
    table.figures = {(code, "grant"): [10, ""] for code in codes}
    year = ("quarter", "2026-27", "2026-27", "Financial year", "total")
    rows = [row for row in codes_of({1: table}) if row[1] != "2026-27"] + [
        year,
        ("quarter", "2026-27Q1", "2026-27 Q1", "Quarter", "2026-27"),
    ]
    write(folder, {1: table}, codes=rows)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["tables"][0]["is_latest"] = is_latest
    (folder / "manifest.json").write_text(json.dumps(manifest))
    seal(folder)
    return verify(folder)


def test_a_sum_that_is_not_made_is_counted_in_a_remark(tmp_path):
    """A table of the latest quarter leaves earlier ones out: the programme to date has no sum."""
    verdict = latest_alone(tmp_path, is_latest=True)
    assert verdict.findings == ()
    assert verdict.remarks[-1] == (
        "Sums that were not made, as a part has no figure beside the others: 1, such as of "
        "Table 1, Programme to date, Grant, without 2026-27Q1 of quarter."
    )


def test_a_table_that_is_not_of_the_latest_quarter_alone_has_all_quarters(tmp_path):
    told = [f.message for f in latest_alone(tmp_path, is_latest=False).findings]
    assert told == [
        in_no_table("2026-27Q1", "tables show others of its level, Quarter", name="quarter")
    ]


def test_a_table_with_several_quarters_is_not_of_the_latest_alone_whatever_is_stated(
    tmp_path, tables
):
    row = ("quarter", "2026-27Q0", "2026-27 Q0", "Quarter", "2026-27")
    folder = write(tmp_path, tables, codes=[*codes_of(tables), row])
    manifest = json.loads((folder / "manifest.json").read_text())
    for entry in manifest["tables"]:
        entry["is_latest"] = True
    (folder / "manifest.json").write_text(json.dumps(manifest))
    seal(folder)
    why = "tables show others of its level, Quarter"
    assert [f.message for f in verify(folder).findings] == [in_no_table(row[1], why, "quarter")]


def test_a_sum_that_does_not_hold_for_a_part_that_is_not_available_is_counted(tmp_path):
    codes = {code: AREAS[code] for code in ("W92000004", "W1", "W2")}
    table = Drawn(24, "funding", {"delivery_area": codes}, {"grant": ("Grant", "pounds")})
    table.figures = {(code, "grant"): [10, ""] for code in codes}
    table.put("W1", "grant", marker="x")
    table.put("W92000004", "grant", value=25, marker="i")
    rows = [
        ("delivery_area", code, *AREAS[code], "W92000004" if code != "W92000004" else "")
        for code in codes
    ]
    verdict = verify(write(tmp_path, {24: table}, codes=rows))
    assert verdict.findings == ()
    assert verdict.remarks[-1] == (
        "Sums not attacked, as a part is not available and they do not hold: 1."
    )


def altered(folder, change):
    """The golden release with other rows of codes, sealed again."""
    shutil.copytree(GOLDEN, folder)
    with (folder / PATH).open(newline="") as file:
        heading, *rows = csv.reader(file)
    with (folder / PATH).open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([heading, *change(rows)])
    return [f.message for f in verify(folder).findings if f.message.startswith(f"{PATH}: ")]


@pytest.mark.slow
def test_twelve_added_areas_of_the_golden_release_are_found(tmp_path):
    def change(rows):
        above = [row[1] for row in rows if row[0] == "delivery_area" and row[1][0] in "KEW"]
        above = [code for code in above if code[:3] in ("K04", "E92", "W92", "E12")]
        return [*rows, *(area(f"X{i}", "Delivery area", c, f"No {i}") for i, c in enumerate(above))]

    told = altered(tmp_path / "release", change)
    assert [in_no_table(f"X{i}", OF_LEVEL) in told for i in range(12)] == [True] * 12


@pytest.mark.slow
def test_a_council_directly_under_a_region_of_the_golden_release_is_found(tmp_path):
    def change(rows):
        return [
            [*row[:4], "E12000001"] if row[1] == "W06000001" and row[0] == "delivery_area" else row
            for row in rows
        ]

    why = "tables show CTW-EN18, which is part of E12000001 as well"
    assert altered(tmp_path / "release", change) == [in_no_table("W06000001", why)]


@pytest.mark.slow
@pytest.mark.parametrize("what", ["all of an area", "one code twice"])
def test_councils_that_are_dropped_or_doubled_in_the_golden_release_are_found(tmp_path, what):
    def change(rows):
        own = [row for row in rows if row[3] == "Local authority" and row[4] == "CTW-EN01"]
        assert own
        kept = [row for row in rows if row not in own]
        return kept if what == "all of an area" else [*rows, [*own[0][:4], "CTW-EN02"]]

    (told,) = altered(tmp_path / "release", change)
    assert ("has no parts" if what == "all of an area" else "listed twice") in told
