"""One build of every container that areas send, beside every hostile pack: `ctw build` end to end.

Every area sends a right pack, in one of the containers, and some of them a hostile second one.
"""

import os
import shutil
import zipfile
from datetime import UTC, datetime

import polars as pl
import pytest
from typer.testing import CliRunner

from assets.cli import app
from assets.instance import instance
from assets.reconciliation import starts_reconcile
from assets.returns import judge_quarter
from operations.home.settings import Settings
from operations.landing.receive import receive_all
from operations.stores.returns import known_submissions
from pipelines.synthetic import simulate
from pipelines.synthetic.draft import zipped, zipped_folder
from schemas.quarter import Quarter
from schemas.returns.forms import write_ods, write_xlsx
from tests.homes import paths_in
from tests.pipelines.returns.forms import converted
from tests.pipelines.returns.packs.hostile import HOSTILE

QUARTER = Quarter(2025, 4)
ENVIRONMENT = {
    "CTW_PSEUDONYM_KEY": "a pseudonym key of the test of containers",
    "CTW_RECORD_KEY_SECRET": "a record key secret of the test of containers",
    "CTW_CODE_VERSION": "containers",
}
VERDICT = ("status", "rows_received", "rows_accepted", "rows_rejected", "queries", "sha256")
NOT_PACKS = {
    "AB001234C.zip": b"not a zip file",
    "Ann Other 3 May 1980.docx": b"PK",
    os.fsdecode(b"caf\xe9.csv"): b"a,b\n",
    "n" * 250: b"",
}


def as_folder(folder, out):
    shutil.copytree(folder, out / folder.name)


def as_zip(folder, out, suffix=".zip"):
    (out / f"{folder.name}{suffix}").write_bytes(zipped_folder(folder))


def as_upper_case_zip(folder, out):
    as_zip(folder, out, ".ZIP")


def as_wrapped_zip(folder, out, separator="/"):
    wrapped = {f"{folder.name}{separator}{p.name}": p.read_bytes() for p in folder.iterdir()}
    (out / f"{folder.name}.zip").write_bytes(zipped(wrapped))


def as_zip_of_windows(folder, out):
    as_wrapped_zip(folder, out, "\\")


def as_xlsx(folder, out):
    converted(folder, out, write_xlsx, ".xlsx")


def as_ods(folder, out):
    converted(folder, out, write_ods, ".ods")


FILES = (as_folder, as_zip, as_upper_case_zip, as_wrapped_zip, as_zip_of_windows)
CONTAINERS = (*FILES, as_xlsx, as_ods)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """The right packs of all areas as folders."""
    out = tmp_path_factory.mktemp("folders")
    simulate(QUARTER, 1_500, 11, out, first=QUARTER)
    return out


@pytest.fixture(scope="module")
def built(folders, tmp_path_factory):
    """The state after one build of everything, and what the command said."""
    home, drop = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("drop")
    packs = sorted(folders.iterdir())
    for at, folder in enumerate(packs):
        CONTAINERS[at % len(CONTAINERS)](folder, drop)
    for (make, _), folder in zip(HOSTILE.values(), packs, strict=False):
        make(drop, folder.name.replace("_v1", "_v2"))
    for name, data in NOT_PACKS.items():
        (drop / name).write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**ENVIRONMENT, "CTW_HOME": str(home)}.items():
            patch.setenv(name, value)
        done = CliRunner().invoke(app, ["build", QUARTER.id, "--landing", str(drop)])
        assert done.exit_code == 0, done.output
        yield Settings(home=home, code_version="containers"), done.output


@pytest.fixture(scope="module")
def submissions(built):
    return known_submissions(built[0])


def verdicts(submissions):
    right = submissions.filter(pl.col("pack_name").str.ends_with("_v1")).sort("pack_name")
    return right.select("pack_name", *VERDICT)


