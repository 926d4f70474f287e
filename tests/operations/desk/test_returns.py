"""The returns of a quarter, from what was judged, whatever times the receipts hold."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from operations.desk.pages import heat_map_page
from operations.desk.rendering import Frame
from operations.desk.returns import gather_returns
from operations.home.settings import Settings
from schemas.quarter import Quarter

QUARTER = Quarter(2026, 2)


def judged(received_at, status="accepted"):
    """One accepted pack, as the confidential store holds it, as far as the desk reads it."""
    return pl.DataFrame(
        {
            "delivery_area_code": "CTW-EN01",
            "period_id": QUARTER.id,
            "submission_sequence": 1,
            "submission_id": "0" * 16,
            "status": status,
            "received_at": received_at,
            **dict.fromkeys(("rows_received", "rows_accepted", "rows_rejected", "queries"), 0),
        },
        schema_overrides={"received_at": pl.Datetime("us", "UTC")},
    )


@pytest.mark.parametrize(("year", "state"), [(1, "on time"), (9999, "late")])
def test_a_receipt_at_an_end_of_the_calendar_does_not_stop_the_desk(tmp_path, year, state):
    at = (
        datetime(year, 1, 1, tzinfo=UTC)
        if year == 1
        else datetime(year, 12, 31, 23, 59, tzinfo=UTC)
    )
    settings = Settings(home=tmp_path, code_version="v")
    returns = gather_returns(settings, judged(at), (QUARTER,), date(2026, 11, 1))
    [found] = [one for one in returns.of(QUARTER) if one.area_code == "CTW-EN01"]
    assert (found.state, found.packs) == (state, 1)


def test_a_pack_that_waits_for_its_quarter_is_neither_in_time_nor_accepted(tmp_path):
    settings = Settings(home=tmp_path, code_version="v")
    packs = judged(datetime(2026, 9, 1, tzinfo=UTC), "pending")
    returns = gather_returns(settings, packs, (QUARTER,), date(2026, 9, 2))
    [found] = [one for one in returns.of(QUARTER) if one.area_code == "CTW-EN01"]
    assert (found.state, found.packs, found.is_accepted) == ("waiting", 1, False)
    page = heat_map_page(Frame(datetime(2026, 9, 2, tzinfo=UTC)), returns, None).decode()
    assert page.count("Waiting for its quarter</td>") == 1
    assert "On time</td>" not in page
