"""Rules of landing: a pack is kept once, as it came, and a later quarter waits."""

import json
import shutil
import stat
from datetime import UTC, datetime

import pytest

from assets.errors import LandingError
from assets.landing import (
    RECEIPT,
    candidates,
    landed,
    latest_before,
    of_quarter,
    period_of,
    receive_all,
)
from pipelines.synthetic import simulate
from schemas.quarter import Quarter

AT = datetime(2025, 7, 20, 9, tzinfo=UTC)
LATER = datetime(2025, 7, 21, 9, tzinfo=UTC)
FIRST, SECOND = Quarter(2025, 1), Quarter(2025, 2)


@pytest.fixture(scope="module")
def packs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("packs")
    simulate(SECOND, 200, 3, folder)
    return folder


def test_packs_up_to_the_quarter_are_received_once_and_later_ones_wait(packs, tmp_path):
    first = receive_all(packs, tmp_path, FIRST, AT)
    assert {period_of(name) for name in first.new} == {FIRST}
    assert {period_of(name) for name in first.later} == {SECOND}
    again = receive_all(packs, tmp_path, FIRST, LATER)
    assert (again.new, again.known) == ((), first.new)


def test_a_received_pack_is_a_read_only_copy_with_a_receipt(packs, tmp_path):
    receive_all(packs, tmp_path, FIRST, AT)
    for pack in landed(tmp_path):
        receipt = json.loads((pack.path.parent / RECEIPT).read_text())
        assert receipt == {
            "name": pack.name,
            "sha256": pack.sha256,
            "received_at": AT.isoformat(),
        }
        for file in pack.path.iterdir():
            assert file.read_bytes() == (packs / pack.name / file.name).read_bytes()
            assert not stat.S_IMODE(file.stat().st_mode) & 0o222


def test_a_pack_of_the_same_name_and_other_content_is_kept_beside_the_first(packs, tmp_path):
    drop, store = tmp_path / "drop", tmp_path / "store"
    name = next(p.name for p in packs.iterdir() if period_of(p.name) == FIRST)
    shutil.copytree(packs / name, drop / name)
    receive_all(drop, store, FIRST, AT)
    (drop / name / "events.csv").write_text("changed\n")
    assert receive_all(drop, store, FIRST, LATER).new == (name,)
    assert [pack.received_at for pack in landed(store)] == [AT, LATER]


def test_an_interrupted_copy_is_made_again(packs, tmp_path):
    receive_all(packs, tmp_path, FIRST, AT)
    broken = next(landed(tmp_path)).path.parent
    (broken / RECEIPT).unlink()
    assert len(receive_all(packs, tmp_path, FIRST, LATER).new) == 1


def test_no_folder_and_an_empty_one_say_what_to_do(tmp_path):
    with pytest.raises(LandingError, match="There is no landing folder"):
        candidates(tmp_path / "nowhere")
    with pytest.raises(LandingError, match="holds no return pack"):
        candidates(tmp_path)


def test_an_area_without_a_pack_keeps_its_last_one_from_before(packs, tmp_path):
    receive_all(packs, tmp_path, SECOND, AT)
    kept = list(landed(tmp_path))
    assert {period_of(pack.name) for pack in of_quarter(kept, SECOND)} == {SECOND}
    area = "CTW-EN01"
    assert [pack.name for pack in latest_before(kept, SECOND, {area})] == [f"{area}_2025-26Q1_v1"]
    assert latest_before(kept, FIRST, {area}) == []


@pytest.mark.parametrize("name", ["readme", "CTW-EN01_2025-27Q1_v1", "CTW-EN01_2025-26Q1"])
def test_a_name_that_says_no_quarter_belongs_to_none(name):
    assert period_of(name) is None
