"""Below region people are shown by one characteristic at most, however a table is written."""

import shutil
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reference
from disclosure import Phrase, Round
from publications.populations import FUNDING, HEALTH_SETTINGS, JOB_STARTS, REFERRALS, STARTS
from publications.tables import TABLES
from reference import readers
from schemas.dimension import (
    AGE_BAND,
    BY_QUARTER,
    CONDITION,
    DELIVERY_AREA,
    GEOGRAPHY,
    QUARTER,
    REGION,
    SETTING_TYPE,
    SEX,
    Breakdown,
    Dimension,
    coded,
)
from schemas.errors import DeclarationError
from schemas.policy import Policy
from schemas.population import Population, Statistic
from schemas.quarter import Quarter
from schemas.table import Measure, StatisticalTable

LATEST = Quarter(2026, 2)
WHY, WHAT = Phrase("drawn.because"), Phrase("drawn.users_lose")
CODES = Path(reference.__file__).parent / "codes"


OF_STARTS = (Measure(STARTS, "starts", "Starts"),)


def declared(*by, measures=OF_STARTS):
    return StatisticalTable(99, "drawn", "Drawn", measures, by)


BELOW_REGION = {
    "all levels": DELIVERY_AREA,
    "every level by name": Breakdown(
        GEOGRAPHY, ("country_group", "nation", "region", "delivery_area")
    ),
    "the last level alone": Breakdown(GEOGRAPHY, ("delivery_area",)),
    "another name": Breakdown(Dimension("place", "Place", "All", source="geography")),
}


@pytest.mark.parametrize("places", BELOW_REGION.values(), ids=BELOW_REGION)
def test_two_characteristics_below_region_are_refused(places):
    with pytest.raises(DeclarationError, match=r"Table 99 \(drawn\) crosses sex and age_band by"):
        declared(places, SEX, AGE_BAND)


def test_one_characteristic_below_region_or_two_by_region_are_allowed():
    assert declared(DELIVERY_AREA, CONDITION, BY_QUARTER).populations == (STARTS,)
    assert declared(REGION, SEX, AGE_BAND).populations == (STARTS,)


SEX_OTHERWISE = {
    "a dimension of its own": Dimension("sex", "Sex", "All"),
    "another name": Dimension("recorded_sex", "Sex", "All", code_list="sex"),
    "its codes alone": Breakdown(Dimension("sex", "Sex", "All"), ("code",)),
}


@pytest.mark.parametrize("sex", SEX_OTHERWISE.values(), ids=SEX_OTHERWISE)
def test_a_characteristic_is_recognised_by_its_code_list(sex):
    shown = sex if isinstance(sex, Breakdown) else Breakdown(sex)
    with pytest.raises(DeclarationError, match="and age_band by delivery_area"):
        declared(DELIVERY_AREA, shown, AGE_BAND)


def test_no_dimension_can_say_that_it_is_not_personal():
    with pytest.raises(DeclarationError, match="A Dimension has no parameter 'personal'"):
        Dimension("sex", "Sex", "All", personal=False)


def test_the_total_of_a_characteristic_is_none():
    total = Breakdown(SEX.dimension, ("total",))
    assert declared(DELIVERY_AREA, total, AGE_BAND)


@pytest.fixture
def listed(tmp_path, monkeypatch):
    """Add a code list to a copy of the reference data: what it describes, or None for nothing."""
    copy = tmp_path / "reference"
    shutil.copytree(CODES.parent, copy)
    monkeypatch.setattr(readers, "HERE", copy)
    readers.table.cache_clear()
    readers.source.cache_clear()

    def add(name, codes, describes=None):
        rows = "".join(f"{code},{code},,2025-04-01,\n" for code in codes)
        header = "# Source: Drawn\ncode,label,parent,valid_from,valid_to\n"
        (copy / "codes" / f"{name}.csv").write_text(header + rows)
        if describes:
            with (copy / "code_lists.csv").open("a") as about:
                about.write(f"{name},{describes},no,\n")
        return coded(name, name, "All")

    yield add
    readers.table.cache_clear()
    readers.source.cache_clear()


@pytest.mark.parametrize(
    ("codes", "describes"), [(["E06000001", "E06000002"], "thing"), (["O1", "O2"], "place")]
)
def test_places_in_another_dimension_are_places(listed, codes, describes):
    organisations = listed("organisation", codes, describes)
    with pytest.raises(DeclarationError, match=r"crosses .*sex and age_band by organisation"):
        declared(organisations, SEX, AGE_BAND)


def test_a_code_list_that_nobody_described_is_taken_for_a_person_and_a_place(listed):
    unknown = listed("shoe_size", ["38", "39"])
    with pytest.raises(
        DeclarationError, match=r"code_lists.csv does not describe shoe_size, which therefore"
    ):
        declared(unknown, SEX)


def test_a_code_list_that_is_not_there_is_named():
    with pytest.raises(DeclarationError, match=r"no file reference/codes/shoe_size\.csv"):
        declared(coded("shoe_size", "Shoe size", "All"))


def test_where_people_are_counted_every_code_is_a_characteristic_of_theirs():
    """The type of setting is none of a surgery's people, but of a participant it is."""
    settings_alone = (Measure(HEALTH_SETTINGS, "settings_embedded", "Settings"),)
    assert declared(DELIVERY_AREA, SETTING_TYPE, BY_QUARTER, measures=settings_alone)
    with pytest.raises(DeclarationError, match="crosses setting_type and sex"):
        declared(DELIVERY_AREA, SETTING_TYPE, SEX)


