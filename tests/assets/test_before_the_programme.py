"""A pack named for a quarter before the programme began is refused, answered, and stops nobody.

The steps are those of the build: receive, judge, stage, and check what was staged.
"""

import json
from datetime import UTC, datetime

import pytest

from assets.returns import judge_quarter
from operations.home.keys import keys_of
from operations.home.settings import Settings
from operations.landing.receipts import kept, purge
from operations.landing.receive import landed, receive_all
from operations.stores.databases import writing
from operations.stores.returns import known_submissions
from pipelines.warehouse import build_staging, failures
from tests.pipelines.returns.small_world import AREA, QUARTER, draft

AT = datetime(2025, 10, 20, 9, tzinfo=UTC)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CTW_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CTW_CODE_VERSION", "before")
    made = Settings.read()
    keys_of(made)  # as a run does before it receives a pack
    draft().write(made.incoming)
    return made


def built(home):
    """Receive and judge what was dropped, and stage a warehouse that passes its checks."""
    receive_all(home.incoming, home.received, QUARTER, AT, empties=True)
    judge_quarter(QUARTER)
    with writing(home.confidential) as database:
        build_staging(database, QUARTER)
        assert failures(database) == ()
        return database.query("from staging.dim_submission")


def refused(home, number):
    submission = known_submissions(home).filter(submission_id=number)
    return submission.select("status", "period_id").rows() == [("rejected", QUARTER.id)]


@pytest.mark.parametrize("period", ["2024-25Q4", "2000-01Q1"])
@pytest.mark.parametrize("is_pack", [True, False])
def test_it_is_refused_in_the_quarter_that_is_built_and_the_build_goes_on(home, period, is_pack):
    name = f"{AREA}_{period}_v1"
    if is_pack:
        draft().again(period_id=period, submission_sequence=1).sealed().write(home.incoming)
    else:
        (home.incoming / f"{name}.docx").write_bytes(b"")
    staged = built(home)
    [early] = [pack for pack in landed(home.received) if pack.name == name]
    assert early.quarter == QUARTER
    assert refused(home, early.number)
    assert dict(staged.select("submission_id", "is_current").rows())[early.number] is False


def test_a_home_in_which_one_lies_already_builds_again(home):
    """Earlier versions took such a pack for one of the quarter of its name."""
    name = f"{AREA}_2024-25Q4_v1"
    draft().again(period_id="2024-25Q4", submission_sequence=1).sealed().write(home.incoming)
    built(home)
    [early] = [pack for pack in landed(home.received) if pack.name == name]
    file = early.path.parent / "receipt.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"quarter": "2024-25Q4"}))
    with writing(home.confidential) as database:
        database.run(
            "update returns.submissions set period_id = '2024-25Q4', status = 'accepted', "
            "is_current = true where submission_id = $number",
            {"number": early.number},
        )
    built(home)
    assert refused(home, early.number)
    with writing(home.confidential) as database:
        database.run(
            "update returns.submissions set period_id = '2024-25Q4' where submission_id = $number",
            {"number": early.number},
        )
    [own] = [pack for pack in kept(home.received) if pack.number == early.number]
    purge(own, AT, "A Other", "Data manager")
    assert early.number not in built(home)["submission_id"].to_list()
