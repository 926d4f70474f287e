"""Leaks planted in a drawn release: each one is found, and a safe release raises no alarm."""

import re
from pathlib import Path

import pytest

from tests.verification.drawn import AREAS, SEXES, Drawn, rounded, settings_of, times, world, write
from verification import verify

GOLDEN = Path(__file__).parents[1] / "golden" / "release"
BEFORE, LATEST = "2026-27Q1", "2026-27Q2"
SETTINGS, CLAIMED = "settings_embedded", "funding_claimed"
LEFT_OUT = {("total", "A3"), ("total", "A4")}
MERSEY = "Table 21, GP surgery, Mersey, 2026-27 Q2, Settings"


def withhold(table, quarter=LATEST, areas=("A3", "A4")):
    """Withhold a square of settings, which cannot be calculated."""
    for kind in ("GP_PRACTICE", "PCN"):
        table.withhold(*((kind, area, quarter, SETTINGS) for area in areas))


def test_a_safe_release_raises_no_alarm(reported, tables):
    assert reported(tables) == []


def test_two_safe_quarters_raise_no_alarm(reported, tables):
    withhold(tables[21], BEFORE)
    assert reported(tables, world(BEFORE)) == []


def test_what_only_the_version_before_last_shows_is_reported(reported, tables):
    """The last version withholds the square as this one does; the one before it showed it."""
    withhold(tables[21], BEFORE)
    silent, telling = world(BEFORE), world(BEFORE)
    telling[21].put("GP_PRACTICE", "A3", BEFORE, SETTINGS, value=10)
    assert reported(tables, silent) == []
    found = reported(tables, silent, telling)
    assert any("[c], but the release of 2026-27Q1 shows 10." in message for message in found)
    assert found == reported(tables, telling)


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


def test_a_count_of_three_people_is_reported(reported, tables):
    for area in ("K04000001", "W92000004"):
        tables[9].put(area, "NS", "starts", value=3)
    assert reported(tables)[0] == (
        "Table 9, England and Wales, Not stated, Starts: 3 is a small count of people "
        "and no multiple of 5."
    )


def test_a_small_count_is_reported_though_the_manifest_calls_its_figures_exact(reported, tables):
    for area in ("K04000001", "W92000004"):
        tables[9].put(area, "NS", "starts", value=3)
    messages = "Table 9, England and Wales, Not stated, Starts: 3 is a small count of people."
    assert messages in reported(tables, readings={"starts": {"kind": "exact"}})


def test_people_whose_figures_the_manifest_does_not_explain_are_reported(reported, tables):
    messages = "manifest.json does not say how figures of starts are to be read."
    assert messages in reported(tables, readings={})


def test_a_true_count_of_people_is_reported(reported, tables):
    tables[9].put("K04000001", "F", "starts", value=2_137)
    assert "2,137 is no multiple of 5" in reported(tables)[0]


def test_a_rate_whose_part_is_withheld_gives_it_back(reported, tables):
    withheld = [("A3", CLAIMED), ("A4", CLAIMED)]
    tables[24].withhold(*withheld)
    assert reported(tables) == [
        "Table 24, Mersey, Funding claimed per start: 874 is shown though Funding claimed is "
        "withheld: 874 x 590 is about 515,660.",
        "Table 24, Ribble, Funding claimed per start: 1,260 is shown though Funding claimed is "
        "withheld: 1,260 x 735 is about 926,100.",
    ]


def test_a_rate_whose_denominator_is_withheld_gives_it_back(reported, tables):
    for table in (tables[24], tables[6]):
        table.withhold(*(p for p in table.figures if p[0] in ("A3", "A4") and p[-1] == "starts"))
    assert any("withheld: 515,943 / 874 is about 590." in words for words in reported(tables))


def test_a_rate_of_true_counts_gives_them_back(reported, tables):
    tables[24].put("A3", "claimed_per_start", value=round(515_943 / 587))
    assert reported(tables) == [
        "Table 24, Mersey, Funding claimed per start: 879 does not follow from 515,943 and 590, "
        "so it gives back the true Starts: 587."
    ]


