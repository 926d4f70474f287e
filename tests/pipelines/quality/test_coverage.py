"""How much of a quarter must be there before a release of it is made."""

import polars as pl
import pytest

from pipelines.quality import coverage, missing_starts
from pipelines.quality.frames import HERE
from schemas.coverage import MISSING_STARTS, RETURNS, ROWS
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


PLANS = """
    delivery_area quarter   planned_starts
    CTW-EN01      2026-27Q2 90
    CTW-EN02      2026-27Q2 6
    CTW-EN02      2026-27Q1 80
"""


@pytest.fixture(scope="module")
def four_areas():
    """One return is used, one was rejected, one did not come, and one area is not open yet."""
    return made(
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
        starts="""
        episode_id delivery_area quarter
        E1         CTW-EN01      2026-27Q2
        E2         CTW-EN01      2026-27Q1
        E3         CTW-EN04      2026-27Q1
        E4         CTW-EN04      2026-27Q1
        """,
        plans=PLANS,
    )


def test_open_areas_count_whose_return_is_used_for_the_quarter(four_areas):
    assert shows(
        four_areas,
        """
        delivery_area_code status       has_return rows_received rows_accepted last_starts
        CTW-EN01           accepted     yes        10            9             1
        CTW-EN02           rejected     no         10            0             .
        CTW-EN04           not~received no         0             0             2
        """,
    )
    total = coverage(four_areas)
    assert (total.areas, total.open_areas) == (1, 3)
    assert (total.rows_accepted, total.rows_received) == (9, 10)
    assert total.missing == ("East Sussex (rejected)", "Gloucestershire (not received)")


def test_a_missing_return_loses_its_planned_starts_or_those_last_reported(four_areas):
    lost = missing_starts(four_areas)
    assert (lost.areas, lost.starts, lost.all_starts) == (
        ("CTW-EN02", "CTW-EN04"),
        6 + 2,
        1 + 6 + 2,
    )


@pytest.mark.parametrize(("counted", "missing"), [(3, 1), (36, 0), (27, 9)])
def test_a_quarter_of_which_enough_is_there_has_no_fault(counted, missing):
    assert RETURNS.percent == 75
    assert coverage(areas(counted, missing)).faults == ()


def test_a_quarter_without_enough_returns_says_how_many_are_needed_and_why():
    (fault,) = coverage(areas(26, 10)).faults
    assert fault.startswith(
        "26 of 36 areas that are open have an accepted return of the quarter (72.2%); "
        "75% are needed, because with fewer,"
    )


def test_a_quarter_without_any_return_has_too_few_returns():
    (fault,) = coverage(areas(0, 36)).faults
    assert fault.startswith("0 of 36 areas")


def test_too_few_rows_accepted_of_the_returns_that_count_is_a_fault():
    assert ROWS.percent == 90
    assert coverage(areas(4, 0, accepted=90)).faults == ()
    (fault,) = coverage(areas(4, 0, accepted=89)).faults
    assert fault.startswith("356 of 400 rows of the accepted returns were accepted (89.0%)")


def starts(*rows):
    """One open area per row: name, whether it reported, starts of its last return, its plan."""
    names = ["delivery_area_name", "has_return", "last_starts", "planned_starts"]
    types = [pl.String, pl.Boolean, pl.Int64, pl.Int64]
    schema = dict(zip(names, types, strict=True))
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        delivery_area_code="delivery_area_name"
    )


def test_a_person_has_to_choose_when_more_starts_are_missing_than_may_be():
    assert MISSING_STARTS.percent == 5
    few = missing_starts(starts(("A", True, 95, 0), ("B", False, 5, 0)))
    assert not few.needs_choice
    many = missing_starts(starts(("A", True, 94, 0), ("B", False, 6, 0)))
    assert many.needs_choice
    assert many.observed.startswith("6.0% of starts are those of areas without a return")


def test_an_area_that_never_reported_counts_with_its_plan():
    found = missing_starts(starts(("A", True, 90, 1), ("B", False, None, 10)))
    assert (found.starts, found.all_starts) == (10, 100)
    assert found.needs_choice


def test_an_area_of_which_nothing_is_known_needs_a_choice_and_is_named():
    found = missing_starts(starts(("A", True, 90, None), ("B", False, None, None)))
    assert (found.starts, found.unknown) == (0, ("B",))
    assert found.needs_choice
    assert "without B, of which no start and no plan is known" in found.observed


def test_no_area_missing_needs_no_choice():
    assert not missing_starts(starts(("A", True, 0, 0))).needs_choice


def test_what_was_observed_names_the_plan_of_an_area_that_never_reported():
    found = missing_starts(starts(("A", True, 90, 1), ("B", False, None, 10)))
    assert "or by the plan of one that never reported" in found.observed
