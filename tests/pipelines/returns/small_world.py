"""A small made-up world for the tests of the returns room, and a short way to judge its packs."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import polars as pl

from pipelines.returns import Judged, LandedPack, process_packs, receive
from pipelines.synthetic import simulate
from pipelines.synthetic.draft import Draft
from schemas.quarter import Quarter

KEY = bytes(range(32))
QUARTER = Quarter(2025, 2)
AREA = "CTW-EN01"
NAME = f"{AREA}_{QUARTER.id}_v1"
RECEIVED = datetime(2026, 1, 20, 9, tzinfo=UTC)


@cache
def world() -> Path:
    """Return a folder of right packs of the quarter: eight areas, about 600 starts."""
    out = Path(mkdtemp(prefix="packs"))
    simulate(QUARTER, 600, seed=3, out=out, first=QUARTER)
    return out


def draft() -> Draft:
    """Return the right pack of one area, to be changed and written elsewhere."""
    return Draft.read(world() / NAME)


def landed(paths: Sequence[Path]) -> list[LandedPack]:
    """Land packs, one a minute."""
    return [
        receive(path).landed(path, RECEIVED + timedelta(minutes=at))
        for at, path in enumerate(paths)
    ]


def judge(*paths: Path, known: pl.DataFrame | None = None) -> Judged:
    """Judge packs in the order given."""
    return process_packs(landed(paths), QUARTER, KEY, known)


def current(judged: Judged, frame: pl.DataFrame) -> pl.DataFrame:
    """Keep the rows of a frame that come from the latest accepted pack of each area."""
    latest = judged.submissions.filter("is_current").select("submission_id")
    return frame.join(latest, on="submission_id", how="semi", maintain_order="left")


def broken(judged: Judged) -> set[str]:
    """Return the rules that were broken."""
    return set(judged.findings["rule_id"])


def with_text(one: Draft, file: str, old: str, new: str) -> Draft:
    """Change the first place of a text in a file."""
    text = one.files[file].decode()
    assert old in text
    files = {**one.files, file: text.replace(old, new, 1).encode()}
    return Draft(one.name, files, one.manifest).sealed()


def copied(tmp_path: Path, name: str = NAME) -> Path:
    """Copy the right pack of one area."""
    return Path(shutil.copytree(world() / NAME, tmp_path / name))
