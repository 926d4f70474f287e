"""Disclosure control in words, from what methods, readings and policies say of themselves.

The texts are in the catalogues `methods` and `policies`, by the ids that methods and policies give.
No method is known here by name: one without a text is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Protocol

from disclosure import Exact, FigureReading, Method, Phrase
from publications.wording.format import in_sentence, number
from publications.words import Words
from schemas import dimension
from schemas.dimension import Breakdown
from schemas.policy import Policy
from schemas.population import Population


class HasReach(Protocol):
    """A reading, as a method gives it or as a manifest records it."""

    @property
    def off(self) -> tuple[int, int] | None:
        """How far under and over a figure the true value can be; None where it grows with it."""
        ...


OF_POLICY = ("minimum_denominator", "minimum_behind_change")


def method_in_words(method: Method, words: Words) -> str:
    """Say what a method does; raises `WordingError` when nobody has written it down."""
    return _filled(words, f"methods.{method.words().id}.does", method.words())


def phrase_in_words(section: str, phrase: Phrase, words: Words, **given: str) -> str:
    """Write a sentence of a section of the catalogue of methods."""
    return _filled(words, f"methods.{section}.{phrase.id}", phrase, given)


def small_figures(population: Population, words: Words) -> str:
    """Say what the smallest figures of a population stand for; "" when they are exact."""
    sentences = [reading.words() for reading in _readings(population)]
    texts = [
        _filled(words, f"methods.readings.{one.id}", one) for one in sentences if one is not None
    ]
    return " ".join(dict.fromkeys(texts))


def protection_notes(population: Population, words: Words) -> tuple[str, ...]:
    """Return the notes to tables on how the figures of a population are changed and withheld."""
    own = tuple(text_of(note, words) for note in population.policy.notes)
    withholding = own or _texts(population, words, "note", changing=False)
    return (*_texts(population, words, "note", changing=True), *withholding)


def sheet_lines(population: Population, words: Words) -> tuple[str, ...]:
    """Return the lines on a worksheet about how changed figures are to be read."""
    lines = _texts(population, words, "sheet", changing=True)
    return (*how_far_off(population, words), *lines)


def how_far_off(population: Population, words: Words) -> tuple[str, ...]:
    """Say how far changed figures of a population can be from their true counts."""
    return reach(_readings(population), words.label("units", population.unit), words)


def reach(readings: Iterable[HasReach], unit: str, words: Words) -> tuple[str, ...]:
    """Say how far changed figures of a unit can be off; nothing where none is changed.

    An amount that can be further off the larger it is has its own words in `small_figures`.
    """
    most = max((max(one.off) for one in readings if one.off is not None), default=0)
    return (words.say("methods.readings.reach", unit=unit, reach=number(most)),) if most else ()


def limits(population: Population, words: Words) -> tuple[str, ...]:
    """Return what users cannot do with the figures of a population because they are changed."""
    return _texts(population, words, "limit", changing=True)


def text_of(phrase: Phrase, words: Words) -> str:
    """Return a text of a policy, such as `people.because`."""
    return _filled(words, f"policies.{phrase.id}", phrase)


@dataclass(frozen=True)
class DecidedNumber:
    """One number of a policy: what was decided, how it is shown, and why."""

    name: str
    value: str
    because: str

    def as_dict(self) -> dict[str, str]:
        """Return the decision as JSON values."""
        return asdict(self)


def decisions(policy: Policy, words: Words) -> tuple[DecidedNumber, ...]:
    """Return the decisions behind the numbers of a policy, in the order of its methods."""
    own = Phrase("policy", {name: getattr(policy, name) for name in OF_POLICY})
    sentences = [*(method.words() for method in policy.methods), own]
    listed = [
        (f"policies.{policy.name}.decisions.{s.id}.{name}", s)
        for s in sentences
        for name in s.figures
    ]
    return tuple(
        DecidedNumber(*(_filled(words, f"{key}.{part}", one) for part in ("name", "value", "why")))
        for key, one in listed
        if f"{key}.name" in words.texts
    )


def _readings(population: Population) -> list[FigureReading]:
    return [population.reading(statistic.name) for statistic in population.statistics]


def _texts(population: Population, words: Words, name: str, *, changing: bool) -> tuple[str, ...]:
    """Return one text of each method that has it and that changes, or only withholds, figures."""
    unit, small = words.label("units", population.unit), small_figures(population, words)
    given = {"unit": unit, "small": small}
    sentences = [method.words() for method, changes in _effects(population) if changes == changing]
    keys = [(f"methods.{one.id}.{name}", one) for one in sentences]
    found = [_filled(words, key, one, given) for key, one in keys if key in words.texts]
    return tuple(dict.fromkeys(found))


def _effects(population: Population) -> Iterator[tuple[Method, bool]]:
    """Give each method that does anything to figures, and whether it changes how they are read.

    One that would change figures finds them changed already, such as a rounding of multiples: it
    is left out.
    """
    names = [statistic.name for statistic in population.statistics]
    known: list[FigureReading] = [Exact() for _ in names]
    exact = list(known)
    for method in population.protection:
        alone = [method.reading(name, Exact()) for name in names]
        after = [method.reading(name, before) for name, before in zip(names, known, strict=True)]
        if after != known or alone == exact:
            yield method, after != known
        known = after


def _filled(words: Words, key: str, phrase: Phrase, given: Mapping[str, str] | None = None) -> str:
    """Return a text with those of the figures that it names; raises `WordingError` without it."""
    figures = {name: _shown(value, words) for name, value in phrase.figures.items()} | dict(
        given or {}
    )
    wanted = words.figures.get(key, frozenset())
    return words.say(key, **{name: text for name, text in figures.items() if name in wanted})


def _shown(value: int | float | str | tuple[str, ...], words: Words) -> str:
    """Write a figure: whole numbers with commas, each of the dimensions by its name for readers."""
    match value:
        case int():
            return number(value)
        case float():
            return f"{value:g}"
        case str():
            return value
    titles = _titles()
    return words.say("format.lists.separator").join(_named(name, titles, words) for name in value)


def _named(name: str, titles: Mapping[str, str], words: Words) -> str:
    """Name a dimension in a sentence: by its title, or from the catalogue where no table has it.

    Raises `WordingError` for one that has neither: what is guarded must not be left out.
    """
    if name in titles:
        return in_sentence(words.label("dimensions", titles[name]), words)
    return words.say(f"methods.characteristics.{name}")


def _titles() -> dict[str, str]:
    """Return the titles of the declared dimensions, by name."""
    declared = (value for value in vars(dimension).values() if isinstance(value, Breakdown))
    return {found.name: found.dimension.title for found in declared}
