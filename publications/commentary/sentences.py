"""Whether the sentences of a catalogue can be written: every name in them stands for something.

A sentence is a template that names cells, tables, sources and facts, and calls functions of them.
Each text is read here without a release, so that a misspelt word is refused when the catalogue is
read, in whichever text of a sentence it stands, and however seldom that text is used.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from inspect import Parameter, Signature, signature
from typing import Any

from jinja2 import TemplateSyntaxError, nodes
from jinja2.meta import find_undeclared_variables

from publications.commentary.changes import Change, LikeForLike
from publications.commentary.compose import INSTEAD, environment
from publications.commentary.named import TO_DATE, Naming
from publications.commentary.prose import Number
from publications.commentary.ranking import Ranked
from publications.errors import WordingError
from publications.words import Words
from schemas.dimension import QUARTER
from schemas.errors import DeclarationError
from schemas.table import StatisticalTable
from schemas.texts import is_whole

TEXTS = ("text", *INSTEAD.values(), "otherwise")
"""The texts that a sentence can have; it always has the first."""
VALUES = (
    "imputed",
    "mixed",
    "period",
    "period_end",
    "returns_estimated",
    "returns_expected",
    "returns_missing",
    "returns_used",
    "rounding_base",
    "rounding_reach",
)
"""What every sentence can name besides cells."""
ATTRIBUTES = frozenset(
    name
    for one in (Change, LikeForLike, Number, Ranked)
    for name in (*dir(one), *(field.name for field in fields(one)))
    if not name.startswith("_")
)
OF_FIGURES: Mapping[str, tuple[str, ...]] = {
    "change": ("now", "before"),
    "least": ("number",),
    "most": ("number",),
    "share": ("part", "total"),
    "x_in_10": ("part", "total"),
    "in_no_order": ("parts",),
    "list_and": ("items",),
}
"""The functions of figures, which are computed; the functions of words are in `Callables`."""
OF_WORDS = ("table", "label", "source", "fact", "ranking", "alike", "alike_if_any", "plural")
FILTERS, TESTS = ("capital",), ("none", "defined")
EITHER = Parameter.POSITIONAL_OR_KEYWORD
SENTENCES, PHRASES = "commentary.sentences.", "commentary.phrases"


@dataclass(frozen=True)
class Callables:
    """The functions of words: each has the parameters of the one that a sentence is given.

    Called with what a sentence writes out, each raises `DeclarationError` where that names nothing.
    """

    naming: Naming
    words: Words
    facts: Collection[str]

    def table(self, name: str) -> None:
        """Check a link to a table."""
        self.naming.table(name)

    def label(self, name: str, along: str, code: str) -> None:
        """Check the label of a code: the table shows it."""
        self.naming.shown(self.naming.table(name), self.naming.along(name, along), code)

    def source(self, name: str) -> None:
        """Check the title of a source."""
        self.naming.known("source", [name], self.words.section("facts.sources"))

    def fact(self, name: str) -> None:
        """Check a fact of the programme."""
        self.naming.known("fact", [name], self.facts)

    def ranking(
        self,
        table: str,
        measure: str,
        along: str,
        top: int,
        level: str = "",
        quarter: str = TO_DATE,
    ) -> None:
        """Check the largest parts of a whole."""
        if not is_whole(top) or top < 1:
            raise self.naming.refusal(f"number of parts {top!r}. Give a whole number, 1 or more.")
        self.naming.along(table, along, level)
        self._figure(table, measure, {QUARTER.name: quarter}, along)

    def alike(
        self,
        table: str,
        measure: str,
        beside: str = "",
        quarter: str = "now",
        before: str = "before",
        **named: str,
    ) -> None:
        """Check a comparison: both figures can be there."""
        self._figure(table, measure, named | {QUARTER.name: quarter})
        other = quarter if beside else before
        self._figure(table, beside or measure, named | {QUARTER.name: other})

    def alike_if_any(self, *asked: str, **named: str) -> None:
        """Check a comparison that may be left out."""
        call(self.naming, "alike_if_any", signature(self.alike), asked, named)
        self.alike(*asked, **named)

    def plural(self, _number: object, /, **forms: str) -> None:
        """Check the words that agree with a number: one for each plural form of the language."""
        try:
            self.words.language.check_forms(forms, self.naming.what)
        except WordingError as error:
            raise self.naming.refusal(f"function 'plural'. {error}") from error

    def _figure(self, table: str, measure: str, codes: Mapping[str, str], along: str = "") -> None:
        """Check a figure; one of a table without quarters is of the programme to date."""
        by = {one.name for one in self.naming.table(table).by}
        is_to_date = QUARTER.name not in by and codes[QUARTER.name] == TO_DATE
        named = {name: code for name, code in codes.items() if name != QUARTER.name}
        self.naming.figure(table, measure, named if is_to_date else codes, along)


@dataclass(frozen=True)
class Sentences:
    """The sentences and phrases of one language, with the tables, cells and facts that there are.

    `check` raises `DeclarationError`, with file and word, for a text that cannot be written.
    """

    words: Words
    tables: Mapping[str, StatisticalTable]
    cells: Collection[str]
    facts: Collection[str]

    @property
    def file(self) -> str:
        """The file of the sentences."""
        return f"publications/words/{self.words.language.tag}/commentary.toml"

    @cached_property
    def phrases(self) -> Mapping[str, str]:
        """The phrases that sentences call."""
        return self.words.sections.get(PHRASES, {})

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every name that a text can use."""
        return (*OF_FIGURES, *OF_WORDS, *VALUES, *self.phrases, *self.cells)

    def check(self) -> None:
        """Check that every text can be written."""
        twice = [name for name in self.names if self.names.count(name) > 1]
        if twice:
            raise DeclarationError(
                f"The name {twice[0]!r} of a cell or phrase has another meaning in sentences, "
                "which would hide it. Give it another name.",
                self.file,
            )
        for name, text in self.phrases.items():
            self._check(text, f"the phrase {name} with")
        for key, texts in self.words.sections.items():
            if key.startswith(SENTENCES):
                self._check_sentence(key.removeprefix(SENTENCES), texts)

    def _check_sentence(self, name: str, texts: Mapping[str, str]) -> None:
        naming = Naming(self.file, f"the sentence {name} with", self.tables)
        naming.known("text", texts, TEXTS)
        if TEXTS[0] not in texts:
            raise DeclarationError(f"The sentence {name} has no {TEXTS[0]!r}.", self.file)
        for kind, text in texts.items():
            self._check(text, f"the sentence {name} ({kind}) with")

    def _check(self, text: str, what: str) -> None:
        naming = Naming(self.file, what, self.tables)
        try:
            read = environment().parse(text)
        except TemplateSyntaxError as error:
            raise naming.refusal(f"template {text[:60]!r}, which is not one: {error}") from error
        naming.known("filter", [one.name for one in read.find_all(nodes.Filter)], FILTERS)
        naming.known("test", [one.name for one in read.find_all(nodes.Test)], TESTS)
        naming.known("name", sorted(find_undeclared_variables(read)), self.names)
        naming.known("part", [one.attr for one in read.find_all(nodes.Getattr)], ATTRIBUTES)
        for one in read.find_all(nodes.Call):
            self._check_call(naming, one)

    def _check_call(self, naming: Naming, called: nodes.Call) -> None:
        name = getattr(called.node, "name", "")
        functions = (*OF_FIGURES, *OF_WORDS, *self.phrases)
        naming.known("function", [name], functions)
        asked = [_written(one) for one in called.args]
        named = {one.key: _written(one.value) for one in called.kwargs}
        if name not in OF_WORDS:
            kinds = OF_FIGURES.get(name, ())
            call(naming, name, Signature([Parameter(kind, EITHER) for kind in kinds]), asked, named)
            return
        function = getattr(Callables(naming, self.words, self.facts), name)
        call(naming, name, signature(function), asked, named)
        written = asked[1:] if name == "plural" else asked
        if called.dyn_args or called.dyn_kwargs or None in (*written, *named.values()):
            raise naming.refusal(f"function {name!r}. Write out what it is given.")
        function(*asked, **named)


def call(
    naming: Naming,
    name: str,
    parameters: Signature,
    asked: Sequence[object],
    named: Mapping[str, object],
) -> None:
    """Raise `DeclarationError` unless a function of these parameters can be called so."""
    try:
        parameters.bind(*asked, **named)
    except TypeError as error:
        raise naming.refusal(f"function {name!r}, which cannot be called so: {error}.") from error


def _written(node: nodes.Expr) -> Any:
    """Return what a text writes out; None for what is computed."""
    return node.value if isinstance(node, nodes.Const) else None
