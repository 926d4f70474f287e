"""How codes add up is found from the published figures alone, and said where it cannot be."""

from dataclasses import replace
from fractions import Fraction

import pytest

from tests.verification.drawn import AREAS, TYPES, Drawn, added, rounded, times, world, write
from verification import verify
from verification.cells import edition, until
from verification.errors import FolderError
from verification.folder import opened
from verification.knowledge import knowledge, together
from verification.methods import EXACT, Nearest, as_stated, reading
from verification.relations import Relation, structure
from verification.tables import tables as read

LADDER = {"N1": "E92000001", "N2": "E92000001", "N3": "W92000004", "N4": "W92000004",
          "E92000001": "K04000001", "W92000004": "K04000001"}  # fmt: skip
UP = {code: AREAS[code] for code in ("K04000001", "E92000001", "W92000004")}


def structure_of(folder, *tables):
    write(folder, {table.number: table for table in tables})
    release = opened(folder)
    found, _ = read(release)
    told = reading(release.readings, found)
    cells = edition(found, release.period)
    return structure([cells], knowledge(cells, told))


def areas(**leaves):
    """Funding of areas N1 to N4 in two nations, to be shared among them."""
    names = {**UP, **{code: (code, "Delivery area") for code in leaves}}
    table = Drawn(24, "funding", {"delivery_area": names}, {"funding": ("Funding", "pounds")})
    sums = added({(code,): value for code, value in leaves.items()}, LADDER)
    table.figures = {(*code, "funding"): [sums[code], ""] for code in [(c,) for c in names]}
    return table


def test_a_safe_release_tells_its_whole_structure(tmp_path):
    found = structure_of(tmp_path, *world().values())
    assert found.remarks == ()
    assert set(found.relations) == {
        Relation("quarter", "total to 2026-27Q2", ("2026-27Q1", "2026-27Q2")),
        Relation("delivery_area", "", ("E92000001", "W92000004")),
        Relation("delivery_area", "E92000001", ("E12000001", "E12000002")),
        Relation("delivery_area", "W92000004", ("W1", "W2")),
        Relation("delivery_area", "E12000001", ("A1", "A2")),
        Relation("delivery_area", "E12000002", ("A3", "A4", "A5")),
        Relation("sex", "", ("F", "M", "NS")),
        Relation("setting_type", "", ("GP", "HOSPITAL")),
        Relation("setting_type", "GP", ("GP_PRACTICE", "PCN")),
    }


def test_areas_are_shared_among_nations_by_their_sums(tmp_path):
    found = structure_of(tmp_path, areas(N1=17, N2=23, N3=31, N4=100))
    assert Relation("delivery_area", "W92000004", ("N3", "N4")) in found.relations


def test_an_area_that_could_be_in_either_nation_is_in_no_sum(tmp_path):
    found = structure_of(tmp_path, areas(N1=17, N2=23, N3=17, N4=100))
    assert found.remarks == (
        "Delivery area (delivery_area): it is uncertain to what N1 belongs.",
        "Delivery area (delivery_area): it is uncertain to what N3 belongs.",
    )
    assert [r.whole for r in found.relations] == [""]


def test_areas_that_are_all_alike_are_in_no_sum(tmp_path):
    found = structure_of(tmp_path, areas(N1=20, N2=20, N3=20, N4=20))
    assert len(found.remarks) == 4
    assert [r.whole for r in found.relations] == [""]


def test_areas_that_fit_no_sum_are_said_not_to(tmp_path):
    table = areas(N1=17, N2=23, N3=31, N4=100)
    table.put("N1", "funding", value=18)
    assert structure_of(tmp_path, table).remarks == (
        "Delivery area (delivery_area): to which code above each belongs could not be found, "
        "so no sums were made.",
    )


def test_a_solver_out_of_time_makes_nothing_certain(tmp_path, monkeypatch):
    from verification import parents

    real = parents._shared

    def slow(puzzle, apart_from, each_has_parts):
        return (None, False) if apart_from else real(puzzle, apart_from, each_has_parts)

    monkeypatch.setattr(parents, "_shared", slow)
    found = structure_of(tmp_path, areas(N1=17, N2=23, N3=31, N4=100))
    assert len(found.remarks) == 4


def test_many_ways_to_share_are_not_asked_for_one_by_one(tmp_path, monkeypatch):
    from verification import parents

    monkeypatch.setattr(parents, "ROUNDS", 1)
    found = structure_of(tmp_path, areas(N1=17, N2=23, N3=17, N4=100))
    assert len(found.remarks) == 4


def test_areas_without_figures_are_in_no_puzzle(tmp_path):
    found = structure_of(tmp_path, areas(N1=0, N2=0, N3=0, N4=0))
    assert [r.whole for r in found.relations] == [""]


def test_a_group_whose_categories_are_not_clear_is_said_to_be_so(tmp_path):
    types = {**TYPES, "MH": ("Mental health", "Group"), "CMHT": ("A team", "Category")}
    table = Drawn(21, "settings", {"setting_type": types}, {"settings": ("Settings", "settings")})
    values = zip(types, (12, 5, 5, 0, 4, 3, 3), strict=True)
    table.figures = {(code, "settings"): [value, ""] for code, value in values}
    found = structure_of(tmp_path, table)
    assert found.remarks == ("Which codes make up GP of setting_type was not found.",)
    assert found.relations == (Relation("setting_type", "MH", ("CMHT",)),)


