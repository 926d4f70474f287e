"""A damaged or hostile pack costs itself its place, and no other pack anything."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from pipelines.returns import receive, zipped
from pipelines.returns.packs.plain_files import UnpackLimits
from pipelines.returns.packs.receive import content_hash, read_pack
from tests.pipelines.returns.packs.hostile import HOSTILE
from tests.pipelines.returns.small_world import AREA, NAME, QUARTER, copied, judge, world


@pytest.fixture(params=HOSTILE)
def hostile(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str]:
    """Make one hostile pack; return it and the rule that it breaks."""
    make, rule = HOSTILE[request.param]
    (tmp_path / "drop").mkdir()
    return make(tmp_path / "drop", NAME), rule


def test_it_is_refused_on_receipt_with_a_rule_and_nothing_of_it_is_held(hostile):
    path, rule = hostile
    receipt = receive(path)
    assert (receipt.fault.rule, dict(receipt.contents)) == (rule, {})
    assert str(receipt.name) == NAME


def test_the_others_are_judged_and_the_refusal_names_area_and_quarter(hostile):
    path, rule = hostile
    other = next(p for p in sorted(world().iterdir()) if p.name != NAME)
    judged = judge(path, other)
    columns = ("pack_name", "delivery_area_code", "period_id", "status", "rows_received")
    assert judged.submissions.select(columns).row(0) == (NAME, AREA, QUARTER.id, "rejected", 0)
    assert judged.submissions["status"][1] == "accepted"
    assert judged.findings.filter(severity="reject_file")["rule_id"].to_list() == [f"pack.{rule}"]


def test_no_two_hostile_packs_share_a_hash(tmp_path: Path):
    hashes = {}
    for at, (fault, (make, _)) in enumerate(HOSTILE.items()):
        (out := tmp_path / str(at) / "drop").mkdir(parents=True)
        hashes[fault] = receive(make(out, NAME)).sha256
        assert (
            receive(next(p for p in out.iterdir() if p.name.startswith(NAME))).sha256
            == (hashes[fault])
        )
    assert len(set(hashes.values())) == len(hashes)


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """Give a folder, and the rights of a user who is not the superuser."""
    folder = Path(mkdtemp())
    folder.chmod(0o777)
    is_superuser = os.geteuid() == 0
    if is_superuser:
        os.seteuid(65534)
    try:
        yield folder
    finally:
        if is_superuser:
            os.seteuid(0)
        shutil.rmtree(folder)


def test_a_file_that_must_not_be_read_costs_its_pack_the_place(unprivileged: Path):
    pack = unprivileged / NAME
    pack.mkdir()
    hashes = []
    for name in ("events.csv", "aggregate.csv"):
        (pack / name).write_bytes(b"x")
        (pack / name).chmod(0)
        receipt = receive(pack)
        assert receipt.fault.rule == "pack_can_be_read"
        hashes.append(receipt.sha256)
    pack.chmod(0)
    assert receive(pack).fault.rule == "pack_can_be_read"
    pack.chmod(0o700)
    assert len(set(hashes)) == 2


def test_a_hash_reads_no_more_than_the_limits_allow(tmp_path: Path):
    limits = UnpackLimits(hashed_bytes=10)
    hashes = set()
    for data in (b"0" * 10, b"0" * 11, b"0" * 12):
        (tmp_path / "p.csv").write_bytes(data)
        hashes.add(receive(tmp_path / "p.csv", limits).sha256)
    assert len(hashes) == 3


RECEIVE = """
import resource, sys
from pathlib import Path
from pipelines.returns import receive
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
receipt = receive(Path(sys.argv[1]))
more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(receipt.fault.rule, more // 1024)
"""


@pytest.mark.parametrize("size", [600_000_000, UnpackLimits().unpacked_bytes + 1])
def test_a_pack_over_the_limit_is_refused_before_its_files_are_read(tmp_path: Path, size: int):
    pack = copied(tmp_path)
    with (pack / "participants.csv").open("wb") as file:
        file.truncate(size)  # a sparse file: it takes no room on the disk, and would in memory
    done = subprocess.run(
        [sys.executable, "-c", RECEIVE, str(pack)], capture_output=True, text=True, check=True
    )
    rule, megabytes = done.stdout.split()
    assert rule == "pack_is_within_limits"
    assert int(megabytes) < 50


@pytest.mark.parametrize(
    "files",
    [
        {"manifest.json": b"{}", "caf\xe9 (1).csv": b"1"},
        {"one\\manifest.json": b"{}", "one\\events.csv": b"1"},
        {"one/two/manifest.json": b"{}", "one/two/__MACOSX/x": b"1", "one/.DS_Store": b"2"},
        {"one/manifest.json": b"{}", "two/events.csv": b"1"},
        {"l" * 240 + ".csv": b"1"},
    ],
)
def test_what_is_kept_of_a_folder_is_read_as_the_folder_was(tmp_path: Path, files):
    for name, data in files.items():
        (tmp_path / "p" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "p" / name).write_bytes(data)
    receipt = receive(tmp_path / "p")
    (tmp_path / "kept.zip").write_bytes(zipped(receipt.contents))
    assert receipt.fault is None
    assert content_hash(read_pack(tmp_path / "kept.zip")) == receipt.sha256