def test_a_cell_that_the_release_before_shows_is_reported(reported, tables):
    before = world(BEFORE)
    withhold(tables[21], BEFORE)
    before[21].put("GP_PRACTICE", "A3", BEFORE, SETTINGS, value=10)
    found = reported(tables, before)
    assert found[0] == (
        "Table 21, GP surgery, Mersey, 2026-27 Q1, Settings: [c], "
        "but the release of 2026-27Q1 shows 10."
    )
    assert any("- 10 (GP surgery, release of 2026-27Q1) = 9." in words for words in found)


def test_a_cell_that_the_release_before_withholds_is_reported(reported, tables):
    found = reported(tables, world(BEFORE))
    assert len(found) == 4
    assert found[0] == (
        "Table 21, GP surgery, Mersey, 2026-27 Q1, Settings: 10, "
        "which the release of 2026-27Q1 withholds."
    )


def with_quarters(period, quarters, *withheld):
    """Claims by area and quarter, with the programme to date."""
    table = Drawn(24, "funding", {"delivery_area": AREAS, "quarter": times(*quarters)},
                  {CLAIMED: ("Funding claimed", "pounds")})  # fmt: skip
    single = {quarter: world(quarter)[24] for quarter in quarters}
    for area in AREAS:
        claims = [single[quarter].figures[area, CLAIMED][0] for quarter in quarters]
        for quarter, claim in zip(times(*quarters), [sum(claims), *claims], strict=True):
            table.figures[area, quarter, CLAIMED] = [claim, ""]
    table.withhold(*((*place, CLAIMED) for place in withheld))
    return {24: table}


def test_the_programme_to_date_less_that_of_the_release_before_gives_a_quarter(reported):
    square = [(area, quarter) for area in ("A3", "A4") for quarter in (BEFORE, LATEST)]
    now = with_quarters(LATEST, (BEFORE, LATEST), *square)
    assert reported(now) == []
    before = with_quarters(BEFORE, (BEFORE,), ("A3", BEFORE), ("A4", BEFORE))
    assert reported(now, before)[0::2] == [
        "Table 24, Mersey, 2026-27 Q1, Funding claimed: [c] can be calculated: "
        "254,012 (Programme to date, release of 2026-27Q1) = 254,012.",
        "Table 24, Mersey, 2026-27 Q2, Funding claimed: [c] can be calculated: "
        "515,943 (Programme to date) - 254,012 (2026-27 Q1) = 261,931.",
    ]


def people(**counts):
    """Starts by sex of one area, as published."""
    areas = {"K04000001": AREAS["K04000001"]}
    table = Drawn(
        9, "starts-by-sex", {"delivery_area": areas, "sex": SEXES}, {"starts": ("Starts", "people")}
    )
    table.figures = {("K04000001", sex, "starts"): [counts[sex], ""] for sex in SEXES}
    return {9: table}


def test_parts_and_totals_of_people_that_leave_only_small_counts_are_reported(reported):
    assert reported(people(total=5, F=20, M=10, NS=10)) == [
        f"Table 9, England and Wales, {sex}, Starts: 10 can only stand for 1 to 2 people, "
        "since parts and totals must agree."
        for sex in ("Male", "Not stated")
    ]


def test_parts_and_totals_of_people_that_leave_one_count_only_are_reported(reported):
    tables = people(total=5, F=20, M=10, NS=10)
    tables[9].dimensions["sex"] = {**SEXES, "X": ("Another term", "Category")}
    tables[9].figures["K04000001", "X", "starts"] = [10, ""]
    found = reported(tables)
    assert len(found) == 5
    assert found[0] == (
        "Table 9, England and Wales, All, Starts: 5 can only stand for 14 people, "
        "since parts and totals must agree."
    )


def test_parts_and_totals_of_people_that_leave_room_are_safe(reported):
    assert reported(people(total=15, F=20, M=10, NS=10)) == []


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


