"""Differencing: what one release, or two, give away that no single table does.

Two published figures that nearly hold the same people are one subtraction away from the few that
they do not share. Each example is a pair of pages, the sentence that an attacker writes under
them, and the change to the pages that prevents it.
"""

from __future__ import annotations

from itertools import product

import pytest

from disclosure import CellKey, Round, protect
from disclosure.attacker.what_is_shown import Reading, ShownRate
from disclosure.attacker.whole_release import ShownRelease, attack_release
from disclosure.perturbation.ptable import design
from disclosure.perturbation.readings import Distribution, Range
from disclosure.tables.cells import KEY_MODULUS
from disclosure.tables.drawn import draw
from tests.disclosure.pages import attacked, page, sentences

ROUNDED = {"starts": Reading(Range(2, 2), small=5)}
PERTURBED = {"starts": Reading(Distribution(design(5, 8.0, 9)), small=5)}


# ---- two geographies ----

TWO_MAPS = {
    "area": [
        {"Ashby": "County", "Byley": "County", "Corby": "County", "Derby": "County"},
        {"Ashby": "Board", "Byley": "Board", "Corby": "Board"},
    ]
}


def test_a_county_less_a_board_is_the_town_outside():
    found = sentences(
        page("Table 2", "area value\nCounty 86"),
        page("Table 8", "area value\nBoard 83"),
        hierarchies=TWO_MAPS,
    )
    assert found == ["starts, area=Derby is 3: Table 2 row 1 (86) minus Table 8 row 1 (83) is 3"]


def test_a_difference_of_five_is_not_small():
    pages = page("Table 2", "area value\nCounty 88"), page("Table 8", "area value\nBoard 83")
    assert sentences(*pages, hierarchies=TWO_MAPS) == []


def test_a_difference_of_zero_is_no_small_count():
    pages = page("Table 2", "area value\nCounty 83"), page("Table 8", "area value\nBoard 83")
    assert sentences(*pages, hierarchies=TWO_MAPS) == []


@pytest.mark.parametrize("readings", [ROUNDED, PERTURBED])
def test_rounded_or_perturbed_maps_leave_the_difference_open(readings):
    pages = page("Table 2", "area value\nCounty 85"), page("Table 8", "area value\nBoard 85")
    assert sentences(*pages, hierarchies=TWO_MAPS, readings=readings) == []


def test_a_third_map_closes_what_two_leave_open():
    """County less Board is Corby and Derby; a district of Corby alone gives Derby."""
    maps = {
        "area": [
            {"Ashby": "County", "Byley": "County", "Corby": "County", "Derby": "County"},
            {"Ashby": "Board", "Byley": "Board"},
        ]
    }
    county = page("Table 2", "area value\nCounty 86")
    board = page("Table 8", "area value\nBoard 60")
    corby = page("Table 9", "area value\nCorby 24")
    assert sentences(county, board, hierarchies=maps) == []
    assert sentences(county, board, corby, hierarchies=maps) == [
        "starts, area=Derby is 2: Table 2 row 1 (86) minus Table 8 row 1 (60) "
        "minus Table 9 row 1 (24) is 2"
    ]


# ---- two populations ----


def test_age_bands_that_differ_by_one_year_reveal_that_year():
    found = sentences(
        page("Table 4", "age value\n16-to-25 41"),
        page("Table 5", "age value\n16-to-24 40"),
        hierarchies={"age": [{"16-to-24": "16-to-25", "25": "16-to-25"}]},
    )
    assert found == ["starts, age=25 is 1: Table 4 row 1 (41) minus Table 5 row 1 (40) is 1"]


def test_people_with_and_without_a_condition_reveal_who_did_not_answer():
    answers = {"answer": [{"yes": "everybody", "no": "everybody", "none": "everybody"}]}
    found = sentences(
        page("Table 1", "answer value\neverybody 57"),
        page("Table 6", "answer value\nyes 30\nno 25"),
        hierarchies=answers,
    )
    assert found == [
        "starts, answer=none is 2: Table 1 row 1 (57) minus Table 6 row 1 (30) "
        "minus Table 6 row 2 (25) is 2"
    ]


def test_margins_of_three_tables_and_one_crossing_fill_a_square():
    """Area and sex each have a table; of four crossed cells one is shown, and three follow."""
    both = {
        "area": [{"Ashby": "All", "Byley": "All"}],
        "sex": [{"men": "T", "women": "T"}],
    }
    found = sentences(
        page("Table 1", "area value\nAll 60\nAshby 22\nByley 38"),
        page("Table 2", "sex value\nmen 33\nwomen 27"),
        page("Table 3", "area sex value\nAshby men 20"),
        hierarchies=both,
    )
    assert found == [
        "starts, area=Ashby, sex=women is 2: Table 1 row 2 (22) minus Table 3 row 1 (20) is 2"
    ]


