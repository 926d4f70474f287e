"""One small release, from packs to published site: golden byte for byte, and free of identifiers.

The world has two areas without a return: one pack is missing, one is corrupt. When a change of the
publication is meant, `CTW_UPDATE_GOLDEN=1 make test` writes the golden files anew; review their
difference as a changed publication.
"""

import csv
import io
import json
import os
import re
import shutil
import sqlite3
from pathlib import Path

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from assets.cli import app
from assets.publications import release_of
from disclosure.methods.treated import untreated
from operations.home.settings import Settings
from operations.releases.release_store import files_in, manifest_hash
from operations.stores.cells import protected_table, true_cells
from pipelines.synthetic import simulate
from publications.gates.expected import expected_of
from publications.gates.screener import GATES, screen_files, screened
from publications.populations import FUNDING, HEALTH_SETTINGS
from publications.tables import TABLES
from schemas.expectations import SUITES
from schemas.quarter import Quarter
from tests.explaining import LEFT_OUT
from tests.homes import paths_in
from tests.publications.changes import CHANGES, changed, is_there
from tests.verification.ranges import cell_of, published, ranges

GOLDEN = Path(__file__).parent / "release"
QUARTER = Quarter(2025, 4)
MISSING, CORRUPT = "CTW-EN04", "CTW-EN09"
ENVIRONMENT = {
    "CTW_PSEUDONYM_KEY": "a pseudonym key of the golden release",
    "CTW_RECORD_KEY_SECRET": "a record key secret of the golden release",
    "CTW_CODE_VERSION": "golden",
}
EXPLAINED = {
    MISSING: "The area changed its case management system and could not send its return in time.",
    CORRUPT: "The manifest of the return could not be read; the area sends it again next quarter.",
    "on_time_percent": "Several areas sent their first return of this layout a few days late.",
    "rejected_rows_percent": "One area used codes of an earlier layout in 4 of its files.",
    "starts_percent_of_plan": "Plans were made before the openings of several areas moved.",
}
THE_BUILD = "2026-05-05T12:00:00+01:00"
ON_THE_DAY = "2026-06-18T09:30:00+01:00"


def ctw(*words, **environment):
    """Run the command line; the time of a rehearsal can be given as `now`."""
    stated_time = {"CTW_NOW": environment["now"]} if "now" in environment else {}
    return CliRunner().invoke(app, list(words), env=stated_time)


def packs_in(folder):
    simulate(QUARTER, 1_500, 11, folder, first=QUARTER)
    shutil.rmtree(folder / f"{MISSING}_{QUARTER.id}_v1")
    (folder / f"{CORRUPT}_{QUARTER.id}_v1" / "manifest.json").write_text("{ not JSON")
    return folder


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    """The state after the build of the golden quarter."""
    home = tmp_path_factory.mktemp("golden")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**ENVIRONMENT, "CTW_HOME": str(home)}.items():
            patch.setenv(name, value)
        made = ctw("rehearse", "--now", THE_BUILD)
        assert made.exit_code == 0, made.output
        packs = packs_in(home / "packs")
        because = [w for about in EXPLAINED.items() for w in ("--because", "=".join(about))]
        given = ctw("explain", QUARTER.id, *because, "--name", "A Person", "--role", "Statistician")
        assert given.exit_code == 0, given.output
        stopped = ctw("build", QUARTER.id, "--landing", str(packs))
        assert stopped.exit_code == 1
        assert "the Head of Profession chooses" in stopped.output
        words = ("--reason", LEFT_OUT, "--name", "A Person", "--role", "Head of Profession")
        chosen = ctw("treat", QUARTER.id, "--method", "leave_out", *words)
        assert chosen.exit_code == 0, chosen.output
        built = ctw("build", QUARTER.id, "--landing", str(packs))
        assert built.exit_code == 0, built.output
        yield Settings.read(), built.output


@pytest.fixture(scope="module")
def release(state):
    settings, _ = state
    return files_in(settings.releases(QUARTER) / "v1")


