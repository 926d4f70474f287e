"""Counting amounts, staff and dates, and the gaps that missing returns leave in them."""

import polars as pl

from pipelines.statistics.count import count
from pipelines.statistics.gaps import gaps
from publications.populations import (
    ANNOUNCEMENTS,
    FUNDING,
    HEALTH_SETTINGS,
    STARTS,
)
from schemas.dimension import (
    BY_FINANCIAL_YEAR,
    BY_QUARTER,
    DELIVERY_AREA,
    MODEL,
    NATION,
    SETTING_TYPE,
)
from tests.pipelines.statistics.drawn_counts import (
    ANNOUNCED,
    LATEST,
    OPEN,
    SECRET,
    counted,
    starts,
    table,
    value,
)


def test_the_largest_confidential_contribution_stands_beside_the_largest_of_the_others():
    rows = pl.DataFrame(
        [
            ("CTW-EN18", "2025-26Q1", "council", True, 500, 0),
            ("CTW-EN18", "2025-26Q1", "charity", False, 0, 300),
            ("CTW-EN18", "2025-26Q1", "company", False, 0, 90),
            ("CTW-EN18", "2025-26Q2", "council", True, 0, 400),
        ],
        schema=[
            "delivery_area",
            "quarter",
            "contributor",
            "contributor_is_public",
            "funding_allocated",
            "funding_claimed",
        ],
        orient="row",
    )
    cells = counted(rows, table(FUNDING, DELIVERY_AREA, BY_FINANCIAL_YEAR), population=FUNDING)
    claimed = value(cells, "funding_claimed", delivery_area="CTW-EN18", quarter="2025-26")
    assert (claimed["value"], claimed["largest"], claimed["largest_other"]) == (790, 300, 400)
    assert claimed["contributors"] == 3
    allocated = value(cells, "funding_allocated", delivery_area="CTW-EN18", quarter="2025-26")
    assert (allocated["value"], allocated["largest"]) == (500, None)


def test_a_provider_of_two_areas_is_one_contributor_to_their_total():
    """The charity has 100 in each area, and the company 150 in one: 200 is the largest."""
    rows = pl.DataFrame(
        [
            ("CTW-EN18", "2025-26Q1", "CHARITY-1012345", False, 0, 100),
            ("CTW-EN01", "2025-26Q1", "CHARITY-1012345", True, 0, 100),
            ("CTW-EN01", "2025-26Q1", "COMPANY-00000001", False, 0, 150),
        ],
        schema=["delivery_area", "quarter", "contributor", "contributor_is_public",
                "funding_allocated", "funding_claimed"],
        orient="row",
    )  # fmt: skip
    found = count(
        FUNDING, [table(FUNDING, DELIVERY_AREA, BY_FINANCIAL_YEAR)], rows, OPEN, LATEST, SECRET
    )
    total = value(found.cells, "funding_claimed", delivery_area="K04000001", quarter="2025-26")
    assert (total["contributors"], total["largest"], total["largest_other"]) == (2, 200, 150)
    listed = found.contributions.filter(
        delivery_area="K04000001", quarter="2025-26", statistic="funding_claimed", confidential=True
    )
    assert dict(listed.select("contributor", "amount").iter_rows()) == {
        "CHARITY-1012345": 200, "COMPANY-00000001": 150,
    }  # fmt: skip


def test_staff_are_those_of_the_areas_and_not_counted_again_for_each_setting_type():
    rows = pl.DataFrame(
        [
            ("CTW-EN18", "2025-26Q1", "GP_PRACTICE", 3, 2),
            ("CTW-EN18", "2025-26Q1", "PCN", 1, 2),
            ("CTW-WA01", "2025-26Q1", "PCN", 1, 5),
        ],
        schema=["delivery_area", "quarter", "setting_type", "settings_embedded", "staff"],
        orient="row",
    )
    by = (SETTING_TYPE, DELIVERY_AREA, BY_QUARTER)
    cells = counted(rows, table(HEALTH_SETTINGS, *by), population=HEALTH_SETTINGS)
    place = {"setting_type": "total", "quarter": "2025-26Q1"}
    north_east = value(cells, "settings_embedded", delivery_area="CTW-EN18", **place)
    everywhere = value(cells, "settings_embedded", delivery_area="K04000001", **place)
    assert (north_east["value"], north_east["contributors"]) == (4, 2)
    assert (everywhere["value"], everywhere["contributors"]) == (5, 7)