def test_every_container_is_judged_as_the_folder_is(folders, submissions, tmp_path, monkeypatch):
    for name, value in {**ENVIRONMENT, "CTW_HOME": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    state = Settings(home=tmp_path, code_version="containers")
    receive_all(folders, state.received, QUARTER, datetime(2026, 5, 1, tzinfo=UTC))
    expected = verdicts(judge_quarter(QUARTER).submissions)
    assert verdicts(submissions).drop("sha256").equals(expected.drop("sha256"))
    is_of_files = [at % len(CONTAINERS) < len(FILES) for at in range(expected.height)]
    hashes = verdicts(submissions)["sha256"].eq(expected["sha256"]).to_list()
    assert hashes == is_of_files, "a folder and its zip file share a hash"
    assert set(expected["status"]) == {"accepted"}
    assert expected.height >= len(CONTAINERS) * 5


def test_every_hostile_pack_is_refused_by_name_and_the_first_pack_of_the_area_stands(submissions):
    second = submissions.filter(pl.col("pack_name").str.ends_with("_v2"))
    assert second.height == len(HOSTILE)
    assert set(second["status"]) == {"rejected"}
    assert set(second["period_id"]) == {QUARTER.id}
    assert second["delivery_area_code"].n_unique() == len(HOSTILE)
    current = submissions.filter("is_current")
    assert set(current["pack_name"].str.slice(-3)) == {"_v1"}


def test_what_is_no_pack_is_refused_and_counted(built, submissions):
    unnamed = submissions.filter(pl.col("pack_name").str.starts_with("receipt-"))
    assert unnamed.height == len(NOT_PACKS)
    assert set(unnamed["status"]) == {"rejected"}
    assert f"{len(HOSTILE) + len(NOT_PACKS)} rejected" in built[1]


def test_everything_that_came_has_a_report_that_names_it(built, submissions):
    reports = {p.parent.name: p.read_text() for p in built[0].reports.glob("*/*/report.html")}
    assert set(reports) == {
        f"{name}.{number}"
        for number, name in submissions.select("submission_id", "pack_name").rows()
    }
    for kind in ("csv", "xlsx"):
        written = {p.parent.name for p in built[0].reports.glob(f"*/*/report.{kind}")}
        assert written == set(reports)
    for folder, page in reports.items():
        assert f"<h1>Validation report: {folder.split('.')[0]}</h1>" in page
    assert any(folder.startswith("CTW-EN15_2025-26Q4_v1") for folder in reports)


def content(file):
    """The bytes of a file; of a workbook, those of its parts."""
    if file.suffix != ".xlsx" or not zipfile.is_zipfile(file):
        return file.read_bytes()
    with zipfile.ZipFile(file) as book:
        return b"".join(book.read(name) for name in book.namelist())


def test_no_raw_name_that_somebody_sent_is_anywhere_in_the_state(built):
    settings, output = built
    marks = [os.fsencode(name)[:9] for name in NOT_PACKS]
    for file in paths_in(settings.home):
        held = os.fsencode(str(file.relative_to(settings.home)))
        held += content(file) if file.is_file() and file.suffix != ".duckdb" else b""
        assert not [mark for mark in marks if mark in held], file.name
    assert not [mark for mark in marks if mark in output.encode()]


def test_the_build_checked_that_the_starts_reconcile_and_would_have_been_held_back(built):
    (spec,) = starts_reconcile.check_specs
    assert spec.blocking
    with instance(built[0]) as held:
        record = held.event_log_storage.get_asset_check_execution_history(spec.key, limit=1)[0]
        evaluation = record.event.dagster_event.event_specific_data
    figures = {name: value.value for name, value in evaluation.metadata.items()}
    assert evaluation.passed
    assert figures["accepted"] == figures["published"] + figures["started again"] + figures["moved"]
    assert figures["accepted"] > 1_000


def test_the_log_and_the_events_of_the_run_name_refused_packs_by_receipt_or_name(built):
    with instance(built[0]) as held:
        (run,) = held.get_runs(limit=5)
        text = "\n".join(str(entry) for entry in held.all_logs(run.run_id))
    assert "receipt-" in text
    assert "CTW-EN15_2025-26Q4_v1" in text