def identifiers(packs):
    """Every identifier that stands in the packs, as text."""
    found = set()
    for file in packs.rglob("*.csv"):
        rows = pl.read_csv(file, infer_schema=False)
        for name in ("participant_ref", "nino", "event_ref", "specialist_ref"):
            if name in rows.columns:
                found |= set(rows[name].drop_nulls())
    return found


def figures(release):
    """Every figure in open data: one row of the CSV files as a dict."""
    for path, content in release.items():
        if path.startswith("data/") and path.endswith(".csv") and "-table-" in path:
            yield from ((path, row) for row in csv.DictReader(io.StringIO(content.decode())))


def test_the_release_is_the_golden_one_byte_for_byte(release):
    if os.environ.get("CTW_UPDATE_GOLDEN") == "1":
        shutil.rmtree(GOLDEN, ignore_errors=True)
        for path, content in release.items():
            (GOLDEN / path).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / path).write_bytes(content)
    golden = files_in(GOLDEN)
    assert sorted(release) == sorted(golden)
    assert [path for path in golden if release[path] != golden[path]] == []


def test_the_summary_says_where_what_came_and_what_was_withheld(state):
    settings, text = state
    assert str(settings.releases(QUARTER) / "v1") in text
    assert "35 packs received: 34 accepted, 0 queried, 1 rejected" in text
    assert "not received: 1" in text
    assert "Missing    Gloucestershire (not received), South London (rejected)" in text
    assert all(word in text for word in ("Withheld", "Synthetic", "make ui"))


def test_an_area_whose_return_is_missing_or_rejected_shows_as_not_available(release):
    found = {
        (row["delivery_area_code"], row["quarter_code"]): row["marker"]
        for path, row in figures(release)
        if "starts-by-delivery-area" in path
    }
    assert found[MISSING, QUARTER.id] == "x"
    assert found[CORRUPT, QUARTER.id] == "x"
    assert found["CTW-EN01", QUARTER.id] == ""
    assert found["K04000001", QUARTER.id] == "i"


def test_no_count_of_one_to_four_people_reaches_the_release(release):
    people = {
        m.id
        for t in TABLES
        for m in t.measures
        if getattr(m, "population", None) and m.population.people
    }
    counts = [int(r["value"]) for _, r in figures(release) if r["measure"] in people and r["value"]]
    assert counts
    assert all(count % 5 == 0 for count in counts)


def test_results_of_checks_of_settings_and_money_are_not_published(release):
    """That no area's settings changed by more than half once bounded a withheld count."""
    published = {check["description"] for check in json.loads(release["quality.json"])["checks"]}
    inside = {e.description for suite in SUITES for e in suite.expectations if not e.is_public}
    about = [text for text in inside if "setting" in text or "alloca" in text or "grant" in text]
    [restated] = inside - set(about)
    assert "Returns that replaced earlier ones" in restated
    assert len(about) == 6
    assert published
    assert not published & inside
    assert not [text for text in published if "setting" in text or "grant" in text]


def test_every_figure_has_a_value_or_says_why_not(release):
    rows = [row for _, row in figures(release)]
    assert rows
    bare = [
        r for r in rows if not (r["value"] or r.get("date")) and r["marker"] not in {"c", "x", "z"}
    ]
    assert bare == []


def test_no_identifier_leaves_the_landing(state):
    settings, text = state
    known = identifiers(settings.home / "packs")
    assert len(known) > 1_000
    for store in (settings.confidential, settings.protected):
        with duckdb.connect(str(store), read_only=True) as connection:
            assert texts(connection) & known == set()
    for log in settings.home.glob("dagster/**/*.db"):
        assert words_of(log) & known == set()
    away = (settings.home / "packs", settings.home / "landing" / "received")
    for file in paths_in(settings.home):
        if file.is_file() and not any(file.is_relative_to(folder) for folder in away):
            assert not words_in(file.read_bytes()) & known, file
    assert not words_in(text.encode()) & known


def texts(connection):
    """Every distinct text in every table of a DuckDB file."""
    columns = connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns() "
        "where data_type = 'VARCHAR' and not internal"
    ).fetchall()
    found = set()
    for schema, table, column in columns:
        query = f'select distinct "{column}" from "{schema}"."{table}"'
        found |= {value for (value,) in connection.execute(query).fetchall() if value}
    return found


