"""A version comes from a run that has made and checked everything, and from no other."""

import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import dagster as dg
import pytest
from typer.testing import CliRunner

from assets.cli import app
from assets.definitions import defs
from assets.instance import instance
from assets.publications import CHECKED, MADE, RELEASE
from operations.errors import SignOffError
from operations.home.settings import Settings
from operations.releases.publishing import publish, sign_off
from operations.releases.release_store import (
    SignOff,
    files_in,
    folder_of,
    manifest_hash,
    sign_offs,
    versions,
)
from operations.releases.run_records import check_built, record_run, run_of
from pipelines.synthetic import simulate
from schemas.quarter import Quarter

QUARTER = Quarter(2025, 1)
AFTER = QUARTER.next
AT = datetime(2026, 9, 1, 12, tzinfo=UTC)
BUILD = defs.resolve_job_def("quarterly_build")


def test_every_other_asset_of_the_build_is_made_before_the_release():
    graph = defs.resolve_asset_graph()
    others = BUILD.asset_layer.selected_asset_keys - {RELEASE}
    assert others == graph.get_ancestor_asset_keys(RELEASE)
    assert set(MADE) == others


def test_every_check_of_the_build_is_done_before_the_release():
    graph = defs.resolve_asset_graph()
    checks = {key for asset in graph.get_all_asset_keys() for key in keys_of(graph, asset)}
    assert checks
    assert set(CHECKED) == checks
    assert [key.name for key in checks if not graph.get(key).blocking] == []


def keys_of(graph, asset):
    return graph.get_check_keys_for_assets({asset})


def ctw(*words):
    return CliRunner().invoke(app, list(words))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home with the packs of one quarter, in which a report to an area could not be written."""
    folder = tmp_path_factory.mktemp("state")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CTW_HOME", str(folder))
        patch.setenv("CTW_CODE_VERSION", "drawn")
        settings = Settings.read()
        simulate(QUARTER, 50, 5, settings.incoming)
        settings.reports.write_text("a file where the folder of reports should be")
        failed = ctw("build", QUARTER.id)
        assert failed.exit_code == 1
        left = versions(settings, QUARTER)
        settings.reports.unlink()
        built = ctw("build", QUARTER.id)
        assert built.exit_code == 0, built.output
        yield settings, left


def test_a_run_of_which_one_step_failed_leaves_no_version(home):
    _, left = home
    assert left == []


def test_a_run_that_was_done_to_its_end_is_named_beside_its_version(home):
    settings, _ = home
    run = run_of(settings, QUARTER, 1)
    assert run.manifest_sha256 == manifest_hash(folder_of(settings, QUARTER, 1))
    assert run.code_version == "drawn"
    with instance(settings) as held:
        assert held.get_run_by_id(run.run_id).is_success
    check_built(settings, QUARTER, 1)


def test_no_file_of_a_quarter_built_in_an_everyday_home_says_that_it_is_a_rehearsal(home):
    settings, _ = home
    made = [
        path
        for folder in (settings.home / "releases", settings.home / "drafts", settings.reports)
        for path in folder.rglob("*")
        if path.is_file()
    ]
    assert {".html", ".json", ".csv", ".svg", ".ics", ".md", ".ods", ".xlsx"} < {
        path.suffix for path in made
    }
    said = settings.words.say("release.rehearsal").encode()
    assert [path for path in made if said in b"".join(parts(path))] == []


def parts(path):
    """What a file holds, the parts of a spreadsheet one by one."""
    if path.suffix not in {".ods", ".xlsx"}:
        return [path.read_bytes()]
    with zipfile.ZipFile(path) as archive:
        return [archive.read(name) for name in archive.namelist()]


def test_building_again_changes_nothing(home):
    settings, _ = home
    before = files_in(folder_of(settings, QUARTER, 1))
    again = ctw("build", QUARTER.id)
    assert again.exit_code == 0, again.output
    assert files_in(folder_of(settings, QUARTER, 1)) == before
    assert sorted(p.name for p in settings.releases(QUARTER).iterdir()) == ["v1", "v1.run.json"]


APPROVAL = SignOff("A Person", "Head of Profession", "", AT.isoformat(), "0" * 16)


@pytest.mark.parametrize(
    "act",
    [
        lambda settings: sign_off(settings, QUARTER, APPROVAL),
        lambda settings: publish(settings, QUARTER, AT),
    ],
    ids=["signed", "published"],
)
def test_a_version_without_the_record_of_its_run_is_neither_signed_nor_published(home, act):
    settings, _ = home
    record = settings.releases(QUARTER) / "v1.run.json"
    kept = record.read_text()

    def refused():
        with pytest.raises(SignOffError, match="Build it again: ctw build 2025-26Q1"):
            act(settings)

    try:
        other = replace(run_of(settings, QUARTER, 1), manifest_sha256="0" * 64)
        record_run(settings, QUARTER, 1, other)
        refused()
        for content in ("", "{", "[]", "{}", json.dumps({"run_id": "a", "manifest": "b"})):
            record.write_text(content)
            refused()
        record.unlink()
        refused()
    finally:
        record.write_text(kept)
    assert sign_offs(settings, QUARTER, 1) == []


def test_hand_picked_assets_write_no_version(home):
    settings, _ = home
    before = files_in(folder_of(settings, QUARTER, 1)), run_of(settings, QUARTER, 1)
    with instance(settings) as held:
        done = BUILD.execute_in_process(
            partition_key=QUARTER.start.isoformat(),
            instance=held,
            asset_selection=[RELEASE, dg.AssetKey(["publications", "folder"])],
            raise_on_error=False,
        )
    assert not done.success
    failed = next(event for event in done.all_events if event.is_step_failure)
    words = failed.step_failure_data.user_failure_data.description
    assert words.startswith("No version was written: this run has not made")
    assert "Launch the whole job quarterly_build" in words
    assert (files_in(folder_of(settings, QUARTER, 1)), run_of(settings, QUARTER, 1)) == before


def test_a_quarter_without_any_return_stops_and_says_what_is_missing(home):
    settings, _ = home
    done = ctw("build", AFTER.id)
    assert done.exit_code == 1
    assert (
        "2025-26 Q2 stops here. 0 of 8 areas that are open have an accepted return" in done.output
    )
    assert "75% are needed" in done.output
    assert "(not received)" in done.output
    assert "Ask these areas for their returns, and build again: ctw build." in done.output
    assert "In the UI" not in done.output
    assert versions(settings, AFTER) == []
    assert (
        "Build it first"
        in ctw("sign-off", AFTER.id, "--manifest", "0" * 16, "--name", "A", "--role", "B").output
    )
