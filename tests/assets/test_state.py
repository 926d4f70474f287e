"""Rules of the state: secrets, settings, the clock, versions of a release."""

import json
import stat
from datetime import UTC, datetime, timedelta

import pytest

from assets.partitions import QUARTERLY, key_of, quarter_of
from operations.errors import SettingsError, SignOffError, StoreError
from operations.home.clock import now
from operations.home.keys import PSEUDONYM_KEY, secret
from operations.home.settings import Settings
from operations.releases.publishing import check_attacked, every_published
from operations.releases.release_store import (
    SignOff,
    files_in,
    latest,
    manifest_hash,
    mark_published,
    sign,
    sign_offs,
    write_version,
)
from schemas.errors import PeriodError
from schemas.quarter import Quarter

LATEST = Quarter(2026, 2)
FILES = {"manifest.json": b"{}", "data/a.csv": b"a\n"}
APPROVAL = SignOff("A Person", "Head of Profession", "Read", "2026-12-17T09:00:00+00:00", "abc")


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path, code_version="drawn")


def test_a_secret_is_made_once_and_only_its_owner_can_read_it(settings, monkeypatch):
    monkeypatch.delenv("CTW_PSEUDONYM_KEY", raising=False)
    first = secret(settings, PSEUDONYM_KEY)
    assert secret(settings, PSEUDONYM_KEY) == first
    assert len(first) >= 32
    assert stat.S_IMODE((settings.keys / PSEUDONYM_KEY).stat().st_mode) == 0o600


def test_a_secret_can_come_from_the_environment_and_is_then_not_written(settings, monkeypatch):
    monkeypatch.setenv("CTW_PSEUDONYM_KEY", "a key of thirty-two bytes or more")
    assert secret(settings, PSEUDONYM_KEY) == b"a key of thirty-two bytes or more"
    assert not (settings.keys / PSEUDONYM_KEY).exists()


def test_a_secret_that_others_can_read_or_that_is_short_is_refused(settings, monkeypatch):
    monkeypatch.delenv("CTW_PSEUDONYM_KEY", raising=False)
    secret(settings, PSEUDONYM_KEY)
    (settings.keys / PSEUDONYM_KEY).chmod(0o644)
    with pytest.raises(SettingsError, match="can be read by others"):
        secret(settings, PSEUDONYM_KEY)
    monkeypatch.setenv("CTW_PSEUDONYM_KEY", "short")
    with pytest.raises(SettingsError, match="fewer than 32 bytes"):
        secret(settings, PSEUDONYM_KEY)


def test_the_home_is_made_where_the_environment_says(tmp_path):
    home = tmp_path / "a" / "b"
    assert Settings.read({"CTW_HOME": str(home), "CTW_CODE_VERSION": "v"}).home == home
    assert home.is_dir()


