"""What has a receipt is moved out of the drop folder, beside the receipt, and nothing is lost."""

import errno
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assets.returns import had_receipts
from operations.errors import LandingError
from operations.landing.receipt_list import BESIDE
from operations.landing.receipts import DROPPED
from operations.landing.receive import RECEIPT, landed, receive_all
from schemas.quarter import Quarter
from tests.pipelines.returns.small_world import NAME, world

AT = datetime(2025, 10, 20, 9, tzinfo=UTC)
LATER = datetime(2025, 10, 21, 9, tzinfo=UTC)
FIRST = Quarter.parse(NAME.split("_")[1])


@pytest.fixture
def packs():
    return world()


@pytest.fixture
def drop(tmp_path):
    folder = tmp_path / "drop"
    folder.mkdir()
    return folder


def emptied(drop, store, at=AT):
    return receive_all(drop, store, FIRST, at, empties=True)


def test_what_has_a_receipt_is_moved_beside_it_and_filed_by_the_day_it_came(packs, drop, tmp_path):
    store = tmp_path / "store"
    shutil.copytree(packs / NAME, drop / NAME)
    (drop / "Jo Smith.xlsx").write_bytes(b"PK")
    (drop / "loop").symlink_to("loop")
    sent = {file.name: file.read_bytes() for file in (drop / NAME).iterdir()}
    found = emptied(drop, store)
    assert (len(found.new), found.stuck) == (3, ())
    assert list(drop.iterdir()) == []
    came = {f"{pack.received_at:%Y-%m-%d}": pack for pack in landed(store)}
    assert {path.name for path in store.iterdir()} == set(came)
    assert len(came) == 2
    [own] = [pack.path.parent for pack in landed(store) if pack.name == NAME]
    assert {file.name: file.read_bytes() for file in (own / DROPPED).iterdir()} == sent
    others = [path for path in store.rglob(f"{DROPPED}*") if path.parent != own]
    assert sorted(path.is_symlink() for path in others) == [False, True]
    assert not [path for path in store.rglob("*") if "Smith" in path.name]


def test_what_was_dropped_under_an_open_umask_is_private_beside_its_receipt(packs, drop, tmp_path):
    store, outside = tmp_path / "store", tmp_path / "outside"
    outside.write_text("of somebody else")
    outside.chmod(0o644)
    before = os.umask(0o022)
    try:
        shutil.copytree(packs / NAME, drop / NAME, copy_function=shutil.copyfile)
        (drop / NAME / "a" / "b").mkdir(parents=True)
        for path in (drop / "notes", drop / NAME / "a" / "b" / "program"):
            path.write_text("words")
            path.chmod(0o755)
        (drop / NAME / "a" / "link").symlink_to(outside)
        (drop / "link").symlink_to(outside)
    finally:
        os.umask(before)
    assert (drop / NAME / "manifest.json").stat().st_mode & 0o777 == 0o644
    store.mkdir(mode=0o700)
    assert emptied(drop, store).stuck == ()
    kept = [p for top in store.rglob(f"{DROPPED}*") for p in (top, *top.rglob("*"))]
    modes = {path.name: path.lstat().st_mode for path in kept if not path.is_symlink()}
    assert {name for name, how in modes.items() if how & 0o077} == set()
    assert {"manifest.json", "a", "b", "program"} <= set(modes)
    assert modes["program"] & 0o777 == 0o700, "what its owner may do stays as it was"
    assert sum(path.is_symlink() for path in kept) == 2
    assert outside.stat().st_mode & 0o777 == 0o644


def test_three_unreadable_names_with_one_content_are_one_receipt(drop, tmp_path):
    for name in ("one", "two", "three"):
        (drop / name).write_bytes(b"the same")
    found = emptied(drop, tmp_path / "store")
    [number] = found.new
    assert found.known == (number, number)
    said = had_receipts(found.known)
    assert said.startswith("2 of what was dropped hold the same content as something that has a")
    assert said.endswith(f"keep that receipt and its report: {number}")
    (drop / "four").write_bytes(b"the same")
    assert had_receipts(emptied(drop, tmp_path / "store", LATER).known) == (
        "1 of what was dropped holds the same content as something that has a receipt already "
        f"(under the same name, where the name is a pack's), and keeps that receipt and its "
        f"report: {number}"
    )


def test_a_pack_that_is_dropped_again_is_known_and_moved_beside_the_first(packs, drop, tmp_path):
    store = tmp_path / "store"
    for name, at in ((NAME, AT), (NAME, LATER), (f"{NAME}.zip", LATER)):
        dropped = shutil.copytree(packs / NAME, drop / NAME)
        if name != NAME:
            shutil.make_archive(str(drop / NAME), "zip", dropped)
            shutil.rmtree(dropped)
        found = emptied(drop, store, at)
        assert (found.known if at == LATER else found.new) == (NAME,)
    [pack] = landed(store)
    names = {path.name for path in pack.path.parent.iterdir()}
    assert names == {RECEIPT, "pack.zip", DROPPED, f"{DROPPED}-2", f"{DROPPED}-3"}


def test_an_emptied_folder_is_no_fault_once_something_was_received(packs, drop, tmp_path):
    store = tmp_path / "store"
    with pytest.raises(LandingError, match="holds no return pack"):
        emptied(drop, store)
    shutil.copytree(packs / NAME, drop / NAME)
    emptied(drop, store)
    found = emptied(drop, store, LATER)
    assert (found.new, found.known) == ((), ())
    assert len(list(landed(store))) == 1
    with pytest.raises(LandingError, match="holds no return pack"):
        receive_all(drop, store, FIRST, LATER)


def test_what_cannot_be_moved_is_received_stays_and_is_told(packs, drop, tmp_path, monkeypatch):
    """As on another disk, to which the system moves nothing in one step."""
    store = tmp_path / "store"
    shutil.copytree(packs / NAME, drop / NAME)
    rename = Path.rename

    def refused(path, target):
        if path.parent == drop:
            raise OSError(errno.EXDEV, "another device")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refused)
    found = emptied(drop, store)
    assert (found.new, found.stuck) == ((NAME,), (NAME,))
    assert (drop / NAME).is_dir()
    assert emptied(drop, store, LATER).known == (NAME,)


def test_a_list_of_receipts_may_name_what_was_moved_away(packs, drop, tmp_path):
    store = tmp_path / "store"
    shutil.copytree(packs / NAME, drop / NAME)
    (drop / "notes.txt").write_text("a note")
    lines = [f"{name},{AT.isoformat()}" for name in (NAME, "notes.txt")]
    (drop.parent / BESIDE).write_text("\n".join(["pack,received_at", *lines]) + "\n")
    assert emptied(drop, store).list_faults == ""
    assert list(drop.iterdir()) == []
    assert {pack.received_at for pack in landed(store)} == {AT}
    assert emptied(drop, store, LATER).list_faults == ""
    (drop.parent / BESIDE).write_text(f"pack,received_at\nother.txt,{AT.isoformat()}\n")
    assert "names nothing that was dropped" in emptied(drop, store, LATER).list_faults
