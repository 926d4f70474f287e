"""How much of a quarter must be there before a release of it is made."""

import polars as pl
import pytest

from pipelines.quality import coverage
from pipelines.quality.frames import HERE
from schemas.coverage import RETURNS, ROWS
from tests.pipelines.warehouse.drawn_relations import made, shows


def areas(counted, missing, accepted=100, received=100):
    """Areas of which each that counts sent so many rows."""
    return pl.DataFrame(
        [(f"A{n}", "accepted", True, received, accepted) for n in range(counted)]
        + [(f"M{n}", "not received", False, 0, 0) for n in range(missing)],
        schema=[
            "delivery_area_name",
            "status",
            "has_return",
            "rows_received",
            "rows_accepted",
        ],
        orient="row",
    )


def test_open_areas_count_whose_return_is_used_for_the_quarter():
    found = made(
        "coverage",
        folder=HERE,
        dim_delivery_area="""
        delivery_area delivery_area_name is_current
        CTW-EN01      West~London        true
        CTW-EN02      East~Sussex        true
        CTW-EN03      Kent               true
        CTW-EN04      Gloucestershire    true
        """,
        availability="""
        delivery_area quarter   mark
        CTW-EN01      2026-27Q2 _
        CTW-EN02      2026-27Q2 x
        CTW-EN03      2026-27Q2 z
        CTW-EN04      2026-27Q2 x
        CTW-EN04      2026-27Q1 _
        """,
        fact_return_quality="""
        delivery_area quarter   status       rows_received rows_accepted
        CTW-EN01      2026-27Q2 accepted     10            9
        CTW-EN02      2026-27Q2 rejected     10            0
        CTW-EN03      2026-27Q2 not~yet~open 0             0
        CTW-EN04      2026-27Q2 not~received 0             0
        CTW-EN04      2026-27Q1 accepted     7             7
        """,
    )
    assert shows(
        found,
        """
        delivery_area_code status       has_return rows_received rows_accepted
        CTW-EN01           accepted     yes        10            9
        CTW-EN02           rejected     no         10            0
        CTW-EN04           not~received no         0             0
        """,
    )
    total = coverage(found)
    assert (total.areas, total.open_areas) == (1, 3)
    assert (total.rows_accepted, total.rows_received) == (9, 10)
    assert total.missing == ("East Sussex (rejected)", "Gloucestershire (not received)")


@pytest.mark.parametrize(("counted", "missing"), [(3, 1), (36, 0), (27, 9)])
def test_a_quarter_of_which_enough_is_there_has_no_fault(counted, missing):
    assert RETURNS.percent == 75
    assert coverage(areas(counted, missing)).faults == ()


def test_a_quarter_without_enough_returns_says_how_many_are_needed_and_why():
    (fault,) = coverage(areas(26, 10)).faults
    assert fault.startswith(
        "26 of 36 areas that are open have an accepted return of the quarter (72.2 per cent); "
        "75 per cent are needed, because with fewer,"
    )


def test_a_quarter_without_any_return_has_too_few_returns():
    (fault,) = coverage(areas(0, 36)).faults
    assert fault.startswith("0 of 36 areas")


def test_too_few_rows_accepted_of_the_returns_that_count_is_a_fault():
    assert ROWS.percent == 90
    assert coverage(areas(4, 0, accepted=90)).faults == ()
    (fault,) = coverage(areas(4, 0, accepted=89)).faults
    assert fault.startswith("356 of 400 rows of the accepted returns were accepted (89.0 per cent)")
