"""The steps of a build, a backup and its way back, with stores in another kind of catalogue."""

from datetime import UTC, datetime

import pytest

from assets.returns import judge_quarter
from operations.home import kinds
from operations.home.fingerprints import data_in
from operations.home.keys import PSEUDONYM_KEY, keys_of
from operations.home.settings import Settings
from operations.landing.receive import receive_all
from operations.stores.databases import reading, writing
from operations.stores.returns import known_submissions
from pipelines.warehouse import build_staging, failures, promote, read_relation
from tests.operations.saved_home import ctw
from tests.pipelines.another_catalogue import Attached
from tests.pipelines.returns.small_world import QUARTER, draft

AT = datetime(2025, 10, 20, 9, tzinfo=UTC)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(kinds, "KIND", Attached)
    monkeypatch.setenv("CTW_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CTW_CODE_VERSION", "drawn")
    made = Settings.read()
    keys_of(made)
    draft().write(made.incoming)
    return made


def starts(settings):
    with reading(settings.confidential) as database:
        return read_relation(database, QUARTER, "starts")


def test_a_quarter_is_judged_and_promoted_in_it_and_comes_back_from_a_backup(home, tmp_path):
    receive_all(home.incoming, home.received, QUARTER, AT, empties=True)
    assert known_submissions(home).is_empty()
    judge_quarter(QUARTER)
    with writing(home.confidential) as database:
        build_staging(database, QUARTER)
        assert failures(database) == ()
        promote(database, QUARTER)
    made = starts(home)
    assert made.height
    assert home.confidential.is_dir()
    assert home.confidential.stat().st_mode & 0o077 == 0
    assert "confidential.duckdb" in data_in(home, PSEUDONYM_KEY)

    backup, keys, again = (str(tmp_path / name) for name in ("backup", "keys", "again"))
    ctw(home.home, "backup", backup)
    ctw(home.home, "backup", "--keys", keys)
    ctw(again, "restore", backup, "--keys", keys)
    restored = Settings.read({"CTW_HOME": again, "CTW_CODE_VERSION": "drawn"})
    assert restored.confidential.is_dir()
    assert starts(restored).equals(made)
