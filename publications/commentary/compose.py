"""The commentary: whole sentences, composed from published cells or left out with a reason."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup, escape

from publications.commentary.citations import CitationContext
from publications.commentary.prose import (
    Incomplete,
    Ledger,
    MissingFigure,
    Number,
    imputed_in,
    missing_from,
)
from publications.errors import UnknownFigure, WordingError
from publications.release.public import PublicRelease
from publications.wording.format import raw
from publications.words import declared
from schemas.dimension import GEOGRAPHY

log = logging.getLogger(__name__)
MISSING = (MissingFigure, UnknownFigure)
# Which text of a sentence is used when a figure that the first text needs is not there.
INSTEAD = {
    "i": "incomplete",
    "e": "estimated",
    "z": "not_open",
    "x": "not_available",
    "c": "withheld",
}


@dataclass(frozen=True)
class Sentence:
    """One finished sentence with the numbers that it cites, each with its id."""

    id: str
    text: Markup
    numbers: tuple[tuple[str, Number], ...]


@dataclass(frozen=True)
class LeftOut:
    """A sentence that was replaced or left out, and why, in words for readers."""

    id: str
    reason: str
    replaced: bool


@dataclass(frozen=True)
class Commentary:
    """All sentences by section and paragraph, and those that are not there."""

    sections: Mapping[str, tuple[tuple[Sentence, ...], ...]]
    left_out: tuple[LeftOut, ...]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence in order."""
        return tuple(s for section in self.sections.values() for para in section for s in para)

    def paragraphs(self, section: str) -> tuple[Markup, ...]:
        """Return the paragraphs of a section."""
        if section not in self.sections:
            raise WordingError(
                f"The commentary has no section {section!r}; it has {', '.join(self.sections)}."
            )
        return tuple(Markup(" ").join(s.text for s in para) for para in self.sections[section])


def compose(release: PublicRelease) -> Commentary:
    """Compose every sentence of the bulletin.

    A sentence with a figure that is withheld, not available or not in the release gives way to
    its replacement for that case, or is left out; the reason is kept. A figure that leaves out
    areas is only cited by the text `incomplete`, which says how many they are, also where it has an
    estimate for another; one that has estimates alone by `estimated`, which says the same.
    """
    citations = CitationContext.of(release)
    left_out: list[LeftOut] = []
    sections = {}
    for name, paragraphs in declared("sections").items():
        kept = []
        for paragraph in paragraphs:
            found = [_sentence(citations, key, left_out) for key in paragraph]
            kept.append(tuple(sentence for sentence in found if sentence is not None))
        sections[name] = tuple(paragraph for paragraph in kept if paragraph)
    return Commentary(sections, tuple(left_out))


def _sentence(citations: CitationContext, key: str, left_out: list[LeftOut]) -> Sentence | None:
    written = citations.words.section(f"commentary.sentences.{key}")
    try:
        return _written(citations, key, written["text"])
    except MISSING as missing:
        sentence = _replaced(citations, key, written, missing)
        replaced = sentence is not None
        left_out.append(LeftOut(key, _reason(citations, missing), replaced))
        log.info("Sentence %s %s: %s", key, "replaced" if replaced else "left out", missing)
        return sentence


def _reason(citations: CitationContext, missing: Exception) -> str:
    """Say why a sentence is not as it was written first; the log has the details."""
    found = (
        INSTEAD.get(missing.marker, "unsuitable")
        if isinstance(missing, MissingFigure)
        else "absent"
    )
    return citations.words.say(f"commentary.reasons.{found}")


def _replaced(
    citations: CitationContext, key: str, written: Mapping[str, str], missing: Exception
) -> Sentence | None:
    """Return the sentence in the first of its other texts that can be used in this case."""
    marker = missing.marker if isinstance(missing, MissingFigure) else ""
    if isinstance(missing, Incomplete) and citations.is_mixed:
        marker = "i"
    texts = dict(written)
    if written["text"].endswith("."):
        texts.setdefault("estimated", f"{written['text'][:-1]}, {{{{ estimating() }}}}.")
    both = citations.is_mixed and marker == "i"
    tries = [(INSTEAD.get(marker, ""), mixed) for mixed in ((False, True) if both else (None,))]
    for name, mixed in (*tries, ("otherwise", None)):
        if name in texts:
            try:
                return _written(citations, key, texts[name], name, missing, mixed)
            except MISSING as fault:
                log.info("Sentence %s, text %s: %s", key, name, fault)
    return None


