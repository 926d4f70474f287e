"""The returns of a quarter, from what was judged, whatever times the receipts hold."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from operations.desk.returns import gather_returns
from operations.home.settings import Settings
from schemas.quarter import Quarter

QUARTER = Quarter(2026, 2)


def judged(received_at):
    """One accepted pack, as the confidential store holds it, as far as the desk reads it."""
    return pl.DataFrame(
        {
            "delivery_area_code": "CTW-EN01",
            "period_id": QUARTER.id,
            "submission_sequence": 1,
            "submission_id": "0" * 16,
            "status": "accepted",
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
