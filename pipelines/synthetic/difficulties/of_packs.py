"""Packs that never come, come late, twice, or again as a second version."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import polars as pl

import reference
from pipelines.synthetic.difficulties.declared import CaseMeasure
from pipelines.synthetic.difficulties.lists import LATE, MISSING, RESUBMITTED, TWICE
from pipelines.synthetic.draft import Draft, zipped_folder
from pipelines.synthetic.faults.declared import changed, read, written
from pipelines.synthetic.packs import dated

MOST_DAYS_LATE = 20
PEOPLE = "participants.csv"


@dataclass(frozen=True)
class Sending:
    """What became of a pack: what was sent, and the measure that each of it must have.

    Without a path nothing was sent, and that must be seen.
    """

    paths: tuple[Path, ...]
    expected: tuple[tuple[CaseMeasure, int], ...]


def never_sent(path: Path, random: np.random.Generator) -> Sending:
    """Take a pack away."""
    shutil.rmtree(path)
    return Sending((), ((CaseMeasure.SUBMISSIONS, 0),))


def sent_late(path: Path, random: np.random.Generator) -> Sending:
    """Let a pack come some days after the day on which the returns of its quarter were due."""
    days = int(random.integers(1, MOST_DAYS_LATE + 1))
    _, period, _ = path.name.split("_")
    due = dict(reference.releases().select("quarter", "returns_due").rows())[period]
    day = date.fromisoformat(due) + timedelta(days=days)
    at = datetime.combine(day, time(10), tzinfo=UTC).timestamp()
    for each in (*path.glob("*"), path):
        os.utime(each, (at, at))
    return Sending((path,), ((CaseMeasure.DAYS_LATE, days),))


def sent_twice(path: Path, random: np.random.Generator) -> Sending:
    """Send the same files again as a zip file, a day later: the door knows them."""
    again = path.with_name(f"{path.name}.zip")
    again.write_bytes(zipped_folder(path))
    dated(again)
    return Sending((path,), ((CaseMeasure.SUBMISSIONS, 1),))


def sent_again(path: Path, random: np.random.Generator) -> Sending:
    """Send a first version in which a qualification was not known yet, and then a second."""
    final = Draft.read(path)
    people = read(final.files[PEOPLE])
    started = (people["start_date"].is_not_null() & (people["highest_qual"] != "NS")).arg_true()
    first = final
    if started.len():
        at = int(random.choice(started.to_numpy()))
        rows = changed(people, at, {"highest_qual": "NS"})
        first = replace(final, files={**final.files, PEOPLE: written(rows)}).sealed()
    second = final.again(notes="Replaces the first version").write(path.parent)
    paths = (first.write(path.parent), second)
    for each in paths:
        dated(each)
    return Sending(paths, ((CaseMeasure.COUNTS, 0), (CaseMeasure.COUNTS, 1)))


WAYS: Mapping[str, Callable[[Path, np.random.Generator], Sending]] = {
    MISSING.name: never_sent,
    LATE.name: sent_late,
    TWICE.name: sent_twice,
    RESUBMITTED.name: sent_again,
}
"""How a pack is sent, by the name of the difficulty."""


def line_of(path: Path) -> dict[tuple[str, int], int]:
    """Return the line of each participant and episode in a pack; the header is line 1."""
    rows = pl.read_csv(path / PEOPLE, infer_schema=False)
    keys = rows.select("participant_ref", pl.col("episode_no").cast(pl.Int64)).rows()
    return {(str(ref), int(episode)): at for at, (ref, episode) in enumerate(keys, start=2)}
