"""Plant faults in the packs of the last quarter, and tell the truth about them.

A share of the areas, the largest first, send faulty returns. A third of these have faulty rows in
the only version that they send. The others send a right version, and then one after the other,
each with one fault, mostly refused. Three small areas send late, nothing, or nothing that is
accepted; a fourth corrects its first version by a second.
"""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import numpy as np

from pipelines.returns import receive
from pipelines.synthetic.draft import Draft
from pipelines.synthetic.faults.declared import NotPlantable, PlantedPackFault, RowFault, SendingWay
from pipelines.synthetic.faults.lists import PACK_FAULTS, sent
from pipelines.synthetic.faults.planting_rows import plant_rows
from pipelines.synthetic.faults.truth import Planted, TruthKind, with_world
from pipelines.synthetic.packs import prepared_at
from schemas.errors import SchemaError
from schemas.quarter import Quarter

# As many areas as the faults need at least, and the areas that send late or nothing.
LEAST_AREAS, SMALL_AREAS = 16, 4
LAST_VERSION = 97
DAYS_LATE = 30
CORRECTED = "sex: is_valid"
HOW = (
    "Write how many of the areas, and of the rows of their returns, are to be faulty, as a number "
    "above 0 and at most 1: --faults 0.05 for five in a hundred. Leave --faults out for packs "
    "without a fault."
)


class RateError(SchemaError):
    """The share of faults is not a share, or too large or small."""


@dataclass(frozen=True)
class Sent:
    """What was written to the folder: where, for which area, and as which of its packs."""

    path: Path
    area: str
    turn: int
    days_late: int = 0


def check_rate(rate: float | str) -> float:
    """Return the rate of faults; raises `RateError` unless it is above 0 and at most 1."""
    try:
        share = float(rate)
    except ValueError:
        share = 0
    if not 0 < share <= 1:
        raise RateError(f"--faults {rate} is no share. {HOW}")
    return share


def faulty_areas(by_size: Sequence[str], rate: float) -> tuple[str, ...]:
    """Return which areas send faulty returns: a share of them, the largest, and the smallest few.

    `by_size` lists the areas that send, the largest first.
    """
    large = by_size[: max(len(by_size) - SMALL_AREAS, 0)]
    faulty = large[: max(math.ceil(rate * len(by_size)), LEAST_AREAS)]
    return (*faulty, *by_size[len(large) :])


def plant(paths: Sequence[Path], to: Quarter, seed: int, out: Path, rate: float) -> list[Planted]:
    """Plant every fault in packs of quarter `to`, the largest first; return the truth about them.

    `paths` are the packs of the faulty areas. `rate` is the share of their rows that are faulty.
    """
    plan = Plan(out, to, np.random.default_rng([seed, 404]))
    faulty, few = paths[: max(len(paths) - SMALL_AREAS, 0)], paths[::-1][:SMALL_AREAS]
    plan.plant_small(few)
    rows = faulty[::3]
    plan.plant_rows(rows, rate)
    plan.plant_versions([path for path in faulty if path not in rows])
    touched = {one.path for one in plan.sent}
    plan.sent += [
        Sent(path, path.name[:8], 0) for path in paths if path not in touched and path.exists()
    ]
    return plan.finish()


