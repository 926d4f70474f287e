"""No national figure of a headline table is withheld, in small worlds of synthetic returns."""

from __future__ import annotations

import pytest

from bench.national_figures import is_headline, protected, withheld, world
from publications.tables import TABLES
from schemas.quarter import Quarter

pytestmark = pytest.mark.slow

QUARTER = Quarter(2025, 2)
HEADLINES = {table.id for table in TABLES if is_headline(table)}


@pytest.fixture(scope="module", params=[1, 2, 3])
def found(request):
    """For each table of one world: national figures, how many are withheld, how many newest."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HOME", "PSEUDONYM_KEY", "RECORD_KEY_SECRET", "CODE_VERSION"):
            patch.setenv(f"CTW_{name}", "of the benchmark")
        cells = world(request.param, 600, QUARTER)
    return withheld(protected(cells, values=False), QUARTER)


def test_headline_tables_split_by_nothing_but_place_and_time():
    assert {"key_figures", "starts_by_quarter", "starts_by_delivery_area"} <= HEADLINES
    assert not HEADLINES & {"referral_routes", "health_settings", "starts_by_condition"}


def test_no_national_figure_of_a_headline_table_is_withheld(found):
    assert {name: found[name][1] for name in HEADLINES} == dict.fromkeys(HEADLINES, 0)
    assert sum(found[name][0] for name in HEADLINES) > 0


def test_a_withheld_national_figure_would_be_counted(found):
    """Some kinds of setting are too few in these quarters to hide an area in."""
    figures, hidden, _ = found["health_settings"]
    assert 0 < hidden < figures
