"""Tidy CSV, one row per figure, with a complete description beside it."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

from publications.data.open_data import as_csv, escape_formula, header, open_data, records
from publications.views.layout import layouts
from publications.wording.explanations import meaning
from publications.wording.naming import csv_path, metadata_path
from publications.words import words_in
from tests.publications.release_sample import sample
from tests.publications.sample_rows import PLANNED

TYPES = {"string", "integer", "decimal", "date"}


def rows_of(files, path):
    return list(csv.DictReader(io.StringIO(files[path].decode("utf-8"))))


def test_every_figure_of_every_table_is_one_row(files, release):
    for table in release.tables:
        rows = rows_of(files, csv_path(release.quarter, table))
        assert len(rows) == len(table.rows) * len(table.measures)
        keys = {tuple(r[f"{c.id}_code"] for c in table.dimensions) + (r["measure"],) for r in rows}
        assert len(keys) == len(rows)


def test_a_value_or_a_marker_stands_in_every_row_and_an_estimate_has_both(files, release):
    table = release.table("rollout")
    rows = rows_of(files, csv_path(release.quarter, table))
    first = next(r for r in rows if r["measure"] == "planned_starts")
    assert (first["value"], first["marker"]) == (str(49 * PLANNED), "e")
    for row in rows:
        assert row["value"] or row["date"] or row["marker"] in ("c", "x", "z")


def test_every_planned_figure_is_an_estimate(files, release):
    rows = rows_of(files, csv_path(release.quarter, release.table("rollout")))
    planned = [row for row in rows if row["measure"] == "planned_starts"]
    assert {(row["marker"], row["lower"], row["upper"]) for row in planned} == {("e", "", "")}


def test_dates_have_a_column_of_their_own_and_numbers_stay_numbers(files, release):
    table = release.table("rollout")
    for row in rows_of(files, csv_path(release.quarter, table)):
        assert not row["value"] or row["value"].isdigit()
        assert len(row["date"]) in (0, 10)


def test_files_end_lines_with_a_line_feed_and_are_utf8_without_a_mark(files):
    for path, content in files.items():
        if path.endswith(".csv"):
            assert b"\r" not in content
            assert content.endswith(b"\n")
            assert not content.startswith(b"\xef\xbb\xbf")
            content.decode("utf-8")


def test_text_that_a_spreadsheet_would_run_is_disarmed(release):
    assert [escape_formula(t) for t in ("=1", "+1", "-a", "@x", "\tx", "plain")] == [
        "'=1",
        "'+1",
        "'-a",
        "'@x",
        "'\tx",
        "plain",
    ]
    table = release.table("starts_by_model")
    row = replace(table.rows[0], labels=("=HYPERLINK()", *table.rows[0].labels[1:]))
    changed = replace(table, rows=(row, *table.rows[1:]))
    layout = next(layout for layout in layouts(release) if layout.table == table)
    altered = replace(layout, table=changed)
    text = as_csv(header(altered), records(altered)).decode()
    assert "'=HYPERLINK()" in text
    assert ",=HYPERLINK" not in text


def test_the_description_names_every_column_with_title_type_and_null(files, release):
    for table in release.tables:
        meta = json.loads(files[metadata_path(release.quarter, table)])
        header = files[csv_path(release.quarter, table)].decode().splitlines()[0].split(",")
        columns = meta["tableSchema"]["columns"]
        assert [c["name"] for c in columns] == header
        assert [c["titles"]["en"][0] for c in columns] == header
        for column in columns:
            datatype = column["datatype"]
            base = datatype if isinstance(datatype, str) else datatype["base"]
            assert base in TYPES
            assert column["dc:description"]
        assert {c["name"] for c in columns if "null" in c} >= {"value", "marker"}
        assert set(meta["tableSchema"]["primaryKey"]) <= set(header)


def test_the_description_carries_licence_date_notes_and_the_synthetic_statement(files, release):
    for table in release.tables:
        path = metadata_path(release.quarter, table)
        meta = json.loads(files[path])
        assert path == f"data/{meta['url']}-metadata.json"
        assert "open-government-licence/version/3" in meta["dc:license"]["@id"]
        assert meta["dc:available"]["@value"] == "2026-12-17T09:30:00+00:00"
        assert "Synthetic data" in meta["dc:description"]
        assert all(note in meta["dc:description"] for note in table.notes)
        for marker in table.markers:
            assert meaning(marker, words_in()) in meta["dc:description"]
    real = open_data(sample(synthetic=False))
    assert not any(b"ynthetic" in content for content in real.values())


def test_levels_tell_totals_groups_and_categories_apart(files, release):
    rows = rows_of(files, csv_path(release.quarter, release.table("referral_routes")))
    levels = {r["referral_route_code"]: r["referral_route_level"] for r in rows}
    assert levels["total"] == "Total"
    assert levels["HEALTH_CARE"] == "Group"
    assert levels["JCP"] == "Category"