def words_in(content):
    """Every word that could be an identifier, in any file."""
    return {word.decode() for word in re.findall(rb"[A-Z0-9][A-Z0-9-]{5,19}", content)}


def words_of(log):
    """Every word in the text columns of an SQLite file."""
    with sqlite3.connect(log) as connection:
        tables = [
            n for (n,) in connection.execute("select name from sqlite_master where type = 'table'")
        ]
        rows = [row for table in tables for row in connection.execute(f'select * from "{table}"')]
    return {
        word for row in rows for cell in row if isinstance(cell, str) for word in cell.split('"')
    }


def test_only_pseudonyms_stand_for_people_in_the_warehouse(state):
    settings, _ = state
    with duckdb.connect(str(settings.confidential), read_only=True) as connection:
        names = {
            n for (n,) in connection.execute("select column_name from duckdb_columns()").fetchall()
        }
    assert not names & {"nino", "participant_ref", "event_ref", "specialist_ref", "free_text_note"}
    assert {"person_id", "episode_id"} <= names


def test_analysts_have_a_read_only_file_of_the_warehouse(state):
    settings, _ = state
    file = settings.analysts / "warehouse_2025_26q4.duckdb"
    assert not file.stat().st_mode & 0o222
    with duckdb.connect(str(file), read_only=True) as connection:
        assert connection.execute("select count(*) from starts").fetchone()[0] > 0
        assert "returns" not in {
            s
            for (s,) in connection.execute(
                "select schema_name from duckdb_schemas() where not internal"
            ).fetchall()
        }


def test_every_page_and_sheet_says_that_it_is_synthetic(release):
    for path, content in release.items():
        if path.endswith((".html", ".md", ".ics")) or path == "manifest.json":
            assert b"ynthetic" in content, path


def rule_withheld(read, population):
    """The cells that the rules of a population withhold: value and protection, to each side."""
    cells = true_cells(QUARTER, population.relation)
    treated = untreated(cells)
    for method in population.protection:
        treated = treated if method.proves else method.treat(treated)
    found = treated.cells.filter(treated.sensitive)
    return {
        cell_of(read, row["statistic"], {name: row[name] for name in cells.dimensions}): (
            row["value"],
            row["lower_protection"],
            row["upper_protection"],
        )
        for row in found.iter_rows(named=True)
    }


def cover(read, population):
    """The true values of the cells that are withheld beside those, without zeros."""
    cells = true_cells(QUARTER, population.relation)
    keys = [*cells.dimensions, "statistic"]
    shown = protected_table(QUARTER, population.relation).cells.select(*keys, "status")
    rows = cells.cells.join(shown, on=keys).filter(pl.col("status") == "c", pl.col("value") > 0)
    found = {
        cell_of(read, row["statistic"], {name: row[name] for name in cells.dimensions}): row[
            "value"
        ]
        for row in rows.iter_rows(named=True)
    }
    return {c: v for c, v in found.items() if c not in rule_withheld(read, population)}


def too_narrow(read, guarded, shown):
    """The guarded cells that a reader can bound inside their protection."""
    known = ranges(read, guarded.keys(), shown)
    return {
        cell
        for cell, (value, lower, upper) in guarded.items()
        if known[cell][0] > max(value - lower, 0) or known[cell][1] < value + upper
    }


@pytest.mark.parametrize("population", [HEALTH_SETTINGS, FUNDING], ids=lambda p: p.relation)
def test_a_reader_bounds_no_figure_that_a_rule_withholds_inside_its_protection(state, population):
    """By the verifier's sums, which share nothing with the engine that chose what is withheld."""
    settings, _ = state
    read = published(settings.releases(QUARTER) / "v1")
    guarded, beside = rule_withheld(read, population), cover(read, population)
    assert len(guarded) >= 10
    assert too_narrow(read, guarded, {}) == set()
    dearest = sorted(beside, key=beside.get, reverse=True)
    assert any(too_narrow(read, guarded, {cell: beside[cell]}) for cell in dearest)