def test_measures_of_other_populations_beside_people_change_nothing():
    measures = (
        Measure(FUNDING, "funding_claimed", "Claimed"),
        Measure(REFERRALS, "referrals", "Referrals"),
    )
    with pytest.raises(DeclarationError, match="crosses sex and age_band by delivery_area"):
        declared(DELIVERY_AREA, SEX, AGE_BAND, measures=measures)


COUNTED = (Statistic("n", "N", unit="people"),)


def test_a_special_category_that_the_policy_does_not_guard_is_refused():
    policy = Policy("drawn", (Round(5),), WHY, WHAT, 30, minimum_behind_change=10)
    people = Population("drawn", "Drawn", "people", COUNTED, policy, people=True)
    with pytest.raises(
        DeclarationError,
        match=r"people by condition_primary, whose code list condition is a special category, but "
        r"the policy drawn does not guard",
    ):
        declared(CONDITION, measures=(Measure(people, "n", "N"),))
    assert declared(SEX, measures=(Measure(people, "n", "N"),))


def test_a_level_that_a_dimension_does_not_have_is_refused():
    with pytest.raises(DeclarationError, match="no level 'delivery_areas'; it has country_group"):
        Breakdown(GEOGRAPHY, ("region", "delivery_areas"))


@pytest.mark.parametrize(
    "line", ["persons,persn,no,", "shoes,thing,No,", "sex,thing,no,"], ids=lambda line: line
)
def test_a_description_that_says_something_else_is_refused(listed, line):
    """A word misspelt would leave people unguarded, and so would a second line about one list."""
    with (readers.HERE / "code_lists.csv").open("a") as about:
        about.write(f"{line}\n")
    with pytest.raises(reference.ReferenceError, match=r"code_lists.csv: \w+ describes"):
        declared(DELIVERY_AREA, SEX)


def test_every_code_list_is_described():
    described = {f.stem: reference.about_code_list(f.stem).describes for f in CODES.glob("*.csv")}
    assert set(described.values()) == {"person", "thing"}


# ---- any declaration, judged by what it shows ----

PERSONAL = {
    "sex": "sex",
    "recorded_sex": "sex",
    "age_band": "age_band",
    "condition_primary": "condition",
    "model": "model",
    "setting_type": "setting_type",
}
FLAT = ("sex", "recorded_sex", "age_band", "model")
"""Dimensions whose codes are in no groups, so that they can be shown without any."""


@st.composite
def breakdowns(draw):
    """Some breakdowns with any levels, each dimension under any of its names."""
    found = []
    if draw(st.booleans()):
        levels = draw(st.lists(st.sampled_from(GEOGRAPHY.levels), unique=True))
        name = draw(st.sampled_from(["delivery_area", "place"]))
        found.append(Breakdown(Dimension(name, "Place", "All", source="geography"), tuple(levels)))
    if draw(st.booleans()):
        found.append(Breakdown(QUARTER, ("total", "quarter")))
    for name in draw(st.lists(st.sampled_from(sorted(PERSONAL)), unique=True, max_size=3)):
        flat = [("code",), ("total", "code")] if name in FLAT else []
        levels = draw(st.sampled_from([(), ("total",), *flat]))
        found.append(Breakdown(Dimension(name, name, "All", code_list=PERSONAL[name]), levels))
    return tuple(draw(st.permutations(found)))


def shown(breakdown):
    return breakdown.dimension.codes(LATEST).at(breakdown.levels)


def shows_too_much(by):
    """Whether a cell of these codes is a place below region with two characteristics of people."""
    cells = product(*[[(b.dimension, code) for code in shown(b)] for b in by])
    return any(
        any(code.startswith("CTW-") for _, code in cell)
        and sum(d.source == "codes" and code != "total" for d, code in cell) > 1
        for cell in cells
    )


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(breakdowns(), st.sampled_from([STARTS, JOB_STARTS, REFERRALS]))
def test_any_table_is_refused_exactly_when_a_cell_of_it_shows_too_much(by, population):
    measures = (Measure(population, population.relation, population.title),)
    if shows_too_much(by):
        with pytest.raises(DeclarationError, match="which shows places below region"):
            declared(*by, measures=measures)
    elif not by or any(b.name not in population.dimensions for b in by):
        with pytest.raises(DeclarationError, match="no dimension|can be blank"):
            declared(*by, measures=measures)
    else:
        assert declared(*by, measures=measures).by == by


def test_no_cell_of_any_population_shows_too_much():
    """The cells of a population are those of its tables: together they cross no more than one."""
    assert not any(shows_too_much(table.by) for table in TABLES if STARTS in table.populations)


@pytest.mark.parametrize("lacks", ["methods", "minimum_behind_change"])
def test_a_population_of_people_whose_policy_protects_nobody_is_refused(lacks):
    methods = () if lacks == "methods" else (Round(5),)
    least = 0 if lacks == "minimum_behind_change" else 10
    policy = Policy("mine", methods, WHY, WHAT, 30, minimum_behind_change=least)
    with pytest.raises(DeclarationError, match="drawn counts people, but its policy mine does not"):
        Population("drawn", "Drawn", "people", COUNTED, policy, people=True)
