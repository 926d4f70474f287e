"""The comparison of a release with the versions that readers have: what it revises, and how far."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from publications.data.codes import codes
from publications.data.open_data import as_json, open_data
from publications.data.published import MANIFEST, QUALITY, Codes, Published, Shown
from publications.data.quality_record import gaps_of
from publications.data.reasons import Between, ComparedFigure, reasons
from publications.data.records import records
from publications.release.model import Release
from publications.release.revisions import Revision, Revisions, Size, size
from publications.risk.earlier import spans
from publications.tables import populations
from schemas.dimension import QUARTER, TOTAL

Pair = tuple[tuple[str, Codes], Shown, Shown]


def with_revisions(release: Release, earlier: Sequence[Published], explanation: str) -> Release:
    """Return a release that knows what it revises of the versions that readers have.

    `earlier` are the public versions of this quarter and of those before. Figures are compared as
    they are published, from the open data alone. `explanation` is what somebody said, for the
    public, of revisions without a reason on record.
    """
    newest = _newest(earlier)
    if not newest:
        return release
    new = _as_published(release)
    bases = [old for old in newest if old.quarter == release.quarter]
    bases += [old for old in newest if old.quarter < release.quarter][:1]
    register = frozenset(
        p.relation for p in populations(release.declarations) if not p.from_returns
    )
    found = tuple(one for old in bases for one in revised(old, new, register))
    made = Revisions(
        since=tuple(old.label for old in bases),
        found=found,
        sizes=tuple(one for old in newest for one in sizes(old, new)),
    )
    said = explanation if made.unexplained else ""
    return replace(release, revisions=replace(made, explanation=said))


def _newest(earlier: Iterable[Published]) -> list[Published]:
    """Return the newest version of each quarter, latest quarter first."""
    found = {old.quarter: old for old in sorted(earlier, key=lambda old: old.version)}
    return [found[quarter] for quarter in sorted(found, reverse=True)]


def _as_published(release: Release) -> Published:
    """Return a release as its own files show it, before anything in them is marked as revised."""
    said = {**records(release), "code_version": release.code_version}
    gaps = {"gaps": gaps_of(release.quality)}
    files = {
        MANIFEST: as_json(said),
        QUALITY: as_json(gaps),
        **open_data(release),
        **codes(release),
    }
    return Published(release.quarter, release.version, files)


def revised(
    old: Published, new: Published, register: frozenset[str] = frozenset()
) -> Iterator[Revision]:
    """Give every figure that two versions show differently, with the reasons on record.

    `register` names the populations that rest on the register of public facts.
    """
    between = Between(old, new, register)
    for table in new.tables:
        names = new.dimensions(table)
        for (measure, cell), then, now in pairs(table, old, new):
            if then != now:
                codes_of = dict(zip(names, cell, strict=True))
                why = reasons(ComparedFigure(table, measure, codes_of, then, now), between)
                yield Revision(old.label, table, measure, cell, then, now, why)


def sizes(old: Published, new: Published) -> Iterator[Size]:
    """Give the size of the revisions of each measure of which two versions share a number."""
    for table in new.tables:
        moved: dict[str, list[tuple[Shown, Shown]]] = {}
        for (measure, _), then, now in pairs(table, old, new):
            moved.setdefault(measure, []).append((then, now))
        found = (size(old.label, (table, name), both) for name, both in moved.items())
        yield from (one for one in found if one.compared)


def pairs(table: str, old: Published, new: Published) -> Iterator[Pair]:
    """Give the figures of a table that two versions share: those of periods that were over at both.

    Two versions of one quarter share all. A table whose dimensions changed shares none.
    """
    if table not in old.tables or old.dimensions(table) != new.dimensions(table):
        return
    before, names = old.figures(table), new.dimensions(table)
    under_way = spans(max(old.quarter, new.quarter), min(old.quarter, new.quarter))
    for key, now in new.figures(table).items():
        if key in before and _period(names, key[1]) not in under_way:
            yield key, before[key], now


def _period(names: Collection[str], cell: Codes) -> str:
    return dict(zip(names, cell, strict=True)).get(QUARTER.name, TOTAL)
