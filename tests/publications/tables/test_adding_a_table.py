"""Adding a table is one declaration: its worksheet, data, description and links follow."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from publications.folder import render
from publications.gates.screener import screen
from publications.populations import STARTS
from publications.tables import TABLES
from publications.wording.naming import workbook_path
from schemas.dimension import AGE_BAND, BY_QUARTER, NATION
from schemas.table import Measure, StatisticalTable
from tests.publications.ods_file import OdsFile
from tests.publications.release_sample import sample

pytestmark = pytest.mark.slow

NEW = StatisticalTable(
    number=99,
    id="starts_by_age_and_quarter",
    title="Starts by age and quarter",
    measures=(Measure(STARTS, "starts", "Starts"),),
    by=(NATION, AGE_BAND, BY_QUARTER),
    notes=("This note came with the table.",),
)


def test_a_new_declaration_is_found_in_every_product():
    release = sample(tables=(*TABLES, NEW))
    files = render(release)
    name = "data/connect-to-work-2026-27-q2-table-99-starts-by-age-and-quarter.csv"
    assert name in files
    assert json.loads(files[f"{name}-metadata.json"])["url"] in name
    ods = OdsFile(files[workbook_path(release.quarter)])
    sheets = {sheet.name: sheet for sheet in ods.sheets}
    assert "Table_99_Starts_by_age_and" in sheets
    notes = " ".join(row[1].text for row in sheets["Notes"].body)
    assert "This note came with the table." in notes
    assert name in files["index.html"].decode()
    assert name in json.dumps(json.loads(files["manifest.json"]))
    assert not any(screen(release, files).values())


def test_the_documented_example_is_a_table():
    page = (Path(__file__).parents[3] / "docs/add-a-table.md").read_text(encoding="utf-8")
    example = page.split("```python\n")[1].split("```")[0]
    made: dict[str, object] = {}
    exec(example, made)
    release = sample(tables=(*TABLES, made["TABLE"]))
    assert any("table-10-starts-by-ethnic-group" in path for path in render(release))


def test_a_release_of_few_tables_leaves_out_what_it_cannot_say():
    few = tuple(table for table in TABLES if table.id in ("starts_by_quarter", "rollout"))
    release = sample(tables=few)
    files = render(release)
    left = {entry["sentence"] for entry in json.loads(files["figures.json"])["left_out"]}
    assert {"settings_answer", "gp_surgeries", "people_sex"} <= left
    assert not any(screen(release, files).values())
