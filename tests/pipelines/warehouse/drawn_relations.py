"""Tables drawn as text: what a relation reads, and the rows expected of it."""

import polars as pl

from pipelines.database import DuckDB
from pipelines.warehouse.order import HERE, parameters, reads, statement
from pipelines.warehouse.reference_tables import reference_tables
from pipelines.warehouse.run import values
from schemas.quarter import Quarter
from schemas.warehouse import REFERENCE, RELATIONS, RETURNS

QUARTER = Quarter(2026, 2)
_DECLARED = {
    relation.name: (schema, relation)
    for schema, relations in {
        "returns": RETURNS,
        "reference": REFERENCE,
        "staging": RELATIONS,
    }.items()
    for relation in relations
}


def table(text):
    """Read a drawn table: every value text; a dot is null, _ an empty text, ~ a space."""
    lines = [line.split() for line in text.strip().splitlines()]
    meant = {".": None, "_": ""}
    rows = [[meant.get(value, value.replace("~", " ")) for value in line] for line in lines[1:]]
    assert all(len(row) == len(lines[0]) for row in rows), "a drawn row lacks a value"
    return pl.DataFrame(rows, schema=dict.fromkeys(lines[0], pl.String), orient="row")


def made(name, *, quarter=QUARTER, known_at=None, folder=HERE, **drawn):
    """Run one relation on drawn tables; a reference table that is not drawn is the real one."""
    sql = statement(name, folder)
    assert drawn.keys() <= reads(sql), f"{name} does not read {drawn.keys() - reads(sql)}"
    real = {} if reads(sql) <= drawn.keys() else reference_tables(quarter)
    database = DuckDB.in_memory()
    for schema in ("returns", "reference", "staging"):
        database.run(f"create schema {schema}")
    for read in reads(sql):
        place(database, read, table(drawn[read]) if read in drawn else real.get(read))
    given = {**values(quarter, known_at), "previous": quarter.previous.id}
    with database.searching("staging", "returns", "reference"):
        return database.query(sql, {n: given[n] for n in parameters(sql)})


def place(database, name, frame):
    """Put rows into the table of that name; the columns that were not drawn are null."""
    schema, relation = _DECLARED[name]
    database.create(schema, name, relation.columns)
    if frame is not None:
        there = tuple(column for column in relation.columns if column.name in frame.columns)
        missing = set(frame.columns) - {c.name for c in there}
        assert schema == "reference" or not missing, f"{name} has no column {missing}"
        database.insert(schema, name, frame, there)


def shows(frame, text):
    """Check that the drawn columns of a frame have the drawn rows, in whatever order."""
    expected = table(text)
    found = frame.select(_written(frame[name]) for name in expected.columns)
    assert found.sort(pl.all(), nulls_last=True).rows() == (
        expected.sort(pl.all(), nulls_last=True).rows()
    )
    return True


def _written(column):
    if isinstance(column.dtype, pl.Datetime):
        return column.dt.convert_time_zone("UTC").dt.strftime("%Y-%m-%dT%H:%MZ")
    if column.dtype == pl.Boolean:
        return column.replace_strict({True: "yes", False: "no"}, return_dtype=pl.String)
    return column.cast(pl.String)