def _written(
    citations: CitationContext,
    key: str,
    template: str,
    name: str = "text",
    missing: Exception | None = None,
    mixed: bool | None = None,
) -> Sentence:
    """Write a sentence; raises as `MISSING` when its figures are not as the text needs them.

    `mixed` says whether the text may tell of estimates beside areas that are left out: its figures
    must then hold some, and otherwise none. None stands for a text that does not differ by that.
    """
    ledger = Ledger(key, citations.words)
    phrases = citations.words.section("commentary.phrases")
    text = (
        _compiled(_macros(phrases, template) + template)
        .render(citations.context(ledger, mixed))
        .strip()
    )
    if mixed is not None and mixed != bool(imputed_in(number for _, number in ledger.numbers)):
        raise MissingFigure("estimates are in the figures or in the text, and not in both")
    _check_complete(citations, ledger, name, missing)
    finished = Markup(text)  # noqa: S704 - rendered with autoescape
    return Sentence(key, finished, tuple(ledger.numbers))


def _macros(phrases: Mapping[str, str], template: str) -> str:
    """Return the phrases that a sentence calls, and those that these call, as macros."""
    called, waiting = dict[str, str](), [template]
    while waiting:
        text = waiting.pop()
        found = {n: one for n, one in phrases.items() if f"{n}(" in text and n not in called}
        called |= found
        waiting += found.values()
    return "".join(
        f"{{% macro {n}() %}}{called[n]}{{% endmacro %}}" for n in phrases if n in called
    )


def _check_complete(
    citations: CitationContext, ledger: Ledger, name: str, missing: Exception | None
) -> None:
    """Raise unless all figures are from returns, or the text says how many are not."""
    numbers = [number for _, number in ledger.numbers]
    lacks, stand_in = missing_from(numbers), imputed_in(numbers)
    said = {"incomplete": lacks | stand_in, "estimated": stand_in}.get(name, frozenset())
    if not lacks | stand_in <= said:
        raise Incomplete("a figure is not complete, or has estimates in it", lacks, stand_in)
    if name not in ("incomplete", "estimated"):
        return
    parts = lacks | stand_in | (missing.parts if isinstance(missing, Incomplete) else frozenset())
    areas = {code for part in parts for dimension, code in part if dimension == GEOGRAPHY.name}
    if areas != citations.unused:
        raise MissingFigure(
            "the areas concerned are not those whose return is missing this quarter"
        )
    if not any(number.operation.startswith("count ") for _, number in ledger.numbers):
        raise WordingError(
            f"The text `{name}` of the sentence {ledger.sentence} does not say how many returns "
            "are missing. Use `responding()`, `missing_returns()` or `estimating()` in the text "
            f"commentary.sentences.{ledger.sentence}.{name}."
        )


@cache
def environment() -> Environment:
    """Return the environment of sentences: strict, and every number goes through `prose`."""
    made = Environment(undefined=StrictUndefined, autoescape=True)
    made.filters["capital"] = capital
    return made


@lru_cache(maxsize=512)
def _compiled(template: str) -> Template:
    """Return a sentence that can be rendered; each is compiled once."""
    return environment().from_string(template)


def capital(text: object) -> Markup:
    """Write the first letter as a capital where the text starts with a letter."""
    written = escape(text)
    return written[:1].upper() + written[1:]


def figures_index(commentary: Commentary) -> dict[str, Any]:
    """List every number of the text with the published cells it comes from."""
    return {
        "figures": [
            _entry(key, number)
            for sentence in commentary.sentences
            for key, number in sentence.numbers
        ],
        "left_out": [
            {"sentence": left.id, "reason": left.reason, "replaced": left.replaced}
            for left in commentary.left_out
        ],
    }


def _entry(key: str, number: Number) -> dict[str, Any]:
    return {
        "id": key,
        "raw": raw(number.value, number.decimals),
        "shown": number.shown,
        "operation": number.operation,
        "source": number.source or None,
        "cells": [
            {
                "at": place.reference,
                "table": place.table,
                "measure": place.measure,
                "codes": dict(place.codes),
                **{name: True for name in ("less", "against") if getattr(place, name)},
            }
            for place in number.places
        ],
    }
