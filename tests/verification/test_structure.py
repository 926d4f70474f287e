"""How codes add up is read from the codes that the release publishes, and held to its figures."""

from dataclasses import replace
from fractions import Fraction

import pytest

from tests.verification.drawn import (
    AREAS,
    PARENTS,
    Drawn,
    added,
    codes_of,
    rounded,
    times,
    world,
    write,
)
from verification import verify
from verification.cells import edition, until
from verification.codes import codes
from verification.errors import FolderError
from verification.folder import opened
from verification.knowledge import families, knowledge, together
from verification.measures import StatedRate, rates
from verification.methods import EXACT, Nearest, as_stated, stated_methods
from verification.relations import PartsOfCode, relations
from verification.tables import tables as read

LADDER = {"N1": "E92000001", "N2": "E92000001", "N3": "W92000004", "N4": "W92000004",
          "E92000001": "K04000001", "W92000004": "K04000001"}  # fmt: skip
UP = {code: AREAS[code] for code in ("K04000001", "E92000001", "W92000004")}


def seen(folder):
    """The cells of a release and what is known of them."""
    release = opened(folder)
    found, _ = read(release)
    listed, _ = codes(release, found)
    cells = edition(found, release.period, listed)
    return cells, knowledge(
        cells, stated_methods(release.readings, rates(release, found)[0], found)
    )


def grouped(folder):
    """The cells of a release and what is known of them, by dimension."""
    cells, known = seen(folder)
    return cells, families(known, cells.dimensions)


def relations_of(folder, *tables, parents=PARENTS):
    numbered = {table.number: table for table in tables}
    return relations(*grouped(write(folder, numbered, codes=codes_of(numbered, parents))))


def areas(**leaves):
    """Funding of areas N1 to N4 in two nations."""
    names = {**UP, **{code: (code, "Delivery area") for code in leaves}}
    table = Drawn(24, "funding", {"delivery_area": names}, {"funding": ("Funding", "pounds")})
    sums = added({(code,): value for code, value in leaves.items()}, LADDER)
    table.figures = {(*code, "funding"): [sums[code], ""] for code in [(c,) for c in names]}
    return table


def test_the_whole_structure_is_that_of_the_published_codes(tmp_path):
    assert set(relations_of(tmp_path, *world().values())) == {
        PartsOfCode("quarter", "total to 2026-27Q2", ("2026-27Q1", "2026-27Q2")),
        PartsOfCode("delivery_area", "", ("E92000001", "W92000004")),
        PartsOfCode("delivery_area", "E92000001", ("E12000001", "E12000002")),
        PartsOfCode("delivery_area", "W92000004", ("W1", "W2")),
        PartsOfCode("delivery_area", "E12000001", ("A1", "A2")),
        PartsOfCode("delivery_area", "E12000002", ("A3", "A4", "A5")),
        PartsOfCode("sex", "", ("F", "M", "NS")),
        PartsOfCode("setting_type", "", ("GP", "HOSPITAL")),
        PartsOfCode("setting_type", "GP", ("GP_PRACTICE", "PCN")),
    }


def test_areas_whose_figures_are_alike_are_in_their_sums(tmp_path):
    """Figures alone could not tell in which nation N1 and N3 lie."""
    found = relations_of(tmp_path, areas(N1=17, N2=23, N3=17, N4=100), parents=LADDER)
    assert PartsOfCode("delivery_area", "W92000004", ("N3", "N4")) in found


def test_a_code_that_no_table_shows_stands_for_its_parts(tmp_path):
    table = areas(N1=17, N2=23, N3=31, N4=100)
    for nation in ("E92000001", "W92000004"):
        del table.dimensions["delivery_area"][nation], table.figures[nation, "funding"]
    assert relations_of(tmp_path, table, parents=LADDER) == (
        PartsOfCode("delivery_area", "", ("N1", "N2", "N3", "N4")),
    )


