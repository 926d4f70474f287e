"""A second language for tests: every text of the English catalogue in other letters.

Each Latin letter stands as a Cyrillic one, so that a word in Latin letters in a release is a word
that did not come from the catalogue. The language has all plural forms that there are.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase

import reference
from publications.populations import POPULATIONS
from publications.release.model import Release
from publications.words import Words
from schemas.coverage import DECIDES
from schemas.dimension import GEOGRAPHY, QUARTER
from schemas.expectations import SUITES

LETTERS = str.maketrans(
    ascii_lowercase + ascii_uppercase,
    "".join(chr(0x430 + i) for i in range(26)) + "".join(chr(0x410 + i) for i in range(26)),
)
KEPT = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\{\w+\}|<[^>]*>)")
FORM = re.compile(r"\b(zero|one|two|few|many|other)='([^']*)'")
OTHERS = ("zero", "two", "few", "many")
GRAMMAR = """tag = "xx"
country = "GB"
[plural]
zero = [0]
one = [1]
two = [2]
few = [3]
many = [6]
"""


def in_other_letters(text: str) -> str:
    """The text with its words in other letters; figures, tags and calls stay."""
    parts = KEPT.split(text)
    return "".join(
        _call(part) if KEPT.fullmatch(part) else part.translate(LETTERS) for part in parts
    )


def _call(part: str) -> str:
    """A call of the commentary, with the words that it chooses among in other letters."""
    if not part.startswith("{{") or "plural(" not in part:
        return part
    part = FORM.sub(lambda found: f"{found[1]}='{found[2].translate(LETTERS)}'", part)
    more = re.search(r"other='[^']*'", part)[0].removeprefix("other")
    return part.replace(")", "".join(f", {form}{more}" for form in OTHERS) + ")", 1)


def write(folder: Path, release: Release) -> Words:
    """Write the catalogue for a release into a folder, and read it."""
    (folder / "language.toml").write_text(GRAMMAR)
    for file in files("publications.words").joinpath("en").iterdir():
        if file.name != "language.toml":
            content = tomllib.loads(file.read_text())
            (folder / file.name).write_text("\n".join(_toml(_other(content))))
    (folder / "labels.toml").write_text("\n".join(_toml(_other_labels(labels(release)))))
    return Words.read(folder)


def _other(content: object) -> object:
    if isinstance(content, str):
        return in_other_letters(content)
    if isinstance(content, list):
        return [_other(one) for one in content]
    changed = {name: _other(inner) for name, inner in content.items()}
    return changed | {form: changed["other"] for form in OTHERS if "other" in changed}


def _other_labels(found: Iterable[tuple[str, str]]) -> dict[str, object]:
    content: dict[str, object] = {}
    for kind, text in found:
        section = content
        for name in kind.split("."):
            section = section.setdefault(name, {})
        section[text] = text.translate(LETTERS)
    return content


def _toml(content: dict[str, object], at: tuple[str, ...] = ()) -> Iterator[str]:
    """A nested mapping of strings and lists as TOML, the texts of a table before its tables."""
    for name, inner in content.items():
        if not isinstance(inner, dict):
            yield f"{json.dumps(name)} = {json.dumps(inner)}"
    for name, inner in content.items():
        if isinstance(inner, dict):
            yield f"[{'.'.join(json.dumps(part) for part in (*at, name))}]"
            yield from _toml(inner, (*at, name))


def labels(release: Release) -> set[tuple[str, str]]:
    """Every text of a declaration that readers of a release see, with the kind of it."""
    found: set[tuple[str, str]] = set()
    for table in release.declarations:
        found |= {("tables", text) for text in (table.title, *table.notes)}
        found |= {("tables", measure.title) for measure in table.measures}
        found |= {("units", measure.unit) for measure in table.measures if measure.unit}
        for dimension in (breakdown.dimension for breakdown in table.by):
            found |= {("dimensions", dimension.title), ("dimensions", dimension.total)}
            if dimension.source == "codes":
                codes = reference.code_list(dimension.list_name)["label"]
                found |= {(f"codes.{dimension.list_name}", label) for label in codes}
    for population in POPULATIONS:
        found |= {("populations", population.title), ("units", population.unit)}
    found |= {("areas", label) for label in reference.geography()["label"]}
    found |= {("areas", label) for label in reference.local_authorities()["la_name"]}
    found |= {("dimensions", one.title) for one in (GEOGRAPHY, QUARTER)}
    for suite in SUITES:
        found |= {
            ("checks", text) for text in (suite.title, *(e.description for e in suite.expectations))
        }
    for check in release.quality.checks:
        found |= {("checks", check.suite), ("checks", check.description)}
    return found | {("roles", DECIDES)}