def test_a_home_that_cannot_be_made_is_named(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(SettingsError, match="cannot be made"):
        Settings.read({"CTW_HOME": str(blocked / "home"), "CTW_CODE_VERSION": "v"})


def test_now_is_the_time_in_london(settings):
    assert str(now(settings).tzinfo) == "Europe/London"
    assert abs(now(settings) - datetime.now(UTC)) < timedelta(minutes=1)


def test_partitions_are_the_quarters_since_the_programme_began():
    keys = QUARTERLY.get_partition_keys()
    assert keys[0] == "2025-04-01"
    assert quarter_of("2026-07-01") == LATEST
    assert key_of(LATEST, last=Quarter(2026, 3).start) == "2026-07-01"


def test_a_quarter_that_is_not_over_or_before_the_programme_is_refused():
    with pytest.raises(PeriodError, match="do not exist yet"):
        key_of(LATEST, last=LATEST.end)
    with pytest.raises(PeriodError, match="before the programme"):
        key_of(Quarter(2024, 4), last=LATEST.end)


def test_a_draft_is_replaced_and_a_signed_version_is_not(settings):
    place = write_version(settings, LATEST, 1, FILES)
    write_version(settings, LATEST, 1, {**FILES, "data/a.csv": b"b\n"})
    assert files_in(place)["data/a.csv"] == b"b\n"
    sign(settings, LATEST, 1, APPROVAL)
    with pytest.raises(SignOffError, match="cannot change"):
        write_version(settings, LATEST, 1, FILES)
    assert files_in(place)["data/a.csv"] == b"b\n"
    assert sign_offs(settings, LATEST, 1) == [APPROVAL]


def test_the_newest_version_is_the_largest_number(settings):
    with pytest.raises(StoreError, match="Build it first"):
        latest(settings, LATEST)
    for version in (1, 2, 10):
        write_version(settings, LATEST, version, FILES)
    assert latest(settings, LATEST) == 10


PUBLISHED = datetime(2026, 9, 17, 9, 30, tzinfo=UTC)


def built(settings, version, earlier, fingerprint="1"):
    """A version of the latest quarter that was attacked beside these earlier ones."""
    report = json.dumps({"attack": {"earlier": earlier}}).encode()
    manifest = json.dumps({"populations": {"starts": {"fingerprint": fingerprint}}}).encode()
    files = {"disclosure-control.json": report, "manifest.json": manifest}
    write_version(settings, LATEST, version, files)


def test_a_release_that_was_not_attacked_beside_all_public_ones_is_refused(settings):
    built(settings, 1, [])
    check_attacked(settings, LATEST, 1)
    before = Quarter(2026, 1)
    for version in (1, 2):
        write_version(settings, before, version, FILES)
        mark_published(settings, before, version, PUBLISHED)
    with pytest.raises(
        SignOffError,
        match="beside no earlier release, but readers have 2026-27 Q1 v2, 2026-27 Q1 v1",
    ):
        check_attacked(settings, LATEST, 1)
    built(settings, 1, ["2026-27 Q1 v2"])
    with pytest.raises(SignOffError, match="beside 2026-27 Q1 v2, but readers have"):
        check_attacked(settings, LATEST, 1)
    built(settings, 1, ["2026-27 Q1 v2", "2026-27 Q1 v1"])
    check_attacked(settings, LATEST, 1)


def test_a_correction_is_attacked_beside_what_it_corrects_unless_its_tables_are_the_same(settings):
    built(settings, 1, [])
    mark_published(settings, LATEST, 1, PUBLISHED)
    check_attacked(settings, LATEST, 1)
    built(settings, 2, [])
    check_attacked(settings, LATEST, 2)
    built(settings, 2, [], fingerprint="2")
    with pytest.raises(SignOffError, match="readers have 2026-27 Q2 v1"):
        check_attacked(settings, LATEST, 2)
    built(settings, 2, ["2026-27 Q2 v1"], fingerprint="2")
    check_attacked(settings, LATEST, 2)


def test_every_published_version_is_listed_latest_first(settings):
    for quarter, versions in ((LATEST, (1, 2, 3)), (Quarter(2026, 1), (1, 2))):
        for version in versions:
            write_version(settings, quarter, version, FILES)
            if version < 3:
                mark_published(settings, quarter, version, PUBLISHED)
    before = Quarter(2026, 1)
    assert every_published(settings) == [(LATEST, 2), (LATEST, 1), (before, 2), (before, 1)]


def test_a_folder_without_manifest_is_no_release(tmp_path):
    with pytest.raises(StoreError, match="no release folder"):
        manifest_hash(tmp_path)


def test_the_confidential_store_is_readable_by_its_owner_only(settings):
    from operations.stores.databases import writing

    with writing(settings.confidential) as database:
        database.connection.execute("create table t as select 1 as a")
    assert stat.S_IMODE(settings.confidential.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "statement",
    [
        "insert into t values (2)",
        "attach 'other.duckdb'",
        "copy t to 'out.csv'",
        "from read_csv('in.csv')",
        "set enable_external_access = true",
        "load httpfs",
    ],
)
def test_a_reader_of_the_protected_store_can_read_and_nothing_else(settings, statement):
    import duckdb

    from operations.stores.databases import reading, writing

    with writing(settings.protected) as database:
        database.connection.execute("create table t as select 1 as a")
    with reading(settings.protected) as database:
        assert database.connection.execute("from t").fetchall() == [(1,)]
        with pytest.raises(duckdb.Error):
            database.connection.execute(statement)
