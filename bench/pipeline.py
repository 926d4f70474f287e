"""Speed and memory of the quarterly build, stage by stage, beside a plain DuckDB query.

Each size runs in a process of its own. Seconds are CPU seconds and wall seconds; memory is the
peak of the stage in MB. The floor is one `group by` over the same CSV files: what any system pays.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from disclosure import protect
from operations.home.settings import Settings
from operations.landing.receive import landed, receive_all
from operations.stores.databases import writing
from pipelines.database import schema_of
from pipelines.returns import process_packs
from pipelines.statistics.count import columns, count
from pipelines.synthetic import simulate
from pipelines.warehouse import build_staging, land, promote
from publications import folder
from publications.release.calendar import next_release, release_at
from publications.release.model import Quality, Release
from publications.tables import TABLES, populations
from schemas.quarter import Quarter

SIZES = (30_000, 300_000, 3_000_000)
QUARTER = "2026-27Q2"
SECRET = b"a secret of 32 bytes for benchmarks only"


class Stages:
    """Measures one stage after the other and prints each as soon as it is done."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.cpu = self.wall = self.peak = 0.0

    def measure(self, stage: str, work: Callable[[], Any], rows: Callable[[Any], int]) -> Any:
        """Run one stage, and print rows, seconds, rows a second and peak memory."""
        reset_peak()
        cpu, wall = time.process_time(), time.perf_counter()
        result = work()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        self.cpu, self.wall = self.cpu + cpu, self.wall + wall
        most = peak()
        self.peak = max(self.peak, most)
        line(self.size, stage, rows(result), cpu, wall, most)
        return result


def reset_peak() -> None:
    """Have the kernel forget the peak memory of this process so far (Linux)."""
    clear = Path("/proc/self/clear_refs")
    if clear.exists():
        clear.write_text("5")


def peak() -> float:
    """Peak memory of this process since it was reset, in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        words = [row.split() for row in status.read_text().splitlines()]
        return next(int(row[1]) for row in words if row and row[0] == "VmHWM:") / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def line(size: int, stage: str, rows: int, cpu: float, wall: float, memory: float) -> None:
    """Print one row of the table."""
    rate = rows / wall if wall else 0
    print(
        f"{size:>10,}  {stage:<26}{rows:>12,}{cpu:>9.2f}{wall:>9.2f}{rate:>12,.0f}{memory:>9,.0f}",
        flush=True,
    )


def build(size: int, home: Path) -> None:
    """Run every stage of a build at one size."""
    quarter, settings, stages = Quarter.parse(QUARTER), settings_of(home), Stages(size)
    out = settings.incoming
    stages.measure(
        "simulate (one quarter)",
        lambda: simulate(quarter, size, 1, out, first=quarter),
        lambda _: size,
    )
    floor(size, out)
    measured, stages.peak = (stages.cpu, stages.wall), 0.0
    take_in(stages, settings, quarter)
    cells = stages.measure(
        "count",
        lambda: counted(settings, quarter),
        lambda found: sum(len(table.cells) for table in found.values()),
    )
    safe = stages.measure(
        "protect (cells)",
        lambda: tuple(
            protect(cells[p.relation], p.protection, of=quarter.id) for p in populations(TABLES)
        ),
        lambda tables: sum(len(table.cells) for table in tables),
    )
    release = release_of(quarter, safe)
    stages.measure("publish (files)", lambda: folder.render(release), len)
    cpu, wall = stages.cpu - measured[0], stages.wall - measured[1]
    line(size, "all but simulate", size, cpu, wall, stages.peak)


def settings_of(home: Path) -> Settings:
    """Return the settings of a home of the benchmark, with keys that protect nobody."""
    os.environ |= {
        "CTW_HOME": str(home),
        "CTW_PSEUDONYM_KEY": SECRET.decode(),
        "CTW_RECORD_KEY_SECRET": SECRET.decode(),
        "CTW_CODE_VERSION": "bench",
    }
    return Settings.read()


def take_in(stages: Stages, settings: Settings, quarter: Quarter) -> None:
    """Measure the stages from the packs to the warehouse."""
    now = datetime(2026, 10, 20, tzinfo=UTC)
    stages.measure(
        "receive (packs)",
        lambda: receive_all(settings.incoming, settings.received, quarter, now),
        lambda found: len(found.new),
    )
    packs = list(landed(settings.received))
    judged = stages.measure(
        "judge",
        lambda: process_packs(packs, quarter, SECRET),
        lambda j: j.participants.height + j.events.height + j.aggregate.height,
    )
    stages.measure("warehouse", lambda: stored(settings, quarter, vars(judged)), int)


def stored(settings: Settings, quarter: Quarter, judged: dict[str, Any]) -> int:
    """Put what was judged into the warehouse, and return the rows of its staging."""
    with writing(settings.confidential) as database:
        land(database, judged)
        rows = build_staging(database, quarter)
        promote(database, quarter)
    return sum(rows.values())


def counted(settings: Settings, quarter: Quarter) -> dict[str, Any]:
    """Count every population, by its relation."""
    schema, cells = schema_of("warehouse", quarter), {}
    with writing(settings.confidential) as database:
        availability = database.get(schema, "availability")
        for population in populations(TABLES):
            rows = database.get(schema, population.relation, columns(population, TABLES))
            cells[population.relation] = count(
                population, TABLES, rows, availability, quarter, SECRET
            )
    return cells


def release_of(quarter: Quarter, safe: tuple[Any, ...]) -> Release:
    """Make a release of the protected tables, about whose returns nothing is said."""
    return Release(
        quarter=quarter,
        version=1,
        release_at=release_at(quarter),
        synthetic=True,
        declarations=TABLES,
        protected=safe,
        quality=Quality((), (), synthetic=True),
        next_release=next_release(quarter),
    )


def floor(size: int, packs: Path) -> None:
    """Measure one plain DuckDB query over the same files."""
    reset_peak()
    cpu, wall = time.process_time(), time.perf_counter()
    rows = (
        duckdb.connect()
        .execute(
            "select referral_route, count(*) from read_csv(?, all_varchar = true) group by all",
            [str(packs / "*" / "participants.csv")],
        )
        .fetchall()
    )
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    line(size, "floor: plain DuckDB query", sum(n for _, n in rows), cpu, wall, peak())


def main(words: list[str] | None = None) -> None:
    """Run the sizes asked for, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args(words)
    if given.one:
        size, home = json.loads(given.one)
        build(size, Path(home))
        return
    print(
        f"{'people':>10}  {'stage':<26}{'rows':>12}{'CPU s':>9}{'wall s':>9}{'rows/s':>12}{'MB':>9}"
    )
    for size in given.sizes:
        with tempfile.TemporaryDirectory() as home:
            command = [sys.executable, "-m", "bench.pipeline", "--one", json.dumps([size, home])]
            subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
