"""Disclosure control and shorthand in plain words, made from the declared parameters."""

from __future__ import annotations

from collections.abc import Iterable

from disclosure import CellKey, Method
from publications.policies import meaning_of_small
from publications.release.model import Release
from publications.wording.format import marked
from publications.words import Words
from schemas import dimension
from schemas.dimension import Breakdown
from schemas.population import Population
from schemas.table import Rate, StatisticalTable


def in_words(method: Method) -> str:
    """Say what a method does, for readers of the methodology; its `repr` when nobody has yet."""
    template = WORDS.get(type(method).__name__)
    if template is None:
        return repr(method)
    values = {name: str(value) for name, value in vars(method).items()}
    titles = _titles()
    named = [titles[name] for name in getattr(method, "dimensions", ()) if name in titles]
    return template.format(**values | {"dimensions": ", ".join(named)})


def _titles() -> dict[str, str]:
    """Return the titles of the declared dimensions, in lower case, by name."""
    declared = (value for value in vars(dimension).values() if isinstance(value, Breakdown))
    return {found.name: found.dimension.title.lower() for found in declared}


WORDS = {
    "CellKey": (
        "Cell-key perturbation. Each record has a fixed random key. The keys of the people in a "
        "cell decide how its count is changed, so the same people always give the same figure, in "
        "every table and every release. The change is zero on average, its variance is at most "
        "{variance} and it is never more than {largest_change}. True zeros stay zero."
    ),
    "Round": "Every figure is given as a multiple of {base}.",
    "GroupDisclosure": (
        "When the published figures show everybody of a group in one category, the split of that "
        "group is withheld, and so is what would give it back. This guards: {dimensions}."
    ),
    "WithholdCertain": (
        "Where the published figures and their sums together would make a small count certain, "
        "figures are withheld until they do not."
    ),
    "RandomRound": (
        "Every figure is rounded at random to one of the two nearest multiples of {base}, without "
        "bias. The same cell is rounded alike everywhere."
    ),
    "ControlledRound": (
        "Figures are rounded to multiples of {base} so that parts still add to totals and each is "
        "as near to its true value as can be."
    ),
    "CellKeyMagnitude": (
        "Amounts are changed at random by {least} to {most} thousandths of the largest "
        "contribution. The same contributors always give the same figure."
    ),
    "Threshold": "Counts of at least one but under {minimum} are withheld.",
    "PriorPosterior": (
        "An amount is withheld when it would let one contributor, who knew another's to within {q} "
        "per cent before, estimate it to within {p} per cent."
    ),
    "Dominance": (
        "An amount is withheld when more than {k} per cent of it comes from too few contributors: "
        "{n}."
    ),
    "MinimumContributors": (
        "A figure is withheld when fewer than {minimum} members of staff or contributors, but at "
        "least one, stand behind it."
    ),
    "PPercent": (
        "An amount is withheld when it would let one contributor estimate another's to within {p} "
        "per cent."
    ),
    "ComplementarySuppression": (
        "Further figures are withheld so that no withheld figure can be calculated, or bounded too "
        "closely, from the totals around it. The choice is proved by a certificate that is checked "
        "apart from the program that made it."
    ),
}


def small_figures(population: Population) -> str:
    """Say what the smallest figures of a population stand for; "" when they are exact."""
    keys = [method for method in population.protection if isinstance(method, CellKey)]
    return meaning_of_small(keys[0]) if keys else ""


def base(population: Population) -> int:
    """Return the grid on which a population's figures are published; 1 when exact."""
    return next((m.base for m in population.protection if isinstance(m, CellKey)), 1)


def synthetic(release: Release) -> str | None:
    """Return the statement that a synthetic release carries everywhere; None for any other."""
    return release.words.say("release.synthetic.statement") if release.synthetic else None


def standing_notes(table: StatisticalTable, words: Words) -> tuple[str, ...]:
    """Return the notes that follow from what a table counts and divides, each once."""
    notes = [note for population in table.populations for note in population.policy.notes]
    if any(p.from_returns and not p.stock for p in table.populations):
        notes.append(words.say("notes.sums_of_returns"))
    notes += [
        words.say("notes.rates", least=table.minimum_denominator(measure))
        for measure in table.measures
        if isinstance(measure, Rate)
    ]
    return tuple(dict.fromkeys(notes))


def shorthand(markers: Iterable[str], words: Words) -> tuple[str, ...]:
    """Explain shorthand letters, one line each: `[c] means confidential: ...`."""
    return tuple(
        words.say("shorthand.line", marker=marked(letter), meaning=meaning(letter, words))
        for letter in markers
    )


def meaning(marker: str, words: Words) -> str:
    """Return what a shorthand letter means: `confidential: withheld so that ...`."""
    return words.section("shorthand.meanings")[marker]