def test_figures_revised_since_the_release_before_are_counted_and_kept_apart(tmp_path, tables):
    before = world(BEFORE)
    withhold(tables[21], BEFORE)
    for area in ("K04000001", "W92000004", "W1"):
        for kind in ("total", "HOSPITAL"):
            before[21].figures[kind, area, BEFORE, SETTINGS][0] += 4
        before[22].figures[area, BEFORE, SETTINGS][0] += 4
    now, old = write(tmp_path / "now", tables), write(tmp_path / "old", before, period=BEFORE)
    verdict = verify(now, old)
    assert verdict.findings == ()
    assert "6 figures were revised since 2026-27Q1." in verdict.remarks


def test_sums_that_contradict_each_other_are_said_to(tmp_path, tables):
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


def rated(rates, unit="per cent", label="Women"):
    """Starts of areas, women among them, and a share of one in the other."""
    measures = {
        "starts": ("Starts", "people"),
        "women": ("Starts of women", "people"),
        "women_percent": (label, unit),
    }
    areas = {f"R{i}": (f"Region {i}", "Category") for i in range(len(rates))}
    table = Drawn(3, "women", {"region": {"total": ("All", "Total"), **areas}}, measures)
    for i, rate in enumerate([40.0, *rates]):
        code = f"R{i - 1}" if i else "total"
        table.figures[code, "starts"] = [200, ""]
        table.figures[code, "women"] = [80, ""]
        table.figures[code, "women_percent"] = [rate, ""]
    return {3: table}


def shares(reported, rates):
    return [words for words in reported(rated(rates)) if "Women" in words]


def test_a_share_that_follows_from_published_figures_is_safe(reported):
    assert shares(reported, [40.0] * 5) == []


def test_a_share_of_true_counts_gives_a_range_back(reported):
    assert shares(reported, [40.0] * 19 + [38.5]) == [
        "Table 3, Region 19, Women: 38.5 does not follow from 8,000 and 200, "
        "so it gives back the true Starts: 208."
    ]


def test_a_share_of_no_published_figures_is_reported(reported):
    assert shares(reported, [40.0] * 19 + [77.5]) == [
        "Table 3, Region 19, Women: 77.5 does not follow from 8,000 and 200, "
        "so it was made of figures that are not published."
    ]


def test_a_share_of_a_withheld_part_names_the_hundred(reported):
    tables = rated([40.0] * 19)
    tables[3].withhold(("R3", "women"))
    assert (
        "Table 3, Region 3, Women: 40 is shown though Starts of women is withheld: "
        "40 x 200 (100 times) is about 80."
    ) in reported(tables)


def test_a_rate_that_nothing_explains_is_a_remark(tmp_path):
    verdict = verify(write(tmp_path, rated([77.5, 12.5, 3.5])))
    assert "Table 3: what Women is made of was not found." in verdict.remarks


def test_a_rate_of_nothing_or_withheld_is_no_fact(reported):
    tables = rated([40.0] * 19)
    for code in ("R1", "R2"):
        tables[3].withhold((code, "women_percent"))
    tables[3].put("R3", "women", value=0)
    tables[3].put("R3", "women_percent", value=0)
    assert shares(reported, [40.0] * 3) == []
    assert [words for words in reported(tables) if "Women" in words] == []


def test_releases_before_may_be_given_in_any_order(reported, tables, tmp_path):
    """Three quarters, of which each earlier one shows what the later ones withhold."""
    first, second, third = "2026-27Q1", "2026-27Q2", "2026-27Q3"
    now = with_quarters(third, (first, second, third), ("A3", first), ("A4", first))
    middle = with_quarters(second, (first, second), ("A3", first), ("A4", first))
    oldest = with_quarters(first, (first,))
    folders = [
        write(tmp_path / name, given, period=period)
        for name, given, period in (("c", now, third), ("b", middle, second), ("a", oldest, first))
    ]
    newest_first = verify(*folders)
    assert any("but the release of 2026-27Q1 shows" in f.message for f in newest_first.findings)
    assert verify(folders[0], *folders[:0:-1]) == newest_first