# ---- two quarters ----

QUARTERS = {"quarter": [{"to-March": "to-June", "April-to-June": "to-June"}]}


@pytest.mark.parametrize(("june", "newcomers"), [(36, 1), (39, 4), (40, 5), (35, 0)])
def test_a_cumulative_count_reveals_one_to_four_newcomers(june, newcomers):
    found = sentences(
        page("March, Table 1", "quarter value\nto-March 35"),
        page("June, Table 1", f"quarter value\nto-June {june}"),
        hierarchies=QUARTERS,
    )
    assert (found != []) == (1 <= newcomers <= 4)
    if found:
        assert found[0].endswith(f"is {newcomers}")


@pytest.mark.parametrize("readings", [ROUNDED, PERTURBED])
def test_rounded_or_perturbed_quarters_leave_newcomers_open(readings):
    march = page("March, Table 1", "quarter value\nto-March 35")
    june = page("June, Table 1", "quarter value\nto-June 35")
    assert sentences(march, june, hierarchies=QUARTERS, readings=readings) == []


def test_three_quarters_of_a_small_area_reveal_two_of_them():
    hierarchy = {"quarter": [{"to-Q1": "to-Q2", "Q2": "to-Q2"}, {"to-Q2": "to-Q3", "Q3": "to-Q3"}]}
    found = sentences(
        page("First, Table 1", "quarter value\nto-Q1 12"),
        page("Second, Table 1", "quarter value\nto-Q2 13"),
        page("Third, Table 1", "quarter value\nto-Q3 16"),
        hierarchies=hierarchy,
    )
    assert [words.split(":")[0] for words in found] == [
        "starts, quarter=Q2 is 1",
        "starts, quarter=Q3 is 3",
    ]


def test_a_revision_by_a_few_is_who_was_late():
    areas = {"area": [{"Ashby": "All", "Byley": "All"}]}
    found = sentences(
        page("Table 1", "area value\nAll 60\nAshby 22\nByley 38"),
        hierarchies=areas,
        previous=[page("Table 1", "area value\nAll 58\nAshby 20\nByley 38")],
    )
    assert found == [
        "starts, area=All: Table 1 row 1 now (60) minus Table 1 row 1 before (58) is 2",
        "starts, area=Ashby: Table 1 row 2 now (22) minus Table 1 row 2 before (20) is 2",
    ]


@pytest.mark.parametrize(("change", "found"), [(0, 0), (1, 1), (-1, 1), (4, 1), (-4, 1), (5, 0)])
def test_a_revision_of_an_exact_count_is_reported_when_it_is_of_one_to_four_people(change, found):
    now, before = (page("Table 1", f"area value\nAll {n}") for n in (60 + change, 60))
    areas = {"area": [{"Ashby": "All", "Byley": "All"}]}
    report = attacked(now, hierarchies=areas, previous=[before])
    assert [fact.low for fact in report.facts] == [change] * found


def test_a_revision_of_a_rounded_count_reveals_nothing():
    now, before = (page("Table 1", f"area value\nAll {n}") for n in (65, 60))
    areas = {"area": [{"Ashby": "All", "Byley": "All"}]}
    assert sentences(now, hierarchies=areas, readings=ROUNDED, previous=[before]) == []


def test_a_complementary_cell_chosen_again_each_quarter_exposes_the_last():
    """First Byley is withheld beside Ashby, then Corby: what is withheld now was shown before."""
    areas = {"area": [{"Ashby": "All", "Byley": "All", "Corby": "All"}]}
    before = page("Table 1", "area value\nAll 60\nAshby c\nByley c\nCorby 30")
    now = page("Table 1", "area value\nAll 60\nAshby c\nByley 27\nCorby c")
    unread = {"starts": Reading()}
    assert sentences(before, hierarchies=areas, readings=unread) == []
    assert sentences(now, hierarchies=areas, readings=unread) == []
    assert sentences(now, hierarchies=areas, readings=unread, previous=[before]) == [
        "starts, area=Corby: Table 1 row 4 now is withheld, Table 1 row 4 before was 30"
    ]


def test_both_quarters_as_one_release_give_the_withheld_count_itself():
    areas = {"area": [{"Ashby": "All", "Byley": "All", "Corby": "All"}]}
    found = sentences(
        page("June, Table 1", "area value\nAll 60\nAshby c\nByley 27\nCorby c"),
        page("March, Table 1", "area value\nAll 60\nAshby c\nByley c\nCorby 30"),
        hierarchies=areas,
    )
    assert found[0].startswith("starts, area=Ashby is 3:")
    assert found[0].endswith("is 3")


# ---- rates ----