def test_a_release_is_published_when_signed_off_and_due_and_not_before(state, release):
    settings, _ = state
    manifest = manifest_hash(settings.releases(QUARTER) / "v1")
    assert f"manifest {manifest[:16]}" in ctw("status").output
    unsigned = ctw("publish", QUARTER.id, now=ON_THE_DAY)
    assert unsigned.exit_code == 1
    assert "is not signed off" in unsigned.output
    who = ["--name", "A Person", "--role", "Head of Profession"]
    blank = ctw("sign-off", QUARTER.id, "--manifest", manifest, "--name", " ", "--role", "A role")
    assert blank.exit_code == 1
    assert "name and the role" in blank.output
    other = ctw("sign-off", QUARTER.id, "--manifest", "0" * 16, *who)
    assert other.exit_code == 1
    assert "it is another draft" in other.output
    signed = ctw("sign-off", QUARTER.id, "--manifest", manifest[:16], *who)
    assert signed.exit_code == 0, signed.output
    early = ctw("publish", QUARTER.id, now="2026-06-18T09:29:59+01:00")
    assert early.exit_code == 1
    assert "under embargo until 09:30 on 18 June 2026" in early.output
    assert not settings.site.exists()

    page = settings.releases(QUARTER) / "v1" / "index.html"
    page.write_bytes(page.read_bytes() + b" ")
    altered = ctw("publish", QUARTER.id, now=ON_THE_DAY)
    assert altered.exit_code == 1
    assert "index.html was altered" in altered.output
    page.write_bytes(release["index.html"])

    done = ctw("publish", QUARTER.id, now=ON_THE_DAY)
    assert done.exit_code == 0, done.output
    assert settings.site.is_symlink()
    assert files_in(settings.site / QUARTER.id / "v1") == release
    assert ctw("verify", str(settings.site / QUARTER.id / "v1")).exit_code == 0
    assert b"January to March 2026" in (settings.site / "index.html").read_bytes()
    assert "published 18 June 2026" in ctw("status").output
    listed = ctw("records").output
    assert "sign-off of 2025-26 Q4 v1 by A Person, Head of Profession" in listed
    assert "publication of 2025-26 Q4 v1" in listed


def test_verify_finds_an_altered_file(state, tmp_path):
    settings, _ = state
    copy = tmp_path / "copy"
    shutil.copytree(settings.releases(QUARTER) / "v1", copy)
    assert ctw("verify", str(copy)).exit_code == 0
    (copy / "figures.json").write_text("[]")
    found = ctw("verify", str(copy))
    assert found.exit_code == 1
    assert "figures.json was altered" in found.output


def is_found(expected, files):
    """Whether any gate finds something; those after it are not asked."""
    found = (screened(expected, files, {name: GATES[name]}) for name in GATES)
    return any(any(problems.values()) for problems in found)


def test_a_changed_figure_or_date_is_found_in_every_file(release):
    """As the build wrote it; every place within a file is tried in test_changed_figures."""
    expected = expected_of(release_of(QUARTER, 1))
    assert not any(screened(expected, release).values())
    there = [change for change in CHANGES if is_there(release, change)]
    assert len(there) > len(CHANGES) - 10
    one_per_file = {change.file: change for change in there}.values()
    altered = {change.where: changed(release, change) for change in one_per_file}
    assert [where for where, files in altered.items() if not is_found(expected, files)] == []
    assert [where for where, files in altered.items() if not screen_files(files)] == []


def test_verify_finds_a_page_that_differs_from_the_open_data(state, release, tmp_path):
    change = next(change for change in CHANGES if change.where == "a cell of a folded table")
    for path, content in changed(release, change).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    found = ctw("verify", str(tmp_path))
    assert found.exit_code == 1
    assert "which is not what data/" in found.output


def test_the_manifest_names_every_file_and_no_time_of_the_build(release):
    manifest = json.loads(release["manifest.json"])
    listed = {entry["path"] for entry in manifest["files"]}
    assert listed == release.keys() - {"manifest.json", "SHA256SUMS"}
    assert "2026-05-05" not in release["manifest.json"].decode()