def test_an_amount_that_no_source_gives_is_not_available_and_not_zero():
    drawn = table(ANNOUNCEMENTS, DELIVERY_AREA)
    wales = [ANNOUNCED.tail(1).with_columns(delivery_area=pl.lit(f"CTW-WA0{i}")) for i in (2, 3, 4)]
    cells = counted(pl.concat([ANNOUNCED, *wales]), drawn, population=ANNOUNCEMENTS)
    amounts = {
        area: (cell["value"], cell["mark"])
        for area in ("CTW-EN18", "CTW-WA01", "W92000004", "K04000001")
        for cell in [value(cells, "funding_announced", delivery_area=area)]
    }
    assert amounts == {
        "CTW-EN18": (49_700_000, ""),
        "CTW-WA01": (None, "x"),
        "W92000004": (None, "x"),
        "K04000001": (49_700_000, ""),
    }
    assert gaps(ANNOUNCEMENTS, [drawn], ANNOUNCED, OPEN) == (
        ("funding_announced", (("delivery_area", "CTW-WA01"),)),
    )


def test_a_type_of_setting_without_a_number_leaves_the_others_and_their_sum():
    rows = pl.DataFrame(
        [
            ("CTW-EN18", "2025-26Q1", "GP_PRACTICE", None, 9),
            ("CTW-EN18", "2025-26Q1", "PCN", 4, 9),
            ("CTW-WA01", "2025-26Q1", "PCN", 1, 5),
        ],
        schema=["delivery_area", "quarter", "setting_type", "settings_embedded", "staff"],
        orient="row",
    )
    drawn = table(HEALTH_SETTINGS, SETTING_TYPE, DELIVERY_AREA, BY_QUARTER)
    cells = counted(rows, drawn, population=HEALTH_SETTINGS)
    found = {
        (kind, area): (cell["value"], cell["mark"])
        for kind in ("GP_PRACTICE", "PCN", "total")
        for area in ("CTW-EN18", "CTW-WA01", "K04000001")
        for cell in [
            value(cells, "settings_embedded", setting_type=kind, delivery_area=area,
                  quarter="2025-26Q1")
        ]
    }  # fmt: skip
    assert found["GP_PRACTICE", "CTW-EN18"] == (None, "x")
    assert found["GP_PRACTICE", "CTW-WA01"] == (0, "")
    assert found["PCN", "CTW-EN18"] == (4, "")
    assert found["total", "CTW-EN18"] == (4, "")
    assert found["total", "K04000001"] == (5, "")
    assert gaps(HEALTH_SETTINGS, [drawn], rows, OPEN) == (
        (
            "settings_embedded",
            (
                ("setting_type", "GP_PRACTICE"),
                ("delivery_area", "CTW-EN18"),
                ("quarter", "2025-26Q1"),
            ),
        ),
    )


def test_a_year_whose_last_claim_is_missing_sums_what_was_claimed_before():
    rows = pl.DataFrame(
        [
            ("CTW-EN18", "2025-26Q1", "council", True, 0, 300),
            ("CTW-EN18", "2025-26Q1", None, True, None, 0),
            ("CTW-EN18", "2025-26Q2", None, True, None, None),
        ],
        schema=["delivery_area", "quarter", "contributor", "contributor_is_public",
                "funding_allocated", "funding_claimed"],
        orient="row",
    )  # fmt: skip
    drawn = table(FUNDING, DELIVERY_AREA, BY_FINANCIAL_YEAR)
    cells = counted(rows, drawn, population=FUNDING, availability=OPEN.head(2))
    place = {"delivery_area": "CTW-EN18", "quarter": "2025-26"}
    assert value(cells, "funding_claimed", **place)["value"] == 300
    assert value(cells, "funding_allocated", **place)["mark"] == "x"
    found = gaps(FUNDING, [drawn], rows, OPEN)
    assert [part for name, part in found if name == "funding_claimed"] == [
        (("delivery_area", "CTW-EN18"), ("quarter", "2025-26Q2"))
    ]


