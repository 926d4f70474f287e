"""Reading the files of a catalogue: every text gets its id, and an invalid text is refused."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from publications.errors import WordingError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

OTHER = "other"
CATEGORIES = ("zero", "one", "two", "few", "many", OTHER)
Forms = Mapping[str, str]
GRAMMAR = "language.toml"


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
    """Return the language of a folder, and its texts by their ids."""
    language = _language(folder)
    texts: dict[str, str | Forms | tuple[str, ...]] = {}
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".toml") and file.name != GRAMMAR:
            content = tomllib.loads(file.read_text(encoding="utf-8"))
            texts |= dict(_texts(file.name.removesuffix(".toml"), content, language))
    return language, texts


def _language(folder: Traversable) -> Language:
    content = tomllib.loads(folder.joinpath(GRAMMAR).read_text(encoding="utf-8"))
    plural = {name: frozenset(numbers) for name, numbers in content["plural"].items()}
    unknown = plural.keys() - set(CATEGORIES)
    if unknown:
        raise WordingError(
            f"{folder.name}/{GRAMMAR} has the plural forms {', '.join(sorted(unknown))}. "
            f"The names of plural forms are {', '.join(CATEGORIES)}."
        )
    return Language(content["tag"], content["country"], plural)


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
    """Return the plural forms of a text: `other`, and no form that the language has not."""
    language.check_forms(forms, f"the text {at}")
    return {name: _text(at, text) for name, text in forms.items()}


def _text(at: str, text: object) -> str:
    """Return a text; raises when it is empty or is no text."""
    if not isinstance(text, str) or not text.strip():
        raise WordingError(f"The text {at} is {text!r}. Give a text that is not empty.")
    return text
