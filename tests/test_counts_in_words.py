"""A message that counts says "1 pack" and "2 packs": no noun in the plural follows a bare number.

Looked at is every sentence of the command line, the UI and the reports as it stands in the code.
Messages that a count of 1 reaches by themselves are rendered below.
"""

import ast
import re
from datetime import timedelta

import polars as pl
import pytest

from assets.reconciliation import starts_verdict
from assets.returns import rejected_verdict
from assets.unmet import expectations_verdict
from operations.errors import BusyError
from operations.home.locks import Wait
from operations.home.settings import ROOT
from operations.releases.publishing import in_words
from pipelines.warehouse import Failure
from schemas.texts import counted
from tests.assets import test_verdicts

ROOMS = ("assets", "operations", "pipelines", "publications")
NOUNS = [
    "areas",
    "cells",
    "copies",
    "columns",
    "days",
    "events",
    "expectations",
    "explanations",
    "facts",
    "faults",
    "fields",
    "bars",
    "languages",
    "notes",
    "relations",
    "times",
    "figures",
    "files",
    "findings",
    "folders",
    "hours",
    "keys",
    "lines",
    "minutes",
    "packs",
    "pages",
    "participants",
    "people",
    "places",
    "pseudonyms",
    "questions",
    "quarters",
    "receipts",
    "records",
    "reports",
    "returns",
    "rows",
    "rules",
    "runs",
    "seconds",
    "sentences",
    "sheets",
    "starts",
    "steps",
    "submissions",
    "tables",
    "treatments",
    "versions",
    "worksheets",
]
BESIDE = (
    "(?: (?:more|new|short|other|early|late|exposed|such|planted|unexpected|synthetic|return))*"
)
PLURAL = re.compile(rf"^{BESIDE} (?:{'|'.join(NOUNS)})\b")
DECLARED = re.compile(r"(len\()?[A-Z][A-Z_]+\)?")
"""How declared numbers are written, none of which is 1 (below)."""
OTHERWISE = {
    ("assets/metadata.py", "frame.height"): "a table of which only the first rows are shown",
    ("assets/score_command.py", "len(listed)"): "all rules of the catalogue",
    ("assets/show.py", "table.name"): "the name of a population before cells",
    ("pipelines/returns/judging/batches.py", "pack.most_findings"): "a declared limit",
    ("pipelines/returns/packs/archives.py", "unpacked // packed"): "more than a declared limit",
    ("pipelines/returns/packs/archives.py", "limits.ratio"): "a declared limit",
    ("publications/gates/language_read.py", "len(tags)"): "said when it is not 1",
    ("operations/landing/child.py", "limits.seconds"): "a declared limit",
    ("pipelines/returns/judging/levels.py", "len(past)"): "of one quarter another word is said",
    ("pipelines/returns/packs/plain_files.py", "most"): "a declared limit",
    ("operations/home/locks.py", "number"): "the same line says 1 second",
}
"""What stands before a plural and is never 1, or no number, and why."""


def values_before_plurals(source):
    """The value of each place in a sentence that a noun in the plural follows."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            for value, after in zip(node.values, node.values[1:], strict=False):
                is_plural = isinstance(after, ast.Constant) and PLURAL.match(str(after.value))
                if isinstance(value, ast.FormattedValue) and is_plural:
                    yield ast.unparse(value.value)


def test_no_noun_in_the_plural_follows_a_bare_number():
    found = {
        (str(path.relative_to(ROOT)), value)
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        for value in values_before_plurals(path.read_text(encoding="utf-8"))
        if not DECLARED.fullmatch(value)
    }
    assert found == OTHERWISE.keys()


def test_a_bare_number_before_a_plural_would_be_found():
    assert list(values_before_plurals('f"{n:,} new packs came"')) == ["n"]
    assert list(values_before_plurals("f\"{counted(n, 'pack', 'packs')} came\"")) == []


def test_no_number_that_is_declared_for_a_sentence_is_one():
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            named = {v for v in values_before_plurals(source) if re.fullmatch("[A-Z][A-Z_]+", v)}
            for name in named:
                assert not re.search(rf"^{name}(: \w+)? = 1$", source, re.MULTILINE), name


def gave_up(seconds):
    """What is said after a wait of so many seconds."""
    wait = Wait("the stores", seconds)
    wait.began -= seconds
    with pytest.raises(BusyError) as error:
        wait.pause("the build")
    return str(error.value)


def starts(number):
    one = test_verdicts.STARTS.with_columns(published=number)
    return starts_verdict(test_verdicts.QUARTER, one).description


def rejected(number):
    one = test_verdicts.REJECTED.with_columns(rows_received=number)
    return rejected_verdict(test_verdicts.QUARTER, one).description


def expected(number):
    one = test_verdicts.NOT_MET.head(number).with_columns(severity=pl.lit("block"))
    found = expectations_verdict(test_verdicts.QUARTER, "block", one, test_verdicts.AREA_OUTSIDE)
    return found.metadata["looked at"].value


RENDERED = {
    "second": gave_up,
    "row": lambda number: str(Failure("starts", "rows share the key", number)),
    "start is": starts,
    "row ": rejected,
    "expectation": expected,
    "day, 1 hour and 1 minute": lambda n: in_words(timedelta(days=n, hours=n, minutes=n)),
}


@pytest.mark.parametrize("words", RENDERED)
def test_a_message_says_one_of_one_and_more_of_more(words):
    one, two = RENDERED[words](1), RENDERED[words](2)
    noun = words.split()[0].rstrip(",")
    assert re.search(rf"\b1 {words.strip()}\b", one), one
    assert f"1 {noun}s" not in one
    assert f"2 {noun}s" in two


def test_a_count_is_written_with_its_noun_and_thousands():
    assert [counted(n, "pack was", "packs were") for n in (0, 1, 2, 1234)] == [
        "0 packs were",
        "1 pack was",
        "2 packs were",
        "1,234 packs were",
    ]