def test_a_missing_return_is_a_gap_of_every_statistic_of_the_returns_and_of_no_other():
    missing = OPEN.with_columns(
        mark=pl.when(pl.col("delivery_area") == "CTW-WA01").then(pl.lit("x")).otherwise("mark")
    )
    rows = starts(("CTW-EN18", "2025-26Q1", "IPS"))
    found = gaps(STARTS, [table(STARTS, NATION, BY_QUARTER)], rows, missing)
    assert found == tuple(
        ("starts", (("delivery_area", "CTW-WA01"), ("quarter", quarter)))
        for quarter in ("2025-26Q1", "2025-26Q2")
    )
    register = ANNOUNCED.with_columns(pl.col("funding_announced").fill_null(0))
    assert gaps(ANNOUNCEMENTS, [table(ANNOUNCEMENTS, DELIVERY_AREA)], register, missing) == ()


def test_a_date_stands_for_one_area_and_has_no_total():
    rows = ANNOUNCED
    cells = counted(rows, table(ANNOUNCEMENTS, DELIVERY_AREA), population=ANNOUNCEMENTS)
    dates = cells.filter(pl.col("statistic") == "funding_announced_on")
    assert dates.select("delivery_area", "value", "mark").rows() == [
        ("CTW-EN18", 20370, ""),
        ("CTW-WA01", None, "x"),
    ]


def test_a_table_without_areas_and_quarters_still_lacks_a_missing_return():
    missing = OPEN.with_columns(
        mark=pl.when(pl.col("delivery_area") == "CTW-WA01").then(pl.lit("x")).otherwise("mark")
    )
    rows, drawn = starts(("CTW-EN18", "2025-26Q1", "IPS")), table(STARTS, MODEL)
    cells = counted(rows, drawn, availability=missing)
    assert value(cells, model="IPS")["value"] == value(cells, model="total")["value"] == 1
    part = (("delivery_area", "CTW-WA01"), ("quarter", "2025-26Q2"))
    assert ("starts", part) in gaps(STARTS, [drawn], rows, missing)
    none = OPEN.with_columns(mark=pl.lit("x"))
    assert value(counted(rows.clear(), drawn, availability=none), model="IPS")["mark"] == "x"


def test_a_leaf_of_which_some_amounts_are_known_sums_them_as_its_totals_do():
    """Without quarters, what an area claimed in one and did not report in the other is one leaf."""
    rows = pl.DataFrame(
        [
            ("CTW-EN18", "2025-26Q1", "a", True, 0, 300),
            ("CTW-EN18", "2025-26Q2", None, True, 0, None),
        ],
        schema=["delivery_area", "quarter", "contributor", "contributor_is_public",
                "funding_allocated", "funding_claimed"],
        orient="row",
    )  # fmt: skip
    cells = counted(rows, table(FUNDING, DELIVERY_AREA), population=FUNDING)
    for area in ("CTW-EN18", "E12000001", "K04000001"):
        assert value(cells, "funding_claimed", delivery_area=area)["value"] == 300


def test_the_staff_of_all_areas_stand_behind_a_figure_of_all_areas():
    rows = pl.DataFrame(
        [("CTW-EN18", "2025-26Q1", "PCN", 4, 2), ("CTW-WA01", "2025-26Q1", "PCN", 1, 2)],
        schema=["delivery_area", "quarter", "setting_type", "settings_embedded", "staff"],
        orient="row",
    )
    drawn = table(HEALTH_SETTINGS, SETTING_TYPE, BY_QUARTER)
    cells = counted(rows, drawn, population=HEALTH_SETTINGS)
    place = {"setting_type": "PCN", "quarter": "2025-26Q1"}
    assert value(cells, "settings_embedded", **place)["contributors"] == 4
