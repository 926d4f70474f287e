"""What is refused says nothing of an area: not that its return came in time, nor anything else."""

import os
from datetime import UTC, date, datetime

import pytest

from assets.protected import is_made_up
from assets.returns import by_area, judge_quarter
from operations.desk.returns import gather_returns
from operations.home.keys import keys_of
from operations.home.settings import Settings
from operations.landing.receive import receive_all
from operations.stores.databases import writing
from operations.stores.returns import known_submissions
from pipelines.warehouse import build_staging
from tests.operations.feedback.feedback_home import NOT_OPEN
from tests.pipelines.returns.small_world import AREA, NAME, QUARTER, draft

IN_TIME = datetime(2025, 10, 20, 9, tzinfo=UTC)
LATE = datetime(2025, 11, 7, 9, tzinfo=UTC)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home that holds nothing but its keys and an empty drop folder."""
    monkeypatch.setenv("CTW_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CTW_CODE_VERSION", "late")
    made = Settings.read()
    keys_of(made)
    made.incoming.mkdir(parents=True)
    return made


def staged(home, at):
    """Receive and judge what was dropped, and make the warehouse of it; give its submissions."""
    receive_all(home.incoming, home.received, QUARTER, at, empties=True)
    judge_quarter(QUARTER)
    with writing(home.confidential) as database:
        build_staging(database, QUARTER)
        return database.get("staging", "dim_submission"), database.get(
            "staging", "fact_return_quality"
        )


def test_an_area_that_is_not_open_stays_so(home):
    (home.incoming / f"{NOT_OPEN}_{QUARTER.id}_v1.zip").symlink_to("/nowhere")
    _, quality = staged(home, IN_TIME)
    [status] = quality.filter(delivery_area=NOT_OPEN, quarter=QUARTER.id)["status"]
    assert status == "not yet open"
    shown = gather_returns(home, known_submissions(home), (QUARTER,), date(2025, 12, 1))
    [own] = [one for one in shown.of(QUARTER) if one.area_code == NOT_OPEN]
    assert own.state == "not open"


def test_dagster_says_of_each_area_without_a_pack_whether_it_is_open_as_the_desk_does(home):
    none = known_submissions(home)
    in_dagster = dict(by_area(none, QUARTER).select("area", "status").rows())
    desk = gather_returns(home, none, (QUARTER,), date(2026, 3, 1)).of(QUARTER)
    words = {"not open": "not open", "missing": "nothing was received"}
    assert {one.state for one in desk} == words.keys()
    assert in_dagster == {one.area: words[one.state] for one in desk}


def test_a_refused_pack_of_made_up_people_does_not_label_the_release(home):
    real = draft().again(submission_sequence=1, synthetic=False).sealed()
    real.write(home.incoming)
    packs, _ = staged(home, IN_TIME)
    assert packs["is_accepted"].to_list() == [True]
    assert not is_made_up(packs)
    draft().again(submission_sequence=2, synthetic=True, template_version="0.0.1").write(
        home.incoming
    )
    packs, _ = staged(home, IN_TIME)
    assert sorted(packs["is_accepted"]) == [False, True]
    assert not is_made_up(packs)
    draft().again(submission_sequence=3, synthetic=True).sealed().write(home.incoming)
    packs, _ = staged(home, IN_TIME)
    assert is_made_up(packs)


@pytest.mark.parametrize("is_corrected", [True, False])
def test_desk_and_warehouse_say_how_late_it_is(home, is_corrected):
    (home.incoming / f"{NAME}.docx").write_bytes(b"")
    os.utime(home.incoming / f"{NAME}.docx", (IN_TIME.timestamp(),) * 2)
    if is_corrected:
        pack = draft().write(home.incoming)
        for path in (*pack.iterdir(), pack):
            os.utime(path, (LATE.timestamp(),) * 2)
    _, quality = staged(home, LATE)
    [days_late] = quality.filter(delivery_area=AREA, quarter=QUARTER.id)["days_late"]
    shown = gather_returns(home, known_submissions(home), (QUARTER,), date(2025, 12, 1))
    [own] = [one for one in shown.of(QUARTER) if one.area_code == AREA]
    assert (own.days_late, own.state) == ((10, "late") if is_corrected else (0, "rejected"))
    assert days_late == own.days_late
