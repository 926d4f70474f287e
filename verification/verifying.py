"""The whole verification of a release folder, from its published files alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from verification.applied import misapplied
from verification.cells import EditionCells, contradictions, edition
from verification.codes import Codes, codes
from verification.errors import FolderError
from verification.exposure import Attack, attack
from verification.findings import INTEGRITY, Finding, Verdict, once
from verification.folder import Folder, altered, opened
from verification.gaps import gaps
from verification.knowledge import Families, families, knowledge, together
from verification.measures import Rates, rates
from verification.methods import StatedMethods, stated_methods
from verification.people import unprotected
from verification.previous import revealed, revised
from verification.provisional import says_what_is_provisional, wrong_marks
from verification.ranges import wrong_ranges
from verification.rates import revealing_rates
from verification.relations import Sum, relations, unmade
from verification.revisions import label, stated, unmarked
from verification.shown import shown
from verification.spreadsheet import differences
from verification.sums import Sums, sums
from verification.tables import CODES, Table, tables

TOGETHER = " of all releases together"


@dataclass(frozen=True)
class Read:
    """A release folder with its tables, rates, codes and cells, and the faults of its files."""

    folder: Folder
    tables: tuple[Table, ...]
    rates: Rates
    codes: Codes
    edition: EditionCells
    faults: tuple[Finding, ...]


def verify(release: Path, *previous: Path) -> Verdict:
    """Look for altered files, figures that differ, and every fact that the figures expose.

    With previous releases, also look for what all reveal together; give several versions of one
    quarter newest first. Raises `FolderError` when there is no release to read.
    """
    now = _read(release)
    earlier = [_read(path, now.codes) for path in previous]
    for path, one in zip(previous, earlier, strict=True):
        if one.edition.period > now.edition.period:
            raise FolderError(f"{path} is of a later quarter than {release}.")
    earlier.sort(key=lambda one: one.edition.period, reverse=True)
    made = {name: rate for one in (*reversed(earlier), now) for name, rate in one.rates.items()}
    methods = stated_methods(
        now.folder.readings, made, now.tables, now.folder.certified, now.folder.people
    )
    findings = [
        *now.faults,
        *misapplied(now.folder, now.tables, methods),
        *differences(now.folder, now.tables),
        *shown(now.folder),
        *unprotected(now.tables, methods),
        *wrong_ranges(now.tables, methods, is_earlier=not says_what_is_provisional(now.folder)),
        *wrong_marks(now.folder, now.tables),
        *contradictions(now.edition),
        *revealing_rates(now.tables, methods),
    ]
    remarks = [_size(now)]
    for before in earlier:
        findings += [_of_previous(fault, before) for fault in before.faults]
        findings += revealed(now.edition, before.edition)
        remarks += _of_before(now, before, methods)
    findings += unmarked(
        stated(now.folder), now.edition, ((label(b.folder), b.edition) for b in earlier)
    )
    attacked, more = _attack(now, earlier, methods)
    return Verdict(once([*findings, *attacked]), (*remarks, *more))


def _read(path: Path, newer: Codes | None = None) -> Read:
    """Read a release; one that publishes no codes is read with those of a newer one."""
    folder = opened(path)
    found, faults = tables(folder)
    listed, wrong = codes(folder, found)
    wrong += gaps(folder, found, listed)
    if newer is not None and CODES not in folder.files:
        listed, wrong = newer, []
    made, unstated = rates(folder, found)
    cells = edition(found, folder.period, listed)
    problems = (*altered(folder), *faults, *wrong, *unstated)
    return Read(folder, tuple(found), made, listed, cells, problems)


def _of_before(now: Read, before: Read, methods: StatedMethods) -> list[str]:
    """Say what was revised since a release before, and how far that one could be read."""
    known = knowledge(before.edition, methods)
    grouped = families(known, before.edition.dimensions)
    missing = _unmade(before, grouped, f" of the release of {before.edition.period}")
    return [_revised(now.edition, before.edition), *_unmapped(before), *missing]


def _of_previous(fault: Finding, before: Read) -> Finding:
    return Finding(INTEGRITY, f"Release of {before.edition.period}: {fault.message}")


def _attack(
    now: Read, earlier: list[Read], methods: StatedMethods
) -> tuple[list[Finding], list[str]]:
    """Attack the new release alone, then together with those before it."""
    known = knowledge(now.edition, methods)
    grouped = families(known, now.edition.dimensions)
    made = sums(relations(now.edition, grouped), grouped)
    alone = attack(made.believed, methods, _units(now), now.edition.period)
    findings = [*made.faults, *alone.findings]
    remarks = [_zeros(alone), *_narrow(alone), *_stuck(alone)]
    remarks += [*_unmade(now, grouped), *_unused(made)]
    if not earlier:
        return findings, remarks
    every = _together([now, *earlier], methods)
    more = [*_narrow(every, TOGETHER), *_stuck(every, TOGETHER)]
    return [*findings, *every.findings], [*remarks, *more]


def _together(releases: list[Read], methods: StatedMethods) -> Attack:
    """Attack releases as one system, the newest first."""
    known = [knowledge(one.edition, methods) for one in releases]
    believed: list[Sum] = []
    for one, cells in zip(releases, together(*known), strict=True):
        grouped = families(cells, one.edition.dimensions)
        believed += sums(relations(one.edition, grouped), grouped).believed
    units = {m: unit for one in reversed(releases) for m, unit in _units(one).items()}
    return attack(believed, methods, units, releases[0].edition.period)


def _units(read: Read) -> dict[str, str]:
    return {m: unit for table in read.tables for m, (_, unit) in table.measures.items()}


def _size(now: Read) -> str:
    figures = [figure for table in now.tables for figure in table.figures]
    withheld = len([figure for figure in figures if figure.is_withheld])
    return f"{len(figures):,} figures in {len(now.tables)} tables, {withheld:,} of them withheld."


def _zeros(attacked: Attack) -> str:
    return f"{attacked.zeros:,} withheld cells are surely 0: cover for others, no exposed fact."


def _narrow(attacked: Attack, of: str = "") -> list[str]:
    if not attacked.narrow:
        return []
    return [
        f"{len(attacked.narrow):,} withheld cells{of} lie in a narrow range. If the certificate "
        "holds that the manifest states, no rule withholds them: they cover others."
    ]


def _stuck(attacked: Attack, of: str = "") -> list[str]:
    if not attacked.contradicting:
        return []
    return [f"{len(attacked.contradicting)} sums{of} contradict each other: not attacked."]


def _unmade(read: Read, grouped: Mapping[str, Families], of: str = "") -> list[str]:
    """Say how many totals are in no sum, because a part has no figure that adds up beside them."""
    found = unmade(read.edition, grouped)
    if not found:
        return []
    first = found[0]
    return [
        f"Sums{of} that were not made, as a part has no figure beside the others: {len(found):,}, "
        f"such as of {first.whole.figure.place}, without {first.missing} of {first.dimension}."
    ]


def _unused(made: Sums) -> list[str]:
    """Say how many sums were left out because a part that is not available may be in the total."""
    if not made.unused:
        return []
    return [f"Sums not attacked, as a part is not available and they do not hold: {made.unused:,}."]


def _unmapped(before: Read) -> list[str]:
    """Say when a release was read with the codes of a newer one."""
    if CODES in before.folder.files:
        return []
    return [f"The release of {before.edition.period} publishes no codes: read with newer ones."]


def _revised(now: EditionCells, before: EditionCells) -> str:
    return f"{revised(now, before):,} figures were revised since {before.period}."
