"""A draft beside a signed version, and packs that came after a build: on the command line."""

import json
import shutil

import dagster as dg
import pytest

from assets import arrivals
from assets.instance import instance
from assets.sensors import new_packs
from operations.home.settings import Settings
from operations.releases.release_store import files_in, versions
from tests.assets.test_corrections import (
    ENVIRONMENT,
    QUARTER,
    build,
    corrected,
    ctw,
    manifest_hash,
    one_draft,
    with_fifty_more,
    without_one,
)
from tests.built_homes import copied


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home whose first version is signed off and whose second is a draft."""
    with copied(tmp_path_factory, "one_draft", ENVIRONMENT, one_draft) as home:
        manifest = manifest_hash(home / "releases" / QUARTER.id / "v1")
        who = ("--name", "A Person", "--role", "Head of Profession")
        signed = ctw("sign-off", QUARTER.id, "--manifest", manifest, *who)
        assert signed.exit_code == 0, signed.output
        corrected(home, 2, with_fifty_more)
        second = build(home / "packs")
        assert second.exit_code == 0, second.output
        assert versions(Settings.read(), QUARTER) == [1, 2]
        assert "Signed     v1, by A Person, Head of Profession; it is not public" in second.output
        yield home


def packs(home):
    return len(list((home / "packs").glob("CTW-*")))


def test_the_summary_has_one_line_about_sentences_and_the_log_none(home):
    lines = (home / "first.txt").read_text().splitlines()
    about = [line for line in lines if "entence" in line]
    left = json.loads((home / "releases" / QUARTER.id / "v1" / "figures.json").read_text())
    replaced = sum(entry["replaced"] for entry in left["left_out"])
    assert replaced > 0
    assert about == [
        f"Sentences  {replaced} say less, {len(left['left_out']) - replaced} left out, as a figure "
        "is not there; figures.json lists them"
    ]


def test_the_signed_version_is_published_by_its_number_and_a_later_pack_is_shown_apart(home):
    refused = ctw("publish", QUARTER.id)
    assert refused.exit_code == 1
    assert "v2 is not signed off, but v1 is" in refused.output
    assert f"ctw publish {QUARTER.id} --version 1" in refused.output

    published = ctw("publish", QUARTER.id, "--version", "1")
    assert published.exit_code == 0, published.output
    assert "2025-26 Q2 v1 is public" in published.output
    assert "v2 is newer and not signed off" in published.output
    release = files_in(home / "releases" / QUARTER.id / "v1")
    assert files_in(home / "site" / QUARTER.id / "v1") == release

    before = ctw("status").output
    shown_line = "  v2  draft, while readers have v1; release 18 December 2025 09:30; "
    assert f"{shown_line}{packs(home)} packs received" in before
    corrected(home, 3, without_one)
    assert "is held back" in build(home / "packs").output
    after = ctw("status").output
    assert f"; built from {packs(home) - 1} packs received" in after
    assert "; 1 more came since, which are not in it: the last build with them was held" in after
    assert f"ctw build {QUARTER.id}" not in after


def test_the_sensor_does_not_try_a_correction_again_that_is_held_back(home, monkeypatch):
    """The build above was the third; its packs now lie in the drop folder too."""
    settings = Settings.read()
    shutil.copytree(home / "packs", settings.incoming)
    monkeypatch.setattr(arrivals, "SETTLED", 0.0)
    with instance(settings) as held:
        seen = new_packs(dg.build_sensor_context(instance=held))
    assert seen.skip_message.startswith(
        f"{QUARTER.label} was stopped by the check changes_hide_people, and would be again"
    )
    (settings.incoming / f"CTW-EN01_{QUARTER.id}_v9").mkdir()
    with instance(settings) as held:
        seen = new_packs(dg.build_sensor_context(instance=held))
    assert [one.partition_key for one in seen.run_requests] == [QUARTER.start.isoformat()]
