"""What identifies the packs in the drop folder: their names and content, within limits."""

import os
from datetime import UTC, datetime

import pytest

from assets.arrivals import packs_in, settling_seconds
from operations.home.rehearsal import rehearse
from operations.home.trees import remove
from operations.landing.receive import receive_all
from pipelines.returns.packs.plain_files import LIMITS
from schemas.quarter import Quarter

QUARTER = Quarter(2025, 4)


@pytest.fixture
def pack(tmp_path):
    folder = tmp_path / f"CTW-EN01_{QUARTER.id}_v1"
    folder.mkdir()
    (folder / "events.csv").write_bytes(b"a,b\n1,2\n")
    return folder


def digest(pack):
    return packs_in(pack.parent, pack.parent / ".store")[QUARTER].digest


def write_at(path, place, data):
    with path.open("r+b") as file:
        file.seek(place)
        file.write(data)


def test_another_content_under_the_same_name_is_seen(pack):
    before = digest(pack)
    write_at(pack / "events.csv", 4, b"3")
    assert digest(pack) != before


def test_a_file_that_is_only_copied_again_changes_nothing(pack):
    before = digest(pack)
    os.utime(pack / "events.csv", (0, 0))
    assert digest(pack) == before


def test_a_pack_that_was_received_and_moved_is_the_same_and_grows_no_more(pack):
    store = pack.parent / ".store"
    before = packs_in(pack.parent, store)[QUARTER]
    assert before.is_growing
    receive_all(pack.parent, store, QUARTER, datetime.now(UTC), empties=True)
    assert not pack.exists()
    after = packs_in(pack.parent, store)[QUARTER]
    assert (after.digest, after.is_growing) == (before.digest, False)
    pack.mkdir()
    (pack / "events.csv").write_bytes(b"a,b\n1,2\n3,4\n")
    again = packs_in(pack.parent, store)[QUARTER]
    assert (again.digest != before.digest, again.is_growing) == (True, True)


def test_a_file_that_no_pack_may_hold_is_not_read(pack):
    huge = pack / "huge.csv"
    huge.touch()
    os.truncate(huge, LIMITS.unpacked_bytes + 1)
    before = digest(pack)
    write_at(huge, 0, b"another content")
    assert digest(pack) == before
    os.truncate(huge, LIMITS.unpacked_bytes + 2)
    assert digest(pack) != before


def test_a_folder_nested_1500_deep_stops_nobody(pack):
    folder = pack
    for _ in range(15):
        folder = folder / "/".join("d" * 100)
        folder.mkdir(parents=True)
    store = pack.parent / ".store"
    before = packs_in(pack.parent, store)[QUARTER]
    found = receive_all(pack.parent, store, QUARTER, datetime.now(UTC), empties=True)
    assert (found.new, found.stuck) == ((pack.name,), ())
    assert packs_in(pack.parent, store)[QUARTER].digest == before.digest
    remove(store)


def test_a_link_in_place_of_a_pack_is_not_followed(pack, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "a.csv").write_text("x")
    pack.with_name(pack.name.replace("v1", "v2")).symlink_to(elsewhere)
    before = digest(pack)
    (elsewhere / "a.csv").write_text("another")
    assert digest(pack) == before


def test_packs_settle_for_two_minutes_and_for_15_seconds_in_a_rehearsal(tmp_path):
    rehearse(tmp_path / "rehearsal", "2026-12-17T09:00:00+00:00")
    assert settling_seconds({"CTW_HOME": str(tmp_path / "everyday")}) == 120
    assert settling_seconds({"CTW_HOME": str(tmp_path / "rehearsal")}) == 15