@pytest.mark.parametrize(
    ("percent", "decimals", "count"),
    [(33.3, 1, "1"), (66.7, 1, "2"), (50.0, 1, None), (100.0, 1, None)],
)
def test_a_percentage_of_one_to_four_people_gives_the_count_where_only_one_fits(
    percent, decimals, count
):
    """A third of one to four is 1 of 3. A half is 1 of 2 or 2 of 4, so it leaves both."""
    rate = ShownRate(
        "Table 9 row 1", percent, decimals, {"statistic": "starts", "area": "Ashby"},
        {"statistic": "starts", "area": "All"},
    )  # fmt: skip
    report = attack_release(
        ShownRelease(
            [page("Table 1", "area value\nAll c\nAshby c\nByley c")],
            {"area": [{"Ashby": "All", "Byley": "All"}]},
            {"starts": Reading(withheld=(0, 4))},
            [rate],
        )
    )
    fits = {
        (n, d)
        for d in range(1, 5)
        for n in range(d + 1)
        if abs(100 * n / d - percent) <= 0.5 * 10**-decimals + 1e-9
    }
    assert (report.low[1], report.high[1]) == (
        min(n for n, _ in fits), max(n for n, _ in fits),
    )  # fmt: skip
    reported = [fact for fact in report.facts if "area=Ashby" in fact.derivation.split(":")[0]]
    assert (len(reported) == 1) == (count is not None)


@pytest.mark.parametrize(("decimals", "known"), [(0, False), (1, True)])
def test_one_decimal_more_gives_the_count_of_a_published_total_back(decimals, known):
    """Of 412, 3 is 0.7 % and so is nothing else; at whole percents 3 to 6 are all 1 %."""
    rate = ShownRate(
        "Table 9 row 1", round(100 * 3 / 412, decimals), decimals,
        {"statistic": "starts", "area": "Ashby"}, {"statistic": "starts", "area": "All"},
    )  # fmt: skip
    report = attack_release(
        ShownRelease(
            [page("Table 1", "area value\nAll 412\nAshby c\nByley c")],
            {"area": [{"Ashby": "All", "Byley": "All"}]},
            {"starts": Reading()},
            [rate],
        )
    )
    fits = [n for n in range(413) if rate.fits(n, 412)]
    assert (report.low[1], report.high[1]) == (fits[0], fits[-1])
    assert (len(fits) == 1) == known
    assert (report.facts != ()) == known


def test_two_rates_with_one_denominator_reveal_it():
    """14.3 % is 1 of 7 or 2 of 14; 28.6 % likewise; 10 % of the same is possible for 10 and 20."""
    areas = {"area": [{"Ashby": "All", "Byley": "All", "Corby": "All"}]}
    bottom = {"statistic": "starts", "area": "All"}
    rates = [
        ShownRate("Table 9 row 1", 14.3, 1, {"statistic": "starts", "area": "Ashby"}, bottom),
        ShownRate("Table 9 row 2", 28.6, 1, {"statistic": "starts", "area": "Byley"}, bottom),
    ]
    pages = page("Table 1", "area value\nAll c\nAshby c\nByley c\nCorby c")
    report = attack_release(
        ShownRelease([pages], areas, {"starts": Reading(withheld=(0, 13))}, rates)
    )
    assert [report.low[0], report.low[1], report.low[2]] == [7, 1, 2]
    assert [report.high[0], report.high[1], report.high[2]] == [7, 1, 2]
    assert report.low[3] == report.high[3] == 4


# ---- what takes differencing away ----


def key(people: list[int]) -> int:
    return sum(people) % KEY_MODULUS


def test_the_same_people_in_two_maps_have_one_figure_and_other_people_a_key_of_their_own():
    """A board that holds all of a county's people is published as the county is."""
    people = [(i * 2_654_435_761) % KEY_MODULUS for i in range(1, 24)]
    text = "area value cell_key\n"
    lines = [f"County {len(people)} {key(people)}", f"Board {len(people)} {key(people)}"]
    cells = protect(draw(text + "\n".join(lines)), [CellKey(), Round(5)]).cells
    assert cells["value"].n_unique() == 1


def test_over_all_keys_the_difference_of_two_figures_never_settles_a_difference_of_people():
    """For each pair of figures, differences of one person and of none or two are both possible."""
    table = design(5, 8.0, 9)
    pairs: dict[tuple[int, int], set[int]] = {}
    for count, more in product(range(1, 12), range(1, 5)):
        for low, high in product(range(0, 25, 5), repeat=2):
            if table.chance(count, low) and table.chance(count + more, high):
                pairs.setdefault((low, high), set()).add(more)
    assert pairs
    assert all(len(differences) > 1 for differences in pairs.values())


def test_conventional_rounding_alone_shows_where_one_person_crossed_a_margin():
    """22 is published as 20 and 23 as 25: rounding does not hide who came between."""
    before = draw("area value\nAshby 22")
    after = draw("area value\nAshby 23")
    shown = [protect(t, [Round(5)]).cells["value"][0] for t in (before, after)]
    assert shown == [20, 25]
