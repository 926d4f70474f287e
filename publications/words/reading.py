"""Reading the files of a catalogue: every text gets its id, and an invalid text is refused."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import TYPE_CHECKING, Any

from publications.errors import WordingError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

OTHER = "other"
CATEGORIES = ("zero", "one", "two", "few", "many", OTHER)
Forms = Mapping[str, str]
GRAMMAR = "language.toml"
TEMPLATE = re.compile(r"\{[{%]")
MARKUP = re.compile(r"<[A-Za-z/!?][^<]*")
SOFT_HYPHEN = "\u00ad"
ADDRESS = r"(?:https:|mailto:|[\w./#{])[^\":<>]*"
ALLOWED = re.compile(rf'<(?:a(?: (?:rel="[^"<>]*"|href="{ADDRESS}"))+|/a|strong|/strong)>[^<]*')
"""Links and stress: the only HTML that a text can hold."""


@dataclass(frozen=True)
class Language:
    """A language: its tag and country, and which numbers take which plural form.

    Numbers that no form lists take the form `other`.
    """

    tag: str
    country: str
    plural: Mapping[str, frozenset[int]]

    @property
    def locale(self) -> str:
        """The language with its country: `en-GB`."""
        return f"{self.tag}-{self.country}"

    def form(self, count: int) -> str:
        """Return the name of the plural form that a number takes."""
        return next((name for name, numbers in self.plural.items() if count in numbers), OTHER)

    def check_forms(self, forms: Iterable[str], where: str) -> None:
        """Raise unless these are the plural forms that the language has."""
        given, known = set(forms), {*self.plural, OTHER}
        if given != known:
            raise WordingError(
                f"{self.tag}: {where} has the plural forms {', '.join(sorted(given))}; the "
                f"language has {', '.join(sorted(known))}. Give each of them and no other."
            )


def read(folder: Traversable) -> tuple[Language, dict[str, str | Forms | tuple[str, ...]]]:
    """Return the language of a folder, and its texts by their ids.

    Raises `WordingError`, naming the file and the text, for what cannot be filled with figures.
    """
    language = _language(folder)
    texts: dict[str, str | Forms | tuple[str, ...]] = {}
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".toml") and file.name != GRAMMAR:
            content = _content(file, folder.name)
            try:
                _add(texts, _texts(file.name.removesuffix(".toml"), content, language))
            except WordingError as fault:
                where = f"publications/words/{folder.name}/{file.name}"
                raise WordingError(f"{where}: {fault}") from fault
    return language, texts


def _add(
    texts: dict[str, str | Forms | tuple[str, ...]],
    more: Iterable[tuple[str, str | Forms | tuple[str, ...]]],
) -> None:
    """Add texts by their ids; raises for an id that there is already."""
    for key, text in more:
        if key in texts:
            raise WordingError(f"The text {key} is there twice. Give each id once.")
        texts[key] = text


def _content(file: Traversable, language: str) -> dict[str, Any]:
    """Return what a file of a catalogue says; raises for one that is no TOML in UTF-8."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as fault:
        raise WordingError(
            f"publications/words/{language}/{file.name} is no file of TOML in UTF-8: {fault}."
        ) from fault


def _language(folder: Traversable) -> Language:
    content = _content(folder.joinpath(GRAMMAR), folder.name)
    where = f"publications/words/{folder.name}/{GRAMMAR}"
    tag, country, plural = (content.get(name, "") for name in ("tag", "country", "plural"))
    if not (isinstance(tag, str) and isinstance(country, str) and tag and country) or not (
        isinstance(plural, dict) and all(isinstance(given, list) for given in plural.values())
    ):
        raise WordingError(f"{where} needs a tag, a country and a table [plural] of lists.")
    unknown = plural.keys() - set(CATEGORIES)
    if unknown:
        raise WordingError(
            f"{where} has the plural forms {', '.join(sorted(unknown))}. "
            f"The names of plural forms are {', '.join(CATEGORIES)}."
        )
    numbers = [number for given in plural.values() for number in given]
    is_whole = all(type(number) is int for number in numbers)
    if not is_whole or len(set(numbers)) < len(numbers):
        raise WordingError(f"{where}: give whole numbers to the plural forms, each to one form.")
    return Language(tag, country, {name: frozenset(given) for name, given in plural.items()})


def _texts(
    key: str, content: Mapping[str, Any], language: Language
) -> Iterator[tuple[str, str | Forms | tuple[str, ...]]]:
    for name, inner in content.items():
        at = f"{key}.{name}"
        if isinstance(inner, dict) and OTHER not in inner:
            yield from _texts(at, inner, language)
        elif isinstance(inner, dict):
            yield at, _forms(at, inner, language)
        else:
            yield (
                at,
                tuple(_text(at, one) for one in inner)
                if isinstance(inner, list)
                else _text(at, inner),
            )


def _forms(at: str, forms: Mapping[str, Any], language: Language) -> Forms:
    """Return the plural forms of a text: `other`, and no form that the language has not.

    A form of one number alone can leave that number out; any other names the figures of `other`.
    """
    language.check_forms(forms, f"the text {at}")
    found = {name: _text(at, text) for name, text in forms.items()}
    if any(map(is_template, found.values())):
        raise WordingError(f"The text {at} has plural forms with {{{{ or {{%. Name figures only.")
    for name, text in found.items():
        missing = named(found[OTHER]) - named(text)
        if missing and len(language.plural.get(name, ())) != 1:
            raise WordingError(
                f"{language.tag}: the plural form {name} of the text {at} lacks the figures "
                f"{', '.join(sorted(missing))}, which the form {OTHER} has. Name them there too."
            )
    return found


def _text(at: str, text: object) -> str:
    """Return a text; raises when it is empty, is no text, or cannot be filled or shown."""
    if not isinstance(text, str) or not text.strip():
        raise WordingError(f"The text {at} is {text!r}. Give a text that is not empty.")
    if not is_template(text):
        _check_figures(at, text)
    wrong = [tag for tag in MARKUP.findall(text) if not ALLOWED.fullmatch(tag)]
    if wrong:
        raise WordingError(
            f"The text {at} holds {wrong[0][:40]!r}. Use <a href> and <strong> only."
        )
    if any(text.count(f"<{tag}") != text.count(f"</{tag}") for tag in ("a", "strong")):
        raise WordingError(f"The text {at} has a tag that is not closed, or closed twice.")
    if any(not (sign.isprintable() or sign.isspace() or sign == SOFT_HYPHEN) for sign in text):
        raise WordingError(f"The text {at} holds a sign that nobody sees. Leave it out.")
    return text


def _check_figures(at: str, text: str) -> None:
    """Raise unless each pair of braces holds the plain name of a figure."""
    try:
        parts = [part for part in Formatter().parse(text) if part[1] is not None]
    except ValueError as fault:
        raise WordingError(f"The text {at} has a brace without its other one: {fault}.") from fault
    for _, name, layout, conversion in parts:
        if layout or conversion or not name or not name.isidentifier():
            raise WordingError(
                f"The text {at} has braces with more or less than the name of a figure. Write "
                "{name}; the code decides how the figure looks."
            )


def is_template(text: str | Forms) -> bool:
    """Whether a text is a sentence of the commentary, which computes its figures."""
    return isinstance(text, str) and TEMPLATE.search(text) is not None


def named(text: str) -> frozenset[str]:
    """Return the names of the figures in a text; of a sentence of the commentary none."""
    if is_template(text):
        return frozenset()
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)
