"""One return in three formats: the same verdict, the same rows, by the product's own path."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

import reference
from operations.landing.child import receive_in_child
from operations.landing.receipts import keep, landed
from pipelines.returns import Judged, process_packs
from schemas.returns.forms import template_files, write_ods, write_xlsx
from tests.pipelines.returns.forms import (
    AREA,
    AT,
    NAME,
    QUARTER,
    as_csv,
    as_ods,
    as_xlsx,
    converted,
)
from tests.pipelines.returns.small_world import KEY, judge, world
from tests.tools import needed

FORMATS = {"csv": as_csv, "xlsx": as_xlsx, "ods": as_ods}
ROWS = ("participants", "events", "aggregate", "organisations")


def judged(*packs: Path, store: Path) -> Judged:
    """Receive packs in the child process, keep them in landing, and judge them from there."""
    for pack in packs:
        keep(receive_in_child(pack), store, QUARTER, AT, pack)
    return process_packs(list(landed(store)), QUARTER, KEY)


def contents(one: Judged) -> dict[str, list[dict[str, object]]]:
    """The rows of a judged pack, without the numbers that each submission has of its own."""
    return {
        name: getattr(one, name).drop("submission_id", "row_number", strict=False).to_dicts()
        for name in ROWS
    }


@pytest.mark.parametrize("area", ["CTW-EN01", "CTW-EN20", "CTW-WA01"])
def test_a_filled_in_template_is_accepted_with_the_same_rows_in_every_format(area, tmp_path: Path):
    came = {
        name: judged(make(tmp_path / name, area), store=tmp_path / f"{name}-store")
        for name, make in FORMATS.items()
    }
    for one in came.values():
        assert one.submissions["status"].to_list() == ["accepted"], one.findings["message"]
        assert one.findings.is_empty()
        assert one.participants.height == 1
    assert contents(came["xlsx"]) == contents(came["csv"])
    assert contents(came["ods"]) == contents(came["csv"])
    rows = {one.submissions["rows_received"].item() for one in came.values()}
    assert rows == {8}


def test_the_form_of_every_area_knows_the_area_and_the_same_form_is_the_same_bytes():
    areas = reference.delivery_areas()["delivery_area_code"].to_list()
    for area in areas[:3]:
        files = template_files(area, QUARTER)
        assert f"{area}_{QUARTER.id}_v1.xlsx" in files
        assert files == template_files(area, QUARTER)


@pytest.mark.parametrize("inside", ["{name}.xlsx", "Our return.xlsx", "folder/x.XLSX"])
def test_a_workbook_in_a_folder_is_read_whatever_its_name(inside: str, tmp_path: Path):
    made = as_xlsx(tmp_path / "made")
    place = tmp_path / NAME / inside.format(name=NAME)
    place.parent.mkdir(parents=True)
    made.rename(place)
    one = judged(tmp_path / NAME, store=tmp_path / "store")
    assert one.submissions["status"].to_list() == ["accepted"]
    assert one.findings.is_empty()


def test_the_suffix_of_a_workbook_may_be_wrong(tmp_path: Path):
    made = as_ods(tmp_path)
    one = judged(made.rename(tmp_path / f"{NAME}.xlsx"), store=tmp_path / "store")
    assert one.submissions["status"].to_list() == ["accepted"]


def test_findings_on_a_workbook_name_its_sheets(tmp_path: Path):
    pack = as_xlsx(tmp_path, contact_email=None, prepared_by_role="AB123456C")
    one = judged(pack, store=tmp_path / "store")
    assert one.submissions["status"].to_list() == ["rejected"]
    files = set(one.findings["file"])
    assert files == {"sheet Cover"}
    assert not one.findings["message"].str.contains("manifest.json").any()
    assert not one.findings["fix"].str.contains("manifest.json").any()


def test_a_finding_on_a_cover_names_the_row_of_its_field(tmp_path: Path):
    pack = as_xlsx(tmp_path, contact_email=None, prepared_by_role="AB123456C")
    cover = CalamineWorkbook.from_path(str(pack)).get_sheet_by_name("Cover")
    rows = {name: at for at, row in enumerate(cover.iter_rows(), 1) for name in row[:1]}
    one = judged(pack, store=tmp_path / "store")
    found = one.findings.filter(pl.col("rule_id").str.starts_with("manifest."))
    said = found.select("field", "row_number").unique().sort("field").rows()
    assert said == [(name, rows[name]) for name in ("contact_email", "prepared_by_role")]


def in_small_letters(make: Callable[..., Path], out: Path) -> Path:
    """Return a pack whose name and manifest give the area in small letters."""
    pack = make(out, delivery_area_code=AREA.lower())
    return pack.rename(pack.with_name(pack.name.lower()))


@pytest.mark.parametrize("kind", FORMATS)
def test_small_letters_in_the_name_and_manifest_are_read_as_the_template_s(kind, tmp_path: Path):
    pack = in_small_letters(FORMATS[kind], tmp_path)
    one = judged(pack, store=tmp_path / "store")
    packs = one.submissions.select("status", "pack_name", "delivery_area_code").rows()
    assert packs == [("accepted", NAME, AREA)]
    notes = one.findings.filter(rule_id="pack.values_have_the_form_of_the_template")["message"]
    assert notes.str.contains("delivery_area_code: 1").any()


def test_a_nil_return_with_rows_is_refused_in_every_format(tmp_path: Path):
    for name, make in FORMATS.items():
        pack = make(tmp_path / name, nil_return="true")
        one = judged(pack, store=tmp_path / f"{name}-store")
        assert "pack.nil_return_has_no_rows" in one.findings["rule_id"].to_list()


def test_a_cover_for_another_quarter_is_answered_like_a_manifest(tmp_path: Path):
    one = judged(as_xlsx(tmp_path, period_id="2026-27Q1"), store=tmp_path / "store")
    (found,) = one.findings.filter(rule_id="pack.name_agrees_with_manifest")["message"]
    assert "Quarter: 2026-27Q2 in the name, 2026-27Q1 in the manifest." in found


@pytest.mark.parametrize(("write", "suffix"), [(write_xlsx, ".xlsx"), (write_ods, ".ods")])
def test_a_whole_return_is_judged_alike_as_a_workbook(write, suffix: str, tmp_path: Path):
    packs = sorted(world().iterdir())[:2]
    books = [converted(pack, tmp_path / "books", write, suffix) for pack in packs]
    one, whole = judge(*books), judge(*packs)
    assert contents(one) == contents(whole)
    columns = ("pack_name", "status", "rows_received", "rows_accepted", "queries")
    assert one.submissions.select(columns).equals(whole.submissions.select(columns))
    assert one.findings["rule_id"].sort().equals(whole.findings["rule_id"].sort())
    assert whole.participants.height > 50


@pytest.mark.tools
@pytest.mark.parametrize("made_as", ["xlsx", "ods"])
def test_a_form_that_libreoffice_saved_again_is_read_alike(made_as: str, tmp_path: Path):
    other = {"xlsx": "ods", "ods": "xlsx"}[made_as]
    pack = FORMATS[made_as](tmp_path / "made")
    command = [needed("soffice"), "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"]
    command += ["--convert-to", other, "--outdir", tmp_path / "saved", pack]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    one = judged(tmp_path / "saved" / f"{NAME}.{other}", store=tmp_path / "store")
    whole = judged(pack, store=tmp_path / "store-of-form")
    assert one.submissions["status"].to_list() == ["accepted"]
    assert contents(one) == contents(whole)


def test_the_rows_of_a_workbook_are_those_that_stand_in_its_sheet(tmp_path: Path):
    one = judged(as_xlsx(tmp_path), store=tmp_path / "store")
    assert one.aggregate["row_number"].to_list() == [2, 3, 4, 5, 6, 7]
    assert one.participants["row_number"].to_list() == [2]
    assert one.organisations.select(pl.col("delivery_org_code")).item() == "ORG-01"
    assert one.submissions["delivery_area_code"].to_list() == [AREA]