def test_a_dimension_of_one_code_has_no_sums(tmp_path):
    table = Drawn(1, "key", {"sex": {"total": ("All", "Total")}}, {"n": ("Areas", "areas")})
    table.figures = {("total", "n"): [3, ""]}
    assert structure_of(tmp_path, table).relations == ()


def test_years_and_quarters_add_up_to_what_they_reach(tmp_path):
    codes = times("2025-26Q4", "2026-27Q1", "2026-27Q2")
    codes |= {"2025-26": ("2025-26", "Financial year"), "2026-27": ("2026-27", "Financial year")}
    table = Drawn(2, "starts", {"quarter": codes}, {"starts": ("Starts", "people")})
    table.figures = {(code, "starts"): [10, ""] for code in codes}
    assert structure_of(tmp_path, table).relations == (
        Relation("quarter", "total to 2026-27Q2", ("2025-26Q4", "2026-27Q1", "2026-27Q2")),
        Relation("quarter", "total to 2026-27Q2", ("2025-26", "2026-27 to 2026-27Q2")),
        Relation("quarter", "2025-26", ("2025-26Q4",)),
        Relation("quarter", "2026-27 to 2026-27Q2", ("2026-27Q1", "2026-27Q2")),
    )


def test_years_without_their_quarters_add_up_to_the_programme_to_date(tmp_path):
    codes = {"total": ("Programme to date", "Total"), "2025-26": ("2025-26", "Financial year")}
    table = Drawn(24, "funding", {"quarter": codes}, {"funding": ("Funding", "pounds")})
    table.figures = {(code, "funding"): [10, ""] for code in codes}
    assert structure_of(tmp_path, table).relations == (
        Relation("quarter", "total to 2026-27Q2", ("2025-26",)),
    )


def test_a_year_that_is_over_is_the_same_in_every_release():
    assert until("2025-26", "total", "2025-26Q4") == "2025-26"
    assert until("2025-26", "total", "2025-26Q3") == "2025-26 to 2025-26Q3"
    assert until("total", "total", "2025-26Q4") == "total to 2025-26Q4"


def both(folder, new, old):
    """What two releases tell of one area together: its figure now, and before."""
    told = []
    for name, (value, marker) in (("new", new), ("old", old)):
        table = areas(N1=17, N2=23, N3=31, N4=100)
        table.dimensions["quarter"] = {"2026-27Q1": ("2026-27 Q1", "Quarter")}
        table.figures = {(a, "2026-27Q1", m): f for (a, m), f in table.figures.items()}
        table.figures["N1", "2026-27Q1", "funding"] = [value, marker]
        write(folder / name, {24: table}, period="2026-27Q2" if name == "new" else "2026-27Q1")
        release = opened(folder / name)
        found, _ = read(release)
        told.append(knowledge(edition(found, release.period), reading({}, found)))
    now, before = together(*told)
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
def test_two_releases_tell_together_what_either_shows(tmp_path, new, old, now, before):
    here, there = both(tmp_path, new, old)
    assert [here.most, there.most] == [None if n is None else Fraction(n) for n in (now, before)]
    same = now == before
    assert (here.cell == there.cell) is same


def test_of_three_releases_the_newest_that_has_a_figure_is_believed(tmp_path):
    told = []
    for number, figure in enumerate([(None, "c"), (17, ""), (19, "")]):
        new, old = both(tmp_path / str(number), figure, figure)
        told.append({new.cell: replace(new, period=f"2026-27Q{number}")})
        assert old == new
    newest, middle, oldest = (next(iter(one.values())) for one in together(*told))
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
    told = as_stated(stated)
    assert {value: told.behind(value) for value in ends} == ends


def test_a_figure_that_was_changed_twice_is_read_through_both_changes():
    """Perturbed to multiples of 3, then rounded to 5: 5 was 3 or 6, and 6 is not among 3 to 7."""
    inner = {"kind": "range", "base": 3, "below": 1, "above": 1}
    told = as_stated({"kind": "rounded", "base": 5, "before": inner})
    assert told.behind(5) == (2, 7)
    assert told.behind(0) == (0, 1)


def test_a_reading_that_is_not_known_is_refused():
    with pytest.raises(FolderError, match="the reading 'blurred', which this verifier does not"):
        as_stated({"kind": "blurred"})
    with pytest.raises(FolderError, match="a reading without 'below'"):
        as_stated({"kind": "range", "base": 5})


def test_measures_are_read_by_unit_name_and_methods(tmp_path):
    measures = {
        "starts": ("Starts", "people"),
        "joined": ("Joined", "people"),
        "planned_starts": ("Planned", "people"),
        "on_time_percent": ("On time", "per cent"),
        "areas_open": ("Areas", "areas"),
    }
    table = Drawn(1, "key", {"sex": {"total": ("All", "Total")}}, measures)
    table.figures = {("total", measure): [5, ""] for measure in measures}
    stated = {"starts": rounded(3), "areas_open": {"kind": "exact"}}
    release = opened(write(tmp_path, {1: table}, readings=stated))
    told = reading(release.readings, read(release)[0])
    assert told.perturbed == {"starts": Nearest(3, EXACT)}
    assert told.people == {"starts", "joined"}
    assert told.unstated == {"joined"}
    assert told.rates == {"on_time_percent"}
    assert told.is_exact("areas_open")
    assert not told.is_exact("starts")


def test_a_verdict_says_what_was_looked_at(tmp_path, tables):
    verdict = verify(write(tmp_path, tables))
    assert verdict.is_sound
    assert verdict.remarks == (
        "276 figures in 5 tables, 4 of them withheld.",
        "0 withheld cells are surely 0: cover for others, no exposed fact.",
    )
