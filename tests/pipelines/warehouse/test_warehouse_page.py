"""The page for analysts is current, and its examples run."""

import re
from pathlib import Path

import pytest
from duckdb import InvalidInputException, PermissionException

from pipelines.database import DuckDB
from pipelines.warehouse import build_staging, copy_for_analysts, land, promote
from pipelines.warehouse.document import documented
from schemas.quarter import Quarter
from schemas.warehouse import RELATIONS
from tests.pipelines.warehouse.landed_packs import judged

PAGE = Path(__file__).parents[3] / "docs" / "warehouse.md"
OPENED = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
EXAMPLES = re.findall(r"```sql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    database = DuckDB.in_memory()
    land(database, judged())
    build_staging(database, Quarter(2026, 2))
    promote(database, Quarter(2026, 2))
    file = tmp_path_factory.mktemp("copy") / "warehouse_2026_27q2.duckdb"
    copy_for_analysts(database, Quarter(2026, 2), file)
    named = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(file.parent)
        for block in OPENED:
            exec(compile(block, PAGE.name, "exec"), named)
    with named["warehouse"] as opened:
        yield opened


def test_the_page_is_current():
    page = PAGE.read_text(encoding="utf-8")
    assert documented(page) == page, "Make docs/warehouse.md anew; the page says how."


def test_every_relation_is_on_the_page():
    page = PAGE.read_text(encoding="utf-8")
    assert all(f"### `{relation.name}`" in page for relation in RELATIONS)


def test_the_page_opens_the_file_locked(copy):
    with pytest.raises(PermissionException, match="disabled"):
        copy.execute("select * from read_csv('/etc/hosts')")
    with pytest.raises(InvalidInputException, match="locked"):
        copy.execute("set enable_external_access = true")
    assert len(copy.execute("select * from starts").fetchall()) > 0


def test_what_was_believed_at_a_moment(copy):
    (believed,) = [sql for sql in EXAMPLES if "2026-08-01" in sql]
    assert copy.execute(believed).fetchall() == [(1,)]


def test_whose_start_date_was_changed(copy):
    (changed,) = [sql for sql in EXAMPLES if "stated_before" in sql]
    rows = [
        (episode, before, str(now)) for episode, before, now in copy.execute(changed).fetchall()
    ]
    assert rows == [("e2", None, "2026-07-01")]


def test_every_relation_has_its_comment_in_the_copy(copy):
    (first,) = [sql for sql in EXAMPLES if "duckdb_tables" in sql]
    statements = [statement for statement in first.split(";") if statement.strip()]
    assert dict(copy.execute(statements[0]).fetchall()) == {r.name: r.grain for r in RELATIONS}
    assert all(comment for _, comment in copy.execute(statements[1]).fetchall())
