"""Statements that many parts of a release share: on synthetic data, standing notes, shorthand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from publications.release.public import PublicRelease
from publications.wording.format import in_sentence, marked, series
from publications.wording.protection import protection_notes
from publications.words import Words
from schemas.coverage import LEAVE_OUT
from schemas.table import Rate, StatisticalTable


def synthetic(release: PublicRelease) -> str | None:
    """Return the statement that a synthetic release carries everywhere; None for any other."""
    return release.words.say("release.synthetic.statement") if release.synthetic else None


def rehearsal(release: PublicRelease) -> str | None:
    """Return the statement that a release made in a rehearsal carries; None for any other."""
    return release.words.say("release.rehearsal") if release.rehearsal else None


def statements(release: PublicRelease) -> dict[str, str]:
    """Return what every file of a release says of it, by name: `rehearsal`, then `synthetic`.

    A release of real returns that was made outside a rehearsal has none.
    """
    said = {"rehearsal": rehearsal(release), "synthetic": synthetic(release)}
    return {name: text for name, text in said.items() if text}


def standing_notes(
    table: StatisticalTable, words: Words, treatment: str = LEAVE_OUT
) -> tuple[str, ...]:
    """Return the notes that follow from what a table counts and divides, each once.

    `treatment` is what was done about missing returns, one of `schemas.coverage.TREATMENTS`.
    """
    notes = [
        note for population in table.populations for note in protection_notes(population, words)
    ]
    if any(p.from_returns and not p.stock for p in table.populations):
        notes.append(words.section("notes.sums_of_returns")[treatment])
    notes += _provisional(table, words)
    notes += [
        words.say("notes.rates", least=table.minimum_denominator(measure))
        for measure in table.measures
        if isinstance(measure, Rate)
    ]
    return tuple(dict.fromkeys(notes))


def _provisional(table: StatisticalTable, words: Words) -> Iterator[str]:
    """Say until when figures are provisional: one line per number of quarters, the least first."""
    for after in sorted({p.settles_after for p in table.populations} - {0}):
        named = [
            in_sentence(words.label("populations", population.title), words)
            for population in table.populations
            if population.settles_after == after
        ]
        yield words.say("notes.provisional", count=after, populations=series(named, words))


def shorthand(markers: Iterable[str], words: Words) -> tuple[str, ...]:
    """Explain shorthand letters, one line each: `[c] means confidential: ...`."""
    return tuple(
        words.say("shorthand.line", marker=marked(letter), meaning=meaning(letter, words))
        for letter in markers
    )


def meaning(marker: str, words: Words) -> str:
    """Return what a shorthand letter means: `confidential: withheld so that ...`."""
    return words.section("shorthand.meanings")[marker]
