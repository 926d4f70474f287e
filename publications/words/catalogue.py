"""The catalogue of one language: texts by id, filled with named figures.

A text is one string, or one string for each plural form that the language has. Forms have the
names of Unicode's CLDR: zero, one, two, few, many and other. The figure `count` chooses among them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from publications.errors import WordingError
from publications.words.reading import (
    GRAMMAR,
    OTHER,
    Forms,
    Language,
    is_template,
    named,
    read,
)

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

ENGLISH = "en"
COUNT = "count"
TAG = re.compile(r"</?[a-z]")


@dataclass(frozen=True, eq=False)
class Words:
    """Every text of one language. Declarations of tables and code lists are in English already.

    `texts` has a string, the strings of plural forms, or a list of strings for each id. A string
    with `{{` or `{%` is a sentence of the commentary, which computes its figures: see `section`.
    """

    language: Language
    texts: Mapping[str, str | Forms | tuple[str, ...]] = field(repr=False)

    @classmethod
    def read(cls, folder: Traversable) -> Words:
        """Read the catalogue in a folder; raises `WordingError` for an invalid one."""
        return cls(*read(folder))

    def say(self, key: str, /, **figures: object) -> str:
        """Return a text filled with its figures.

        Raises `WordingError` when the id is unknown, or when figures are missing or unknown.
        """
        text = self._chosen(key, figures)
        if TAG.search(text):
            raise WordingError(f"{self._where(key)} holds HTML. Only pages may use it: `html`.")
        return text.format(**figures)

    def html(self, key: str, /, **figures: object) -> Markup:
        """Return a text of a page: it may hold links and stress, and its figures are escaped."""
        text = self._chosen(key, figures)
        return Markup(text).format(**figures)  # noqa: S704 - a catalogue is our own file

    def listed(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, such as the names of the months."""
        found = self._found(key)
        if not isinstance(found, tuple):
            raise WordingError(f"{self._where(key)} is not a list of texts.")
        return found

    def section(self, key: str) -> Mapping[str, str]:
        """Return the texts directly below an id, by their last name, as they are written."""
        if key not in self.sections:
            raise WordingError(f"{self._where(key)} is not a section with texts.")
        return self.sections[key]

    @cached_property
    def sections(self) -> Mapping[str, Mapping[str, str]]:
        """The texts of one string by the id of what they stand in, by their last name."""
        found: dict[str, dict[str, str]] = {}
        for key, text in self.texts.items():
            section, _, name = key.rpartition(".")
            if isinstance(text, str):
                found.setdefault(section, {})[name] = text
        return found

    def label(self, kind: str, english: str) -> str:
        """Return a text of a declaration, which is in English where it is declared.

        English has that very text. Another language has its own in `labels.toml`, below the kind,
        under the English text: when that changes, its translation is missing and is refused.
        """
        return english if self.language.tag == ENGLISH else self.say(f"labels.{kind}.{english}")

    def english(self, kind: str, translated: str) -> str:
        """Return the English text of a declaration that `label` says so: the way back."""
        start = f"labels.{kind}."
        known = (
            key for key, text in self.texts.items() if text == translated and key.startswith(start)
        )
        return next((key.removeprefix(start) for key in known), translated)

    def form(self, count: int) -> str:
        """Return the name of the plural form that a number takes in this language."""
        return self.language.form(count)

    @cached_property
    def figures(self) -> Mapping[str, frozenset[str]]:
        """The names of the figures that each text of one string or of plural forms holds."""
        return {
            key: frozenset().union(*map(named, _forms(text)))
            for key, text in self.texts.items()
            if not isinstance(text, tuple) and not is_template(text)
        }

    def _chosen(self, key: str, figures: Mapping[str, object]) -> str:
        """Return the text of an id in the right plural form; its figures must be those given."""
        text = self._found(key)
        if isinstance(text, tuple):
            raise WordingError(f"{self._where(key)} is a list of texts. Use `listed`.")
        if is_template(text):
            raise WordingError(f"{self._where(key)} is a sentence of the commentary.")
        self._check(key, figures)
        if isinstance(text, str):
            return text
        return text.get(self.form(self._count(key, figures)), text[OTHER])

    def _check(self, key: str, figures: Mapping[str, object]) -> None:
        """Raise when the figures given are not those that a text names."""
        has_forms = isinstance(self.texts[key], dict)
        missing = self.figures[key] - figures.keys()
        unknown = figures.keys() - self.figures[key] - ({COUNT} if has_forms else set())
        if missing or unknown:
            raise WordingError(
                f"{self._where(key)} names the figures {_list(self.figures[key])}; "
                f"given were {_list(figures)}. Name the same figures in both places."
            )

    def _count(self, key: str, figures: Mapping[str, object]) -> int:
        count = figures.get(COUNT)
        if not isinstance(count, int):
            raise WordingError(f"{self._where(key)} has plural forms. Give a whole number `count`.")
        return count

    def _found(self, key: str) -> str | Forms | tuple[str, ...]:
        if key not in self.texts:
            raise WordingError(f"{self._where(key)} is not there. Add the text, or mend the id.")
        return self.texts[key]

    def _where(self, key: str) -> str:
        file, _, name = key.partition(".")
        return f"The text {name!r} of publications/words/{self.language.tag}/{file}.toml"


@cache
def words_in(language: str = ENGLISH) -> Words:
    """Return the words of a language; raises `WordingError` when there is no catalogue of it."""
    known = languages()
    if language not in known:
        raise WordingError(
            f"There is no catalogue publications/words/{language[:40]}/. "
            f"The languages are {', '.join(sorted(known))}."
        )
    return Words.read(known[language])


def languages() -> dict[str, Traversable]:
    """Return the folder of every language that has a catalogue, by the name of the folder."""
    folders = (one for one in files("publications.words").iterdir() if one.is_dir())
    return {one.name: one for one in folders if one.joinpath(GRAMMAR).is_file()}


def _forms(text: str | Forms) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text.values())


def _list(names: Any) -> str:
    return ", ".join(sorted(names)) or "none"
