"""Tables are found by their files, and a table that chooses its own protection is refused."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from publications.policies import PEOPLE
from publications.populations import FUNDING, STARTS
from publications.tables import TABLES, check_populations, check_set, found
from schemas.dimension import NATION, SEX, coded
from schemas.errors import DeclarationError
from schemas.table import Measure, Rate, StatisticalTable

TEXT = """
from publications.populations import STARTS
from schemas.dimension import AGE_BAND, DELIVERY_AREA, SEX
from schemas.table import Measure, StatisticalTable
TABLE = StatisticalTable(
    98, "drawn", "Drawn", (Measure(STARTS, "starts", "Starts"),), ({by})
)
"""


def drawn(population, *by, number=98):
    measures = (Measure(population, "starts", "Starts"),)
    return StatisticalTable(number, f"drawn_{number}", f"Drawn {number}", measures, by)


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package of tables, written anew, with its folder."""
    monkeypatch.syspath_prepend(str(tmp_path))
    folder = tmp_path / f"tables_of_{abs(hash(str(tmp_path)))}"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    return folder


def test_a_table_that_is_declared_wrongly_is_named_with_its_file(package):
    (package / "too_fine.py").write_text(TEXT.format(by="DELIVERY_AREA, SEX, AGE_BAND"))
    with pytest.raises(
        DeclarationError, match=rf"{package.name}/too_fine.py: Table 98 \(drawn\) crosses sex and"
    ):
        found(package.name, [str(package)])


def test_a_table_is_found_by_its_file(package):
    (package / "by_sex.py").write_text(TEXT.format(by="SEX,"))
    (table,) = found(package.name, [str(package)])
    assert table.id == "drawn"


def test_a_table_cannot_take_a_population_under_another_policy():
    weaker = replace(PEOPLE, minimum_denominator=1)
    with pytest.raises(
        DeclarationError,
        match=rf"^{FILE}: Table 98 \(drawn_98\) draws on a population starts that "
        "publications/populations.py does not declare so",
    ):
        check_populations(drawn(replace(STARTS, policy=weaker), NATION))
    check_populations(drawn(STARTS, NATION))


FILE = "tests/publications/tables/test_finding_tables.py"
PER_START = Rate("per_start", "Per start", "funding_claimed", "starts", 1, unit="pounds")


def claimed(number, **changed):
    """A table of claims per start."""
    measures = (
        Measure(FUNDING, "funding_claimed", "Claimed"),
        Measure(STARTS, "starts", "Starts"),
        replace(PER_START, id="claimed_per_start", **changed),
    )
    return StatisticalTable(number, f"claimed_{number}", f"Claimed {number}", measures, (NATION,))


TOGETHER = {
    "one number": (
        (drawn(STARTS, SEX), replace(drawn(STARTS, NATION), id="other", title="Other")),
        "Table 98 (drawn_98) and Table 98 (other), of {file}, both have the number '98'.",
    ),
    "one id": (
        (drawn(STARTS, SEX), replace(drawn(STARTS, NATION, number=97), id="drawn_98", title="O")),
        "Table 98 (drawn_98) and Table 97 (drawn_98), of {file}, both have the id 'drawn_98'.",
    ),
    "one title": (
        (drawn(STARTS, SEX), replace(drawn(STARTS, NATION, number=97), title="drawn 98")),
        "Table 98 (drawn_98) and Table 97 (drawn_97), of {file}, both have the title 'drawn 98'.",
    ),
    "two ids that cut to one worksheet name": (
        (
            replace(drawn(STARTS, SEX), id="starts_by_delivery_area_and_sex"),
            replace(drawn(STARTS, NATION, number=97), id="starts_by_delivery_area_and_nation"),
        ),
        "Table 98 (starts_by_delivery_area_and_sex) and Table 97 "
        "(starts_by_delivery_area_and_nation), of {file}, both have the worksheet name "
        "'starts_by_delivery'.",
    ),
    "one dimension in two ways": (
        (drawn(STARTS, SEX), drawn(STARTS, coded("sex", "Gender", "All"), number=97)),
        "Table 98 (drawn_98), of {file}, and Table 97 (drawn_97) declare the dimension sex in two "
        "ways.",
    ),
    "one measure for two figures": (
        (claimed(1), claimed(2, per=1000)),
        "Table 1 (claimed_1), of {file}, and Table 2 (claimed_2) mean different figures by the "
        "measure claimed_per_start.",
    ),
}


@pytest.mark.parametrize(("tables", "message"), TOGETHER.values(), ids=TOGETHER)
def test_tables_that_cannot_stand_in_one_release_are_refused(tables, message):
    with pytest.raises(DeclarationError) as refused:
        check_set(tables)
    assert str(refused.value).startswith(f"{FILE}: {message.format(file=FILE)}")


def test_the_tables_of_a_package_are_checked_together(package):
    """The whole product refuses at once: `publications.tables` cannot be imported."""
    for name in ("one", "two"):
        (package / f"{name}.py").write_text(TEXT.format(by="SEX,"))
    with pytest.raises(DeclarationError) as refused:
        found(package.name, [str(package)])
    assert re.search(r"two\.py: .*, of \S*one\.py, both have the number '98'", str(refused.value))


def test_the_declared_tables_stand_together():
    assert refusal(TABLES) is None
    assert refusal((claimed(1), claimed(2))) is None
    assert "have the number '1'" in refusal((claimed(1), claimed(1)))


def refusal(tables):
    """What a set of tables is refused with; None when it is not."""
    try:
        return check_set(tables)
    except DeclarationError as error:
        return str(error)


UNREADABLE = {
    "no table": ("SEX = 1", r"one\.py: The file declares no TABLE"),
    "an unknown dimension": (
        "from schemas.dimension import SEXX",
        r"one\.py: cannot import name 'SEXX' from 'schemas\.dimension'",
    ),
    "a name that is not imported": ("TABLE = NATION", r"one\.py: name 'NATION' is not defined"),
}


@pytest.mark.parametrize(("text", "message"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_declares_no_table_is_named(package, text, message):
    (package / "one.py").write_text(text)
    with pytest.raises(DeclarationError, match=message):
        found(package.name, [str(package)])
