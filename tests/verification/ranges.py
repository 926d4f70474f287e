"""Between which numbers withheld cells of a release lie, from its published files alone.

The release is read with the verifier's own readers and sums; the bounds are sought here, for every
cell that is asked for and not only for narrow ones.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from verification.bounds import CellProgram, program
from verification.cells import Cell, EditionCells, edition
from verification.codes import codes
from verification.components import components
from verification.folder import opened
from verification.knowledge import families, knowledge
from verification.measures import rates
from verification.methods import StatedMethods, stated_methods
from verification.relations import relations
from verification.sums import sums
from verification.tables import tables

LARGE = 10**9


@dataclass(frozen=True)
class Published:
    """A release as anybody can read it."""

    edition: EditionCells
    stated: StatedMethods


def published(release: Path) -> Published:
    folder = opened(release)
    found, _ = tables(folder)
    listed, _ = codes(folder, found)
    stated = stated_methods(folder.readings, rates(folder, found)[0], found, folder.certified)
    return Published(edition(found, folder.period, listed), stated)


def cell_of(read: Published, measure: str, place: Mapping[str, str]) -> Cell:
    """Return the cell of a measure at the codes of its dimensions."""
    named = {
        name: read.edition.dimensions[name].named(code, read.edition.period)
        for name, code in place.items()
    }
    return Cell(measure, tuple(sorted((name, code) for name, code in named.items() if code)))


def ranges(
    read: Published, wanted: Set[Cell], shown: Mapping[Cell, int]
) -> dict[Cell, tuple[int, float]]:
    """Return the least and the greatest that each wanted cell can be; `shown` are published too.

    A cell that stands in no sum can be anything.
    """
    known = knowledge(read.edition, read.stated)
    for cell, value in shown.items():
        known[cell] = replace(known[cell], least=Fraction(value), most=Fraction(value))
    grouped = families(known, read.edition.dimensions)
    made = sums(relations(read.edition, grouped), grouped)
    found = dict.fromkeys(wanted, (0, math.inf))
    for own in components(made.believed):
        found |= dict(_bounded(program(own, {}), wanted))
    return found


def _bounded(program: CellProgram, wanted: Set[Cell]) -> Iterator[tuple[Cell, tuple[int, float]]]:
    for place, known in enumerate(program.cells):
        if known.cell in wanted:
            yield known.cell, (_farthest(program, place, 1), _farthest(program, place, -1))


def _farthest(program: CellProgram, place: int, way: int) -> int:
    answer = milp(
        way * (np.arange(len(program.cells)) == place),
        constraints=LinearConstraint(program.matrix, program.total, program.total),
        integrality=np.ones(len(program.cells)),
        bounds=Bounds(program.least, np.minimum(program.most, LARGE)),
    )
    return round(answer.x[place])