def test_a_code_of_which_a_part_is_not_shown_is_in_no_sum(tmp_path):
    table = areas(N1=17, N2=23, N3=31, N4=100)
    rows = [
        *codes_of({24: table}, LADDER),
        ("delivery_area", "N5", "N5", "Delivery area", "W92000004"),
    ]
    found = relations(*grouped(write(tmp_path, {24: table}, codes=rows)))
    assert [r.whole for r in found] == ["", "E92000001"]


def test_a_dimension_of_one_code_has_no_sums(tmp_path):
    table = Drawn(1, "key", {"sex": {"total": ("All", "Total")}}, {"n": ("Areas", "areas")})
    table.figures = {("total", "n"): [3, ""]}
    assert relations_of(tmp_path, table) == ()


def test_years_and_quarters_add_up_to_what_they_reach(tmp_path):
    codes = times("2025-26Q4", "2026-27Q1", "2026-27Q2")
    codes |= {"2025-26": ("2025-26", "Financial year"), "2026-27": ("2026-27", "Financial year")}
    table = Drawn(2, "starts", {"quarter": codes}, {"starts": ("Starts", "people")})
    table.figures = {(code, "starts"): [10, ""] for code in codes}
    assert set(relations_of(tmp_path, table)) == {
        PartsOfCode("quarter", "total to 2026-27Q2", ("2025-26", "2026-27 to 2026-27Q2")),
        PartsOfCode("quarter", "2025-26", ("2025-26Q4",)),
        PartsOfCode("quarter", "2026-27 to 2026-27Q2", ("2026-27Q1", "2026-27Q2")),
    }


def test_years_without_their_quarters_add_up_to_the_programme_to_date(tmp_path):
    codes = {"total": ("Programme to date", "Total"), "2025-26": ("2025-26", "Financial year")}
    table = Drawn(24, "funding", {"quarter": codes}, {"funding": ("Funding", "pounds")})
    table.figures = {(code, "funding"): [10, ""] for code in codes}
    assert relations_of(tmp_path, table) == (
        PartsOfCode("quarter", "total to 2026-27Q2", ("2025-26",)),
    )


def test_a_year_that_is_over_is_the_same_in_every_release():
    assert until("2025-26", "total", "2025-26Q4") == "2025-26"
    assert until("2025-26", "total", "2025-26Q3") == "2025-26 to 2025-26Q3"
    assert until("total", "total", "2025-26Q4") == "total to 2025-26Q4"


def both(folder, new, old):
    """What two releases tell of one area together: its figure now, and before."""
    known = []
    for name, (value, marker) in (("new", new), ("old", old)):
        table = areas(N1=17, N2=23, N3=31, N4=100)
        table.dimensions["quarter"] = {"2026-27Q1": ("2026-27 Q1", "Quarter")}
        table.figures = {(a, "2026-27Q1", m): f for (a, m), f in table.figures.items()}
        table.figures["N1", "2026-27Q1", "funding"] = [value, marker]
        period = "2026-27Q2" if name == "new" else "2026-27Q1"
        rows = codes_of({24: table}, LADDER)
        known.append(seen(write(folder / name, {24: table}, period=period, codes=rows))[1])
    now, before = together(*known)
    cell = next(cell for cell in now if ("delivery_area", "N1") in cell.codes)
    return now[cell], before[cell]


@pytest.mark.parametrize(
    ("new", "old", "now", "before"),
    [
        ((17, ""), (17, ""), 17, 17),
        ((None, "c"), (17, ""), 17, 17),
        ((17, ""), (None, "c"), 17, 17),
        ((None, "c"), (None, "c"), None, None),
        ((17, ""), (19, ""), 17, 19),
        ((None, "c"), (None, "x"), None, 0),
        ((None, "z"), (None, "c"), 0, None),
    ],
)
def test_two_releases_reveal_together_what_either_shows(tmp_path, new, old, now, before):
    here, there = both(tmp_path, new, old)
    assert [here.most, there.most] == [None if n is None else Fraction(n) for n in (now, before)]
    same = now == before
    assert (here.cell == there.cell) is same


