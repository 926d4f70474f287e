"""Which return of an area counts, how late it came, and what viewers are told of a quarter."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from operations.desk.addresses import address_of, path_of
from operations.desk.comparison import earlier_of
from operations.desk.outlook import BuildRun, CheckOutcome
from operations.desk.returns import AreaReturn, due_day, gather_returns
from operations.desk.viewers import Announced
from operations.home.settings import Settings
from schemas.quarter import PROGRAMME_START, Quarter

QUARTER = Quarter(2025, 2)
DUE = date(2025, 10, 28)
OPEN, OTHER, NOT_OPEN = "CTW-EN01", "CTW-EN02", "CTW-EN20"
SCHEMA = {"received_at": pl.Datetime("us", "UTC")}
AFTER = DUE + timedelta(days=1)


def pack(area=OPEN, sequence=1, status="accepted", days=0, **others):
    """One judged pack that came at noon, so many days after it was due."""
    return {
        "delivery_area_code": area,
        "period_id": QUARTER.id,
        "submission_sequence": sequence,
        "submission_id": f"{area}-{sequence}",
        "status": status,
        "received_at": datetime(2025, 10, 28, 12, tzinfo=UTC) + timedelta(days=days),
        "rows_received": 10 * sequence,
        "rows_accepted": 9 * sequence,
        "rows_rejected": sequence,
        "queries": 0,
        **others,
    }


def gathered(folder, *packs, today=AFTER, quarters=(QUARTER,)):
    frame = pl.DataFrame([*packs] or [pack("none")], schema_overrides=SCHEMA)
    settings = Settings(home=folder, code_version="v")
    return gather_returns(settings, frame.head(len(packs)), quarters, today)


def of(returns, area=OPEN):
    return next(one for one in returns.of(QUARTER) if one.area_code == area)


def test_the_accepted_pack_of_the_highest_sequence_counts(tmp_path):
    found = of(gathered(tmp_path, pack(sequence=2), pack(sequence=1), pack(sequence=3)))
    assert (found.submission_id, found.packs) == (f"{OPEN}-3", 3)
    assert (found.rows_received, found.rows_accepted, found.rows_rejected) == (30, 27, 3)


@pytest.mark.parametrize(
    ("days", "state", "late"),
    [(-3, "on time", 0), (0, "on time", 0), (1, "late", 1), (40, "late", 40)],
)
def test_a_return_is_late_from_the_day_after_it_was_due(tmp_path, days, state, late):
    found = of(gathered(tmp_path, pack(days=days)))
    assert (found.state, found.days_late) == (state, late)
    assert found.is_accepted


def test_a_correction_after_the_day_does_not_make_the_first_pack_late(tmp_path):
    found = of(gathered(tmp_path, pack(days=-1), pack(sequence=2, days=9)))
    assert (found.state, found.days_late, found.submission_id) == ("on time", 0, f"{OPEN}-2")


@pytest.mark.parametrize(
    ("area", "today", "state"),
    [
        (OPEN, DUE, "awaited"),
        (OPEN, AFTER, "missing"),
        (NOT_OPEN, DUE, "not open"),
        (NOT_OPEN, AFTER, "not open"),
    ],
)
def test_a_return_that_never_came_is_awaited_until_it_is_due(tmp_path, area, today, state):
    found = of(gathered(tmp_path, today=today), area)
    assert (found.state, found.packs, found.days_late, found.status) == (state, 0, None, "")
    assert not found.is_accepted


def test_every_area_has_a_row_by_name_and_each_quarter_a_column(tmp_path):
    shown = (QUARTER.previous, QUARTER)
    returns = gathered(tmp_path, pack(), quarters=shown)
    names = [row[0].area for row in returns.areas]
    assert names == sorted(names)
    assert {tuple(one.quarter for one in row) for row in returns.areas} == {shown}
    assert [one.area for one in returns.of(QUARTER)] == names


def test_a_pack_of_one_quarter_is_none_of_another(tmp_path):
    returns = gathered(tmp_path, pack(), quarters=(QUARTER.previous, QUARTER))
    before = next(one for one in returns.of(QUARTER.previous) if one.area_code == OPEN)
    assert before.packs == 0
    assert of(returns).packs == 1


def test_packs_of_an_area_that_is_not_listed_are_counted_by_quarter(tmp_path):
    later = pack("CTW-XX99", sequence=3, period_id=QUARTER.next.id)
    packs = (pack("CTW-XX99"), pack("CTW-XX98"), later, pack())
    returns = gathered(tmp_path, *packs, quarters=(QUARTER, QUARTER.next))
    assert (returns.unknown_of(QUARTER), returns.unknown_of(QUARTER.next)) == (2, 1)


def test_a_quarter_beyond_the_calendar_has_no_day_on_which_returns_are_due():
    assert due_day(QUARTER) == DUE
    assert due_day(Quarter(2098, 1)) is None


def returned(state, queries=0):
    return AreaReturn(OPEN, "West London", "A body", QUARTER, state, queries=queries)


def test_viewers_are_told_how_many_areas_are_in_some_states():
    states = ("on time", "late", "late", "missing", "not open")
    told = Announced(QUARTER, tuple(map(returned, states)), None)
    assert told.count("on time", "late") == 3
    assert told.count("rejected") == 0
    assert (told.version, told.published) == (None, None)


@pytest.mark.parametrize(
    ("page", "version", "path"),
    [
        ("", None, "/desk/2025-26Q2/"),
        ("returns/", None, "/desk/2025-26Q2/returns/"),
        ("withheld/", 3, "/desk/2025-26Q2/v3/withheld/"),
        ("", 1, "/desk/2025-26Q2/v1/"),
    ],
)
def test_each_page_of_the_desk_has_one_address(page, version, path):
    assert path_of(QUARTER, page, version) == path


def test_links_lead_to_the_port_of_the_machine_or_to_the_address_people_open(tmp_path):
    here = Settings(home=tmp_path, code_version="v", ui_port=4321)
    assert address_of(here, QUARTER) == "http://127.0.0.1:4321/desk/2025-26Q2/"
    proxied = Settings(home=tmp_path, code_version="v", ui_address="https://desk.example")
    found = address_of(proxied, QUARTER, "returns/", "CTW-EN01")
    assert found == "https://desk.example/desk/2025-26Q2/returns/#CTW-EN01"


@pytest.mark.parametrize(
    ("versions", "number", "before"),
    [((1, 2, 3), 3, 2), ((1, 3), 3, 1), ((1,), 1, None), ((), 1, None), ((2, 5), 4, 2)],
)
def test_the_version_before_is_the_highest_below(versions, number, before):
    assert earlier_of(versions, number) == before


def test_a_run_is_called_by_the_first_part_of_its_number_and_counts_its_checks():
    outcomes = ("passed", "passed", "warned", "stopped")
    verdicts = tuple(CheckOutcome("check", "asset", "asks", one, "found") for one in outcomes)
    run = BuildRun("0123456789abcdef", PROGRAMME_START, "failed", verdicts=verdicts)
    assert run.name == "01234567"
    assert [run.count(one) for one in ("passed", "warned", "stopped")] == [2, 1, 1]
