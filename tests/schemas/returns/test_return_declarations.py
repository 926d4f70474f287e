"""One declaration, many products: a field that is declared is in all of them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from pipelines.returns import process_packs
from pipelines.returns.judging.judge import judge_rows
from pipelines.synthetic import simulate
from schemas.errors import DeclarationError
from schemas.fields import Code, Decimal, Field, Integer
from schemas.returns import (
    PACK,
    Pack,
    Return,
    Rule,
    Severity,
    catalogue,
    judged_columns,
    landing_columns,
)
from schemas.returns.dictionary import dictionary
from schemas.returns.forms import csv_files, form, write_ods, write_xlsx
from schemas.returns.participants import AT_START
from tests.pipelines.returns.small_world import KEY, QUARTER, landed
from tests.spec.return_examples import PARTICIPANT
from tests.spec.test_return_rules import beside, text

ROOT = Path(__file__).parents[3]


def with_field(field: Field) -> Pack:
    """Return the pack with one more field in participants.csv."""
    more = (*PACK.participants.fields, field)
    return replace(PACK, participants=replace(PACK.participants, fields=more))


# The one line that adds a field.
NEW = Field("journey_minutes", Integer(0, 240), "Minutes from home to the place of support")
PACK_WITH_NEW = with_field(NEW)


def test_a_new_field_is_in_the_dictionary():
    assert "| `journey_minutes` | Minutes from home" in dictionary(PACK_WITH_NEW)


def test_a_new_field_is_in_the_blank_form():
    files = csv_files("CTW-EN01", QUARTER, PACK_WITH_NEW)
    assert files["participants.csv"].endswith(b",journey_minutes\n")
    for write in (write_xlsx, write_ods):
        data = write(form("CTW-EN01", QUARTER, PACK_WITH_NEW))
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        assert "journey_minutes" in book.get_sheet_by_name("Participants").to_python()[0]


def test_a_new_field_is_in_the_rule_catalogue():
    rules = catalogue(PACK_WITH_NEW)["rule_id"].to_list()
    assert "participants.journey_minutes.is_valid" in rules
    assert "participants.journey_minutes.is_given" in rules


def test_a_new_field_is_validated():
    declared = PACK_WITH_NEW.participants
    rows = [{**PARTICIPANT, "journey_minutes": cell} for cell in ("40", "241", "soon", None)]
    drawn = {str(at): row for at, row in enumerate(rows)}
    judged = judge_rows(text(declared, rows), declared, beside("participants", drawn))
    assert judged.rows["is_accepted"].to_list() == [True, False, False, False]


def test_a_new_field_is_a_landing_column():
    column = landing_columns(PACK_WITH_NEW.participants)[-1]
    assert (column.name, column.dtype, column.sql_type, column.comment) == (
        "journey_minutes", pl.Int64(), "BIGINT", "Minutes from home to the place of support",
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    "field",
    [
        NEW,
        Field("first_meeting", Code("meeting_place"), "Where they met", required=False),
        Field("savings", Decimal(0, 1000, 2), "Pounds saved", required=False),
    ],
)
def test_a_new_field_is_drawn_judged_and_landed_with_no_other_edit(field: Field, tmp_path: Path):
    pack = with_field(field)
    paths = simulate(QUARTER, 100, seed=5, out=tmp_path, first=QUARTER, pack=pack)
    judged = process_packs(landed(paths), QUARTER, KEY, pack=pack)
    assert set(judged.submissions["status"]) == {"accepted"}
    assert judged.participants[field.name].drop_nulls().len() > 0


def test_a_new_field_changes_nothing_else_of_the_made_up_world(tmp_path: Path):
    simulate(QUARTER, 100, seed=5, out=tmp_path / "old", first=QUARTER)
    simulate(QUARTER, 100, seed=5, out=tmp_path / "new", first=QUARTER, pack=PACK_WITH_NEW)
    for old in (tmp_path / "old").glob("*/participants.csv"):
        new = tmp_path / "new" / old.relative_to(tmp_path / "old")
        columns = pl.read_csv(new, infer_schema=False).drop("journey_minutes")
        assert columns.equals(pl.read_csv(old, infer_schema=False))


@pytest.mark.slow
def test_the_form_of_an_earlier_template_is_still_read_without_the_new_field(tmp_path: Path):
    late = (*PACK.participants.fields, replace(NEW, required=False, introduced="9.1.0"))
    pack = replace(
        PACK,
        participants=replace(PACK.participants, fields=late),
        template_version="9.1.0",
        accepted_versions=(PACK.template_version, "9.1.0"),
    )
    paths = simulate(QUARTER, 100, seed=5, out=tmp_path, first=QUARTER)
    judged = process_packs(landed(paths), QUARTER, KEY, pack=pack)
    assert set(judged.submissions["status"]) == {"accepted"}
    assert judged.participants["journey_minutes"].null_count() == judged.participants.height


@pytest.mark.parametrize("required", [True, AT_START], ids=["always", "once something is given"])
def test_a_required_field_that_packs_of_an_accepted_template_lack_is_refused(required):
    pack = with_field(NEW)
    both = {"template_version": "9.1.0", "accepted_versions": ("9.0.0", "9.1.0")}
    late = replace(NEW, required=required, introduced="9.1.0")
    fields = (*PACK.participants.fields, late)
    with pytest.raises(DeclarationError, match="journey_minutes .* required=False"):
        replace(pack, participants=replace(PACK.participants, fields=fields), **both)
    alone = both | {"accepted_versions": ("9.1.0",)}
    assert replace(pack, participants=replace(PACK.participants, fields=fields), **alone)


def test_versions_are_compared_as_numbers_and_the_current_one_is_accepted():
    with pytest.raises(DeclarationError, match="Raise it in schemas/returns/pack.py"):
        with_field(replace(NEW, required=False, introduced="9.1.0"))
    ten = {"template_version": "9.10.0", "accepted_versions": ("9.9.0", "9.10.0")}
    fields = (*PACK.participants.fields, replace(NEW, introduced="9.10.0"))
    with pytest.raises(DeclarationError, match="packs of template 9.9.0 are accepted"):
        replace(PACK, participants=replace(PACK.participants, fields=fields), **ten)
    with pytest.raises(DeclarationError, match="nobody could send the current form"):
        replace(PACK, template_version="9.1.0")


def test_the_data_dictionary_in_docs_is_current():
    written = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert written == dictionary(), "Run python -m schemas.returns.dictionary"


def test_the_dictionary_names_every_field_and_rule_and_says_whose_it_is():
    text_of = dictionary()
    assert "Illustrative specification, not DWP's" in text_of
    for declared in PACK.returns:
        for field in declared.fields:
            assert f"| `{field.name}` |" in text_of
    for rule in catalogue()["rule_id"]:
        assert f"| `{rule}` |" in text_of


def test_every_rule_says_what_was_found_and_what_to_do():
    rules = catalogue()
    assert rules["rule_id"].is_unique().all()
    assert rules["message"].str.ends_with(".").all()
    assert rules["fix"].str.ends_with(".").all()
    assert rules["category"].is_between(1, 6).all()


def test_every_landing_column_is_explained():
    for columns in judged_columns().values():
        assert all(column.comment and column.sql_type for column in columns)


def test_a_field_declared_twice_or_a_rule_on_no_field_is_refused():
    twice = (NEW, NEW)
    with pytest.raises(DeclarationError, match="journey_minutes"):
        Return("r", "R", "one row per test", (), twice)
    rule = Rule("is_right", 3, Severity.NOTE, "elsewhere", "Wrong.", "Correct it.")
    with pytest.raises(DeclarationError, match="elsewhere"):
        Return("r", "R", "one row per test", (), (NEW,), rules=(rule,))


def test_importing_the_declarations_stays_light():
    code = "import sys, schemas.returns; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    heavy = {"pandera", "duckdb", "xlsxwriter", "pyarrow", "dagster", "jinja2"}
    assert not heavy & set(loaded.split())


@pytest.mark.parametrize("version", ["1.1.x", "1.1", "", "v1.1.0"])
def test_a_field_of_a_version_that_is_none_is_refused(version):
    with pytest.raises(
        DeclarationError, match=r"^tests/\S+: The field journey_minutes .* no version"
    ):
        replace(NEW, introduced=version)
