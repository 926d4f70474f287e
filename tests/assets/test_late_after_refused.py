"""A file that is no pack, dropped in time, does not make a late return one that came in time."""

import os
from datetime import UTC, date, datetime

import pytest

from assets.returns import judge_quarter
from operations.desk.returns import gather_returns
from operations.home.keys import keys_of
from operations.home.settings import Settings
from operations.landing.receive import receive_all
from operations.stores.databases import writing
from operations.stores.returns import known_submissions
from pipelines.warehouse import build_staging
from tests.pipelines.returns.small_world import AREA, NAME, QUARTER, draft

IN_TIME = datetime(2025, 10, 20, 9, tzinfo=UTC)
LATE = datetime(2025, 11, 7, 9, tzinfo=UTC)


@pytest.mark.parametrize("is_corrected", [True, False])
def test_desk_and_warehouse_say_how_late_it_is(tmp_path, monkeypatch, is_corrected):
    monkeypatch.setenv("CTW_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CTW_CODE_VERSION", "late")
    home = Settings.read()
    keys_of(home)
    home.incoming.mkdir(parents=True)
    (home.incoming / f"{NAME}.docx").write_bytes(b"")
    os.utime(home.incoming / f"{NAME}.docx", (IN_TIME.timestamp(),) * 2)
    if is_corrected:
        pack = draft().write(home.incoming)
        for path in (*pack.iterdir(), pack):
            os.utime(path, (LATE.timestamp(),) * 2)
    receive_all(home.incoming, home.received, QUARTER, LATE, empties=True)
    judge_quarter(QUARTER)
    with writing(home.confidential) as database:
        build_staging(database, QUARTER)
        [staged] = database.rows(
            "select days_late, status from staging.fact_return_quality "
            f"where delivery_area = '{AREA}' and quarter = '{QUARTER.id}'"
        )
    shown = gather_returns(home, known_submissions(home), (QUARTER,), date(2025, 12, 1))
    [own] = [one for one in shown.of(QUARTER) if one.area_code == AREA]
    assert (own.days_late, own.state) == ((10, "late") if is_corrected else (0, "rejected"))
    assert staged[0] == own.days_late
