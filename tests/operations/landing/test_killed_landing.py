"""A kill while packs are received leaves whole receipts, and the next look receives the rest."""

import json
import os
import shutil
from collections import Counter
from datetime import UTC, datetime

import pytest

from operations.errors import LandingError
from operations.landing.receipts import DROPPED, KEPT, RECEIPT
from operations.landing.receive import landed, receive_all
from pipelines.returns.packs.receive import content_hash, read_pack
from schemas.quarter import Quarter
from tests.operations.home.killing import Flushed, killed_everywhere
from tests.pipelines.returns.small_world import NAME, QUARTER, world

AT, LATER = datetime(2025, 10, 20, 9, tzinfo=UTC), datetime(2025, 10, 20, 10, tzinfo=UTC)


@pytest.fixture
def drop(tmp_path):
    """A right pack, another one, and one that is refused on receipt."""
    folder = tmp_path / "drop"
    folder.mkdir()
    other = next(path for path in sorted(world().iterdir()) if path.name != NAME)
    for pack in (world() / NAME, other):
        shutil.copytree(pack, folder / pack.name)
    (folder / "no pack.zip").write_bytes(b"PK")
    return folder


def received(store):
    """What is in landing, each pack looked at: name, hash, whether its bytes are those."""
    found = {}
    for pack in landed(store):
        held = None if pack.fault else content_hash(read_pack(pack.path))
        assert held in (None, pack.sha256)
        found[pack.sha256] = (pack.fault, held)
    return found


def test_a_kill_before_any_act_on_the_disk_loses_nothing_and_leaves_nothing(drop, tmp_path):
    receive_all(drop, tmp_path / "whole", QUARTER, AT)
    expected, left = received(tmp_path / "whole"), []

    def make(number):
        store = tmp_path / f"store-{number}"
        return store, lambda: receive_all(drop, store, QUARTER, AT)

    for store in killed_everywhere(make):
        before = received(store)
        left.append(len(before))
        receive_all(drop, store, QUARTER, LATER)
        after = received(store)
        assert after == expected
        assert before.items() <= after.items()
        names = {file.name for file in store.glob("*/*/*")}
        assert names == {KEPT, RECEIPT}, "nothing half written stays"
    assert set(left) == {0, 1, 2, 3}


def test_a_kill_while_the_drop_folder_is_emptied_loses_nothing(drop, tmp_path):
    """What was dropped lies there still, or beside its receipt, as it was."""

    def make(number):
        own, store = tmp_path / f"drop-{number}", tmp_path / f"store-{number}"
        shutil.copytree(drop, own)
        return (own, store), lambda: receive_all(own, store, QUARTER, AT, empties=True)

    def held(folder, within=""):
        files = (path for path in folder.rglob("*") if path.is_file() and within in str(path))
        return Counter(path.read_bytes() for path in files)

    expected = held(drop)
    for own, store in killed_everywhere(make):
        receive_all(own, store, QUARTER, LATER, empties=True)
        assert list(own.iterdir()) == []
        assert held(store, f"/{DROPPED}") == expected


def test_a_pack_is_on_the_disk_before_its_receipt_and_both_before_the_next(
    drop, tmp_path, monkeypatch
):
    flushed = Flushed()
    monkeypatch.setattr(os, "fsync", flushed.fsync)
    monkeypatch.setattr(os, "replace", flushed.replace)
    receive_all(drop, tmp_path / "store", QUARTER, AT)
    files = list((tmp_path / "store").glob("*/*/*"))
    assert len(files) == 5
    for file in files:
        assert flushed.is_on_the_disk(file)
        assert ("flush", str(tmp_path / "store")) in flushed.acts
    for receipt in (tmp_path / "store").rglob(RECEIPT):
        targets = [target for _, target in flushed.acts]
        pack = str(receipt.with_name(KEPT))
        assert pack not in targets or targets.index(pack) < targets.index(str(receipt))


@pytest.mark.parametrize("content", ["", '{"number": "12'])
def test_a_receipt_that_cannot_be_read_is_named_with_what_to_do(drop, tmp_path, content):
    receive_all(drop, tmp_path / "store", QUARTER, AT)
    receipt = next((tmp_path / "store").rglob(RECEIPT))
    name = json.loads(receipt.read_text())["name"]
    receipt.write_text(content)
    with pytest.raises(LandingError, match=f"{receipt} cannot be read, .*move {receipt.parent}"):
        receive_all(drop, tmp_path / "store", QUARTER, LATER)
    shutil.rmtree(receipt.parent)
    assert (
        receive_all(drop, tmp_path / "store", Quarter(2025, 2), LATER)
        .new[0]
        .startswith(name or "receipt-")
    )