def test_of_three_releases_the_newest_that_has_a_figure_is_believed(tmp_path):
    known = []
    for number, figure in enumerate([(None, "c"), (17, ""), (19, "")]):
        new, old = both(tmp_path / str(number), figure, figure)
        known.append({new.cell: replace(new, period=f"2026-27Q{number}")})
        assert old == new
    newest, middle, oldest = (next(iter(one.values())) for one in together(*known))
    assert newest == middle
    assert (newest.most, oldest.most) == (17, 19)
    assert oldest.cell != newest.cell


WAYS = [
    ({"kind": "exact"}, {7: (7, 7)}),
    ({"kind": "range", "base": 5, "below": 4, "above": 4}, {0: (0, 4), 5: (1, 9), 10: (6, 14)}),
    ({"kind": "range", "base": 5, "below": 9, "above": 9}, {0: (0, 9), 5: (0, 14)}),
    ({"kind": "distribution", "base": 5, "below": 9, "above": 9}, {0: (0, 9), 5: (1, 14)}),
    ({"kind": "proportion", "thousandths": 100}, {0: (0, 0), 1100: (1000, 1222)}),
    ({"kind": "rounded", "base": 3, "before": {"kind": "exact"}}, {6: (5, 7), 0: (0, 1)}),
    ({"kind": "rounded", "base": 10, "before": {"kind": "exact"}}, {10: (5, 14), 0: (0, 4)}),
]


@pytest.mark.parametrize(("stated", "ends"), WAYS, ids=lambda w: str(w.get("kind", "")))
def test_each_way_to_read_a_figure_gives_its_ends(stated, ends):
    known = as_stated(stated)
    assert {value: known.behind(value) for value in ends} == ends


def test_a_figure_that_was_changed_twice_is_read_through_both_changes():
    """Perturbed to multiples of 3, then rounded to 5: 5 was 3 or 6, and 6 is not among 3 to 7."""
    inner = {"kind": "range", "base": 3, "below": 1, "above": 1}
    known = as_stated({"kind": "rounded", "base": 5, "before": inner})
    assert known.behind(5) == (2, 7)
    assert known.behind(0) == (0, 1)


def test_a_reading_that_is_not_known_is_refused():
    with pytest.raises(FolderError, match="the reading 'blurred', which this verifier does not"):
        as_stated({"kind": "blurred"})
    with pytest.raises(FolderError, match="a reading without 'below'"):
        as_stated({"kind": "range", "base": 5})


def test_measures_are_read_as_the_manifest_states_them(tmp_path):
    measures = {
        "starts": ("Starts", "people"),
        "joined": ("Joined", "people"),
        "planned_starts": ("Planned", "people"),
        "on_time": ("On time", "per cent"),
        "job_share_rate": ("Jobs that are shared", "jobs"),
        "areas_open": ("Areas", "areas"),
    }
    made = {"on_time": ("joined", "starts", 100, 1)}
    table = Drawn(1, "key", {"sex": {"total": ("All", "Total")}}, measures, rates=made)
    table.figures = {("total", measure): [5, ""] for measure in measures}
    stated = {"starts": rounded(3), "areas_open": {"kind": "exact"}}
    release = opened(write(tmp_path, {1: table}, readings=stated))
    found, _ = read(release)
    known = stated_methods(release.readings, rates(release, found)[0], found)
    assert known.perturbed == {"starts": Nearest(3, EXACT)}
    assert known.people == {"starts", "joined"}
    assert known.unstated == {"joined"}
    assert known.rates == {"on_time": StatedRate("joined", "starts", 100, 1)}
    assert known.is_exact("areas_open")
    assert known.is_exact("job_share_rate")
    assert not known.is_exact("starts")


def test_a_verdict_says_what_was_looked_at(tmp_path, tables):
    verdict = verify(write(tmp_path, tables))
    assert verdict.is_sound
    assert verdict.remarks == (
        "276 figures in 5 tables, 4 of them withheld.",
        "0 withheld cells are surely 0: cover for others, no exposed fact.",
    )
