"""Tables are found by their files, and a table that chooses its own protection is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from publications.policies import PEOPLE
from publications.populations import STARTS
from publications.tables import TABLES, check_dimensions, check_populations, found
from schemas.dimension import NATION, SEX, Breakdown
from schemas.errors import DeclarationError
from schemas.table import Measure, StatisticalTable

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
    return StatisticalTable(number, f"drawn_{number}", "Drawn", measures, by)


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
    with pytest.raises(DeclarationError, match="a population starts that publications/populations"):
        check_populations(drawn(replace(STARTS, policy=weaker), NATION))
    check_populations(drawn(STARTS, NATION))


def test_two_tables_cannot_give_one_dimension_other_codes():
    other = Breakdown(replace(SEX.dimension, code_list="yes_no"))
    tables = (drawn(STARTS, SEX, number=1), drawn(STARTS, other, number=2))
    with pytest.raises(DeclarationError, match=r"Tables 1 \(drawn_1\) and 2 \(drawn_2\) declare"):
        check_dimensions(tables)
    check_dimensions(TABLES)
