"""Two releases, from packs to files: a return that came late revises the quarter before."""

import csv
import json
import shutil

import pytest
from typer.testing import CliRunner

from assets.cli import app
from operations.home.settings import Settings
from operations.releases.release_store import manifest_hash
from pipelines.synthetic import simulate
from publications.wording.naming import revisions_path
from schemas.quarter import Quarter
from tests.built_homes import copied
from tests.explaining import explain_all

FIRST, SECOND = Quarter(2025, 2), Quarter(2025, 3)
LATE = "CTW-EN01"
ENVIRONMENT = {
    "CTW_PSEUDONYM_KEY": "a pseudonym key of two releases in a row",
    "CTW_RECORD_KEY_SECRET": "a record key secret of two releases in a row",
    "CTW_CODE_VERSION": "drawn",
}


def ctw(*words):
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 0, done.output
    return done.output


def two_quarters(home):
    """Build two quarters; the first, of which one area had sent no return in time, is public."""
    packs, person = home / "packs", ("--name", "A Person", "--role", "Head of Profession")
    simulate(SECOND, 300, 5, packs)
    shutil.rmtree(packs / f"{LATE}_{FIRST.id}_v1")
    state = Settings.read()
    for quarter in (FIRST, SECOND):
        explain_all(state, quarter)
    ctw("build", FIRST.id, "--landing", str(packs))
    folder = state.releases(FIRST) / "v1"
    ctw("sign-off", FIRST.id, "--manifest", manifest_hash(folder), *person)
    ctw("publish", FIRST.id)
    ctw("build", SECOND.id, "--landing", str(packs))


@pytest.fixture(scope="module")
def second(tmp_path_factory):
    """The second release: of the first quarter, one area had sent no return in time."""
    with copied(tmp_path_factory, "two_quarters", ENVIRONMENT, two_quarters):
        yield Settings.read().releases(SECOND) / "v1"


def rows_of(folder, path):
    with (folder / path).open(newline="") as file:
        return list(csv.DictReader(file))


def test_what_the_late_return_brings_is_a_revision_with_that_reason(second):
    rows = rows_of(second, revisions_path(SECOND))
    assert {row["since"] for row in rows} == {f"{FIRST.label} v1"}
    cell = f"delivery_area={LATE}; quarter={FIRST.id}"
    own = [row for row in rows if (row["table"], row["codes"]) == ("starts_by_delivery_area", cell)]
    (starts,) = [row for row in own if row["measure"] == "starts"]
    assert (starts["old_value"], starts["old_marker"]) == ("", "x")
    assert starts["new_value"]
    assert starts["reason"] == "late_return"
    assert starts["difference"] == ""


def test_every_revision_is_marked_and_has_a_reason_on_record(second):
    rows = rows_of(second, revisions_path(SECOND))
    record = json.loads((second / "quality.json").read_bytes())["revisions"]
    assert (record["figures"], record["without_reason"]) == (len(rows), 0)
    (path,) = second.glob("data/*-starts-by-delivery-area.csv")
    shown = {(r["delivery_area_code"], r["quarter_code"]): r for r in rows_of(second, path)}
    assert shown[LATE, FIRST.id]["marker"] == "r"
    assert all(row["marker"] != "r" for (_, at), row in shown.items() if at == SECOND.id)


def test_the_verifier_finds_nothing_of_the_marks_and_quality_gives_the_sizes(second):
    record = json.loads((second / "quality.json").read_bytes())["revisions"]
    starts = [line for line in record["sizes"] if line["table"] == "starts_by_delivery_area"]
    assert [line["since"] for line in starts] == [f"{FIRST.label} v1"]
    assert starts[0]["compared"] > starts[0]["revised"]
    page = (second / "quality.html").read_text()
    assert "late return: an area's return was missing at the earlier version" in page.replace(
        "&#39;", "'"
    )