def test_a_revised_cell_that_is_withheld_is_taken_from_the_newest_release_that_shows_it(tmp_path):
    """Q1 of Mersey was 254,012, then revised to 255,000, and is now withheld: 255,000 counts."""
    first, second, third = "2026-27Q1", "2026-27Q2", "2026-27Q3"
    square = [(area, quarter) for area in ("A3", "A4") for quarter in (first, second)]
    now, middle = (
        with_quarters(third, (first, second, third)),
        with_quarters(second, (first, second)),
    )
    for release in (now, middle):
        for area in ("A3", "E12000002", "E92000001", "K04000001"):
            for quarter in (first, "total"):
                release[24].figures[area, quarter, CLAIMED][0] += 988
    now[24].withhold(*((*place, CLAIMED) for place in square))
    middle[24].withhold(*((*place, CLAIMED) for place in square[1:]))
    oldest = with_quarters(first, (first,))
    folders = [
        write(tmp_path / name, given, period=period)
        for name, given, period in (("c", now, third), ("b", middle, second), ("a", oldest, first))
    ]
    for order in (folders[1:], folders[:0:-1]):
        messages = [f.message for f in verify(folders[0], *order).findings]
        worked_out = [message for message in messages if "can be calculated" in message]
        assert any(
            message.endswith("- 255,000 (2026-27 Q1, release of 2026-27Q2) = 261,931.")
            for message in worked_out
        )
        assert not any("254,012" in message for message in worked_out)


def alike(count):
    """A total and regions of 10 each, of which the first is withheld."""
    regions = {f"R{i}": (f"Region {i}", "Category") for i in range(count)}
    codes = {"total": ("All", "Total"), **regions}
    table = Drawn(24, "funding", {"region": codes}, {CLAIMED: ("Funding claimed", "pounds")})
    table.figures = {(code, CLAIMED): [10, ""] for code in codes}
    table.put("total", CLAIMED, value=10 * count)
    table.withhold(("R0", CLAIMED))
    return {24: table}


def test_no_figure_of_a_calculation_is_left_out_unsaid(reported):
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
    found = [message for message in reported({24: table}) if "total of kind" not in message]
    assert len(found) == 1
    assert found[0].startswith("Table 24, Wales, Kind 0") == is_believed
    assert ("data/codes.csv" in found[0]) != is_believed


def test_what_all_releases_leave_narrow_is_counted_apart(tmp_path):
    """Under a certificate narrow cells are a remark: of this release, and of all together."""
    few = {("GP_PRACTICE", "A1", LATEST): 1, ("PCN", "A1", LATEST): 0}
    tables = world(settings=few)
    before = world(BEFORE)
    withhold(tables[21], areas=("A1", "A2"))
    withhold(tables[21], BEFORE)
    now = write(tmp_path / "now", tables, proved="interval")
    old = write(tmp_path / "old", before, period=BEFORE, proved="interval")
    verdict = verify(now, old)
    assert verdict.findings == ()
    alone, together = [message for message in verdict.remarks if "lie in a narrow range" in message]
    assert alone.startswith("4 withheld cells lie in a narrow range.")
    assert together.startswith("4 withheld cells of all releases together lie in a narrow range.")


def test_sums_of_all_releases_that_contradict_each_other_are_counted_apart(tmp_path, tables):
    shown = tables[21].figures["PCN", "E12000002", LATEST, SETTINGS][0]
    tables[21].put("PCN", "E12000002", LATEST, SETTINGS, value=shown + 1)
    before = world(BEFORE)
    withhold(tables[21], BEFORE)
    now, old = write(tmp_path / "now", tables), write(tmp_path / "old", before, period=BEFORE)
    remarks = verify(now, old).remarks
    assert "4 sums contradict each other: not attacked." in remarks
    assert "4 sums of all releases together contradict each other: not attacked." in remarks
