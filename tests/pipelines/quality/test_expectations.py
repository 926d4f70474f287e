"""Plausibility: what is expected of a quarter, and that no value leaks with the outcome."""

# ruff: noqa: E501 - drawn tables are as wide as they are
import polars as pl
import pytest

from pipelines.database import DuckDB
from pipelines.quality import aggregates, judge, quality
from pipelines.quality.suites import OUTCOME
from pipelines.warehouse import build_staging, land, promote
from schemas.expectations import SUITES, Suite, between, not_less
from schemas.quarter import Quarter
from tests.pipelines.warehouse.drawn_relations import shows
from tests.pipelines.warehouse.landed_packs import judged

Q2 = Quarter(2026, 2)
AREA = pl.DataFrame(
    {
        "area": [f"CTW-{n}" for n in range(10)],
        "rate": [1.0, 2, 3, 4, 5, 6, 7, 8, 9, 98765.25],
        "small": [1.0] * 10,
        "unknown": pl.Series([None] * 10, dtype=pl.Float64),
        "partly": [1.0, None, 3, None, 5, 6, 7, 8, 9, 10],
        "few": [1.0, None, 3, None, 5, 6, 7, 8, 9, 10],
    }
)
MADE_UP = Suite(
    name="made_up",
    title="Made up",
    frame="area",
    expectations=(
        between("rate", 0, 10, "All rates are small.", severity="block"),
        not_less("rate", "small", "Rates are not below the small ones."),
        between("unknown", 0, 10, "What is not known is not judged."),
        between("no_such_column", 0, 10, "What cannot be judged is not met."),
        between("partly", 0, 10, "All that are known are small."),
        between("few", 0, 10, "All with enough behind them are small.", leaves_out_few=True),
    ),
)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    docs = tmp_path_factory.mktemp("docs")
    mostly = Suite(
        name="mostly",
        title="Mostly",
        frame="area",
        expectations=(between("rate", 0, 10, "Nine of ten rates are small.", mostly=0.9),),
    )
    return docs, judge({"area": AREA}, docs, [MADE_UP, mostly], due={"area": 12})


def test_each_expectation_is_met_or_not(outcome):
    assert shows(
        outcome[1],
        """
        suite   expectation    severity passed
        Made~up rate           block    no
        Made~up rate_small     warn     yes
        Made~up unknown        warn     yes
        Made~up no_such_column warn     no
        Made~up partly         warn     yes
        Made~up few            warn     yes
        Mostly  rate           warn     yes
        """,
    )


def test_each_expectation_says_what_it_could_not_see(outcome):
    assert shows(
        outcome[1],
        """
        expectation    is_judged unjudged
        rate           yes       2
        rate_small     yes       2
        unknown        no        12
        no_such_column no        12
        partly         yes       4
        few            yes       .
        rate           yes       2
        """,
    )


def test_each_expectation_shows_its_value_in_steps_beside_what_is_expected(outcome, tmp_path):
    columns = ("expectation", "value_percent", "least_percent", "most_percent", "is_share")
    assert outcome[1].select(columns).rows() == [
        ("rate", 90, 100, 100, True),
        ("rate_small", 100, 100, 100, True),
        ("unknown", None, 100, 100, True),
        ("no_such_column", None, 100, 100, True),
        ("partly", 100, 100, 100, True),
        ("few", 100, 100, 100, True),
        ("rate", 90, 90, 100, True),
    ]
    whole = Suite(
        name="whole",
        title="Whole",
        frame="whole",
        is_programme=True,
        expectations=(
            between("percent", 90, 100, "Most are there.", step=0.1),
            between("change", -25, 75, "It changes little.", step=10),
            between("hidden", 0, 10, "Nobody sees this.", is_public=False),
        ),
    )
    one = pl.DataFrame({"percent": [94.4444], "change": [17.3], "hidden": [3.0]})
    few = Suite(
        name="few",
        title="Few",
        frame="areas",
        expectations=(between("rate", 0, 9, "Few are wrong.", mostly=0.5, leaves_out_few=True),),
    )
    areas = pl.DataFrame({"rate": [float(n) for n in range(13)]})
    shown = judge({"whole": one, "areas": areas}, tmp_path, [whole, few])
    assert shown.select(columns).rows() == [
        ("percent", 94.4, 90, 100, False),
        ("change", 20, -25, 75, False),
        ("hidden", None, 0, 10, False),
        ("rate", 75, 50, 100, True),
    ]


def test_every_check_that_is_published_shows_its_value_threshold_and_effect(promoted, tmp_path):
    checks = quality(promoted, Q2, tmp_path).checks
    public = checks.filter(pl.col("is_public") & pl.col("is_judged"))
    assert public.height
    assert public["value_percent"].null_count() == 0
    assert checks.filter(~pl.col("is_public"))["value_percent"].is_null().all()


def test_no_observed_value_is_in_the_outcome_or_in_the_data_docs(outcome):
    docs, checks = outcome
    assert "98765" not in checks.write_csv()
    pages = list(docs.rglob("*.html"))
    assert (docs / "index.html") in pages
    assert not [page.name for page in pages if "98765" in page.read_text(encoding="utf-8")]


@pytest.fixture(scope="module")
def promoted():
    database = DuckDB.in_memory()
    land(database, judged())
    for quarter in (Quarter(2025, 1), Q2):
        build_staging(database, quarter)
        promote(database, quarter)
    return database


def blocking(found):
    """The expectations that hold a quarter back and are not met."""
    return found.checks.filter((pl.col("severity") == "block") & ~pl.col("passed"))


def test_a_quarter_is_judged_by_every_suite(promoted, tmp_path):
    found = quality(promoted, Q2, tmp_path)
    assert found.checks["description"].to_list() == [
        expectation.description for suite in SUITES for expectation in suite.expectations
    ]
    assert blocking(found).is_empty()
    assert found.checks.columns == list(OUTCOME)
    assert set(found.checks["is_public"]) == {True, False}
    assert found.returns.columns == [
        "delivery_area_code",
        "delivery_area_name",
        "status",
        "return_used",
    ]
    assert found.returns.height == 49
    statuses = dict(found.returns.select("delivery_area_code", "status").rows())
    assert (statuses["CTW-EN01"], statuses["CTW-EN02"]) == ("accepted", "rejected")
    assert statuses["CTW-EN03"] == "not received"
    assert not found.checks.filter(pl.col("expectation") == "received_percent")["passed"].item()


def test_the_first_quarter_can_be_judged_with_nothing_before_it(promoted, tmp_path):
    found = quality(promoted, Quarter(2025, 1), tmp_path)
    assert found.checks.height == sum(len(suite.expectations) for suite in SUITES)
    assert blocking(found).is_empty()


def test_every_column_that_is_judged_is_in_its_frame(promoted):
    for suite in SUITES:
        assert suite.columns <= set(aggregates(promoted, Q2, suite.frame).columns), suite.name


def test_no_frame_holds_a_person(promoted):
    for name in {suite.frame for suite in SUITES}:
        assert not {"episode_id", "participant_id"} & set(aggregates(promoted, Q2, name).columns)
