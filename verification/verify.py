"""The whole verification of a release folder, from its published files alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from verification.cells import Edition, contradictions, edition
from verification.errors import FolderError
from verification.exposure import Attack, attack
from verification.findings import INTEGRITY, Finding, Verdict, once
from verification.folder import Folder, altered, opened
from verification.knowledge import knowledge, together
from verification.methods import Reading, reading
from verification.people import unprotected
from verification.previous import revealed, revised
from verification.rates import given_back
from verification.relations import structure
from verification.spreadsheet import differences
from verification.sums import sums
from verification.tables import Table, tables


@dataclass(frozen=True)
class Read:
    """A release folder with its tables and cells, and what is wrong with its files."""

    folder: Folder
    tables: tuple[Table, ...]
    edition: Edition
    faults: tuple[Finding, ...]


def verify(release: Path, previous: Path | None = None) -> Verdict:
    """Look for altered files, figures that differ, and every fact that the figures expose.

    With the previous release, also for what both tell together. Raises `FolderError` when there is
    no release to read.
    """
    now = _read(release)
    before = None if previous is None else _read(previous)
    if before is not None and before.edition.period > now.edition.period:
        raise FolderError(f"{previous} is of a later quarter than {release}.")
    told = reading(now.folder.methods, now.tables)
    rates, unexplained = given_back(now.tables, told)
    findings = [
        *now.faults,
        *differences(now.folder, now.tables),
        *unprotected(now.tables, told),
        *contradictions(now.edition),
        *rates,
    ]
    remarks = [_size(now), *unexplained]
    if before is not None:
        findings += [_of_previous(fault, before) for fault in before.faults]
        findings += revealed(now.edition, before.edition)
        remarks.append(_revised(now.edition, before.edition))
    attacked, more = _attack(now, before, told)
    return Verdict(once([*findings, *attacked]), (*remarks, *more))


def _read(path: Path) -> Read:
    folder = opened(path)
    found, faults = tables(folder)
    cells = edition(found, folder.period)
    return Read(folder, tuple(found), cells, (*altered(folder), *faults))


def _of_previous(fault: Finding, before: Read) -> Finding:
    return Finding(INTEGRITY, f"Release of {before.edition.period}: {fault.says}")


def _attack(now: Read, before: Read | None, told: Reading) -> tuple[list[Finding], list[str]]:
    """Attack the new release alone, then with the one before: what either shows, both know."""
    known = knowledge(now.edition, told)
    found = structure([now.edition], known)
    made = sums(found.relations, known)
    alone = attack(made.believed, told, _units(now), now.edition.period)
    findings = [*made.faults, *alone.findings]
    remarks = [*found.remarks, _zeros(alone), *_stuck(alone)]
    if before is None:
        return findings, remarks
    both = _both(now, before, told)
    return [*findings, *both.findings], [*remarks, *_stuck(both, " of both releases")]


def _both(now: Read, before: Read, told: Reading) -> Attack:
    new, old = knowledge(now.edition, told), knowledge(before.edition, told)
    relations = structure([now.edition, before.edition], {**old, **new}).relations
    believed = [sums(relations, known).believed for known in together(new, old)]
    units = {**_units(before), **_units(now)}
    return attack([*believed[0], *believed[1]], told, units, now.edition.period)


def _units(read: Read) -> dict[str, str]:
    return {m: unit for table in read.tables for m, (_, unit) in table.measures.items()}


def _size(now: Read) -> str:
    figures = [figure for table in now.tables for figure in table.figures]
    withheld = len([figure for figure in figures if figure.is_withheld])
    return f"{len(figures):,} figures in {len(now.tables)} tables, {withheld:,} of them withheld."


def _zeros(attacked: Attack) -> str:
    return f"{attacked.zeros:,} withheld cells are surely 0: cover for others, no exposed fact."


def _stuck(attacked: Attack, of: str = "") -> list[str]:
    if not attacked.contradicting:
        return []
    return [f"{len(attacked.contradicting)} sums{of} contradict each other: not attacked."]


def _revised(now: Edition, before: Edition) -> str:
    return f"{revised(now, before):,} figures were revised since {before.period}."
