"""Packs are opened in a child process: one that ends it is refused, and no other."""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path

import polars as pl
import pytest

from operations.landing import child
from operations.landing.child import ChildLimits, receive_in_child
from pipelines.returns import receive
from pipelines.returns.packs import trial
from tests.pipelines.returns.packs.hostile import HOSTILE
from tests.pipelines.returns.small_world import NAME, world

SMALL = ChildLimits(memory_bytes=150_000_000, seconds=20)


def test_the_receipt_of_a_child_is_the_one_that_this_process_would_give():
    assert receive_in_child(world() / NAME) == receive(world() / NAME)


@pytest.mark.parametrize("hostile", ["LZMA damage", "pipe", "pack is a looping link", "workbook"])
def test_what_is_refused_is_refused_in_the_child_alike(hostile: str, tmp_path: Path):
    path = HOSTILE[hostile][0](tmp_path, NAME)
    assert receive_in_child(path) == receive(path)


def test_a_pack_that_takes_more_memory_than_allowed_is_refused_and_the_next_is_read(tmp_path: Path):
    folder = Path(shutil.copytree(world() / NAME, tmp_path / NAME))
    rows = b",".join([b"x"] * 32) + b"\n"
    header = (folder / "participants.csv").read_bytes().split(b"\n")[0] + b"\n"
    (folder / "participants.csv").write_bytes(header + rows * 1_300_000)
    receipt = receive_in_child(folder, SMALL)
    assert receipt.fault is not None
    assert receipt.fault.rule in {"pack_is_within_limits", "pack_can_be_read"}
    assert receipt.contents == {}
    assert str(receipt.name) == NAME
    assert receive_in_child(world() / NAME, SMALL).fault is None


def failing(fault: BaseException):
    """A reader of files that fails on each of them."""

    class Reader:
        def read(self, *_: object) -> None:
            raise fault

        manifest = notes = count = missing = read

    return lambda _: Reader()


def test_what_judging_answers_is_no_fault_on_receipt(monkeypatch: pytest.MonkeyPatch):
    for fault in (ValueError("of a library"), pl.exceptions.PanicException("of a library")):
        monkeypatch.setattr(trial, "reader_of", failing(fault))
        assert trial.receive_on_trial(world() / NAME) == receive(world() / NAME)


def test_a_lack_of_memory_is_one_on_receipt_of_new_files_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(trial, "reader_of", failing(MemoryError()))
    with pytest.raises(MemoryError):
        trial.receive_on_trial(world() / NAME)
    known = receive(world() / NAME)
    assert trial.receive_on_trial(world() / NAME, {known.sha256}) == known


def test_a_pack_that_takes_too_long_is_refused(tmp_path: Path):
    hurried = ChildLimits(seconds=0.001)
    receipt = receive_in_child(world() / NAME, hurried)
    assert receipt.fault is not None
    assert receipt.fault.rule == "pack_is_within_limits"
    assert "0.001 seconds" in receipt.fault.found


def test_the_child_has_no_key_in_its_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CTW_PSEUDONYM_KEY", "a secret of the test")
    started = child.Child(SMALL)
    try:
        assert started.open(world() / NAME) is not None
        held = Path(f"/proc/{started._process.pid}/environ").read_bytes()  # noqa: SLF001
    finally:
        started.end()
    assert b"secret" not in held
    assert os.environ["CTW_PSEUDONYM_KEY"]


@pytest.mark.parametrize(
    ("file", "data"),
    [
        ("participants.csv", b"a" * 30_000_000 + b"\n1,2\n"),
        ("events.csv", None),
        ("aggregate.csv", b"\n" * 95_000_000),
    ],
)
def test_lines_of_many_megabytes_end_nothing(file: str, data: bytes | None, tmp_path: Path):
    folder = Path(shutil.copytree(world() / NAME, tmp_path / NAME))
    header = (folder / file).read_bytes().split(b"\n")[0] + b"\n"
    (folder / file).write_bytes(data or header + b'"' + b"x" * 90_000_000)
    assert receive_in_child(folder).name is not None
    assert receive_in_child(world() / NAME).fault is None


def test_a_zip_file_that_holds_far_too_much_is_refused(tmp_path: Path):
    path = tmp_path / f"{NAME}.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("ignored.bin", "w") as member,
    ):
        for _ in range(1200):
            member.write(bytes(1_000_000))
    receipt = receive_in_child(path)
    assert receipt.fault is not None
    assert receipt.fault.rule == "pack_is_within_limits"
