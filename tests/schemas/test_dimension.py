"""Rules of dimensions: one root, codes from reference lists, geography as a strict hierarchy."""

import shutil
from pathlib import Path

import polars as pl
import pytest

from publications.tables import TABLES
from reference import readers
from schemas.dimension import (
    BY_FINANCIAL_YEAR,
    BY_QUARTER,
    DELIVERY_AREA,
    GEOGRAPHY,
    NATION,
    REFERRAL_ROUTE,
    REGION,
    Breakdown,
    Codes,
    Dimension,
    coded,
)
from schemas.errors import DeclarationError
from schemas.quarter import Quarter

LATEST = Quarter(2026, 2)


def test_the_geography_is_england_and_wales_then_nation_region_and_delivery_area():
    codes = GEOGRAPHY.codes(LATEST)
    assert codes.root == GEOGRAPHY.root == "K04000001"
    assert codes.ancestors("CTW-EN18") == ("CTW-EN18", "E12000001", "E92000001", "K04000001")
    assert codes.ancestors("CTW-WA01") == ("CTW-WA01", "W92000004", "K04000001")
    assert len(codes.leaves) == 49


def test_levels_show_the_places_above_them_too():
    codes = GEOGRAPHY.codes(LATEST)
    assert len(codes.at(NATION.levels)) == 3
    assert len(codes.at(REGION.levels)) == 3 + 9
    assert len(codes.at(DELIVERY_AREA.levels)) == 3 + 9 + 49


def test_quarters_lie_in_their_financial_year_and_end_with_the_reference_quarter():
    codes = BY_QUARTER.dimension.codes(LATEST)
    assert codes.leaves[-1] == "2026-27Q2"
    assert codes.ancestors("2026-27Q2") == ("2026-27Q2", "2026-27", "total")
    assert codes.at(BY_FINANCIAL_YEAR.levels) == ("total", "2025-26", "2026-27")


def test_a_group_of_codes_is_no_code_that_a_row_can_hold():
    codes = REFERRAL_ROUTE.dimension.codes(LATEST)
    assert "HEALTH_CARE" not in codes.leaves
    assert codes.ancestors("GP_PRIMARY") == ("GP_PRIMARY", "HEALTH_CARE", "total")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.id)
def test_every_dimension_of_every_table_has_codes(table):
    for breakdown in table.by:
        codes = breakdown.dimension.codes(LATEST)
        assert codes.root == breakdown.dimension.root
        assert set(codes.labels) == set(codes.frame["code"])


WRONG = {
    "two roots": (
        [None, None, "a"],
        "The codes without a parent are a, b. A dimension has",
    ),
    "no root": (["a", "a", "a"], "The codes without a parent are none."),
    "a parent that is missing": ([None, "a", "d"], "The code c has the parent d"),
    "a loop": ([None, "c", "b"], "The code b has the parent c, which leads to no root"),
}


@pytest.mark.parametrize(("parents", "message"), WRONG.values(), ids=WRONG)
def test_codes_that_do_not_lead_to_one_root_are_refused(parents, message):
    frame = pl.DataFrame(
        {"code": [*"abc"], "label": [*"ABC"], "parent": parents, "level": [*"xyz"]},
        schema_overrides={"parent": pl.String},
    )
    with pytest.raises(DeclarationError, match=f"^{FILE}{message}"):
        Codes(frame)
    with pytest.raises(DeclarationError, match=f"^data/codes.csv: {message}"):
        Codes(frame, "data/codes.csv")


def test_a_code_that_is_listed_twice_is_refused():
    rows = {"code": [*"abb"], "label": [*"ABC"], "parent": [None, "a", "a"], "level": [*"xyz"]}
    with pytest.raises(DeclarationError, match=f"^{FILE}The code b is listed twice"):
        Codes(pl.DataFrame(rows))


@pytest.fixture
def afresh():
    """Read the reference files anew, before the test and after it."""
    yield readers.table.cache_clear()
    readers.table.cache_clear()


@pytest.mark.usefixtures("afresh")
def test_a_code_list_that_cannot_be_right_is_refused_with_its_file(tmp_path, monkeypatch):
    """The file of the list is named, not the table that breaks down by it."""
    copied = Path(shutil.copytree(readers.HERE, tmp_path / "reference"))
    file = copied / "codes" / "sex.csv"
    text = file.read_text(encoding="utf-8")
    [female] = [line for line in text.splitlines() if line.startswith("F,")]
    file.write_text(f"{text}{female}\n", encoding="utf-8")
    monkeypatch.setattr(readers, "HERE", copied)
    with pytest.raises(DeclarationError, match="^reference/codes/sex.csv: The code F is listed"):
        Dimension("sex", "Sex", "All").codes(LATEST)


FILE = "tests/schemas/test_dimension.py: "
REFUSED = {
    "a name that is no column": (
        lambda: coded("Sex of person", "Sex", "All", "sex"),
        "The name of a dimension is 'Sex of person'",
    ),
    "an empty title": (
        lambda: coded("sex", " ", "All"),
        "The dimension sex: its title is empty",
    ),
    "an empty total": (
        lambda: coded("sex", "Sex", ""),
        "The dimension sex: its total is empty",
    ),
    "an unknown code list": (
        lambda: coded("shoe_size", "Shoe size", "All"),
        "The dimension shoe_size has the code list shoe_size, but there is no file "
        "reference/codes/shoe_size.csv. The code lists are age_band, ",
    ),
    "an unknown source": (
        lambda: Dimension("sex", "Sex", "All", source="list"),
        "The dimension sex has the source 'list'; the sources are geography, quarters, codes.",
    ),
    "a code list of places": (
        lambda: Dimension("place", "Place", "All", source="geography", code_list="sex"),
        "The dimension place has the code list 'sex', but its codes come from the geography.",
    ),
    "an unknown level": (
        lambda: Breakdown(GEOGRAPHY, ("region", "delivery_areas")),
        "The dimension delivery_area has no level 'delivery_areas'; it has country_group, ",
    ),
    "a level twice": (
        lambda: Breakdown(GEOGRAPHY, ("region", "region")),
        "The breakdown by delivery_area has a level twice.",
    ),
    "levels that are one word": (
        lambda: Breakdown(GEOGRAPHY, ("region")),
        "The breakdown by delivery_area: levels must be a tuple of str, not str: 'region'",
    ),
    "a level that no code is on": (
        lambda: Breakdown(Dimension("sex", "Sex", "All"), ("total", "group")),
        "The breakdown by sex shows the level 'group', but no code of its list is on it. Its "
        "codes are on total, code.",
    ),
    "groups without the codes beside them": (
        lambda: Breakdown(REFERRAL_ROUTE.dimension, ("total", "group")),
        "The breakdown by referral_route shows only some parts of a total: codes such as "
        "SOCIAL_CARE stand beside groups. Show the levels group and code together.",
    ),
    "codes without the groups beside them": (
        lambda: Breakdown(REFERRAL_ROUTE.dimension, ("code",)),
        "The breakdown by referral_route shows only some parts of a total",
    ),
    "a breakdown by a name": (
        lambda: Breakdown("sex"),
        "A breakdown is by 'sex', which is no dimension.",
    ),
}


@pytest.mark.parametrize(("make", "message"), REFUSED.values(), ids=REFUSED)
def test_a_dimension_that_cannot_be_right_is_refused_with_file_and_word(make, message):
    with pytest.raises(DeclarationError) as refused:
        make()
    assert str(refused.value).startswith(FILE + message)
