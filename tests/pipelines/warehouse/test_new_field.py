"""A field declared in the return arrives in the warehouse by its declaration alone."""

import subprocess
import sys
from pathlib import Path

SCRIPT = """
from dataclasses import replace

from schemas.fields import Code, Field
from schemas.returns import PACK

added = Field("benefit_now", Code("benefit"), "Main benefit now", required=False)
fields = (*PACK.participants.fields, added)
object.__setattr__(PACK, "participants", replace(PACK.participants, fields=fields))

from pipelines.database import DuckDB
from pipelines.warehouse import build_staging, failures, land, promote, read_relation
from schemas.quarter import Quarter
from tests.pipelines.warehouse.landed_packs import PARTICIPANTS, judged

header, *rows = PARTICIPANTS.strip().splitlines()
drawn = "\\n".join([f"{header} benefit_now", *(f"{row} ESA" for row in rows[:-2])])
database = DuckDB.in_memory()
land(database, judged(participants=drawn))
build_staging(database, Quarter(2026, 2))
assert failures(database) == ()
promote(database, Quarter(2026, 2))
for name in ("starts", "referrals", "caseload", "dim_participant"):
    assert "ESA" in read_relation(database, Quarter(2026, 2), name)["benefit_now"].to_list()
comments = "select distinct comment from duckdb_columns() where schema_name = 'warehouse' "
comments += "and column_name = 'benefit_now'"
assert database.connection.execute(comments).fetchall() == [("Main benefit now",)]
"""


def test_a_new_field_reaches_every_population_of_people():
    root = Path(__file__).parents[3]
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=root, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
