"""Protected tables survive storage; altered ones do not."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO

import polars as pl
import pytest

from disclosure import CellKey, ProtectedTable, protect
from disclosure.errors import SealError
from disclosure.protection.protect import fingerprint
from disclosure.protection.store import dump, restore
from disclosure.tables.drawn import draw


@pytest.fixture(scope="module")
def protected() -> ProtectedTable:
    table = draw("area value cell_key\nAll 12 5\nA 7 2\nB 5 3\nC x .", area="All: A B C")
    return protect(table, [CellKey()], of="2025-26Q4")


def test_a_stored_table_comes_back_the_same(protected):
    cells, meta = dump(protected)
    file = BytesIO()
    cells.write_parquet(file)
    file.seek(0)
    back = restore(pl.read_parquet(file), json.loads(json.dumps(meta)))
    assert back == protected
    assert back.cells.equals(protected.cells)
    assert (back.of, back.report) == ("2025-26Q4", protected.report)
    assert back.report.attacker[0] == protected.report.attacker[0]


def test_a_table_of_a_version_that_did_not_say_of_what_comes_back_as_of_nothing(protected):
    cells, meta = dump(protected)
    back = restore(cells, {k: v for k, v in meta.items() if k not in ("of", "bond")})
    assert back == protected
    assert back.of == ""


@pytest.mark.parametrize(
    "change", [{"of": "2025-26Q3"}, {"of": ""}, {"bond": ""}, {"bond": "0" * 64}]
)
def test_cells_cannot_be_said_to_be_of_something_else(protected, change):
    cells, meta = dump(protected)
    with pytest.raises(SealError, match="sealed as cells of something else"):
        restore(cells, meta | change)


def test_figures_of_a_phrase_that_are_no_figures_are_refused(protected):
    cells, meta = dump(protected)
    report = meta["report"] | {"attacker": [{"id": "bounds.x", "figures": ["beds"]}]}
    with pytest.raises(SealError, match="not a protected table"):
        restore(cells, meta | {"report": report})


def test_a_table_whose_report_an_earlier_version_wrote_in_sentences_comes_back(protected):
    report = replace(protected.report, attacker=("A reader knows it to within 9.",))
    one = protected
    parts = (one.name, one.dimensions, one.statistics, one.cells, one.methods, report)
    cells, meta = dump(protected)
    marks = {"fingerprint": fingerprint(*parts), "of": "", "bond": ""}
    stored = {**meta, "report": report.as_dict(), **marks}
    back = restore(cells, json.loads(json.dumps(stored)))
    assert back.report == report
    with pytest.raises(SealError):
        restore(cells, {**stored, "report": {**stored["report"], "attacker": ["Another."]}})


def test_the_order_and_width_of_what_was_stored_do_not_matter(protected):
    cells, meta = dump(protected)
    other = (
        cells.reverse().select(reversed(cells.columns)).with_columns(pl.col("value").cast(pl.Int32))
    )
    assert restore(other, meta) == protected


@pytest.mark.parametrize("field", ["name", "methods", "statistics", "report", "fingerprint"])
def test_altered_metadata_is_refused(protected, field):
    cells, meta = dump(protected)
    changed = {
        "name": "other",
        "methods": [],
        "statistics": ["other"],
        "report": {**meta["report"], "withheld": 0, "shown": 4},
        "fingerprint": "0" * 64,
    }
    with pytest.raises(SealError, match="altered after disclosure control"):
        restore(cells, {**meta, field: changed[field]})


@pytest.mark.parametrize(
    "change",
    [
        pl.lit(999, pl.Int64).alias("value"),
        pl.lit("c").alias("status"),
        pl.lit("B").alias("area"),
    ],
)
def test_cells_that_were_altered_are_refused(protected, change):
    cells, meta = dump(protected)
    first = pl.int_range(pl.len()) == 0
    name = change.meta.output_name()
    altered = cells.with_columns(pl.when(first).then(change).otherwise(pl.col(name)).alias(name))
    with pytest.raises(SealError, match="altered"):
        restore(altered, meta)


def test_what_is_no_protected_table_is_refused(protected):
    cells, meta = dump(protected)
    with pytest.raises(SealError, match="not a protected table"):
        restore(cells, {})
    with pytest.raises(SealError, match="not a protected table"):
        restore(cells.drop("status"), meta)
    with pytest.raises(SealError, match="not a protected table"):
        restore(cells, {**meta, "report": {}})
    with pytest.raises(SealError, match="not a protected table"):
        restore(cells.with_columns(value=pl.lit("many")), meta)