class Plan:
    """What is planted in the packs of one quarter, step by step."""

    def __init__(self, out: Path, to: Quarter, random: np.random.Generator) -> None:
        self.out, self.to, self.random = out, to, random
        self.sent: list[Sent] = []
        self.planted: dict[Path, list[Planted]] = {}
        self.lost: list[Planted] = []
        # The areas of which a version gave figures that no right version gives.
        self.more_figures: set[str] = set()

    def plant_small(self, paths: Sequence[Path]) -> None:
        """Let areas send nothing, nothing that is accepted, late, and a correction."""
        if len(paths) < SMALL_AREAS:
            return
        missing, refused, late, corrected = paths
        shutil.rmtree(missing)
        self.lost = [Planted(TruthKind.NOT_SENT, "pack that never came", missing.name)]
        draft = Draft.read(refused)
        replace(draft, manifest={**draft.manifest, "template_version": "0.9.0"}).write(self.out)
        self._note(refused, "only pack has an old template", ("pack.template_is_current",), ())
        self.sent.append(Sent(refused, refused.name[:8], 0))
        self.sent.append(Sent(late, late.name[:8], 0, DAYS_LATE))
        first = Draft.read(corrected)
        wrong = [fault for fault in sent(SendingWay.TOGETHER) if fault.fault == CORRECTED]
        self.plant_rows([corrected], 0, wrong)
        again = first.again(notes="Corrected").write(self.out)
        self.sent.append(Sent(again, again.name[:8], 1))

    def plant_rows(
        self, paths: Sequence[Path], rate: float, faults: Sequence[RowFault] | None = None
    ) -> None:
        """Plant faults of rows in the only version of areas."""
        drafts = [Draft.read(path) for path in paths]
        together = sent(SendingWay.TOGETHER) if faults is None else faults
        made, planted = plant_rows(drafts, together, rate, self.random)
        for path, draft in zip(paths, made, strict=True):
            draft.write(self.out)
            self.sent.append(Sent(path, path.name[:8], 0))
            self.planted[path] = [p for p in planted if p.pack == path.name]

    def plant_versions(self, paths: Sequence[Path]) -> None:
        """Let areas send one faulty version after the other, those that change rows as the last."""
        if not paths:
            return
        self.sent += [Sent(path, path.name[:8], 0) for path in paths]
        drafts = [Draft.read(path) for path in paths]
        turns = [1] * len(paths)
        single = [fault for fault in PACK_FAULTS if not fault.is_last]
        each: list[PlantedPackFault | RowFault] = [*single, *sent(SendingWay.ALONE)]
        for at, fault in enumerate(each):
            places = [(at + step) % len(paths) for step in range(len(paths))]
            place = next((n for n in places if self._version(fault, drafts[n], turns[n])), None)
            if place is not None:
                turns[place] += 1
                if isinstance(fault, RowFault) and fault.renames_figures:
                    self.more_figures.add(drafts[place].name[:8])
        free = list(range(len(paths)))
        for last in (*(fault for fault in PACK_FAULTS if fault.is_last), None):
            place = next((n for n in free if self._last(last, drafts[n], turns[n])), None)
            free = [n for n in free if n != place]

    def _version(self, fault: PlantedPackFault | RowFault, draft: Draft, turn: int) -> bool:
        if turn > LAST_VERSION:
            return False
        if isinstance(fault, RowFault):
            return self._rows_of_version([fault], draft, turn)
        again = draft.again(submission_sequence=turn + 1)
        try:
            path = fault.make(again, self.out)
        except NotPlantable:
            return False
        self._note(path, fault.fault, fault.rules, fault.then)
        self.sent.append(Sent(path, draft.name[:8], turn))
        return True

    def _rows_of_version(self, faults: Sequence[RowFault], draft: Draft, turn: int) -> bool:
        again = draft.again(submission_sequence=turn + 1)
        [made], planted = plant_rows([again], faults, 0, self.random)
        if not any(one.kind is TruthKind.PLANTED for one in planted):
            return False
        path = made.write(self.out)
        self.planted[path] = planted
        self.sent.append(Sent(path, draft.name[:8], turn))
        return True

    def _last(self, fault: PlantedPackFault | None, draft: Draft, turn: int) -> bool:
        if fault is None:
            return self._rows_of_version(sent(SendingWay.CHANGED), draft, turn)
        return self._version(fault, draft, turn)

    def _note(self, path: Path, fault: str, rules: Sequence[str], then: Sequence[str]) -> None:
        listed = [Planted(TruthKind.PLANTED, fault, path.name, rule_id=rule) for rule in rules]
        listed += [Planted(TruthKind.FOLLOWS, fault, path.name, rule_id=rule) for rule in then]
        self.planted.setdefault(path, []).extend(
            listed if rules else [Planted(TruthKind.CLEAN, fault, path.name)]
        )

    def _note_after_more_figures(self, one: Sent) -> None:
        """Say of a version that figures of a wrong one before it may be missed."""
        if one.turn and one.area in self.more_figures:
            more = Planted(
                TruthKind.FOLLOWS, "after other figures", one.path.name, rule_id="pack.figures_stay"
            )
            self.planted.setdefault(one.path, []).append(more)

    def finish(self) -> list[Planted]:
        """Date the packs and return the truth about all of them."""
        truth = list(self.lost)
        for one in self.sent:
            _date(one, self.to)
            self._note_after_more_figures(one)
            clean = "pack that comes late" if one.days_late else "none"
            noted = self.planted.get(one.path) or [Planted(TruthKind.CLEAN, clean, one.path.name)]
            truth += with_world(noted, one.path, receive(one.path).sha256)
        return truth


def _date(one: Sent, quarter: Quarter) -> None:
    """Give what was sent its time: a version an hour after the one before."""
    at = prepared_at(one.area, quarter) + timedelta(hours=1 + one.turn, days=one.days_late)
    stamp = (at.timestamp(), at.timestamp())
    for each in (*one.path.rglob("*"), one.path):
        os.utime(each, stamp, follow_symlinks=False)
