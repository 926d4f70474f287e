"""Are packs judged alike at the area and in a build? `python -m bench.check_alike --packs 10000`.

Packs of eight areas are changed at random: cells, lines, noise, manifests, columns, names. One end
is `ctw-check.pyz` in an environment that has only the packages that it names, with `python -I`;
the other is the build's own `process`, eight areas at a time, with another key. Compared are the
status, the counts, every finding with its words, and the rows left out. What the checker lists as
not checked there (rules across areas) is left out of the comparison, and counted.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from operations.checking.archive import NAME, archive, needs
from operations.checking.verdicts import verdict
from operations.landing.arrival import arrived
from pipelines.returns import process_packs, receive
from pipelines.synthetic import simulate
from pipelines.synthetic.draft import Draft
from schemas.quarter import Quarter

QUARTER = Quarter(2025, 2)
KEY = bytes(range(32))
FILES = ("participants.csv", "events.csv", "aggregate.csv")
CELLS = ["", " ", "0", "-1", "9999", "1e9", "nan", "NULL", "Y", "IPS", "JOB_START", "2026-09-30"]
CELLS += [
    "0001-01-01",
    "9999-12-31",
    "30/09/2025",
    "1984-05",
    '"',
    "a;b",
    "=1+1",
    "\u202e",
    "x" * 500,
]
CELLS += ["AB001234C", "SW1A 1AA", "07700 900123", "OUTCOME_HIGHER", "W_BRI", "2"]
VALUES = [None, True, "", 0, -1, "2", "9.9.9", "2030-31Q1", "CTW-EN02", [], {}, "AB001234C"]
WORKER = """
import json, sys, tempfile, zipfile
from pathlib import Path
folder = tempfile.mkdtemp()
zipfile.ZipFile(sys.argv[1]).extractall(folder)
sys.path.insert(0, folder)
from operations.checking.packs import check_pack
from operations.checking.verdicts import verdict
for line in sys.stdin:
    checked = check_pack(Path(json.loads(line)))
    print(json.dumps(verdict(checked.judged, checked.submission_id)), flush=True)
"""


def clean_python(folder: Path) -> Path:
    """Make an environment with the packages that the checker names and what these need."""
    venv.create(folder, with_pip=False, symlinks=True)
    site = next((folder / "lib").glob("python*/site-packages"))
    for name in sorted(_closure(needs().values())):
        for top in {file.parts[0] for file in metadata.files(name) or () if file.parts[0] != ".."}:
            source = Path(str(metadata.distribution(name).locate_file(top)))
            if source.exists() and not (site / top).exists():
                (site / top).symlink_to(source)
    return folder / "bin" / "python"


def _closure(requirements: object) -> set[str]:
    """Return the packages of requirements, and those that they need, by name."""
    found: set[str] = set()
    wanted = list(requirements)  # type: ignore[call-overload]
    while wanted:
        line = wanted.pop()
        name = re.split(r"[^A-Za-z0-9_.-]", line, maxsplit=1)[0]
        if name in found or ("extra ==" in line):
            continue
        try:
            more = metadata.requires(name) or []
        except metadata.PackageNotFoundError:  # for another system or Python
            continue
        found.add(name)
        wanted += more
    return found


def changed(draft: Draft, chance: random.Random) -> Draft:
    """Return a pack with some faults: none, in cells, lines, columns, the manifest, or noise."""
    draft = replace(draft, files=dict(draft.files))
    for kind in chance.choices(
        (_cells, _line, _noise, _columns, _manifest, _nothing), k=chance.randint(1, 3)
    ):
        draft = kind(draft, chance)
    if chance.random() < 0.1:
        return draft
    return draft.sealed()


def _nothing(draft: Draft, chance: random.Random) -> Draft:
    return draft


def _cells(draft: Draft, chance: random.Random) -> Draft:
    file = chance.choice(FILES)
    lines = draft.files[file].split(b"\n")
    for _ in range(chance.randint(1, 40)):
        at = chance.randrange(1, max(len(lines) - 1, 2))
        cells = lines[at].split(b",")
        cells[chance.randrange(len(cells))] = chance.choice(CELLS).encode()
        lines[at] = b",".join(cells)
    draft.files[file] = b"\n".join(lines)
    return draft


def _line(draft: Draft, chance: random.Random) -> Draft:
    file = chance.choice(FILES)
    lines = draft.files[file].split(b"\n")
    at = chance.randrange(1, max(len(lines) - 1, 2))
    lines[at : at + 1] = chance.choice(([], [lines[at]] * 2, [lines[at] + b",x"], [b""]))
    draft.files[file] = b"\n".join(lines)
    return draft


def _noise(draft: Draft, chance: random.Random) -> Draft:
    file = chance.choice(FILES)
    at = chance.randrange(len(draft.files[file]))
    data = draft.files[file]
    draft.files[file] = data[:at] + chance.randbytes(chance.randint(1, 20)) + data[at:]
    return draft


def _columns(draft: Draft, chance: random.Random) -> Draft:
    file = chance.choice(FILES)
    rows = [line.split(b",") for line in draft.files[file].split(b"\n")]
    one, other = (chance.randrange(len(rows[0])) for _ in range(2))
    for row in rows[chance.randint(0, 1) :]:
        if len(row) == len(rows[0]):
            row[one], row[other] = row[other], row[one]
    draft.files[file] = b"\n".join(b",".join(row) for row in rows)
    return draft


def _manifest(draft: Draft, chance: random.Random) -> Draft:
    name = chance.choice(sorted(draft.manifest))
    return replace(draft, manifest={**draft.manifest, name: chance.choice(VALUES)})


def packs(folder: Path, number: int, seed: int) -> Iterator[list[Path]]:
    """Write changed packs, one per area at a time, until there are so many."""
    chance = random.Random(seed)
    simulate(QUARTER, 300, seed=seed, out=folder / "right", first=QUARTER)
    right = [Draft.read(path) for path in sorted((folder / "right").iterdir()) if path.is_dir()]
    for at in range(0, number, len(right)):
        place = folder / f"round {at}"
        place.mkdir()
        yield [changed(draft, chance).write(place) for draft in right[: number - at]]
        shutil.rmtree(place)


def in_build(paths: list[Path]) -> list[dict[str, object]]:
    """Return the verdicts of a build on packs of different areas, judged together."""
    ends = datetime(2099, 12, 31, tzinfo=UTC)
    landed = [receive(path).landed(path, arrived(path, {}, ends)) for path in paths]
    judged = process_packs(landed, QUARTER, KEY)
    return [verdict(judged, one.number) for one in landed]


class AtTheArea:
    """The checker in its own environment, asked for one verdict after another."""

    def __init__(self, folder: Path) -> None:
        pyz = folder / NAME
        pyz.write_bytes(archive())
        words = [str(clean_python(folder / "clean")), "-I", "-c", WORKER, str(pyz)]
        self._process = subprocess.Popen(
            words, cwd=folder, env={}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def verdict(self, path: Path) -> dict[str, object]:
        """Return the verdict of the checker on a pack."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(str(path)) + "\n")
        self._process.stdin.flush()
        answer: dict[str, object] = json.loads(self._process.stdout.readline())
        return answer

    def end(self) -> None:
        """End the checker."""
        self._process.kill()
        self._process.wait()


def compare(number: int, seed: int, seconds: float = float("inf")) -> dict[str, int]:
    """Judge packs at both ends; return how many were, by status, and how many differ."""
    counts = {"packs": 0, "different": 0, "with findings across areas": 0}
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        area = AtTheArea(Path(name))
        try:
            for paths in packs(Path(name), number, seed):
                for path, build in zip(paths, in_build(paths), strict=True):
                    _count(counts, build, area.verdict(path))
                if time.monotonic() - begun > seconds:
                    break
        finally:
            area.end()
    return counts


def _count(counts: dict[str, int], build: dict[str, object], area: dict[str, object]) -> None:
    counts["packs"] += 1
    across = bool(build.pop("is_across"))
    area.pop("is_across")
    counts["with findings across areas"] += across
    if across:
        build.pop("status")
        area.pop("status")
    counts["different"] += build != area
    if build != area:
        names = [name for name in build if build[name] != area[name]]
        sys.stderr.write(f"{build['pack_name']} differs in {', '.join(names)}\n")
    status = str(build.get("status", "status rests on other areas"))
    counts[status] = counts.get(status, 0) + 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    asked = parser.parse_args()
    for words, count in compare(asked.packs, asked.seed, asked.seconds).items():
        print(f"{words:32}{count:8,}")
